"""Everyone with a personnel file, peer or not, and the ledger of the minutes worked."""

from providers.models.credentials import (
    Credential,
    CredentialKind,
    Evidence,
    Stage,
    Verification,
)
from providers.models.provider import Employment, Placement, Provider
from providers.models.work import (
    CLASS_OF,
    Activity,
    ActivityClass,
    RoleElement,
    WorkEntry,
    WorkSpan,
)

__all__ = [
    "CLASS_OF",
    "Activity",
    "ActivityClass",
    "Credential",
    "CredentialKind",
    "Employment",
    "Evidence",
    "Placement",
    "Provider",
    "RoleElement",
    "Stage",
    "Verification",
    "WorkEntry",
    "WorkSpan",
]
