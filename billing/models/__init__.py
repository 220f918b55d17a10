"""From the plan to the claim: the tables of billing."""

from billing.models.claims import Batch, Claim, ClaimLine, ClaimLineNote, ControlNumber
from billing.models.gate_runs import GateRun
from billing.models.notes import Deduction, GroupSession, NoteGoal, NoteVersion, ServiceNote
from billing.models.payers import Coverage, Diagnosis, Payer, Rate
from billing.models.plans import Goal, PlanOfCare, PlanSignature, PlanVersion
from billing.models.reviews import Addendum, CoSignature, NoteOpening, NoteReturn

__all__ = [
    "Addendum",
    "Batch",
    "Claim",
    "ClaimLine",
    "ClaimLineNote",
    "CoSignature",
    "ControlNumber",
    "Coverage",
    "Deduction",
    "Diagnosis",
    "GateRun",
    "Goal",
    "GroupSession",
    "NoteGoal",
    "NoteOpening",
    "NoteReturn",
    "NoteVersion",
    "Payer",
    "PlanOfCare",
    "PlanSignature",
    "PlanVersion",
    "Rate",
    "ServiceNote",
]
