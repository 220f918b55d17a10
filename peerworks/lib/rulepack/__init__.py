"""Rule packs: their dataclasses, the strict reader, and the checks of a pack and of a set of them.

`read_pack` makes a `Pack` of a file or raises `PackErrors`; `check_set` compares packs that stand
side by side; `run_unit_examples` proves the examples that `lib` can prove. How a pack is written is
told by `peerworks.lib.rulepack.schema` (what there is), `words` (what may be said) and `examples`
(what a worked example may say).
"""

from peerworks.lib.rulepack.checks import check_set
from peerworks.lib.rulepack.examples import ExampleResult, run_unit_examples
from peerworks.lib.rulepack.lines import added_modifiers, services_of_lines
from peerworks.lib.rulepack.loader import read_pack
from peerworks.lib.rulepack.nodes import PackError, PackErrors
from peerworks.lib.rulepack.people import (
    AllOf,
    AnyOf,
    Atom,
    CategoryRule,
    CredentialKindRule,
    CycleRule,
    DeadlineRule,
    EducationRule,
    Every,
    PersonnelRule,
    Qualification,
    QualificationRule,
    StageRule,
    SupervisionRule,
    Workforce,
)
from peerworks.lib.rulepack.schema import (
    AgeRule,
    AuthorizationRule,
    Calendar,
    CapRule,
    ConcurrencyRule,
    CredentialRule,
    DiagnosisRule,
    Example,
    ExampleKind,
    FilingRule,
    GroupRule,
    ModeRule,
    ModifierRule,
    NeverBillable,
    NoteRule,
    Pack,
    PlaceRule,
    PlanRule,
    Service,
    TrainingRule,
    UnitRule,
)
from peerworks.lib.rulepack.values import NONE, Source, Value

__all__ = [
    "NONE",
    "AgeRule",
    "AllOf",
    "AnyOf",
    "Atom",
    "AuthorizationRule",
    "Calendar",
    "CapRule",
    "CategoryRule",
    "ConcurrencyRule",
    "CredentialKindRule",
    "CredentialRule",
    "CycleRule",
    "DeadlineRule",
    "DiagnosisRule",
    "EducationRule",
    "Every",
    "Example",
    "ExampleKind",
    "ExampleResult",
    "FilingRule",
    "GroupRule",
    "ModeRule",
    "ModifierRule",
    "NeverBillable",
    "NoteRule",
    "Pack",
    "PackError",
    "PackErrors",
    "PersonnelRule",
    "PlaceRule",
    "PlanRule",
    "Qualification",
    "QualificationRule",
    "Service",
    "Source",
    "StageRule",
    "SupervisionRule",
    "TrainingRule",
    "UnitRule",
    "Value",
    "Workforce",
    "added_modifiers",
    "check_set",
    "read_pack",
    "run_unit_examples",
    "services_of_lines",
]
