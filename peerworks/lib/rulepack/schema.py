"""The dataclasses of a rule pack: what one payer or body asks, each value with its source.

A pack is data, dated and versioned; no rule of a state stands in code. *Structure* (keys, labels,
windows, stages …) is plain. A *rule value* is a `Value`: the value, the key of the source it rests
on, and its key path, so that a finding can name its authority. A `Value | None` that is None was
left out of the pack: the gate that needs it answers UNKNOWN. `NONE` (`Value.is_none`) says that
there is no such limit, which is an answer. Lists are tuples, so a pack cannot change once read.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from peerworks.lib.findings import Authority, Status
from peerworks.lib.rulepack.people import CredentialKindRule, Workforce
from peerworks.lib.rulepack.values import Source, Value

_Keyed = TypeVar("_Keyed", "Service", CredentialKindRule)


@dataclass(frozen=True, slots=True)
class Calendar:
    """How the payer counts: the first day of its week, and of its fiscal year ("07-01").

    Both are what `peerworks.lib.periods.week_of` and `fiscal_year_of` take.
    """

    week_starts: str
    fiscal_year_starts: str


@dataclass(frozen=True, slots=True)
class NeverBillable:
    """Activities whose minutes make no units, and whether volunteers' services are never billed."""

    activities: Value | None
    volunteers: Value | None


@dataclass(frozen=True, slots=True)
class ModifierRule:
    """A modifier and the facts under which it is added; an empty `when` adds it always.

    Facts: `mode`, `setting`, `place` (a tuple of place codes). All of them must hold. The rules
    are kept in order, since the order of modifiers on a claim line matters.
    """

    when: Mapping[str, tuple[str, ...]]
    add: Value


@dataclass(frozen=True, slots=True)
class UnitRule:
    """How minutes become units: minutes of one unit, rounding engine and aggregation scope."""

    minutes: Value
    engine: Value
    scope: Value


@dataclass(frozen=True, slots=True)
class CapRule:
    """A limit of `units` or of `minutes` (one of the two) in a window, and what the excess does.

    `window` is DAY, WEEK, MONTH, CALENDAR_YEAR, FISCAL_YEAR, ROLLING_MONTHS or EPISODE; `months`
    is the n of ROLLING_MONTHS(n), else 0. `of` is PARTICIPANT or PROVIDER, `then` HOLD,
    NEEDS_AUTHORIZATION, NEEDS_EXCEPTION or WARN.
    """

    key: str
    units: Value | None
    minutes: Value | None
    window: str
    months: int
    of: str
    then: str


@dataclass(frozen=True, slots=True)
class GroupRule:
    """How many persons a group session may have, altogether and for each facilitator."""

    min: Value | None = None
    max: Value | None = None
    max_per_facilitator: Value | None = None


@dataclass(frozen=True, slots=True)
class AuthorizationRule:
    """Whether an authorization must cover the service; days from recommendation to start."""

    required: Value | None = None
    start_within_days: Value | None = None
    recommendation_days: Value | None = None


@dataclass(frozen=True, slots=True)
class CredentialRule:
    """Kinds of credential that may give the service, one of which must carry an endorsement.

    `endorsements`: any one of these suffices; NONE asks for no endorsement. `stages`: the stages
    in which a credential counts; None where the pack does not say.
    """

    accepted: Value
    endorsements: Value | None = None
    stages: Value | None = None


@dataclass(frozen=True, slots=True)
class TrainingRule:
    """Trainings that the worker must have completed by the service day, all of them."""

    required: Value | None = None


@dataclass(frozen=True, slots=True)
class AgeRule:
    """Age in whole years on the service day, both ends included."""

    min: Value | None = None
    max: Value | None = None


@dataclass(frozen=True, slots=True)
class DiagnosisRule:
    """Families of diagnosis, one of which the person must have on the service day."""

    families: Value | None = None


@dataclass(frozen=True, slots=True)
class PlaceRule:
    """Place-of-service codes allowed, and those that ask for a description in words."""

    allowed: Value
    text_required: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModeRule:
    """IN_PERSON, VIDEO, PHONE: how the service may be given."""

    allowed: Value


@dataclass(frozen=True, slots=True)
class PlanRule:
    """Who signs the plan of care, and after how many months it must have been reviewed."""

    signed_by: Value | None = None
    review_months: Value | None = None


@dataclass(frozen=True, slots=True)
class NoteRule:
    """When a note is on target, late and held (hours and days from the end of the visit), and
    whether it is co-signed.

    `new_peer_days` belongs to the co-signature NEW_PEERS only.
    """

    target_hours: Value
    late_after_hours: Value
    hold_after_days: Value
    cosign: Value
    cosign_within_days: Value
    narrative_min_chars: Value
    new_peer_days: Value | None = None


@dataclass(frozen=True, slots=True)
class FilingRule:
    """Days from the service day until the claim must be filed, and how long before to warn."""

    days: Value
    warn_days_before: Value | None = None


@dataclass(frozen=True, slots=True)
class ConcurrencyRule:
    """Kinds of other service that may not be given to the person at the same time."""

    barred: Value | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A service that a payer pays for: its code, and everything a visit must satisfy."""

    key: str
    label: Mapping[str, str]
    setting: str
    code: Value
    modifiers: tuple[ModifierRule, ...]
    unit: UnitRule
    caps: tuple[CapRule, ...]
    group: GroupRule
    authorization: AuthorizationRule
    credentials: CredentialRule
    training: TrainingRule
    ages: AgeRule
    diagnoses: DiagnosisRule
    statuses_barred: Value | None
    relationships_barred: Value | None
    concurrency: ConcurrencyRule
    places: PlaceRule
    modes: ModeRule
    plan: PlanRule
    note: NoteRule
    filing: FilingRule

    @property
    def is_group(self) -> bool:
        """Whether the service is given to a group."""
        return self.setting == "GROUP"

    def day_caps(self) -> tuple[CapRule, ...]:
        """The caps of one day and one participant, which UNIT-02 judges."""
        return tuple(c for c in self.caps if c.window == "DAY" and c.of == "PARTICIPANT")


class ExampleKind(StrEnum):
    """Which runner proves an example: `lib` UNITS, `billing` GATE, and the two apps between."""

    UNITS = "UNITS"
    GATE = "GATE"
    RENEWAL = "RENEWAL"
    SUPERVISION = "SUPERVISION"


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example. It starts from a clean visit and states only what differs.

    `service` is given for UNITS and GATE, `credential` for RENEWAL; `gate` for GATE only. What
    `given` and `expect` may hold is listed, by kind, in `peerworks.lib.rulepack.words`.
    """

    name: str
    kind: ExampleKind
    given: Mapping[str, Any]
    expect: Mapping[str, Any]
    service: str = ""
    credential: str = ""
    gate: str = ""
    path: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Pack:
    """One version of a rule pack, as read. `effective_to` is the first day no longer in force."""

    pack: str
    version: str
    kind: str
    state: str
    label: Mapping[str, str]
    effective_from: dt.date
    effective_to: dt.date | None
    replaces: str
    calendar: Calendar
    sources: Mapping[str, Source]
    never_billable: NeverBillable
    services: tuple[Service, ...]
    workforce: Workforce
    severity: Mapping[str, str]
    examples: tuple[Example, ...]
    sha256: str
    values: tuple[Value, ...]

    @property
    def name(self) -> str:
        """The name that never changes its content: "va-dmas-peer@2026.1"."""
        return f"{self.pack}@{self.version}"

    def in_force(self, day: dt.date) -> bool:
        """Whether this version answers for a service day."""
        return self.effective_from <= day and (self.effective_to is None or day < self.effective_to)

    def service(self, key: str) -> Service:
        """The service of that key; KeyError where the pack has none."""
        return _by_key(self.services, key)

    def credential_kind(self, key: str) -> CredentialKindRule:
        """The certification of that key; KeyError where the pack does not describe it."""
        return _by_key(self.workforce.credentials, key)

    def authority(self, value: Value) -> Authority:
        """What a finding that used this value rests on."""
        source = self.sources[value.source]
        return Authority(
            pack=self.pack,
            version=self.version,
            path=value.path,
            status=source.status,
            source=source.key,
            verified_on=source.verified_on,
        )

    def status_counts(self) -> Mapping[Status, int]:
        """How many rule values stand on each status; every status in use has an entry."""
        counts: dict[Status, int] = {}
        for value in self.values:
            status = self.sources[value.source].status
            counts[status] = counts.get(status, 0) + 1
        return counts


def _by_key(items: tuple[_Keyed, ...], key: str) -> _Keyed:
    """The item of that key."""
    for item in items:
        if item.key == key:
            return item
    raise KeyError(key)
