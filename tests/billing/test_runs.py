"""Stored runs: what they hold, that they never change, and that they explain themselves later."""

import datetime as dt

import pytest
from django.db import ProgrammingError, transaction

from billing.gates import engine
from billing.models import GateRun, Payer
from peerworks.agencies.context import acting_for
from peerworks.home.demo.standing import supervise
from peerworks.lib.canonical import sha256_of
from peerworks.lib.findings import Moment, Outcome
from peerworks.web import reasons
from providers.models import Credential
from tests.factories.billing_notes import make_note, yesterday


@pytest.fixture
def acting(world):
    """The world, inside the first agency as its service member."""
    house = world.juniper
    with acting_for(house.agency.pk, house.service.user_id), transaction.atomic():
        yield world


def ask(world, notes, moment=Moment.BATCH, **options):
    """The answers for notes, with their runs, in order."""
    judged = engine.judge_runs(
        [each.pk for each in notes],
        on=world.today,
        moment=moment,
        by=world.juniper.service,
        **options,
    )
    return [judged[each.pk] for each in notes]


def told(verdict):
    """The reasons of a verdict."""
    return [each.because.reason for each in verdict.told()]


def test_a_run_holds_packs_terms_facts_and_findings_with_their_hashes(acting):
    note = make_note(acting, minutes=29)
    make_note(acting, hour=14, minutes=16)
    (judged,) = ask(acting, [note])
    run = GateRun.objects.get(pk=judged.run.pk)
    assert (run.note_id, run.version_id) == (note.pk, note.version_in_force_id)
    assert run.facts_sha256 == judged.verdict.facts_sha256 == sha256_of(run.facts)
    assert run.sha256 == sha256_of(
        {"packs": run.packs, "terms": run.terms, "facts": run.facts, "findings": run.findings}
    )
    assert run.terms["code"]["value"] == "H0038"
    assert run.facts["visit"]["record"]["version"]
    assert run.packs[0]["pack"] == "tx-medicaid-peer"


def test_a_stored_run_is_read_back_as_the_verdict_it_was(acting):
    notes = [
        make_note(acting, minutes=29),
        make_note(acting, hour=14, minutes=16),
        make_note(acting, "dogwood", minutes=300),
        make_note(acting, hour=16, state="DRAFT"),
    ]
    for judged in ask(acting, notes):
        stored = GateRun.objects.get(pk=judged.run.pk)
        assert engine.explain(stored) == judged.verdict


def test_a_run_without_terms_is_read_back_too(acting):
    Payer.objects.update(pack="mi-pihp-peer")
    (judged,) = ask(acting, [make_note(acting)])
    assert engine.explain(GateRun.objects.get(pk=judged.run.pk)) == judged.verdict


def test_a_run_never_changes(acting):
    (judged,) = ask(acting, [make_note(acting)])
    with pytest.raises(ProgrammingError), transaction.atomic():
        GateRun.objects.filter(pk=judged.run.pk).update(can_bill=False)


def test_signing_and_batch_are_always_stored(acting):
    note = make_note(acting)
    for moment in (Moment.SIGNING, Moment.BATCH, Moment.BATCH):
        ask(acting, [note], moment)
    assert GateRun.objects.filter(note=note).count() == 3


def test_a_nightly_run_is_stored_only_when_it_differs(acting):
    note = make_note(acting)
    (first,) = ask(acting, [note], only_changes=True)
    (again,) = ask(acting, [note], only_changes=True)
    assert again.run.pk == first.run.pk
    Credential.objects.filter(provider=note.provider).update(inactive_on=note.service_day)
    (changed,) = ask(acting, [note], only_changes=True)
    assert changed.run.pk != first.run.pk
    assert GateRun.objects.filter(note=note).count() == 2
    assert engine.latest_runs([note.pk])[note.pk].pk == changed.run.pk


def test_what_happens_later_leaves_the_facts_of_the_day_alone(acting):
    note, house = make_note(acting), acting.juniper
    (before,) = ask(acting, [note], only_changes=True)
    later = note.service_day + dt.timedelta(days=1)
    supervise(house, note.provider, house.providers["supervisor"], "mesa", later)
    (after,) = ask(acting, [note], only_changes=True)
    assert after.run.pk == before.run.pk


def test_nothing_is_stored_on_request(acting):
    (judged,) = ask(acting, [make_note(acting)], store=False)
    assert judged.run is None
    assert not GateRun.objects.exists()


def test_moved_dates_change_the_verdict_of_exactly_three_of_nine_notes(acting):
    """Acceptance: what was judged then still explains itself, in both languages."""
    house, luz = acting.juniper, acting["peer"].provider
    last = yesterday(acting)
    supervise(house, luz, house.providers["supervisor"], "mesa", last - dt.timedelta(days=9))
    days = [last - dt.timedelta(days=back) for back in range(8, -1, -1)]
    notes = [make_note(acting, day=day) for day in days]
    before = ask(acting, notes)
    assert [told(each.verdict) for each in before] == [[]] * 9

    certificate = Credential.objects.filter(provider=luz, kind__key="tx-peer-specialist")
    certificate.update(inactive_on=days[6])
    after = ask(acting, notes)

    changed = [
        number
        for number, (then, now) in enumerate(zip(before, after, strict=True))
        if (then.verdict.outcome, told(then.verdict)) != (now.verdict.outcome, told(now.verdict))
    ]
    assert changed == [6, 7, 8]
    assert {each.verdict.outcome for each in after[6:]} == {Outcome.BLOCK}
    for then in before:
        old = engine.explain(GateRun.objects.get(pk=then.run.pk))
        assert (old.outcome, old.can_bill) == (Outcome.PASS, True)
    now = engine.explain(GateRun.objects.get(pk=after[8].run.pk))
    assert sentences(now, acting, certificate.get())


def sentences(verdict, world, certificate):
    """The lapsed certification, said in both languages with both dates."""
    ended = certificate.inactive_on - dt.timedelta(days=1)
    because = verdict.told()[0].because
    assert because.params["date"] == ended
    english, spanish = (reasons.sentence(because, each) for each in ("en", "es"))
    assert english.startswith("Luz Ortega's Texas Peer Specialist ended on ")
    assert str(ended.year) in english
    return english, spanish
