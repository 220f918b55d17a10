"""Signing a note: the frozen text, its run, its minutes, and everything that stops it."""

import datetime as dt

import pytest

from billing.models import GateRun, NoteVersion, ServiceNote
from billing.operations import notes as operations
from billing.queries.notes import content_of, hash_of
from peerworks.audit.models import AuditEvent
from peerworks.lib.findings import Refused
from providers.models import WorkEntry, WorkSpan
from tests.factories.billing_notes import (
    add_span,
    make_note_at_state,
    times_at,
    written,
    yesterday,
)

pytestmark = pytest.mark.django_db


def actions(note):
    """The events about a note, in order."""
    found = AuditEvent.objects.filter(object_id=str(note.pk)).order_by("pk")
    return [each.action for each in found]


def sign(world, note, at=None):
    """Luz signs, an hour later or when told."""
    luz = world["peer"].member
    return operations.sign_note(note=note, by=luz, at=at or world.now, on=world.today)


def draft(world, **changes):
    """A draft of Luz that lacks only what a test takes away."""
    return make_note_at_state(world, state="DRAFT", **changes)


def test_signing_freezes_judges_records_and_tells(world):
    with world.acting("peer"):
        note = make_note_at_state(world, state="SIGNED", minutes=52)
        version = NoteVersion.objects.get(pk=note.version_in_force_id)
        assert (note.state, note.service_day) == ("SIGNED", yesterday(world))
        assert version.sha256 == hash_of(version)
        assert (version.signer_title, version.signer_credential) == ("Peer specialist", "DEMO-TX-1")
        run = GateRun.objects.get(note=note)
        assert (run.moment, run.version_id, run.minutes, run.units) == (
            "SIGNING",
            version.pk,
            52,
            3,
        )
        assert run.can_bill
        entry = WorkEntry.objects.get(span__source_id=note.pk)
        assert (entry.activity, entry.minutes, entry.role_elements) == (
            "INDIVIDUAL_SUPPORT",
            52,
            ["HOPE"],
        )
        assert entry.funding_source == world.juniper.payers["TXMCD"].funding_source
        assert actions(note) == ["note.started", "note.signed"]


def test_minutes_set_apart_are_the_programs_and_a_break_is_nobodys(world):
    with world.acting("peer"):
        note = make_note_at_state(
            world, state="SIGNED", deductions={"TRANSPORT_ONLY": 25, "BREAK": 5}
        )
        held = WorkEntry.objects.filter(span__source_id=note.pk).order_by("activity")
        assert [(each.activity, each.minutes, each.funding_source.name) for each in held] == [
            ("INDIVIDUAL_SUPPORT", 30, "Medicaid"),
            ("TRANSPORT_ONLY", 25, "State appropriation"),
        ]


def test_a_visit_that_cannot_be_billed_is_signed_on_the_programs_money(world):
    with world.acting("lapsed-peer"):
        note = make_note_at_state(world, "dogwood", state="SIGNED")
        run = GateRun.objects.get(note=note)
        assert not run.can_bill
        entry = WorkEntry.objects.get(span__source_id=note.pk)
        assert entry.funding_source == world.people["dogwood"].program.funding_source


def test_saving_a_draft_tells_the_trail_nothing(world):
    with world.acting("peer"):
        note = draft(world)
        assert actions(note) == ["note.started"]
        assert not WorkSpan.objects.filter(source_id=note.pk).exists()


MISSING = [
    ({"starts_at": None}, "NOTE-START"),
    ({"ends_at": None}, "NOTE-END"),
    ({"place": ""}, "NOTE-PLACE"),
    ({"place": "12"}, "NOTE-PLACE-TEXT"),
    ({"mode": ""}, "NOTE-MODE"),
    ({"role_elements": ()}, "NOTE-ROLE"),
    ({"purpose": " "}, "NOTE-PURPOSE"),
    ({"what_we_did": ""}, "NOTE-DID"),
    ({"response": ""}, "NOTE-RESPONSE"),
    ({"next_step": ""}, "NOTE-NEXT"),
    ({"purpose": "a", "what_we_did": "b", "response": "c", "next_step": "d"}, "NOTE-SHORT"),
    ({"deductions": {"BREAK": 61}}, "NOTE-DEDUCTED"),
]


@pytest.mark.parametrize(("changes", "code"), MISSING, ids=[code for _, code in MISSING])
def test_an_unsafe_record_is_not_signed(world, changes, code):
    with world.acting("peer"):
        note = draft(world, **changes)
        with pytest.raises(Refused) as refused:
            sign(world, note)
        assert refused.value.refusal.code == code
        assert ServiceNote.objects.get(pk=note.pk).state == "DRAFT"
        assert not GateRun.objects.filter(note=note).exists()
        assert actions(note) == ["note.started"]


def test_a_place_that_asks_for_words_is_signed_with_them(world):
    with world.acting("peer"):
        note = draft(world, place="12", place_text="Her kitchen")
        assert sign(world, note).state == "SIGNED"


@pytest.mark.parametrize(
    ("hour", "minutes", "code"), [(23, 61, "NOTE-MIDNIGHT"), (10, 0, "NOTE-BACKWARDS")]
)
def test_times_that_make_no_sense_are_not_signed(world, hour, minutes, code):
    with world.acting("peer"):
        note = draft(world, hour=hour, minutes=minutes)
        with pytest.raises(Refused) as refused:
            sign(world, note, at=world.now + dt.timedelta(days=1))
        assert refused.value.refusal.code == code


def test_a_visit_that_ends_at_midnight_is_one_note(world):
    with world.acting("peer"):
        note = draft(world, hour=23, minutes=60)
        assert sign(world, note, at=world.now + dt.timedelta(days=1)).state == "SIGNED"


def test_a_visit_is_not_signed_before_it_ended(world):
    with world.acting("peer"):
        note = draft(world)
        end = content_of(note.versions.get()).ends_at
        with pytest.raises(Refused) as refused:
            sign(world, note, at=end - dt.timedelta(minutes=1))
        assert refused.value.refusal.code == "NOTE-FUTURE"


def test_two_visits_may_touch_and_not_overlap_by_a_minute(world):
    with world.acting("peer"):
        make_note_at_state(world, state="SIGNED", hour=10)
        assert make_note_at_state(world, state="SIGNED", hour=11).state == "SIGNED"
        clashing = draft(world, hour=10, minutes=61)
        with pytest.raises(Refused) as refused:
            sign(world, clashing)
        assert refused.value.refusal.code == "TIME-OVER"


def test_other_recorded_time_stops_the_signature_in_words(world):
    with world.acting("peer") as luz:
        note = draft(world)
        day = yesterday(world)
        add_span(world, luz.provider, note.site, times_at(note.site, day, 10, 30, 60))
        with pytest.raises(Refused) as refused:
            sign(world, note)
        assert refused.value.refusal.code == "TIME-OVER"


def test_signing_again_answers_with_the_note_and_writes_nothing(world):
    with world.acting("peer"):
        note = make_note_at_state(world, state="SIGNED")
        again = sign(world, note)
        assert again.pk == note.pk
        assert again.version_in_force_id == note.version_in_force_id
        assert actions(note) == ["note.started", "note.signed"]


def test_a_text_that_was_not_read_is_not_signed(world):
    with world.acting("peer") as luz:
        note = draft(world)
        with pytest.raises(Refused) as refused:
            operations.sign_note(
                note=note, by=luz.member, at=world.now, on=world.today, draft_number=0
            )
        assert refused.value.refusal.code == "NOTE-CHANGED"


def test_nobody_signs_the_note_of_another(world):
    with world.acting("supervisor") as andre:
        note = draft(world)
        with pytest.raises(Refused) as refused:
            operations.sign_note(note=note, by=andre.member, at=world.now, on=world.today)
        assert refused.value.refusal.code == "NOTE-NOT-YOURS"


def test_nobody_writes_about_themselves(world):
    with world.acting("peer") as luz:
        person = world.person("peer")
        person.participant.staff_membership = luz.member
        with pytest.raises(Refused) as refused:
            operations.start_note(
                participant=person.participant,
                provider=luz.provider,
                program=person.program,
                service_key="mh-individual",
                by=luz.member,
            )
        assert refused.value.refusal.code == "NOTE-SELF"


def test_a_note_without_a_goal_is_signed_and_held(world):
    with world.acting("peer"):
        note = make_note_at_state(world, state="SIGNED", goals=frozenset())
        run = GateRun.objects.get(note=note)
        held = [each["because"]["reason"] for each in run.findings if each["stops"]]
        assert held == ["GOAL-NONE"]


def test_a_goal_of_another_person_is_left_out(world):
    with world.acting("peer"):
        note = draft(world, goals=frozenset([world.people["peachtree"].goal.pk]))
        assert content_of(note.versions.get()).goals == frozenset()


def test_the_same_form_begins_one_note(world):
    with world.acting("peer") as luz:
        person, key = world.person("peer"), world.juniper.agency.pk
        given = {
            "participant": person.participant,
            "provider": luz.provider,
            "program": person.program,
            "by": luz.member,
            "form_key": key,
        }
        first = operations.start_note(**given, service_key="mh-individual")
        assert operations.start_note(**given, service_key="mh-individual") == first
        other = given | {"participant": world.people["peachtree"].participant}
        with pytest.raises(Refused) as refused:
            operations.start_note(**other, service_key="mh-individual")
        assert refused.value.refusal.code == "FORM-CHANGED"


def test_two_windows_do_not_overwrite_each_other(world):
    with world.acting("peer") as luz:
        note = draft(world)
        times = times_at(note.site, yesterday(world), 10, 0, 60)
        mine = written(times, purpose="Mine.")
        theirs = written(times, purpose="Theirs.")
        saved = {"note": note, "by": luz.member, "at": world.now}
        first = operations.save_draft(**saved, content=mine, draft_number=1)
        assert first.draft_number == 2
        with pytest.raises(operations.DraftConflict) as conflict:
            operations.save_draft(**saved, content=theirs, draft_number=1)
        assert (conflict.value.kept.purpose, conflict.value.number) == ("Mine.", 2)
        same = operations.save_draft(**saved, content=mine, draft_number=1)
        assert same.draft_number == 2


def test_discarding_keeps_the_row_and_is_refused_after_signing(world):
    with world.acting("peer") as luz:
        note = draft(world)
        given = {"by": luz.member, "at": world.now}
        gone = operations.discard_draft(note=note, **given)
        assert gone.discarded_by == luz.member
        assert actions(note) == ["note.started", "note.discarded"]
        assert operations.discard_draft(note=note, **given).pk == note.pk
        signed = make_note_at_state(world, state="RETURNED", hour=12)
        with pytest.raises(Refused) as refused:
            operations.discard_draft(note=signed, **given)
        assert refused.value.refusal.code == "NOTE-KEPT"
