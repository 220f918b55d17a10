"""Notes and what hangs on them: claim lines in doubt, supervision overdue, a database in contention."""

import datetime as dt

import pytest
from django.db import connection
from django.urls import reverse

from billing.models import ClaimLine, GateRun, ServiceNote
from billing.operations import notes, review
from peerworks.lib.findings import Refused
from tests.billing.test_notes_pages import verdict
from tests.factories.billing_claims import build
from tests.factories.billing_notes import make_note_at_state

pytestmark = pytest.mark.django_db


@pytest.fixture
def billed(world):
    """A co-signed note on a claim line that lives."""
    with world.acting("biller") as priya:
        note = make_note_at_state(world, state="COSIGNED")
        build(world, by=priya.member)
        assert ClaimLine.objects.get().is_live
        return note


def flag(world):
    """Why the one claim line is in doubt, and who said so."""
    line = ClaimLine.objects.get()
    return line.flag, line.flagged_by


def test_signing_a_correction_flags_the_claim_line(world, billed):
    with world.acting("peer") as luz:
        notes.correct_note(note=billed, reason="Wrong hour.", by=luz.member, on=world.today)
        assert flag(world) == ("", None)
        notes.sign_note(note=billed, by=luz.member, at=world.now, on=world.today)
        assert flag(world) == ("NOTE-CORRECTED", luz.member)


def test_a_void_flags_the_claim_line(world, billed):
    with world.acting("supervisor") as andre:
        review.void_note(note=billed, reason="Wrong person.", by=andre.member, at=world.now)
        assert flag(world) == ("NOTE-VOIDED", andre.member)


def test_a_correction_of_a_billed_note_is_not_withdrawn(world, billed):
    with world.acting("peer") as luz:
        notes.correct_note(note=billed, reason="Wrong hour.", by=luz.member, on=world.today)
        notes.sign_note(note=billed, by=luz.member, at=world.now, on=world.today)
        with pytest.raises(Refused) as refused:
            notes.withdraw_note(note=billed, by=luz.member, at=world.now)
        assert refused.value.refusal.code == "NOTE-BILLED"


def test_overdue_supervision_warns_in_words_and_can_be_signed(world):
    late = (world.today - dt.timedelta(days=60)).isoformat()
    words = verdict(world, "peer", "mesa", day=late)
    assert "supervision" in words
    with world.acting("peer"):
        day = world.today - dt.timedelta(days=60)
        note = make_note_at_state(world, state="SIGNED", day=day)
        run = GateRun.objects.get(note=note)
        told = [each for each in run.findings if each["rule"] == "SUPV-03"]
        assert told[0]["outcome"] in ("WARN", "BLOCK")
        assert told[0]["because"]["reason"] in ("SUP-LATE", "SUP-SHORT")


def broken(sqlstate, times):
    """An operation that the database refuses so many times, as it refuses two that wait for each other."""
    tries = []

    def operation(**given):
        tries.append(1)
        if len(tries) <= times:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"DO $$ BEGIN RAISE EXCEPTION 'wait' USING ERRCODE = '{sqlstate}'; END $$"
                )
        return notes_signed(**given)

    return operation


notes_signed = notes.sign_note


@pytest.mark.parametrize(("times", "state"), [(1, "SIGNED"), (2, "DRAFT")])
def test_a_deadlock_is_tried_once_more_and_then_said_in_words(world, monkeypatch, times, state):
    with world.acting("peer"):
        note = make_note_at_state(world, state="DRAFT")
        read = note.versions.get()
    monkeypatch.setattr(notes, "sign_note", broken("40P01", times))
    form = {"form_agency": str(world.juniper.agency.pk), "draft_number": str(read.draft_number)}
    address = reverse("billing:note-sign", args=[note.pk])
    answer = world["peer"].client().post(address, form, follow=True)
    assert answer.status_code == 200
    with world.acting("peer"):
        assert ServiceNote.objects.get(pk=note.pk).state == state
