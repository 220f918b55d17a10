"""Building batches: what is billed, what is left out and why, and the file that comes of it."""

import datetime as dt
import hashlib

import pytest

from billing.models import (
    Batch,
    Claim,
    ClaimLine,
    ClaimLineNote,
    ControlNumber,
    GateRun,
    Payer,
    Rate,
    ServiceNote,
)
from billing.operations.batches import discard_batch, send_batch
from billing.reasons import PROBLEMS
from billing.x12.checks import Rule
from billing.x12.read_837p import read_837p
from peerworks.audit.models import AuditEvent
from peerworks.home.demo.standing import supervise
from peerworks.lib.findings import Refused
from peerworks.lib.money import cents
from peerworks.participants import operations as participants
from peerworks.participants.models import Participant, SealedAccess
from providers.models import Provider
from tests.factories.billing_claims import (
    RATE,
    as_service,
    build,
    days_ago,
    local_day,
    one_claim,
    plan,
    served,
    texas,
)
from tests.factories.billing_notes import make_note, queries_of
from tests.x12.referee import accepts

pytestmark = pytest.mark.django_db


@pytest.fixture
def biller(world):
    """The world's biller, inside the agency."""
    with world.acting("biller") as player:
        yield player.member


def refusal(call, *args, **given):
    """Why a call is refused."""
    with pytest.raises(Refused) as raised:
        call(*args, **given)
    return raised.value.refusal


def test_one_visit_becomes_one_claim(world, biller):
    note, batch, claim = one_claim(world, by=biller)
    line = claim.lines.get()
    line_note = line.line_notes.get()
    assert (batch.claims_count, batch.lines_count, batch.notes_count, batch.units) == (1, 1, 1, 4)
    assert batch.charge == claim.total == line.charge == 4 * RATE
    assert (line.code, line.modifiers, line.units, line.place) == ("H0038", [], 4, "11")
    assert (line_note.note_id, line_note.version_id) == (note.pk, note.version_in_force_id)
    assert (line_note.minutes, line_note.units, line_note.is_live) == (60, 4, True)
    assert line_note.gate_run == line.gate_run == GateRun.objects.get(note=note, moment="BATCH")
    assert line.rendering_provider == note.provider
    assert (batch.state, claim.state, claim.built_by) == ("CREATED", "CREATED", biller)
    assert len(claim.sent_sha256) == 64


def test_the_file_is_kept_with_its_hash_and_a_referee_takes_it(world, biller):
    for number in range(3):
        make_note(world, person=served(world, number), hour=9 + number)
    batch = build(world, by=biller)
    taken, answer = accepts(batch.file.encode())
    assert taken, answer
    assert batch.sha256 == hashlib.sha256(batch.file.encode()).hexdigest()


def test_a_re_read_of_the_file_says_what_the_batch_says(world, biller):
    for number, minutes in enumerate((60, 45, 30)):
        person = served(world, number)
        make_note(world, person=person, hour=14 + number, minutes=minutes)
        make_note(world, person=person, day=days_ago(world, 2), hour=11 + number, minutes=15)
    batch = build(world, by=biller)
    read = read_837p(batch.file.encode())
    claims = [each for one in read.sets for each in one.claims]
    lines = [each for claim in claims for each in claim.lines]
    assert (len(claims), len(lines)) == (batch.claims_count, batch.lines_count) == (3, 6)
    assert sum(each.units for each in lines) == batch.units == 4 + 3 + 2 + 3 * 1
    assert sum(each.charge for each in claims) == cents(batch.charge)
    assert {each.number for each in claims} == {each.control_number for each in batch.claims.all()}
    assert {each.reference for each in lines} == {
        each.line_control for each in ClaimLine.objects.filter(claim__batch=batch)
    }
    assert f"{read.interchange.control:09d}" == batch.interchange


def test_claims_stand_in_the_order_of_names(world, biller):
    for number, family in enumerate(("Willow", "Aspen", "Maple")):
        make_note(world, person=served(world, number, family=family), hour=9 + number)
    read = read_837p(build(world, by=biller).file.encode())
    names = [each.subscriber.last_name for each in read.sets[0].claims]
    assert names == ["ASPEN", "MAPLE", "WILLOW"]


def test_visits_of_a_day_are_rounded_together_on_one_line(world, biller):
    first = make_note(world, hour=9, minutes=20)
    second = make_note(world, hour=11, minutes=25)
    batch = build(world, by=biller)
    line = ClaimLine.objects.get(claim__batch=batch)
    shares = {each.note_id: each.units for each in line.line_notes.all()}
    assert line.units == 3
    assert shares == {first.pk: 1, second.pk: 2}
    assert line.gate_run.note_id == first.pk
    assert batch.notes_count == 2


def test_a_visit_waits_for_the_other_one_that_makes_its_units(world, biller):
    ready = make_note(world, hour=9, minutes=20)
    make_note(world, hour=11, minutes=25, state="SIGNED")
    planned = plan(world, by=biller)
    assert not planned.claims
    assert planned.batch.left_out == {"NOTE-REVIEW": 1, "UNITS-WAIT": 1}
    assert ready.state == "COSIGNED"


def test_another_place_is_another_claim(world, biller):
    make_note(world, hour=9, place="11")
    make_note(world, day=days_ago(world, 2), hour=14, place="53")
    batch = build(world, by=biller)
    assert sorted(each.place for each in batch.claims.all()) == ["11", "53"]
    assert accepts(batch.file.encode())[0]


def test_what_holds_a_visit_is_counted_and_the_rest_is_billed(world, biller):
    make_note(world)
    make_note(world, person=served(world, 1), state="SIGNED", hour=12)
    make_note(world, person=served(world, 2), minutes=10, hour=14)
    batch = build(world, by=biller)
    assert batch.notes_count == 1
    assert batch.left_out == {"NOTE-REVIEW": 1, "TIME-SHORT": 1}


def test_a_dry_run_writes_nothing(world, biller):
    make_note(world)
    batch = build(world, by=biller, dry_run=True)
    assert (batch.claims_count, batch.units, batch.charge) == (1, 4, 4 * RATE)
    for model in (Batch, Claim, ClaimLine, ClaimLineNote, ControlNumber, GateRun):
        assert not model.objects.exists()
    assert not AuditEvent.objects.filter(action="batch.built").exists()


def test_nothing_to_bill_is_refused(world, biller):
    assert refusal(build, world, by=biller).code == "BATCH-EMPTY"
    assert not Batch.objects.exists()


def test_through_leaves_later_visits_for_another_time(world, biller):
    make_note(world)
    early = make_note(world, day=days_ago(world, 3), hour=14)
    batch = build(world, by=biller, through=days_ago(world, 3))
    assert [each.note_id for each in ClaimLineNote.objects.all()] == [early.pk]
    assert batch.left_out == {}
    assert refusal(build, world, by=biller, through=days_ago(world, -1)).code == "BATCH-FUTURE"


def test_only_a_biller_builds(world):
    with world.acting("administrator") as administrator:
        assert refusal(build, world, by=administrator.member).code == "BATCH-BILLER"


def test_numbers_are_never_given_twice(world, biller):
    make_note(world)
    first = build(world, by=biller)
    make_note(world, day=days_ago(world, 2), hour=14)
    second = build(world, by=biller)
    assert (first.interchange, second.interchange) == ("000000001", "000000002")
    assert first.reference != second.reference
    numbers = [each.control_number for each in Claim.objects.order_by("control_number")]
    assert numbers == ["TXMCD000000001", "TXMCD000000002"]
    last = dict(ControlNumber.objects.values_list("kind", "last"))
    assert last == {"INTERCHANGE": 2, "GROUP": 2, "CLAIM": 2}


def test_a_billed_visit_is_not_billed_again(world, biller):
    make_note(world)
    build(world, by=biller)
    assert refusal(build, world, by=biller).code == "BATCH-EMPTY"


def test_a_corrected_version_finds_no_second_live_line(world, biller):
    note, _batch, claim = one_claim(world, by=biller)
    version = note.versions.get()
    correction = note.versions.create(
        agency=note.agency,
        participant_id=note.participant_id,
        number=2,
        opened_kind="CORRECTION",
        reason="The end was wrong.",
        opened_by=version.opened_by,
        starts_at=version.starts_at,
        ends_at=version.ends_at,
        mode=version.mode,
        place=version.place,
        signed_at=world.now,
        signed_by=version.signed_by,
        sha256="0" * 64,
    )
    ServiceNote.objects.filter(pk=note.pk).update(version_in_force=correction)
    assert refusal(build, world, by=biller).code == "BATCH-EMPTY"
    assert claim.lines.get().line_notes.get().version_id == version.pk


def test_a_later_visit_of_a_billed_day_is_held_and_says_so(world, biller):
    make_note(world, hour=9)
    build(world, by=biller)
    make_note(world, hour=13)
    assert plan(world, by=biller).batch.left_out == {"BILLED": 1}


def test_the_same_form_makes_one_batch(world, biller):
    make_note(world)
    key = "11111111-1111-4111-8111-111111111111"
    first = build(world, by=biller, form_key=key)
    again = build(world, by=biller, form_key=key)
    assert (again.pk, Batch.objects.count()) == (first.pk, 1)
    assert (
        refusal(build, world, by=biller, form_key=key, through=local_day(world)).code
        == "FORM-CHANGED"
    )


def test_what_the_payer_would_turn_away_is_named_and_nothing_is_written(world, biller):
    note = make_note(world)
    Participant.objects.filter(pk=note.participant_id).update(street="")
    found = refusal(build, world, by=biller)
    assert found.code == "X12-CLAIM"
    assert found.because.params["problem"] == "ADDRESS"
    assert found.because.params["participant"].id == str(note.participant_id)
    assert not Batch.objects.exists()


def test_a_fault_of_the_agency_is_named_as_one_of_the_file(world, biller):
    make_note(world)
    Payer.objects.filter(pk=texas(world).pk).update(receiver_name="")
    payer = Payer.objects.get(pk=texas(world).pk)
    found = refusal(build, world, by=biller, payer=payer)
    assert (found.code, found.because.params["element"]) == ("X12-FILE", "NM103")


def test_sealed_people_are_left_out_by_the_service_member_and_not_seen_by_others(world):
    person = served_and_sealed(world, listed=("peer", "biller"))
    with as_service(world) as service:
        make_note(world, person=served(world, 2), hour=15)
        planned = plan(world, by=service).batch
        assert (planned.left_out, planned.notes_count) == ({"SEALED": 1}, 1)
    with world.acting("biller") as biller:
        batch = build(world, by=biller.member)
        assert batch.notes_count == 2
        assert Claim.objects.filter(participant=person.participant).exists()


def test_a_biller_who_is_not_listed_neither_sees_nor_bills_sealed_people(world):
    served_and_sealed(world, listed=("peer",))
    with world.acting("biller") as biller:
        assert refusal(build, world, by=biller.member).because.reason == "BATCH-EMPTY"
        assert plan(world, by=biller.member).batch.left_out == {}


def served_and_sealed(world, *, listed):
    """A person with a billable visit whose record is then sealed."""
    with world.acting("biller"):
        person = served(world, 1, family="Yew")
        make_note(world, person=person)
    with world.acting("privacy-officer") as officer:
        participants.seal_participant(
            participant=person.participant,
            listed=[world[who].member for who in listed],
            reason="Works here too",
            by=officer.member,
            at=world.now,
        )
    return person


def test_a_batch_is_handed_out_once_and_again(world, biller):
    note, batch, claim = one_claim(world, by=biller)
    first = send_batch(batch=batch, by=biller, at=world.now)
    again = send_batch(batch=batch, by=biller, at=world.now)
    claim.refresh_from_db()
    assert (first.state, claim.state, first.sent_by) == ("SENT", "SENT", biller)
    assert first.file == again.file == batch.file
    events = AuditEvent.objects.filter(object_id=str(batch.pk)).order_by("pk")
    assert [each.action for each in events] == ["batch.built", "batch.sent", "batch.downloaded"]
    assert all(each.participants == [note.participant_id] for each in events)


def test_only_who_may_send_takes_the_file(world):
    with world.acting("biller") as player:
        _note, batch, _claim = one_claim(world, by=player.member)
    with world.acting("administrator") as player:
        found = refusal(send_batch, batch=batch, by=player.member, at=world.now)
        assert found.code == "BATCH-BILLER"


def test_a_batch_taken_back_frees_its_visits(world, biller):
    note, batch, claim = one_claim(world, by=biller)
    discard_batch(batch=batch, by=biller)
    claim.refresh_from_db()
    assert claim.state == "VOIDED"
    assert not claim.lines.get().is_live
    assert not ClaimLineNote.objects.filter(note=note, is_live=True).exists()
    second = build(world, by=biller)
    assert (second.interchange, second.notes_count) == ("000000002", 1)
    assert refusal(discard_batch, batch=batch, by=biller).code == "BATCH-WITHDRAWN"
    assert refusal(send_batch, batch=batch, by=biller, at=world.now).code == "BATCH-WITHDRAWN"


def test_a_batch_that_left_is_not_taken_back(world, biller):
    _note, batch, _claim = one_claim(world, by=biller)
    send_batch(batch=batch, by=biller, at=world.now)
    assert refusal(discard_batch, batch=batch, by=biller).code == "BATCH-SENT"


def test_a_batch_of_sealed_people_is_for_who_sees_them_all(world):
    served_and_sealed(world, listed=("peer", "biller"))
    with world.acting("biller") as player:
        make_note(world, hour=15)
        batch = build(world, by=player.member)
        assert batch.claims_count == 2
    with world.acting("privacy-officer"):
        over = world.now - dt.timedelta(minutes=1)  # before this transaction, whose moment counts
        SealedAccess.objects.filter(user_id=world["biller"].user.pk).update(expires_at=over)
    with world.acting("biller") as player:
        assert refusal(send_batch, batch=batch, by=player.member, at=world.now).code == (
            "BATCH-NOT-WHOLE"
        )
        assert refusal(discard_batch, batch=batch, by=player.member).code == "BATCH-NOT-WHOLE"


def test_questions_to_the_database_do_not_grow_with_the_visits(world, biller):
    people = [served(world, number) for number in range(6)]
    make_note(world, person=people[0], hour=6)
    few = queries_of(lambda: plan(world, by=biller))
    for number, person in enumerate(people[1:], start=7):
        make_note(world, person=person, hour=number)
    many = queries_of(lambda: plan(world, by=biller))
    assert many == few


class TestWhoIsNamed:
    """Payer.Rendering: the agency, the worker by NPI or by number, the supervisor."""

    def file(self, world, biller, rule):
        payer = texas(world)
        Payer.objects.filter(pk=payer.pk).update(rendering=rule)
        payer.refresh_from_db()
        make_note(world)
        batch = build(world, by=biller, payer=payer)
        assert accepts(batch.file.encode())[0]
        return read_837p(batch.file.encode()).sets[0].claims[0]

    def test_the_agency_alone(self, world, biller):
        assert self.file(world, biller, "AGENCY").rendering is None
        assert ClaimLine.objects.get().rendering_provider is None

    def test_the_worker_by_npi(self, world, biller):
        named = self.file(world, biller, "RENDERING_NPI").rendering
        assert (named.last_name, named.npi) == ("ORTEGA", world["peer"].provider.npi)
        assert named.taxonomy == "175T00000X"

    def test_the_supervisor(self, world, biller):
        named = self.file(world, biller, "SUPERVISOR").rendering
        assert (named.last_name, named.npi) == ("RIVERS", world["supervisor"].provider.npi)
        assert ClaimLine.objects.get().rendering_provider == world["supervisor"].provider

    def test_without_a_number_the_visit_is_left_out(self, world, biller):
        payer = texas(world)
        Payer.objects.filter(pk=payer.pk).update(rendering="PROVIDER_NUMBER")
        make_note(world)
        payer.refresh_from_db()
        assert plan(world, by=biller, payer=payer).batch.left_out == {"NPI-MISS": 1}

    def test_a_worker_without_npi_is_left_out(self, world, biller):
        make_note(world)
        Provider.objects.filter(pk=world["peer"].provider.pk).update(npi="")
        assert plan(world, by=biller).batch.left_out == {"NPI-MISS": 1}


def test_where_the_agency_is_named_the_line_waits_for_other_workers_too(world, biller):
    payer, andre = texas(world), world["supervisor"].provider
    Payer.objects.filter(pk=payer.pk).update(rendering="AGENCY")
    payer.refresh_from_db()
    make_note(world, hour=9)
    make_note(world, hour=13, author=andre, state="SIGNED")
    held = plan(world, by=biller, payer=payer).batch.left_out
    assert held == {"NOTE-REVIEW": 1, "SUP-NONE": 1, "UNITS-WAIT": 1}


def test_without_a_rate_the_visit_is_left_out(world, biller):
    make_note(world)
    Rate.objects.filter(payer=texas(world)).delete()
    assert plan(world, by=biller).batch.left_out == {"RATE-NONE": 1}


def test_a_note_in_correction_waits(world, biller):
    note = make_note(world)
    ServiceNote.objects.filter(pk=note.pk).update(state="CORRECTING")
    assert "NOTE-CORRECTING" in plan(world, by=biller).batch.left_out


def test_the_part_2_notice_stands_where_payer_and_program_ask_for_it(world, biller):
    dogwood = world.juniper.payers["VADMAS"]
    sam = world["lapsed-peer"].provider
    note = make_note(world, "dogwood", day=days_ago(world, 40), author=sam)
    supervise(world.juniper, sam, world["supervisor"].provider, "dogwood", days_ago(world, 45))
    assert note.program.is_part2
    batch = build(world, by=biller, payer=dogwood)
    claim = read_837p(batch.file.encode()).sets[0].claims[0]
    assert claim.note.startswith("42 CFR PART 2 PROHIBITS")
    assert len(claim.note) <= 80
    make_note(world)
    texan = read_837p(build(world, by=biller).file.encode()).sets[0].claims[0]
    assert texan.note == ""


def test_all_that_is_found_in_a_file_has_words():
    assert set(PROBLEMS) == {str(rule) for rule in Rule}


@pytest.mark.slow
def test_fifty_one_lines_make_two_claims(world, biller):
    for days in range(1, 52):
        make_note(world, day=days_ago(world, days), minutes=15)
        if days % 6 == 0:
            supervise(
                world.juniper,
                world["peer"].provider,
                world["supervisor"].provider,
                "mesa",
                days_ago(world, days + 3),
            )
    batch = build(world, by=biller)
    assert sorted(each.lines.count() for each in batch.claims.all()) == [1, 50]
    assert (batch.lines_count, batch.left_out) == (51, {})
    assert accepts(batch.file.encode())[0]


def test_a_set_holds_as_many_claims_as_the_payer_takes(world, biller):
    payer = texas(world)
    Payer.objects.filter(pk=payer.pk).update(claims_per_set=2)
    payer.refresh_from_db()
    for number in range(3):
        make_note(world, person=served(world, number), hour=9 + number)
    batch = build(world, by=biller, payer=payer)
    assert (batch.sets_count, batch.file.count("ST*837")) == (2, 2)
    assert accepts(batch.file.encode())[0]
