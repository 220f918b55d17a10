"""A large batch is built beside the page: asked for once, built as who asked, followed by its progress."""

import datetime as dt
from uuid import uuid4

import pytest
from django.urls import reverse

from billing.models import Batch
from billing.notices import BATCH_TASK
from billing.operations import batch_jobs
from billing.tasks import batch_built
from peerworks.accounts.models import Membership, User
from peerworks.jobs import progress
from peerworks.jobs.models import DueWork, Job
from peerworks.lib.findings import Refused
from tests.factories.billing_claims import as_service, build, local_day, served, texas
from tests.factories.billing_notes import make_note
from tests.factories.participants import reading_english

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "apart"])]
BUILD = "billing:batch-build"


@pytest.fixture
def visits(world, monkeypatch):
    """Two people with an hour each: more than a page waits for, in this test."""
    monkeypatch.setattr(batch_jobs, "BUILT_AT_ONCE", 1)
    with as_service(world):
        make_note(world, hour=9)
        make_note(world, person=served(world, 1), hour=11)
    return world


def press(world, **given):
    """Build, from the form of the preview."""
    values = {"payer": texas(world).pk, "through": local_day(world).isoformat(), "do": "build"}
    values |= {"form_agency": world.juniper.agency.pk, "form_key": str(uuid4())}
    return reading_english(world["biller"]).post(reverse(BUILD), values | given)


def work(world):
    """What the worker does with the row that is due."""
    row = DueWork.objects.get()
    batch_built(agency_id=row.agency_id, due_work_id=row.pk, slot=row.slot)
    with world.acting("biller"):
        return Job.objects.select_related("asked_by").get()


def test_a_page_waits_for_few_visits_and_not_for_many(visits, monkeypatch):
    with visits.acting("biller"):
        assert batch_jobs.is_long(payer=texas(visits), through=None)
        monkeypatch.setattr(batch_jobs, "BUILT_AT_ONCE", 2)
        assert not batch_jobs.is_long(payer=texas(visits), through=None)
    press(visits)
    assert not DueWork.objects.exists()
    with visits.acting("biller"):
        assert Batch.objects.count() == 1


def test_the_button_leads_to_the_run_and_the_run_to_the_batch(visits):
    answer = press(visits)
    with visits.acting("biller"):
        job = Job.objects.get()
        assert not Batch.objects.exists()
    assert answer.url == reverse("jobs:job-detail", args=[job.pk])
    assert reading_english(visits["biller"]).get(answer.url).status_code == 200
    job = work(visits)
    with visits.acting("biller"):
        batch = Batch.objects.get()
    assert (job.state, job.record_id) == ("DONE", batch.pk)
    assert job.counts == {"claims": 2, "lines": 2, "notes": 2}
    assert batch.built_by_id == visits["biller"].member.pk
    text = reading_english(visits["biller"]).get(answer.url).content.decode()
    assert reverse("billing:batch-detail", args=[batch.pk]) in text
    assert "Claims: 2" in text


def test_progress_goes_from_nothing_to_all(visits, monkeypatch):
    told = []
    monkeypatch.setattr(progress, "tell", lambda done, total: told.append((done, total)))
    with visits.acting("biller") as player:
        build(visits, by=player.member)
    assert told == [(0, 4), (2, 4), (4, 4)]


def test_figures_are_for_who_asked(visits):
    """They may count people whose record is sealed: others would see the difference."""
    press(visits)
    job = work(visits)
    client = reading_english(visits["administrator"])
    text = client.get(reverse("jobs:job-detail", args=[job.pk])).content.decode()
    assert "Done" in text
    assert "Claims: 2" not in text
    assert str(job.record_id) not in text
    assert "Claims: 2" not in client.get(reverse("jobs:job-list")).content.decode()


def test_the_same_form_twice_is_one_run_and_one_batch(visits):
    key = str(uuid4())
    assert press(visits, form_key=key).url == press(visits, form_key=key).url
    work(visits)
    assert press(visits, form_key=key).url
    with visits.acting("biller"):
        assert (Batch.objects.count(), Job.objects.count()) == (1, 1)


def test_a_second_build_for_the_payer_is_told_to_wait(visits):
    press(visits)
    answer = press(visits)
    assert answer.status_code == 422
    assert "It is running already." in answer.content.decode()


def test_nothing_to_bill_ends_the_run_with_its_reason(visits):
    press(visits)
    with visits.acting("biller") as player:
        build(visits, by=player.member)
    job = work(visits)
    assert (job.state, job.reason, job.tries) == ("FAILED", "BATCH-EMPTY", 1)
    text = reading_english(visits["biller"]).get(reverse("jobs:job-detail", args=[job.pk]))
    assert f"No visit for {texas(visits).name} is ready to be billed." in text.content.decode()


@pytest.mark.parametrize("ended", ["membership", "user", "role"])
def test_who_is_no_biller_any_more_gets_no_batch(visits, ended):
    press(visits)
    biller = visits["biller"]
    with as_service(visits):
        if ended == "user":
            User.objects.filter(pk=biller.user.pk).update(is_active=False)
        elif ended == "membership":
            Membership.objects.filter(pk=biller.member.pk).update(is_active=False)
        else:
            Membership.objects.filter(pk=biller.member.pk).update(roles=["PEER"])
    job = work(visits)
    assert job.state == "FAILED"
    assert job.reason == ("BATCH-BILLER" if ended == "role" else "JOB-MEMBER")
    with visits.acting("privacy-officer"):
        assert not Batch.objects.exists()


def test_who_may_not_build_cannot_ask(visits):
    with visits.acting("supervisor") as player, pytest.raises(Refused) as refused:
        batch_jobs.ask_for_batch(
            payer=texas(visits),
            through=None,
            by=player.member,
            at=visits.now,
            on=local_day(visits),
            form_key=uuid4(),
        )
    assert refused.value.refusal.code == "BATCH-BILLER"


def test_a_build_of_every_day_is_kept_without_one(visits):
    with visits.acting("biller") as player:
        job = batch_jobs.ask_for_batch(
            payer=texas(visits),
            through=None,
            by=player.member,
            at=visits.now,
            on=local_day(visits) + dt.timedelta(days=1),
            form_key=uuid4(),
        )
    assert job.given.keys() == {"payer", "form_key"}
    assert job.kind == BATCH_TASK
    assert work(visits).state == "DONE"
