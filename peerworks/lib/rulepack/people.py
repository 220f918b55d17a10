"""The part of a rule pack that speaks of the workers: certifications, supervision, personnel file."""

from collections.abc import Mapping
from dataclasses import dataclass

from peerworks.lib.rulepack.values import Value


@dataclass(frozen=True, slots=True)
class CycleRule:
    """How a certification renews: ANNIVERSARY, CALENDAR_YEAR or MONTH_FIRST, every so many months."""

    kind: str
    months: Value


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """Days around the end of a cycle.

    `file_by_days_before` may be negative: then the file-by day lies that many days *after* the
    end, inside the late window (Georgia: the cycle ends on December 31, papers are taken until
    January 15). `late_window_days` counts from the end of the cycle, that day not included.
    """

    opens_days_before: Value | None = None
    file_by_days_before: Value | None = None
    late_window_days: Value | None = None
    late_window_counts_as_valid: Value | None = None


@dataclass(frozen=True, slots=True)
class CategoryRule:
    """Hours of one category inside a cycle's total; `min_courses` counts courses, not hours."""

    key: str
    min: Value | None = None
    max: Value | None = None
    min_courses: Value | None = None
    format: str = ""
    sponsor: str = ""


@dataclass(frozen=True, slots=True)
class EducationRule:
    """Hours of continuing education in each cycle.

    `accrues_from` is ISSUE or NEXT_JANUARY (January 1 of the year after the first issue).
    """

    hours: Value | None = None
    categories: tuple[CategoryRule, ...] = ()
    carry_over: Value | None = None
    accrues_from: Value | None = None


@dataclass(frozen=True, slots=True)
class StageRule:
    """A stage with an end of its own: months, supervised hours to leave it, extensions allowed."""

    stage: str
    months: Value | None = None
    supervised_hours: Value | None = None
    extensions: Value | None = None


@dataclass(frozen=True, slots=True)
class CredentialKindRule:
    """A kind of certification: who issues it, what it can be endorsed for, when it renews."""

    key: str
    label: Mapping[str, str]
    body: str
    endorsements: tuple[str, ...]
    cycle: CycleRule
    deadlines: DeadlineRule
    education: EducationRule
    stages: tuple[StageRule, ...] = ()

    def stage(self, stage: str) -> StageRule | None:
        """The rule of a stage that has an end of its own, or None."""
        return next((each for each in self.stages if each.stage == stage), None)


@dataclass(frozen=True, slots=True)
class Every:
    """The interval of an INTERVAL rule: days or months, one of the two; the other is 0."""

    days: int = 0
    months: int = 0


@dataclass(frozen=True, slots=True)
class SupervisionRule:
    """What supervision a worker in a stage is owed.

    INTERVAL has `every` (an `Every`); RATIO has `hours`, `per_service_hours` and `over` (the
    window, in words of a cap); HOURS_PER_MONTH has `hours`. `formats` are the session formats that
    count; `modes`, where given, the ways of meeting that count.
    """

    stage: str
    mode: str
    formats: tuple[str, ...]
    path: str
    every: Value | None = None
    hours: Value | None = None
    per_service_hours: Value | None = None
    over: Value | None = None
    modes: Value | None = None


@dataclass(frozen=True, slots=True)
class Atom:
    """One fact asked of a supervisor.

    `kind` is `credential` (a kind's key), `licence` (a word), `years_as_peer` (whole years),
    `training` (a course's key) or `under_licensed_direction` (true).
    """

    kind: str
    value: str | int | bool


@dataclass(frozen=True, slots=True)
class AllOf:
    """All parts must hold."""

    parts: tuple["Qualification", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part must hold."""

    parts: tuple["Qualification", ...]


Qualification = Atom | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class QualificationRule:
    """Who may supervise: a tree of atoms under one source."""

    tree: Qualification
    source: str
    path: str

    def as_value(self) -> Value:
        """The tree as a rule value, for `Pack.authority`."""
        return Value(self.tree, self.source, self.path)


@dataclass(frozen=True, slots=True)
class PersonnelRule:
    """An expirable of the personnel file: how often it is due, and what a missing one does.

    One of `every_days` and `each_renewal` (true: at every renewal of the certification) is given;
    `missing` is BLOCK or WARN.
    """

    key: str
    missing: str
    every_days: Value | None = None
    each_renewal: Value | None = None


@dataclass(frozen=True, slots=True)
class Workforce:
    """What the workers owe, whatever service they give."""

    credentials: tuple[CredentialKindRule, ...] = ()
    supervision: tuple[SupervisionRule, ...] = ()
    supervisor_qualification: QualificationRule | None = None
    supervisor_training_grace_months: Value | None = None
    span_max: Value | None = None
    caseload_max: Value | None = None
    personnel: tuple[PersonnelRule, ...] = ()

    def supervision_for(self, stage: str) -> SupervisionRule | None:
        """The supervision owed in a stage, or None where the pack does not say."""
        return next((each for each in self.supervision if each.stage == stage), None)
