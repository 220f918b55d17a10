"""The values that rules speak in: pure, frozen, and free of sentences.

A rule never writes prose. It names a reason by its code and gives the values that belong to it;
`peerworks.web.reasons` turns both into a sentence in the reader's language when it is shown. So a
run that was stored a year ago reads in English and in Spanish, and holds no text that could leak.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID


class Outcome(StrEnum):
    """What a gate found. Several add up to the worst of them: see `worst`."""

    PASS = "PASS"  # noqa: S105 - an outcome, not a password
    WARN = "WARN"
    BLOCK = "BLOCK"
    UNKNOWN = "UNKNOWN"
    NOT_APPLICABLE = "NOT_APPLICABLE"


class Stop(StrEnum):
    """What a finding prevents: the signature (the record would be unsafe), or only the claim."""

    SIGN = "SIGN"
    BILL = "BILL"


class Moment(StrEnum):
    """When a verdict is asked. A gate answers NOT_APPLICABLE before its own first moment."""

    WRITING = "WRITING"
    SIGNING = "SIGNING"
    BATCH = "BATCH"


class Status(StrEnum):
    """How well the value of a rule is founded; only SOURCED and AGENCY are shown without a mark."""

    SOURCED = "SOURCED"
    AGENCY = "AGENCY"
    UNVERIFIED = "UNVERIFIED"
    PROPOSAL = "PROPOSAL"


_WORST_FIRST = (
    Outcome.BLOCK,
    Outcome.UNKNOWN,
    Outcome.WARN,
    Outcome.PASS,
    Outcome.NOT_APPLICABLE,
)


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The one outcome that stands for several; NOT_APPLICABLE when there are none."""
    seen = tuple(outcomes)
    return next((each for each in _WORST_FIRST if each in seen), Outcome.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class RecordRef:
    """Points at a stored record: `kind` is "app.model" in lower case, `version` a row version or hash."""

    kind: str
    id: str
    version: str = ""


Param = dt.date | dt.datetime | int | Decimal | str | RecordRef


@dataclass(frozen=True, slots=True)
class Because:
    """Why: a reason code and the values its sentence needs. Never free text, never a sentence."""

    reason: str
    params: Mapping[str, Param] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fact that a rule looked at: `label` is a key with words of its own, `as_of` a service day."""

    label: str
    value: Param | None
    record: RecordRef | None = None
    as_of: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Remedy:
    """What mends it: a key for the words, the page that does it, and the roles that may."""

    action: str
    url_name: str = ""
    url_args: tuple[str, ...] = ()
    who: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Authority:
    """What a finding rests on: the value of a rule pack, by its key path, and where that came from."""

    pack: str
    version: str
    path: str
    status: Status
    source: str
    verified_on: dt.date | None = None

    @property
    def is_confirmed(self) -> bool:
        """Whether the value may be shown without the mark "unverified"."""
        return self.status in (Status.SOURCED, Status.AGENCY)


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of one gate."""

    rule: str
    outcome: Outcome
    because: Because | None = None
    stops: frozenset[Stop] = frozenset()
    evidence: tuple[Evidence, ...] = ()
    remedy: Remedy | None = None
    authority: Authority | None = None


@dataclass(frozen=True, slots=True)
class UnitGroup:
    """The visits whose minutes are rounded together, in order of start.

    `members` are (visit id, minutes, units that this visit adds); the units add up to `units`.
    `next_unit_at` is the number of minutes of the *judged visit* at which the group would have one
    more unit, or None where that is not known.
    """

    members: tuple[tuple[str, int, int], ...] = ()
    minutes: int = 0
    units: int = 0
    next_unit_at: int | None = None


@dataclass(frozen=True, slots=True)
class PackUsed:
    """A rule pack as it was used: name, version and the hash of its content."""

    pack: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that the gates say of one visit, on one day of asking (`on`), at one moment.

    `coverage` is the id of the coverage that was judged, or None where none was in force.
    `not_checked` names, as reason keys, what the pack asks and this version does not check yet:
    no page may say that all checks hold while it is not empty. `minutes` are worked minutes less
    deductions, `units` what this visit adds to its unit group, `charge` is money or None without
    a rate. `facts_sha256` is the hash of the facts where a run keeps them, else empty.
    """

    visit: str
    on: dt.date
    moment: Moment
    coverage: str | None
    findings: tuple[Finding, ...]
    not_checked: tuple[str, ...]
    outcome: Outcome
    can_sign: bool
    can_bill: bool
    minutes: int
    units: int
    unit_group: UnitGroup
    code: str
    modifiers: tuple[str, ...]
    charge: Decimal | None
    packs: tuple[PackUsed, ...]
    facts_sha256: str = ""

    def told(self) -> tuple[Finding, ...]:
        """The findings that say something to a person, the worst first, each in the fixed order."""
        said = [each for each in self.findings if each.because is not None]
        return tuple(sorted(said, key=lambda each: _WORST_FIRST.index(each.outcome)))


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a worker can bill a service on a day, by the gates that need no visit."""

    provider: str
    on: dt.date
    service: str
    findings: tuple[Finding, ...]
    can_bill: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an operation will not be done, as a value: it disables the button and blocks the write."""

    code: str
    because: Because
    remedy: Remedy | None = None


class Refused(Exception):
    """An operation was refused; nothing has been written."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def refuse(reason: str, *, remedy: Remedy | None = None, **params: Any) -> Refusal:
    """A refusal whose code is its reason: what policies return."""
    return Refusal(reason, Because(reason, MappingProxyType(params)), remedy)


def enforce(refusal: Refusal | None) -> None:
    """Raise `Refused` for a refusal, and do nothing for None. Operations call this first."""
    if refusal is not None:
        raise Refused(refusal)


def ref(kind: str, record_id: UUID | str, version: str = "") -> RecordRef:
    """A `RecordRef` from an id of either type."""
    return RecordRef(kind, str(record_id), version)
