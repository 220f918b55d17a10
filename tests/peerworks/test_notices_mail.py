"""One mail for each notice: neutral words, once, and not lost where the mail server says no."""

import datetime as dt
import functools

import pytest
from anymail.backends.test import EmailBackend as Provider
from django.core import mail
from django.urls import reverse

from peerworks.jobs.models import DueWork
from peerworks.jobs.operations import claim, try_again
from peerworks.notices import letters, operations, store
from peerworks.notices.kinds import reminder_kinds
from peerworks.notices.models import Notice
from tests.factories.participants import reading_english
from tests.factories.shared import make_notice


@pytest.fixture
def notice(world):
    with world.acting("peer") as luz:
        return make_notice(recipient=luz.member, raised_on=world.today, due_on=world.today)


@pytest.fixture
def mailed(world, django_capture_on_commit_callbacks):
    """Do the work of one notice's mail, as a worker would: (whether it was begun, the work)."""

    def do(notice):
        with world.acting("peer") as luz:
            operations.plan_mails(luz.member.agency_id, [notice.pk])
            due = DueWork.objects.get(kind=operations.NOTICE_MAILED, slot=str(notice.pk))
            if not claim(due.pk):
                return False, due
            with django_capture_on_commit_callbacks(execute=True):
                begun = operations.mail_notice(
                    notice_id=notice.pk, at=world.now, again=functools.partial(try_again, due.pk)
                )
        due.refresh_from_db()
        return begun, due

    return do


def state(world, notice):
    with world.acting("peer"):
        return Notice.objects.get(pk=notice.pk).mail


def test_what_is_raised_is_due_one_mail_each(world):
    with world.acting("lapsed-peer") as sam:
        agency = sam.member.agency_id
    kind = next(each.kind for each in reminder_kinds() if each.kind == "credential-expiry")
    house = world.juniper
    from peerworks.agencies.context import acting_for

    with acting_for(agency, house.service.user_id):
        raised = operations.raise_due(kind=kind, agency_id=agency, on=world.today)
        again = operations.raise_due(kind=kind, agency_id=agency, on=world.today)
        planned = set(
            DueWork.objects.filter(kind=operations.NOTICE_MAILED).values_list("slot", flat=True)
        )
        waiting = {str(each) for each in Notice.objects.open().values_list("pk", flat=True)}
    assert raised.raised > 0
    assert again.raised == 0
    assert planned == waiting


def test_the_mail_says_that_something_waits_and_no_more(world, notice, mailed):
    begun, due = mailed(notice)
    assert begun
    assert due.state == "DONE"
    assert state(world, notice) == "SENT"
    (sent,) = mail.outbox
    assert sent.to == [world["peer"].member.user.email]
    assert sent.subject == "Algo le espera en PeerWorks"  # Luz reads Spanish
    assert "/notices/" in sent.body
    told = f"{sent.subject} {sent.body} {sent.extra_headers}"
    for word in ("Luz", "Ortega", "Juniper", "cert", "superv", str(notice.pk)):
        assert word.lower() not in told.lower(), word


def test_a_second_delivery_of_the_work_sends_nothing(world, notice, mailed):
    mailed(notice)
    begun, _due = mailed(notice)
    assert not begun
    assert len(mail.outbox) == 1


def test_what_was_answered_before_is_not_mailed(world, notice, mailed):
    with world.acting("peer"):
        Notice.objects.filter(pk=notice.pk).update(done_at=world.now)
    begun, _due = mailed(notice)
    assert not begun
    assert mail.outbox == []
    assert state(world, notice) == ""


def test_who_may_not_sign_in_is_not_mailed(world, notice, mailed):
    with world.acting("peer") as luz:
        type(luz.member.user).objects.filter(pk=luz.member.user_id).update(is_active=False)
    assert mailed(notice)[0] is False
    assert mail.outbox == []


class Unwilling(Provider):
    """A provider that takes nothing."""

    def post_to_esp(self, payload, message):
        raise ConnectionRefusedError


def test_what_the_server_does_not_take_is_due_again(world, notice, mailed, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Unwilling"
    begun, due = mailed(notice)
    assert begun
    assert state(world, notice) == "FAILED"
    assert due.state == "DUE"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    begun, due = mailed(notice)
    assert state(world, notice) == "SENT"
    assert len(mail.outbox) == 1
    assert due.state == "DONE"


def test_a_worker_that_dies_between_server_and_answer_sends_nothing_twice(world, notice, mailed):
    with world.acting("peer"):
        Notice.objects.filter(pk=notice.pk).update(mail="SENDING", mail_since=world.now)
    assert mailed(notice)[0] is False
    assert mail.outbox == []


def test_through_a_provider_nobody_is_tracked(world, notice, mailed, settings):
    settings.EMAIL_BACKEND = "anymail.backends.test.EmailBackend"
    mailed(notice)
    (sent,) = mail.outbox
    told = sent.anymail_test_params
    assert (told["tags"], told["track_opens"], told["track_clicks"]) == (["reminder"], False, False)
    assert letters.leaves_this_machine()


class TestStore:
    """The demonstration keeps each mail as a file of its agency, and shows them."""

    @pytest.fixture(autouse=True)
    def _store(self, settings, tmp_path):
        settings.EMAIL_BACKEND = "peerworks.notices.store.EmailBackend"
        settings.EMAIL_FILE_PATH = str(tmp_path / "mail")

    def test_sent_mail_is_shown_to_its_agency_alone(self, world, notice, mailed):
        assert not letters.leaves_this_machine()
        mailed(notice)
        (kept,) = store.stored_mails(world.juniper.agency.pk)
        assert kept.to == world["peer"].member.user.email
        assert abs(kept.sent_at - world.now) < dt.timedelta(minutes=5)
        page = reading_english(world["administrator"]).get(reverse("demo:mail-list"))
        assert "Algo le espera en PeerWorks" in page.content.decode()
        other = reading_english(world["other-administrator"]).get(reverse("demo:mail-list"))
        assert "No mail yet." in other.content.decode()

    def test_files_are_private(self, world, notice, mailed, tmp_path):
        mailed(notice)
        (file,) = (tmp_path / "mail").rglob("*.eml")
        assert file.stat().st_mode & 0o077 == 0
        assert file.parent.stat().st_mode & 0o077 == 0

    def test_outside_the_demonstration_there_is_no_such_page(self, world, settings):
        settings.PEERWORKS_DEMO = False
        settings.SECURE_SSL_REDIRECT = False
        page = world["administrator"].client().get(reverse("demo:mail-list"))
        assert page.status_code == 404
