"""The command that judges: whose notes, as whom, what it says, and what it leaves behind."""

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from billing.models import GateRun
from peerworks.agencies.context import acting_for
from peerworks.audit.models import AuditEvent
from tests.factories.billing_notes import ONE_DAY, make_note


@pytest.fixture
def notes(world):
    """A clean note of yesterday, one without a goal, a draft, and Sam's after the certification ended."""
    house = world.juniper
    with acting_for(house.agency.pk, house.service.user_id):
        return {
            "clean": make_note(world),
            "no-goal": make_note(world, hour=12, cites_goal=False),
            "draft": make_note(world, hour=14, state="DRAFT"),
            "lapsed": make_note(world, "dogwood"),
        }


def judge(*options):
    """What the command writes to standard output as JSON."""
    out = StringIO()
    call_command("judge_notes", *options, "--json", stdout=out, stderr=StringIO())
    return json.loads(out.getvalue())


def test_it_counts_outcomes_reasons_units_and_charge(world, notes):
    told = judge("--agency", "juniper-bridge", "--on", world.today.isoformat())
    seconds = told.pop("seconds")
    assert seconds >= 0
    assert told == {
        "agency": "juniper-bridge",
        "on": world.today.isoformat(),
        "from": None,
        "to": None,
        "notes": 3,
        "outcomes": {"PASS": 1, "WARN": 0, "BLOCK": 2, "UNKNOWN": 0},
        "reasons": {"CERT-EXP": 1, "GOAL-NONE": 1},
        "units": 4,
        "charge": "86.00",
        "packs": {"tx-medicaid-peer": "2026.1", "va-dmas-peer": "2026.1"},
    }


def test_both_days_belong_to_what_is_judged(world, notes):
    day = notes["clean"].service_day
    assert judge("--agency", "juniper-bridge", "--from", str(day), "--to", str(day))["notes"] == 3
    later = str(day + ONE_DAY)
    assert judge("--agency", "juniper-bridge", "--from", later)["notes"] == 0
    assert judge("--agency", "juniper-bridge", "--to", str(day - ONE_DAY))["notes"] == 0


def test_runs_are_stored_on_request_only(world, notes):
    house = world.juniper
    judge("--agency", "juniper-bridge")
    with acting_for(house.agency.pk, house.service.user_id):
        assert not GateRun.objects.exists()
    judge("--agency", "juniper-bridge", "--store")
    with acting_for(house.agency.pk, house.service.user_id):
        runs = list(GateRun.objects.all())
    assert len(runs) == 3
    assert {each.run_by_id for each in runs} == {house.service.pk}


def test_it_is_written_to_the_trail_as_the_service_member(world, notes):
    house = world.juniper
    judge("--agency", "juniper-bridge", "--store")
    with acting_for(house.agency.pk, world["privacy-officer"].user.pk):
        event = AuditEvent.objects.get(action="notes.judged")
    assert event.actor_id == str(house.service.user_id)
    assert event.fields == ["gate_runs"]


def test_another_agency_has_nothing_to_judge(world, notes):
    told = judge("--agency", "lantern-row")
    assert (told["notes"], told["charge"], told["packs"]) == (0, "0.00", {})


def test_the_default_day_of_asking_is_the_agencys_own(world, notes):
    told = judge("--agency", "juniper-bridge")
    assert abs((dt.date.fromisoformat(told["on"]) - world.today).days) <= 1


def test_an_unknown_agency_is_refused_with_where(db):
    out = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("judge_notes", "--agency", "nobody", "--json", stdout=out, stderr=StringIO())
    assert refused.value.returncode == 1
    assert json.loads(out.getvalue())["where"] == "nobody"


def test_days_the_wrong_way_round_are_wrong_usage(world):
    with pytest.raises(CommandError) as refused:
        judge("--agency", "juniper-bridge", "--from", "2026-02-02", "--to", "2026-02-01")
    assert refused.value.returncode == 2
