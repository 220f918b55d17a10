"""The pages of jobs: what ran, what failed and why, started by hand, and how far one run is."""

import re
import time
import uuid

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from peerworks.jobs import beats, pages, progress
from peerworks.jobs.kinds import JobKind, kinds
from peerworks.jobs.models import DueWork, Job
from peerworks.lib.findings import ref
from peerworks.web.errors import short_reference
from providers.notices import TASK as EXPIRY
from supervision.notices import TASK as OVERDUE
from tests.factories.jobs import make_job
from tests.factories.participants import reading_english

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "apart"])]

LIST = "jobs:job-list"


def get(world, name, *args, who="administrator", **headers):
    """A page as one of the nine."""
    return reading_english(world[who]).get(reverse(name, args=args), **headers)


def text_of(answer):
    """The words of a page, without its tags."""
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def press(world, kind=EXPIRY, key="", who="administrator"):
    """Press "Run now"."""
    house = world.house_of(who)
    data = {"kind": kind, "form_key": key or uuid.uuid4(), "form_agency": house.agency.pk}
    return reading_english(world[who]).post(reverse("jobs:job-start"), data, follow=True)


def made(world, **given):
    """A run of the first agency."""
    with world.acting("administrator"):
        return make_job(agency=world.juniper.agency, **given)


# The list.


def test_before_anything_ran_the_page_says_so(world):
    text = text_of(get(world, LIST))
    assert text.count("It has not run yet.") == len(kinds())
    assert "Reminders: Certification ends" in text
    assert "Reminders: Supervision" in text
    assert "today, within 15 min" in text


def test_a_kind_shows_its_last_run_how_long_and_how_many(world):
    made(world, counts={"raised": 9}, ago=90_000)
    made(world, counts={"raised": 1234, "already": 5})
    text = text_of(get(world, LIST))
    assert "2 seconds · Raised: 1,234" in text
    assert "Raised: 9" not in text
    assert "Done" in text


def test_a_failure_is_shown_with_its_reason_and_reference(world):
    job = made(world, state="FAILED", reason="JOB-DATABASE", tries=5)
    for text in (text_of(get(world, LIST)), text_of(get(world, "jobs:kind-detail", EXPIRY))):
        assert "The database did not answer" in text
        assert short_reference(str(job.pk)) in text


def test_names_in_reasons_are_shown_by_record(world):
    payer = world.juniper.payers["TXMCD"]
    stored = f"billing.payer:{payer.pk}"
    job = made(
        world, state="FAILED", reason="RATE-NONE", because={"payer": stored, "code": "H0038"}
    )
    (run,) = shown(world, job)
    assert payer.name in run.why
    assert ref("billing.payer", payer.pk).id in stored


def shown(world, *jobs):
    """Runs as a page shows them."""
    with world.acting("administrator") as player:
        return pages.runs(Job.objects.filter(pk__in=[each.pk for each in jobs]), player.member)


def test_a_kind_that_nobody_registered_is_shown_by_its_name(world):
    made(world, kind="gone.forever")
    assert "gone.forever" in text_of(get(world, LIST))
    assert get(world, "jobs:kind-detail", "gone.forever").status_code == 200
    assert get(world, "jobs:kind-detail", "never.there").status_code == 404


def test_the_next_run_follows_from_the_schedule(world, settings):
    today, kind = world.today, JobKind("a", "A", planned_by="notices.reminders_planned")
    assert pages.next_run(kind, today, is_planned=False) == "today, within 15 min"
    assert "after midnight" in pages.next_run(kind, today, is_planned=True)
    assert pages.next_run(JobKind("a", "A"), today, is_planned=False) == "when it is asked for"


def test_what_the_clock_planned_today_comes_again_tomorrow(world):
    agency, day = world.juniper.agency, world.today.isoformat()
    DueWork.objects.create(agency=agency, kind=EXPIRY, slot=day)
    DueWork.objects.create(agency=world.lantern.agency, kind=OVERDUE, slot=day)
    text = text_of(get(world, LIST))
    assert text.count("after midnight") == 1


@pytest.mark.parametrize(
    ("worker", "clock", "words"),
    [
        (None, None, ["Never seen", "Never seen"]),
        (2, 3, ["Works", "Works"]),
        (2, 4000, ["Works", "Silent since"]),
    ],
)
def test_the_machine_says_who_is_silent(world, worker, clock, words):
    for who, ago in ((beats.WORKER, worker), (beats.CLOCK, clock)):
        cache.delete(f"jobs.alive.{who}")
        if ago is not None:
            cache.set(f"jobs.alive.{who}", time.time() - ago)
    text = text_of(get(world, LIST))
    assert re.findall(r"\bWorks|Never seen|Silent since", text) == words


def test_the_number_of_queries_does_not_grow_with_the_runs(world):
    def asked():
        client = reading_english(world["administrator"])
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse(LIST))
            client.get(reverse("jobs:kind-detail", args=[EXPIRY]))
        return len(captured)

    made(world, state="FAILED")
    first = asked()
    for _ in range(20):
        made(world, state="FAILED", asked_by=world["administrator"].member, asked_at=world.now)
    assert asked() <= first


def test_all_of_it_in_spanish(world):
    made(world, state="FAILED", reason="JOB-TIME")
    client = world["administrator"].client()
    client.post(reverse("accounts:language-switch"), {"language": "es"})
    text = client.get(reverse(LIST)).content.decode()
    assert 'lang="es"' in text
    assert "Jobs" not in text
    assert "It took longer" not in text


# Who may.


@pytest.mark.parametrize("who", ["peer", "supervisor", "biller", "privacy-officer", "auditor"])
def test_others_are_refused(world, who):
    job = made(world)
    assert get(world, LIST, who=who).status_code == 403
    assert get(world, "jobs:kind-detail", EXPIRY, who=who).status_code == 403
    assert get(world, "jobs:job-detail", job.pk, who=who).status_code == 404
    assert get(world, "jobs:job-progress", job.pk, who=who).status_code == 404
    assert press(world, who=who).status_code == 403
    assert not DueWork.objects.exists()


def test_who_asked_for_a_run_looks_at_it(world):
    biller = world["biller"].member
    job = made(world, asked_by=biller, asked_at=world.now)
    answer = get(world, "jobs:job-detail", job.pk, who="biller")
    assert "Done" in text_of(answer)
    assert "All runs" not in text_of(answer)


def test_the_other_agency_has_its_own(world):
    job = made(world, counts={"raised": 77})
    assert "77" not in text_of(get(world, LIST, who="other-administrator"))
    for name in ("jobs:job-detail", "jobs:job-progress"):
        assert get(world, name, job.pk, who="other-administrator").status_code == 404


# Run now.


def test_run_now_leads_to_the_run_that_waits(world):
    answer = press(world)
    assert answer.redirect_chain[-1][0].startswith("/jobs/")
    text = text_of(answer)
    assert "Waiting" in text
    assert world["administrator"].user.name in text
    assert DueWork.objects.count() == 1


def test_a_second_press_while_it_runs_says_so_and_leads_to_it(world):
    first = press(world)
    second = press(world)
    assert "It is running already." in text_of(second)
    assert second.redirect_chain[-1] == first.redirect_chain[-1]
    assert DueWork.objects.count() == 1
    assert "It is running already." in text_of(
        get(world, LIST)
    )  # the button is off, with its reason


def test_the_same_form_twice_is_one_run(world):
    key = uuid.uuid4()
    assert press(world, key=key).redirect_chain == press(world, key=key).redirect_chain
    assert DueWork.objects.count() == 1


@pytest.mark.parametrize("kind", ["", "x" * 200, "jobs.worker_alive", "../etc", "nobody's"])
def test_a_kind_that_cannot_be_started_is_refused_in_words(world, kind):
    answer = press(world, kind=kind)
    assert answer.redirect_chain[-1][0] == "/jobs/"
    text = text_of(answer)
    assert "not started by hand" in text or "incomplete" in text
    assert not DueWork.objects.exists()


def test_a_run_is_started_by_post_only(world):
    assert get(world, "jobs:job-start").status_code == 405


# How far.


def test_the_bar_shows_what_the_job_told_and_asks_again(world):
    job = made(world, state="RUNNING")
    with progress.running(progress.Current(job.pk)):
        progress.tell(1200, 3000)
    page = get(world, "jobs:job-progress", job.pk).content.decode()
    assert re.search(r'<progress max="3000" value="1200"', page)
    assert "Step 1,200 of 3,000" in page
    assert f'hx-get="/jobs/{job.pk}/progress/"' in page
    assert 'hx-trigger="every 1s"' in page
    assert "<noscript>" in page


def test_a_run_that_tells_nothing_has_a_bar_without_an_end(world):
    page = get(world, "jobs:job-progress", made(world, state="RUNNING").pk).content.decode()
    assert "<progress aria-label" in page


def test_a_run_that_is_over_asks_no_more_and_says_what_came_of_it(world):
    job = made(world, counts={"raised": 3})
    page = get(world, "jobs:job-progress", job.pk, HTTP_HX_REQUEST="true").content.decode()
    assert "<progress" not in page
    assert "hx-get" not in page
    assert "Raised: 3" in page
    assert 'id="job-said" hx-swap-oob="innerHTML"' in page


def test_without_script_the_page_says_the_same(world):
    job = made(world, state="RUNNING")
    page = get(world, "jobs:job-detail", job.pk).content.decode()
    assert "<progress" in page
    assert "hx-swap-oob" not in page


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "It starts within"),
        ({"reason": "JOB-FAULT", "tries": 2}, "Try 2 of 5 failed. The next one comes within"),
    ],
)
def test_what_waits_says_for_how_long(world, given, words):
    for who in (beats.WORKER, beats.CLOCK):
        cache.set(f"jobs.alive.{who}", time.time())
    job = made(world, state="QUEUED", **given)
    assert words in text_of(get(world, "jobs:job-progress", job.pk))


def test_what_waits_for_a_silent_machine_says_so(world):
    cache.delete(f"jobs.alive.{beats.CLOCK}")
    job = made(world, state="QUEUED")
    text = text_of(get(world, "jobs:job-progress", job.pk))
    assert "until the background process and the clock work again" in text


def test_the_result_is_linked_by_its_kind(world, monkeypatch):
    kind = JobKind("tests.made", "Made", url_name="providers:provider-detail")
    monkeypatch.setattr(pages, "kind_of", lambda name: kind)
    worker = world["peer"].provider.pk
    (run,) = shown(world, made(world, kind="tests.made", record_id=worker))
    assert run.record_url == reverse("providers:provider-detail", args=[worker])
    nowhere = JobKind("tests.made", "Made", url_name="no:page")
    monkeypatch.setattr(pages, "kind_of", lambda name: nowhere)
    (run,) = shown(world, made(world, kind="tests.made", record_id=worker))
    assert run.record_url == ""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "less than a second"), (1, "1 second"), (59.6, "60 seconds"), (7260, "2 h 1 min")],
)
def test_a_length_of_time_in_words(seconds, words):
    assert pages.lasting(seconds) == words
