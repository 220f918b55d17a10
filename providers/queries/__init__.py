"""Reads of this app that join tables or shape a page; facts for gates, in bulk."""

from providers.queries.certificates import (
    Certificate,
    KindHistory,
    KindStatus,
    TimelineEvent,
    certified_days,
    histories,
    statuses,
)
from providers.queries.directory import DirectoryRow, directory
from providers.queries.evidence import EvidenceLine, evidence_of, with_evidence
from providers.queries.facts import (
    EXPIRY_REMINDER,
    HeldCredential,
    OpenDeadline,
    PlacementFact,
    WorkerRecord,
    open_deadlines,
    worker_facts,
)
from providers.queries.file import (
    PeriodRow,
    ProviderFile,
    RaisedReminder,
    endorsement_choices,
    endorsements_of,
    kind_label,
    kinds_of_agency,
    members_without_file,
    provider_file,
    states_of_agency,
)
from providers.queries.hours import MonthOfWork, WorkDay, WorkLine, month_of_work
from providers.queries.kinds import NamedKind, named_kinds, offered_kinds

__all__ = [
    "EXPIRY_REMINDER",
    "Certificate",
    "DirectoryRow",
    "EvidenceLine",
    "HeldCredential",
    "KindHistory",
    "KindStatus",
    "MonthOfWork",
    "NamedKind",
    "OpenDeadline",
    "PeriodRow",
    "PlacementFact",
    "ProviderFile",
    "RaisedReminder",
    "TimelineEvent",
    "WorkDay",
    "WorkLine",
    "WorkerRecord",
    "certified_days",
    "directory",
    "endorsement_choices",
    "endorsements_of",
    "evidence_of",
    "histories",
    "kind_label",
    "kinds_of_agency",
    "members_without_file",
    "month_of_work",
    "named_kinds",
    "offered_kinds",
    "open_deadlines",
    "provider_file",
    "states_of_agency",
    "statuses",
    "with_evidence",
    "worker_facts",
]
