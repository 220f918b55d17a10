"""What gates look at: the facts of one visit, and the terms of the payer that it is judged by.

The loader fills `Facts` in bulk; the gates never see where they came from. Wherever a collection may
be None, None says that nobody knows (the gate answers UNKNOWN), and an empty one that there is
known to be nothing. `WorkerFacts` and `PersonFacts` do not depend on the service day, so that one
object serves all visits of a worker or of a participant.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Generic, TypeVar

from peerworks.lib.findings import Authority, Outcome, PackUsed, RecordRef
from peerworks.lib.periods import Days
from peerworks.lib.rulepack import Qualification
from peerworks.lib.units import Engine, Scope
from providers.rules import CredentialDates, EmploymentFact
from supervision.rules import Duty, ServedFact, SessionFact, StageFact, SupervisorFacts
from training.rules import CompletionFact

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Term(Generic[T_co]):
    """A resolved value of a rule pack with what it rests on.

    Where the pack says NONE, a list of words is empty, a demand is False and a number is 0.
    """

    value: T_co
    authority: Authority


@dataclass(frozen=True, slots=True)
class ModifierTerm:
    """A modifier and the facts under which it is added: all of `when` must hold."""

    when: Mapping[str, tuple[str, ...]]
    add: Term[str]


@dataclass(frozen=True, slots=True)
class CapTerm:
    """A limit of one participant's day, in units or in minutes; `warns` where it does not hold."""

    limit: Term[int]
    in_minutes: bool
    warns: bool


@dataclass(frozen=True, slots=True)
class DutyTerm:
    """A duty of supervision with what it rests on."""

    duty: Duty
    authority: Authority


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What one service of one pack asks, resolved: the same for every visit that they judge.

    A field that is None was left out of the pack: the gate that needs it answers UNKNOWN, NO-RULE;
    so does SUPV-03 where `supervision` has no duty for the worker's stage. No `day_caps` are an empty
    tuple where the pack says NONE.
    `severity` holds what the pack asks instead of a gate's default, `not_checked` the keys of what
    the pack names and this version does not check yet.
    """

    pack: PackUsed
    state: str
    service: str
    setting: str
    code: Term[str]
    unit_minutes: Term[int]
    engine: Term[Engine]
    scope: Term[Scope]
    accepted: Term[tuple[str, ...]]
    cosign: Term[str]
    modifiers: tuple[ModifierTerm, ...] = ()
    day_caps: tuple[CapTerm, ...] | None = None
    volunteers_barred: Term[bool] | None = None
    endorsements: Term[tuple[str, ...]] | None = None
    stages: Term[tuple[str, ...]] | None = None
    trainings: Term[tuple[str, ...]] | None = None
    families: Term[tuple[str, ...]] | None = None
    plan_signed_by: Term[tuple[str, ...]] | None = None
    new_peer_days: Term[int] | None = None
    supervision: tuple[DutyTerm, ...] = ()
    qualification: Term[Qualification] | None = None
    grace_months: Term[int] | None = None
    severity: Mapping[str, Outcome] = field(default_factory=lambda: MappingProxyType({}))
    not_checked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialFact:
    """A certification of the worker; `verified_on` is None until somebody else has verified it."""

    record: RecordRef
    kind: str
    stage: str
    dates: CredentialDates
    endorsements: frozenset[str] = frozenset()
    verified_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentFact:
    """Who supervises the worker on which days; `supports` is what qualifies the supervisor."""

    record: RecordRef
    supervisor: RecordRef
    days: Days
    supports: SupervisorFacts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerFacts:
    """The worker, on all days: `provider` is the record, the rest what is known of it."""

    provider: RecordRef
    employments: tuple[EmploymentFact, ...] | None = None
    credentials: tuple[CredentialFact, ...] | None = None
    assignments: tuple[AssignmentFact, ...] | None = None
    stages: tuple[StageFact, ...] | None = None
    sessions: tuple[SessionFact, ...] | None = None
    served: tuple[ServedFact, ...] = ()
    completions: tuple[CompletionFact, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodFact:
    """A record that holds on certain days: an enrolment in the note's program."""

    record: RecordRef
    days: Days


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnosisFact:
    """A diagnosis by its family; the code itself is no gate's business."""

    record: RecordRef
    family: str
    days: Days


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageFact:
    """A coverage; `order` is 1 for PRIMARY, 2 for SECONDARY, 3 for TERTIARY."""

    record: RecordRef
    payer: RecordRef
    order: int
    days: Days
    checked_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentFact:
    """A consent to payment disclosures to `payer`, or to any payer where that is None.

    A revoked one keeps the days on which it was in force and carries the day of its revocation.
    """

    record: RecordRef
    days: Days
    payer: RecordRef | None = None
    revoked_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class SignatureFact:
    """A signature under a plan, by the signer's role."""

    role: str
    on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFact:
    """A version of a plan of care, its days, the ids of its goals and who has signed it when."""

    record: RecordRef
    days: Days
    goals: frozenset[str] = frozenset()
    signatures: tuple[SignatureFact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """The participant, on all days, as far as the program of the visit goes.

    `enrolments` are those in `program`; a person has a `PersonFacts` for each program.
    """

    participant: RecordRef
    program: RecordRef
    is_part2: bool | None = None
    enrolments: tuple[PeriodFact, ...] | None = None
    diagnoses: tuple[DiagnosisFact, ...] | None = None
    coverages: tuple[CoverageFact, ...] | None = None
    consents: tuple[ConsentFact, ...] | None = None
    plans: tuple[PlanFact, ...] | None = None


@dataclass(frozen=True, slots=True)
class DeductionFact:
    """Minutes of a visit that are not billed: a break, or an activity that is no service."""

    activity: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanFact:
    """Other recorded time of the worker: a note in force, a session, or what the ledger holds.

    `group_session` is the id of the session that it belongs to, or empty.
    """

    record: RecordRef
    start: dt.datetime
    end: dt.datetime
    group_session: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherVisitFact:
    """Another visit of the same participant that counts: signed, not void, and billable.

    `minutes` are those of `billable_minutes`, `code` and `modifiers` those it is billed with.
    """

    id: str
    provider: str
    service: str
    day: dt.date
    start: dt.datetime
    minutes: int
    code: str
    modifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CosignatureFact:
    """A co-signature; `was_assigned` tells of the supervisor of the service day or a delegate."""

    record: RecordRef
    by: RecordRef
    on: dt.date
    was_assigned: bool
    supports: SupervisorFacts | None = None


@dataclass(frozen=True, slots=True)
class LiveLineFact:
    """A claim line that lives, and the ids of the visits that it carries."""

    claim: RecordRef
    visits: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFacts:
    """The visit as its judged version has it: the draft, or the signed version in force.

    `state` is that of the note, `signed_on` the local day on which this version was signed.
    `other_visits` are the participant's on the same service day (the same month where units are
    counted by month), `spans` all other recorded time of the worker around the visit.
    """

    record: RecordRef
    start: dt.datetime | None
    end: dt.datetime | None
    deductions: tuple[DeductionFact, ...] = ()
    mode: str = ""
    place: str = ""
    group_session: str = ""
    goals: frozenset[str] | None = None
    state: str = "DRAFT"
    signed_on: dt.date | None = None
    cosignatures: tuple[CosignatureFact, ...] | None = ()
    spans: tuple[SpanFact, ...] | None = None
    other_visits: tuple[OtherVisitFact, ...] | None = None
    live_lines: tuple[LiveLineFact, ...] | None = None

    @property
    def id(self) -> str:
        """The id of the visit, by which unit groups and claim lines know it."""
        return self.record.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that gates may look at: a worker, and for a visit also the participant and the visit.

    `service_day` is the local date of the start at the site; every fact is asked as of that day.
    The day of asking is not among them: a stored run of an unchanged visit stays the same.
    """

    service: str
    service_day: dt.date
    worker: WorkerFacts
    person: PersonFacts | None = None
    visit: VisitFacts | None = None

    @property
    def is_about_a_visit(self) -> bool:
        """Whether `service_day` is a visit's own day; else it is a day that was asked about.

        A standing is about no visit, and a draft without its start has no day of its own yet: no
        reason may then speak of the day of a visit.
        """
        return self.visit is not None and self.visit.start is not None
