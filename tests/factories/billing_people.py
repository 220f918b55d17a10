"""Plans, coverage and payers, made through the operations. Call them inside `world.acting(…)`."""

from decimal import Decimal

from billing import models
from billing.models import Payer
from billing.operations import payers, plans
from billing.operations.plans import GivenGoal
from peerworks.agencies.models import FundingSource

MAKES = (
    models.PlanOfCare,
    models.PlanVersion,
    models.Goal,
    models.PlanSignature,
    models.Payer,
    models.Rate,
    models.Coverage,
    models.Diagnosis,
)

GOALS = (GivenGoal("Walk to the library alone", "Twice a week"), GivenGoal("Cook for my sister"))


def draft_plan(by, participant, program, on, **values):
    """A plan with a draft: two goals and one service of Texas."""
    given = {"summary": "", "services": ["mh-individual"], "goals": GOALS, **values}
    return plans.write_plan(participant=participant, program=program, by=by, on=on, **given)


def plan_in_force(by, participant, program, on, at, **values):
    """A plan whose first version is in force from the day on, unsigned."""
    plan = draft_plan(by, participant, program, on, **values)
    plans.activate_plan(version=plan.versions.get(), starts_on=on, by=by, at=at)
    return plan


def payer(by, **values):
    """A made-up payer under the Texas pack."""
    given = {
        "code": "DEMOPAY",
        "name": "Demo payer",
        "pack": "tx-medicaid-peer",
        "kind": Payer.Kind.MC,
        "funding_source": FundingSource.objects.order_by("name").first(),
        "payer_id": "DEMO1",
        "submitter_id": "DEMO2",
        "receiver_id": "DEMO3",
        "receiver_name": "DEMO RECEIVER",
        "is_made_up": True,
        **values,
    }
    return payers.add_payer(by=by, **given)


def rate(by, payer, starts_on, **values):
    """A dollar a unit of H0038."""
    given = {"code": "H0038", "modifiers": [], "amount": Decimal("1.00"), **values}
    return payers.set_rate(payer=payer, starts_on=starts_on, by=by, **given)
