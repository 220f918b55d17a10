"""Letters about accounts: neutral words, a link that is made at sending, and nothing kept of it."""

import datetime as dt
import logging
import uuid

import pytest
from django.db import connection

from peerworks.accounts import letters, operations
from peerworks.accounts.letters import Kind, NobodySends, Slot
from peerworks.accounts.models import Invitation
from peerworks.accounts.operations import write_letter
from peerworks.accounts.tokens import hash_of
from peerworks.jobs.models import DueWork
from peerworks.notices.letters import leaves_this_machine
from peerworks.notices.tasks import letter_sent
from peerworks.web.logs import WithoutTokens
from tests.factories.accounts import make_invitation
from tests.peerworks.account_forms import due_letters, events, in_days, link_in, send_letters
from tests.sweep import tables

pytestmark = pytest.mark.django_db(databases=["default", "apart"])
HEALTH = ("recovery", "health", "peer support", "alliance", "juniper", "salud", "recuperación")


def invite(world, language="en"):
    """An invitation by Marisol."""
    with world.acting("administrator") as marisol:
        return operations.invite(
            email="new@people.example", roles=["PEER"], language=language,
            by=marisol.member, at=world.now,
        )  # fmt: skip


def run(row):
    """The task on a due row."""
    letter_sent(agency_id=row.agency_id, due_work_id=row.pk, slot=row.slot)


@pytest.mark.parametrize(
    ("language", "subject"),
    [("en", "You are invited to PeerWorks"), ("es", "Recibió una invitación a PeerWorks")],
)
def test_a_letter_is_in_the_language_of_its_reader_and_names_nobody(
    world, mailoutbox, language, subject
):
    invite(world, language)
    (letter,) = send_letters()
    assert (letter.to, letter.subject) == (["new@people.example"], subject)
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
    text = f"{letter.subject} {letter.body}".lower().replace("peerworks", "")
    assert not [word for word in HEALTH if word in text]
    for who in world.juniper.members:
        assert world[who].user.name.split()[1].lower() not in text
    assert len(letter.body.splitlines()) <= 10


def test_the_link_is_ours_whatever_a_request_says(world, mailoutbox, settings):
    settings.PEERWORKS_ADDRESS = "https://peerworks.example/"
    invite(world)
    (letter,) = send_letters()
    assert "https://peerworks.example/accounts/join/" in letter.body


def test_the_token_is_in_the_letter_alone(world, mailoutbox, caplog):
    caplog.set_level(logging.DEBUG)
    made = invite(world)
    (letter,) = send_letters()
    token = link_in(letter).rstrip("/").rsplit("/", 1)[-1]
    assert token not in caplog.text
    assert token not in str(list(DueWork.objects.values()))
    with world.acting("administrator"):
        assert Invitation.objects.get(pk=made.pk).token_sha256 == hash_of(token)
        with connection.cursor() as cursor:
            for each in tables.owned():
                cursor.execute(f"SELECT t::text FROM {each._meta.db_table} t")  # noqa: S608
                assert token not in str(cursor.fetchall()), each


def test_a_letter_is_sent_once_and_kept_as_an_event(world, mailoutbox):
    made = invite(world)
    row = DueWork.objects.get()
    for _ in range(3):
        run(row)
    assert len(mailoutbox) == 1
    assert [each[0] for each in events(world.juniper, "letter.sent")] == ["letter.sent"]
    with world.acting("administrator"):
        assert Invitation.objects.get(pk=made.pk).token_sha256


def test_a_mail_server_that_fails_leaves_the_work_due_and_no_token(world, mailoutbox, monkeypatch):
    def fails(*_args, **_kwargs):
        raise OSError("no answer")

    made = invite(world)
    row = DueWork.objects.get()
    with monkeypatch.context() as patch:
        patch.setattr("peerworks.notices.operations.mails.deliver", fails)
        with pytest.raises(OSError, match="no answer"):
            run(row)
    row.refresh_from_db()
    assert (row.state, row.tries, row.error) == ("DUE", 1, "OSError")
    with world.acting("administrator"):
        assert Invitation.objects.get(pk=made.pk).token_sha256 == ""
    run(row)
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("state", ["withdrawn", "run out", "sent again", "not there"])
def test_what_is_due_no_longer_is_not_sent(world, mailoutbox, state):
    made = invite(world)
    first = DueWork.objects.get()
    with world.acting("administrator") as marisol:
        given = {"invitation": made, "by": marisol.member, "at": world.now}
        if state == "withdrawn":
            operations.withdraw_invitation(**given)
        elif state == "run out":
            Invitation.objects.update(expires_at=in_days(-1))
        elif state == "sent again":
            operations.send_invitation_again(**given)
        else:
            slot = str(Slot(Kind.INVITATION, uuid.uuid4(), 1))
            DueWork.objects.filter(pk=first.pk).update(slot=slot)
    first.refresh_from_db()
    run(first)
    assert mailoutbox == []
    first.refresh_from_db()
    assert first.state == "DONE"


def test_a_letter_to_another_agencys_member_is_not_written(world):
    slot = Slot(Kind.RESET, world["other-administrator"].user.pk, 1)
    with world.acting("administrator"):
        assert write_letter(slot=str(slot), at=world.now) is None


def test_planned_twice_is_planned_once(world):
    with world.acting("administrator") as marisol:
        made = make_invitation(by=marisol.member)
        for _ in range(2):
            letters.send(
                Kind.INVITATION, agency_id=made.agency_id, about=made.pk, number=1, at=world.now
            )
    assert len(due_letters(world.juniper)) == 1


@pytest.mark.parametrize("text", ["", "invitation", "invitation/x/1", "poem/" + "0" * 36 + "/1"])
def test_a_slot_that_is_none_is_a_mistake(text):
    with pytest.raises(ValueError, match=r".*"):
        Slot.read(text)


def test_a_slot_reads_as_it_was_written():
    slot = Slot(Kind.PASSWORD_CHANGED, uuid.uuid4(), 1_800_000_000)
    assert Slot.read(str(slot)) == slot
    assert len(str(slot)) <= 120


def test_without_a_sender_nothing_is_promised(monkeypatch):
    monkeypatch.setattr(letters, "_sender", {})
    with pytest.raises(NobodySends):
        letters.send(
            Kind.RESET, agency_id=uuid.uuid4(), about=uuid.uuid4(), number=1,
            at=dt.datetime.now(dt.UTC),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("backend", "leaves"), [("dummy", False), ("filebased", False), ("smtp", True)]
)
def test_whether_mail_reaches_people(settings, backend, leaves):
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    assert leaves_this_machine() is leaves


@pytest.mark.parametrize("place", ["join", "reset", "setup"])
def test_au7_a_log_line_loses_the_token(place):
    for told in (
        (f"Not Found: /accounts/{place}/SECRET/x", ()),
        ("%s: %s", ("Not Found", f"/accounts/{place}/SECRET/")),
    ):
        record = logging.LogRecord("django.request", 30, "", 1, told[0], told[1], None)
        assert WithoutTokens().filter(record)
        assert "SECRET" not in record.getMessage()
        assert f"/accounts/{place}/…" in record.getMessage()
    other = logging.LogRecord("x", 30, "", 1, "%s done", ("a thing",), None)
    assert WithoutTokens().filter(other)
    assert other.args == ("a thing",)
