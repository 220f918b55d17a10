"""Acts about plans of care, payers, coverage and batches."""

from decimal import Decimal
from typing import Any

from tests.acts.shared import DAY, Act, by, wren
from tests.factories import billing_people as factory
from tests.factories import participants as people
from tests.factories.billing_claims import build, local_day, texas
from tests.factories.billing_notes import make_note
from tests.world import World

_PLANS, _PAYERS = "billing.operations.plans", "billing.operations.payers"
_BATCHES = "billing.operations.batches"


def _act(action: str, who: str, ready: Any, kind: str = "CHANGE") -> Act:
    return Act(action, who, ready, kind, is_about_somebody=True)


def _draft(world: World) -> Any:
    person = people.person(by(world, "administrator"), world.today - 9 * DAY)
    program = world.juniper.programs["mesa"]
    return factory.draft_plan(by(world, "supervisor"), person, program, world.today)


def _plan_content(world: World) -> dict[str, Any]:
    return {
        "summary": "Made-up words.",
        "services": ["mh-individual"],
        "goals": factory.GOALS,
        "by": by(world, "supervisor"),
        "on": world.today,
    }


def _write(world: World) -> dict[str, Any]:
    person = people.person(by(world, "administrator"), world.today - 9 * DAY)
    whose = {"participant": person, "program": world.juniper.programs["mesa"]}
    return {**whose, **_plan_content(world)}


def _in_force(world: World) -> Any:
    person = people.person(by(world, "administrator"), world.today - 9 * DAY)
    return factory.plan_in_force(
        by(world, "supervisor"), person, world.juniper.programs["mesa"], world.today, world.now
    )


def _signature(world: World) -> dict[str, Any]:
    return {
        "version": _in_force(world).versions.get(),
        "role": "SUPERVISOR",
        "name": "",
        "signed_on": world.today,
        "by": by(world, "supervisor"),
        "on": world.today,
        "at": world.now,
    }


def _payer(world: World) -> dict[str, Any]:
    return {
        "code": "DEMOPAY",
        "name": "Demo payer",
        "pack": "tx-medicaid-peer",
        "kind": "MC",
        "funding_source": next(iter(world.juniper.funds.values())),
        "payer_id": "DEMO1",
        "submitter_id": "DEMO2",
        "receiver_id": "DEMO3",
        "receiver_name": "DEMO RECEIVER",
        "is_made_up": True,
        "by": by(world, "biller"),
    }


def _rate(world: World) -> dict[str, Any]:
    return {
        "payer": texas(world),
        "code": "H0038",
        "modifiers": ["HQ"],
        "amount": Decimal("1.00"),
        "starts_on": world.today,
        "by": by(world, "biller"),
    }


def _coverage(world: World) -> dict[str, Any]:
    return {
        "participant": people.person(by(world, "administrator"), world.today - 9 * DAY),
        "payer": texas(world),
        "member_id": "DEMO0001",
        "order": "PRIMARY",
        "starts_on": world.today,
        "last_day": None,
        "checked_on": None,
        "by": by(world, "biller"),
    }


def _diagnosis(world: World) -> dict[str, Any]:
    return {
        "participant": wren(world),
        "code": "F332",
        "family": "MENTAL_HEALTH",
        "rank": 2,
        "starts_on": world.today,
        "last_day": None,
        "by": by(world, "supervisor"),
    }


def _build(world: World) -> dict[str, Any]:
    make_note(world)
    day = local_day(world)
    return {
        "payer": texas(world),
        "through": None,
        "by": by(world, "biller"),
        "at": world.now,
        "on": day,
    }


def _batch(world: World) -> Any:
    make_note(world)
    return build(world, by=by(world, "biller"))


def _sent(world: World) -> dict[str, Any]:
    return {"batch": _batch(world), "by": by(world, "biller"), "at": world.now}


ACTS = {
    f"{_PLANS}.write_plan": _act("plan.written", "supervisor", _write),
    f"{_PLANS}.change_plan": _act(
        "plan.changed",
        "supervisor",
        lambda world: {"version": _draft(world).versions.get(), **_plan_content(world)},
    ),
    f"{_PLANS}.open_version": _act(
        "plan.written",
        "supervisor",
        lambda world: {
            "plan": _in_force(world),
            "reason": "A made-up reason.",
            "by": by(world, "supervisor"),
        },
    ),
    f"{_PLANS}.activate_plan": _act(
        "plan.activated",
        "supervisor",
        lambda world: {
            "version": _draft(world).versions.get(),
            "starts_on": world.today,
            "by": by(world, "supervisor"),
            "at": world.now,
        },
    ),
    f"{_PLANS}.sign_plan": _act("plan.signed", "supervisor", _signature, "SIGN"),
    f"{_PAYERS}.add_payer": Act("payer.added", "biller", _payer),
    f"{_PAYERS}.set_rate": Act("rate.set", "biller", _rate),
    f"{_PAYERS}.set_rates": Act(
        "rates.set",
        "biller",
        lambda world: {
            "payer": texas(world),
            "amounts": [("H0038", ["HQ"], Decimal("1.00")), ("H0038", ["TS"], Decimal("2.00"))],
            "starts_on": world.today,
            "by": by(world, "biller"),
        },
    ),
    f"{_PAYERS}.add_coverage": _act("coverage.added", "biller", _coverage),
    f"{_PAYERS}.end_coverage": _act(
        "coverage.ended",
        "biller",
        lambda world: {
            "coverage": world.people["mesa"].coverage,
            "last_day": world.today,
            "by": by(world, "biller"),
        },
    ),
    f"{_PAYERS}.add_diagnosis": _act("diagnosis.added", "supervisor", _diagnosis),
    f"{_BATCHES}.build_batch": _act("batch.built", "biller", _build),
    f"{_BATCHES}.send_batch": _act("batch.sent", "biller", _sent, "EXPORT"),
    f"{_BATCHES}.discard_batch": _act(
        "batch.discarded",
        "biller",
        lambda world: {"batch": _batch(world), "by": by(world, "biller")},
    ),
}
