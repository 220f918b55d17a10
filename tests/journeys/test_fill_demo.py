"""What the first page promises is what stands in the filled database."""

import datetime as dt
import json
from collections import Counter

import pytest
from django.db import connection

from billing.gates import engine
from billing.models import (
    Batch,
    Claim,
    ClaimLine,
    CoSignature,
    NoteReturn,
    NoteVersion,
    ServiceNote,
)
from billing.operations.claims import weigh
from billing.queries.note_pages import is_late, queue_of
from billing.queries.notes import hash_of, my_people, rule_of
from billing.queries.worklist import unbilled
from peerworks.accounts.models import Membership
from peerworks.agencies.models import Agency
from peerworks.audit.models import AuditEvent
from peerworks.home.demo.cast import LANTERN
from peerworks.lib.findings import Moment
from peerworks.lib.identifiers import is_npi
from peerworks.participants.models import Participant
from providers import standing
from providers.models import Credential, Employment, Provider, WorkSpan
from supervision.queries import supervisees_of, team_rows
from tests.databases import owner_connection
from tests.journeys.conftest import database_like_the_template, fill

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

#: SUP-SHORT needs a ratio, which none of the three packs asks; NO-RULE and NO-FACT are no gate's own.
REASONS = {
    *("STAFF-OFF", "STAFF-VOL", "CERT-NONE", "CERT-EXP", "CERT-STATE", "CERT-ENDORSE"),
    *("CERT-UNVER", "SUP-NONE", "SUP-UNQUAL", "SUP-LATE", "TRAIN-MISS", "ENROL-NONE", "DX"),
    *("CONSENT-NONE", "ELIG", "PLAN-NONE", "PLAN-UNSIGNED", "GOAL-NONE", "TIME-OVER"),
    *("TIME-SHORT", "UNITS-DAY", "NOTE-DRAFT", "NOTE-REVIEW", "COSIGN-WHO", "BILLED"),
}


@pytest.fixture
def today(filled):
    """The day that the records hang on."""
    return dt.date.fromisoformat(filled.told["today"])


def member(name):
    """Somebody's membership."""
    return Membership.objects.select_related("user").get(user__name=name)


def test_the_sizes(filled):
    juniper, lantern = (filled.told["agencies"][slug] for slug in ("juniper-bridge", "lantern-row"))
    assert (juniper["providers"], juniper["participants"]) == (14, 60)
    assert 2200 <= juniper["notes"] <= 2700
    assert lantern == {"providers": 5, "participants": 20, "notes": 0}


def test_a_second_time_nothing_is_written(filled):
    done = filled.run("--json")
    assert done.returncode == 0
    assert "Already filled." in done.stderr
    again = json.loads(done.stdout)
    assert again["filled"] is False
    assert again["agencies"] == filled.told["agencies"]


def test_a_database_with_other_rows_is_refused(filled, databases):
    with database_like_the_template(f"{databases.name}_real") as name:
        _found_something_real(name)
        done = fill(name, "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["where"] == "database"
    assert "not marked as made up" in done.stderr


def _found_something_real(name):
    with owner_connection(name) as owner:
        owner.execute(
            "INSERT INTO agencies_agency (id, name, slug, time_zone, is_demo, idle_minutes, npi, ein, "
            "taxonomy, street, city, state, postal_code, contact_name, contact_phone) VALUES "
            "(gen_random_uuid(), 'Real', 'real', 'UTC', false, 15, '', '', '', '', '', '', '', '', '')"
        )


def test_luz_finds_a_returned_note_a_draft_and_three_people(people, today):
    with people.looking():
        luz = member("Luz Ortega")
        notes = ServiceNote.objects.filter(provider__member=luz).unfinished()
        assert Counter(notes.values_list("state", flat=True)) == {"RETURNED": 1, "DRAFT": 1}
        assert NoteReturn.objects.get(note__provider__member=luz).words
        draft = NoteVersion.objects.get(note__in=notes, note__state="DRAFT")
        assert draft.starts_at.astimezone(dt.UTC).date() in {today, today - dt.timedelta(days=1)}
        week_ago = today - dt.timedelta(days=7)
        unseen = [each for each in my_people(luz, today) if each.last_visit < week_ago]
        assert len(unseen) == 3


def test_andre_finds_nine_notes_one_overdue_and_one_at_80_percent(people, today):
    with people.looking():
        andre = member("Andre Rivers")
        assert queue_of(andre).count() == 9
        rows = team_rows(today, supervisees_of(andre, today))
        assert [row.of.name for row in rows if row.of.is_overdue] == ["Devon Marsh"]
        soon = [row.of.percent for row in rows if not row.of.is_overdue and row.of.percent >= 80]
        assert len(soon) == 1


def test_marisol_finds_three_who_cannot_bill_and_two_certificates(people, today):
    with people.looking():
        staff = Provider.objects.employed_on(today).values_list("pk", flat=True)
        found = standing.billing_on(list(staff), today)
        why = {
            Provider.objects.get(pk=each).name: [
                finding.because.reason for finding in standing.stopping(those)
            ]
            for each, those in found.items()
            if standing.can_bill(those) is False
        }
        assert why == {
            "Sam Whitfield": ["CERT-EXP"],
            "Devon Marsh": ["SUP-LATE"],
            "Jo Feld": ["CERT-UNVER"],
        }
        unverified = Credential.objects.filter(verifications__isnull=True)
        assert sorted(each.provider.given_name for each in unverified) == ["Jo", "Nia"]


def test_priya_finds_one_payer_ready_and_claims_of_before(people, today):
    with people.looking() as service:
        weighed = weigh(unbilled(), on=today, by=service)
        ready = {each.payer.code for each in weighed if each.is_ready}
        assert ready == {"TXMCD"}
        assert set(Claim.objects.values_list("state", flat=True)) == {"PAID", "SENT"}
        assert Batch.objects.filter(built_at__isnull=False, file="").count() == 0
        assert Batch.objects.count() >= 18


def test_sams_notes_are_held_since_the_certification_ended(people, today):
    with people.looking() as service:
        ended = today - dt.timedelta(days=18)
        mine = ServiceNote.objects.in_force().filter(provider__given_name="Sam")
        held = mine.filter(service_day__gt=ended)
        assert held.exists()
        ids = list(held.values_list("pk", flat=True))
        said = engine.judge(ids, on=today, moment=Moment.BATCH, by=service, store=False)
        assert not any(verdict.can_bill for verdict in said.values())
        assert not ClaimLine.objects.filter(line_notes__note__in=held).exists()


def test_one_note_for_each_reason_and_clean_twins(people, today):
    with people.looking() as service:
        ids = list(ServiceNote.objects.values_list("pk", flat=True))
        verdicts = engine.judge(ids, on=today, moment=Moment.BATCH, by=service, store=False)
        told = Counter(
            finding.because.reason
            for verdict in verdicts.values()
            for finding in verdict.findings
            if finding.because is not None
        )
        assert set(told) >= REASONS, REASONS - set(told)
        assert any(verdict.can_bill for verdict in verdicts.values())


def test_one_sealed_record_of_somebody_who_works_here(people):
    with people.looking():
        sealed = Participant.objects.get(is_sealed=True)
        assert sealed.staff_membership.user.name == "Nia Castell"
    page = people("administrator").text("/participants/")
    assert sealed.shown_name not in page


def test_what_else_happens_to_notes(people):
    with people.looking():
        assert ServiceNote.objects.filter(state="VOID").exclude(void_reason="").count() == 1
        assert NoteVersion.objects.filter(addenda__isnull=False).count() == 1
        assert ClaimLine.objects.filter(flag="NOTE-CORRECTED", is_live=True).count() == 1
        signed = ServiceNote.objects.in_force().select_related(
            "version_in_force", "site", "program"
        )
        late = [
            note
            for note in signed.filter(provider__given_name="Luz")
            if note.version_in_force.number == 1
            and is_late(note.version_in_force, rule_of(note, note.service_day).service)
        ]
        assert len(late) == 1
        assert _across_a_clock_change(signed) == 1


def _across_a_clock_change(notes):
    """How many visits began and ended in different offsets of their site."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM billing_servicenote n "
            "JOIN billing_noteversion v ON v.id = n.version_in_force_id "
            "JOIN agencies_site s ON s.id = n.site_id "
            "WHERE (v.ends_at AT TIME ZONE s.time_zone) - (v.starts_at AT TIME ZONE s.time_zone) "
            "<> v.ends_at - v.starts_at"
        )
        return cursor.fetchone()[0]


def test_every_signed_version_has_the_hash_of_what_it_says(people):
    with people.looking():
        signed = NoteVersion.objects.filter(signed_at__isnull=False).select_related("note")
        some = list(signed.order_by("sha256")[:60])
        assert len(some) == 60
        assert [each.sha256 for each in some] == [hash_of(each) for each in some]
        kept = CoSignature.objects.select_related("version").order_by("pk")[:60]
        assert all(each.sha256 == each.version.sha256 for each in kept)


def test_every_note_in_force_stands_in_the_ledger(people):
    with people.looking():
        notes = set(ServiceNote.objects.in_force().values_list("pk", flat=True))
        spans = set(WorkSpan.objects.standing().values_list("source_id", flat=True))
        assert notes == spans


def test_everything_is_marked_as_made_up(people):
    assert not Agency.objects.filter(is_demo=False).exists()
    for slug in ("juniper-bridge", LANTERN):
        with people.looking(slug):
            for each in Provider.objects.all():
                assert each.npi == "" or (each.npi.startswith("2") and is_npi(each.npi))
                assert each.email.endswith(".example")
                assert each.phone.startswith("555-01")
            assert not Participant.objects.exclude(record_number__startswith="DEMO").exists()


def test_who_left_and_who_helps_unpaid_are_there(people, today):
    with people.looking():
        assert not member("Noor Haddad").is_active
        assert not member("Noor Haddad").user.is_active
        kinds = Counter(Employment.objects.values_list("kind", flat=True))
        assert (kinds["VOLUNTEER"], kinds["PARTNER"]) == (1, 1)


def test_denials_wait_for_the_privacy_officer(people):
    with people.looking():
        assert AuditEvent.objects.filter(kind=AuditEvent.Kind.DENIAL).count() == 3
    assert "Three requests were denied since yesterday" in people("privacy-officer").text("/today/")


def test_whoever_verifies_has_something_to_open(people):
    with people.looking():
        waiting = Credential.objects.filter(verifications__isnull=True)
        proofs = [
            (each.provider.given_name, proof.file.name, proof.pk)
            for each in waiting.order_by("provider__given_name")
            for proof in each.evidence.order_by("file__name")
        ]
    assert [proof[:2] for proof in proofs] == [
        ("Jo", "certificate-front.png"),
        ("Jo", "letter-of-the-board.pdf"),
        ("Nia", "certificado.jpg"),
    ]
    for _who, name, pk in proofs:
        answer = people("administrator").open(f"/credentials/evidence/{pk}/")
        assert name in answer["Content-Disposition"]
        assert len(answer.content) < 60_000
