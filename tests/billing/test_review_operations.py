"""Review: co-signed, returned, voided, taken back, corrected; what stays for ever."""

import datetime as dt

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from billing.models import CoSignature, NoteOpening, NoteReturn, NoteVersion, ServiceNote
from billing.operations import notes, review
from billing.queries.notes import content_of, hash_of
from peerworks.audit.models import AuditEvent
from peerworks.lib.findings import Refused
from providers.models import WorkSpan
from supervision.models import Assignment, Qualification
from tests.factories.billing_notes import make_note_at_state

pytestmark = pytest.mark.django_db


def spans(note):
    """Whether each span of a note counts, the oldest first."""
    held = WorkSpan.objects.filter(source_id=note.pk).order_by("created_at")
    return [each.reversed_at is None for each in held]


def last_action(note):
    """The latest event about a note."""
    return AuditEvent.objects.filter(object_id=str(note.pk)).order_by("-pk").first().action


def refused(code, operation, **given):
    """The operation says no with this code."""
    with pytest.raises(Refused) as caught:
        operation(**given)
    assert caught.value.refusal.code == code


def test_cosigning_repeats_the_hash_and_is_done_once(world):
    with world.acting("supervisor") as andre:
        note = make_note_at_state(world, state="SIGNED")
        given = {"note": note, "by": andre.member, "at": world.now, "on": world.today}
        signature = review.cosign_note(**given)
        assert signature.sha256 == NoteVersion.objects.get(note=note).sha256
        assert review.cosign_note(**given) == signature
        assert ServiceNote.objects.get(pk=note.pk).state == "COSIGNED"
        assert last_action(note) == "note.cosigned"
        assert CoSignature.objects.filter(note=note).count() == 1


def test_nobody_reviews_their_own_note(world):
    with world.acting("supervisor") as andre:
        world.people["mesa"].participant.refresh_from_db()
        note = notes.start_note(
            participant=world.people["mesa"].participant,
            provider=andre.provider,
            program=world.people["mesa"].program,
            service_key="mh-individual",
            by=andre.member,
        )
        given = {"note": note, "by": andre.member}
        refused("REVIEW-OWN", review.cosign_note, **given, at=world.now, on=world.today)
        refused("REVIEW-OWN", review.return_note, **given, at=world.now, words="No.")
        refused("REVIEW-OWN", review.void_note, **given, at=world.now, reason="No.")


def test_only_the_supervisor_of_that_day_or_the_delegate_reviews(world):
    with world.acting("supervisor") as andre:
        note = make_note_at_state(world, state="SIGNED")
        line = Assignment.objects.get(provider=note.provider)
        since = line.period.lower
        line.period = (since, note.service_day)
        line.save()
        given = {"note": note, "by": andre.member, "at": world.now, "on": world.today}
        refused("REVIEW-WHO", review.cosign_note, **given)
        line.period, line.delegate = (since, None), andre.provider
        line.supervisor = world["administrator"].provider
        line.save()
        assert review.cosign_note(**given).by == andre.member


def test_an_unqualified_supervisor_does_not_cosign(world):
    with world.acting("supervisor") as andre:
        note = make_note_at_state(world, "dogwood", state="SIGNED")
        for each in Qualification.objects.filter(supervisor=andre.provider):
            each.period = (each.period.lower, world.today - dt.timedelta(days=1))
            each.save()
        given = {"note": note, "by": andre.member, "at": world.now, "on": world.today}
        refused("COSIGN-WHO", review.cosign_note, **given)
        assert ServiceNote.objects.get(pk=note.pk).state == "SIGNED"


def test_a_text_that_was_not_read_is_not_cosigned(world):
    with world.acting("supervisor") as andre:
        note = make_note_at_state(world, state="SIGNED")
        given = {"note": note, "by": andre.member, "at": world.now}
        refused("NOTE-CHANGED", review.cosign_note, **given, on=world.today, sha256="0" * 64)
        refused("NOTE-CHANGED", review.return_note, **given, words="No.", sha256="0" * 64)


def test_a_return_keeps_version_1_and_opens_version_2_as_a_copy(world):
    with world.acting("supervisor"):
        note = make_note_at_state(world, state="RETURNED")
        first, second = note.versions.order_by("number")
        assert (note.state, note.version_in_force_id, note.in_force_period) == (
            "RETURNED",
            None,
            None,
        )
        assert first.sha256 == hash_of(first)
        assert content_of(first) == content_of(second)
        assert (second.number, second.opened_kind, second.reason) == (
            2,
            "RETURNED",
            "Made-up words that help.",
        )
        assert NoteReturn.objects.get(note=note).version == first
        assert spans(note) == [False]
        assert last_action(note) == "note.returned"
    with world.acting("peer") as luz:
        notes.sign_note(note=note, by=luz.member, at=world.now, on=world.today)
        again = ServiceNote.objects.get(pk=note.pk)
        assert (again.state, again.version_in_force_id) == ("SIGNED", second.pk)
        assert spans(note) == [False, True]


def test_a_withdrawal_ends_with_the_reviewers_opening(world):
    with world.acting("peer") as luz:
        note = make_note_at_state(world, state="SIGNED")
        given = {"note": note, "by": luz.member, "at": world.now}
        back = notes.withdraw_note(**given)
        assert (back.state, spans(note)) == ("DRAFT", [False])
        assert last_action(note) == "note.withdrawn"
        notes.sign_note(**given, on=world.today)
    with world.acting("supervisor") as andre:
        signed = ServiceNote.objects.get(pk=note.pk)
        for _twice in range(2):
            review.record_opening(note=signed, by=andre.member, at=world.now)
        assert NoteOpening.objects.filter(note=note).count() == 1
    with world.acting("peer"):
        refused("NOTE-OPENED", notes.withdraw_note, **given)


def test_a_correction_leaves_the_old_version_in_force_until_it_is_signed(world):
    with world.acting("peer") as luz:
        note = make_note_at_state(world, state="CORRECTING")
        first, second = note.versions.order_by("number")
        assert (note.version_in_force_id, spans(note)) == (first.pk, [True])
        longer = content_of(second).ends_at + dt.timedelta(minutes=15)
        changed = {**content_of(second).columns(), "ends_at": longer}
        given = {"note": note, "by": luz.member, "at": world.now}
        content = content_of(second).__class__(
            **changed | {"role_elements": ("HOPE",), "goals": content_of(second).goals}
        )
        notes.save_draft(**given, content=content, draft_number=0)
        signed = notes.sign_note(**given, on=world.today)
        assert (signed.state, signed.version_in_force_id) == ("SIGNED", second.pk)
        assert spans(note) == [False, True]
        assert NoteVersion.objects.get(pk=first.pk).sha256 == hash_of(first)


def test_a_note_in_review_is_not_corrected_but_returned(world):
    with world.acting("peer") as luz:
        note = make_note_at_state(world, state="SIGNED")
        refused(
            "NOTE-IN-REVIEW",
            notes.correct_note,
            note=note,
            reason="Wrong.",
            by=luz.member,
            on=world.today,
        )


def test_a_void_note_keeps_its_text_and_gives_its_time_back(world):
    with world.acting("supervisor") as andre:
        note = make_note_at_state(world, state="VOID")
        assert (note.state, note.void_reason, spans(note)) == ("VOID", "A made-up reason.", [False])
        assert note.versions.get().what_we_did
        assert last_action(note) == "note.voided"
        refused(
            "NOTE-CLOSED",
            review.void_note,
            note=note,
            reason="Twice.",
            by=andre.member,
            at=world.now,
        )
        assert make_note_at_state(world, state="SIGNED").state == "SIGNED"


def test_addenda_are_counted_and_change_no_byte(world):
    with world.acting("peer") as luz:
        note = make_note_at_state(world, state="COSIGNED")
        version = NoteVersion.objects.get(note=note)
        given = {"note": note, "reason": "Forgot.", "by": luz.member, "at": world.now}
        added = [notes.add_addendum(**given, text=text) for text in ("One.", "Two.")]
        assert [each.n for each in added] == [1, 2]
        assert version.sha256 == hash_of(NoteVersion.objects.get(note=note))
        draft = make_note_at_state(world, state="DRAFT", hour=14)
        refused("NOTE-CLOSED", notes.add_addendum, **given | {"note": draft}, text="Three.")


def by_save(version):
    version.what_we_did = "Changed."
    version.save()


def by_sql(statement):
    def run(version):
        with connection.cursor() as cursor:
            cursor.execute(statement, {"id": version.pk})

    return run


WAYS = {
    "save": by_save,
    "update": lambda each: NoteVersion.objects.filter(pk=each.pk).update(purpose="Changed."),
    "bulk_update": lambda each: NoteVersion.objects.bulk_update(
        [NoteVersion(pk=each.pk, purpose="Changed.")], ["purpose"]
    ),
    "delete": lambda each: NoteVersion.objects.filter(pk=each.pk).delete(),
    "goal": lambda each: each.note_goals.all().delete(),
    "deduction": lambda each: each.deductions.create(
        agency_id=each.agency_id, participant_id=each.participant_id, activity="BREAK", minutes=5
    ),
    "raw": by_sql("UPDATE billing_noteversion SET purpose = 'x' WHERE id = %(id)s"),
    "raw delete": by_sql("DELETE FROM billing_noteversion WHERE id = %(id)s"),
    "truncate": by_sql("TRUNCATE billing_noteversion CASCADE"),
    "cascade from the note": by_sql(
        "TRUNCATE billing_servicenote, billing_noteversion, billing_gaterun CASCADE"
    ),
    "replica": by_sql("SET session_replication_role = replica"),
    "unsign": by_sql("UPDATE billing_noteversion SET signed_at = NULL WHERE id = %(id)s"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_signed_version_is_changed_in_no_way(world, way):
    with world.acting("peer"):
        note = make_note_at_state(world, state="SIGNED", deductions={"TRAVEL": 5})
        version = NoteVersion.objects.get(note=note)
        with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
            WAYS[way](NoteVersion.objects.get(pk=version.pk))
        kept = NoteVersion.objects.get(pk=version.pk)
        assert kept.sha256 == version.sha256 == hash_of(kept)


def test_the_note_itself_stays_whose_and_where_it_was(world):
    with world.acting("peer"):
        note = make_note_at_state(world, state="SIGNED")
        other = world.juniper.programs["peachtree"]
        with pytest.raises(IntegrityError), transaction.atomic():
            ServiceNote.objects.filter(pk=note.pk).update(program=other)
        with pytest.raises(IntegrityError), transaction.atomic():
            ServiceNote.objects.filter(pk=note.pk).delete()


STEPS = ["_freeze", "_put_in_force", "ledger.record", "trail.record"]


@pytest.mark.parametrize("step", STEPS)
def test_signing_is_all_or_nothing(world, monkeypatch, step):
    def breaks(*args, **kwargs):
        raise RuntimeError(step)

    with world.acting("peer") as luz:
        note = make_note_at_state(world, state="DRAFT")
        monkeypatch.setattr(f"billing.operations.notes.{step}", breaks)
        with pytest.raises(RuntimeError, match=step), transaction.atomic():
            notes.sign_note(note=note, by=luz.member, at=world.now, on=world.today)
        after = ServiceNote.objects.get(pk=note.pk)
        assert (after.state, after.versions.get().signed_at, spans(note)) == ("DRAFT", None, [])
        assert last_action(note) == "note.started"


def test_the_time_of_a_group_stands_while_one_of_its_notes_does(world):
    with world.acting("supervisor") as andre:
        from billing.models import GroupSession
        from tests.factories.billing_notes import times_at, yesterday

        site = world.juniper.sites["peachtree"]
        times = times_at(site, yesterday(world), 15, 0, 60)
        session = GroupSession.objects.create(
            agency=world.juniper.agency,
            created_by=world["peer"].member,
            provider=world["peer"].provider,
            program=world.juniper.programs["peachtree"],
            site=site,
            service_key="group",
            starts_at=times.start,
            ends_at=times.end,
        )
        both = [
            make_note_at_state(world, "peachtree", state="SIGNED", hour=15, group=session)
            for _each in range(2)
        ]
        assert spans_of(session) == [True]
        given = {"by": andre.member, "at": world.now, "words": "Say more."}
        review.return_note(note=both[0], **given)
        assert spans_of(session) == [True]
        review.return_note(note=both[1], **given)
        assert spans_of(session) == [False]


def spans_of(session):
    """Whether each span of a group session counts."""
    held = WorkSpan.objects.filter(source_kind="GROUP_SESSION", source_id=session.pk)
    return [each.reversed_at is None for each in held]
