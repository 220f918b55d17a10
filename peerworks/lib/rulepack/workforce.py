"""Reads what the workers owe: certifications, supervision, who may supervise, personnel file."""

from typing import Any, Final

from peerworks.lib.rulepack import leaves, words
from peerworks.lib.rulepack.leaves import Convert
from peerworks.lib.rulepack.people import (
    AllOf,
    AnyOf,
    Atom,
    CategoryRule,
    CredentialKindRule,
    CycleRule,
    DeadlineRule,
    EducationRule,
    PersonnelRule,
    Qualification,
    QualificationRule,
    StageRule,
    SupervisionRule,
    Workforce,
)
from peerworks.lib.rulepack.sections import Section

_KEY: Final = leaves.text(leaves.KEY)
_COUNT: Final = leaves.whole(1)
_FROM_ZERO: Final = leaves.whole()
_ANY_DAYS: Final = leaves.whole(-366)
_ATOMS: Final[dict[str, Convert]] = {
    "credential": _KEY,
    "licence": leaves.text(leaves.WORD),
    "years_as_peer": _COUNT,
    "training": _KEY,
    "under_licensed_direction": leaves.truth,
}
_OF_MODE: Final[dict[str, frozenset[str]]] = {
    "INTERVAL": frozenset({"every"}),
    "RATIO": frozenset({"hours", "per_service_hours", "over"}),
    "HOURS_PER_MONTH": frozenset({"hours"}),
}


def read_workforce(section: Section) -> Workforce:
    """The section `workforce`."""
    workforce = Workforce(
        credentials=tuple(_read_credential(each) for each in section.sections("credentials")),
        supervision=tuple(
            _read_supervision(each) for each in section.sections("supervision", name="stage")
        ),
        supervisor_qualification=_read_rule(section.section("supervisor_qualification")),
        supervisor_training_grace_months=section.value(
            "supervisor_training_grace_months", _FROM_ZERO
        ),
        span_max=section.value("span_max", _COUNT),
        caseload_max=section.value("caseload_max", _COUNT),
        personnel=tuple(_read_personnel(each) for each in section.sections("personnel")),
    )
    section.close()
    return workforce


def _read_credential(section: Section) -> CredentialKindRule:
    kind = CredentialKindRule(
        key=section.take("key", _KEY, ""),
        label=section.label(),
        body=section.take("body", leaves.text(), ""),
        endorsements=section.maybe("endorsements", leaves.some(leaves.text(leaves.WORD)), ()),
        cycle=_read_cycle(section.section("cycle")),
        deadlines=_read_deadlines(section.section("deadlines")),
        education=_read_education(section.section("education")),
        stages=tuple(_read_stage(each) for each in section.sections("stages", name="stage")),
    )
    section.close()
    return kind


def _read_cycle(section: Section) -> CycleRule:
    rule = CycleRule(
        kind=section.take("kind", leaves.word(words.CYCLES), ""),
        months=section.need("months", _COUNT),
    )
    section.close()
    return rule


def _read_deadlines(section: Section) -> DeadlineRule:
    rule = DeadlineRule(
        opens_days_before=section.value("opens_days_before", _FROM_ZERO),
        file_by_days_before=section.value("file_by_days_before", _ANY_DAYS),
        late_window_days=section.value("late_window_days", _FROM_ZERO),
        late_window_counts_as_valid=section.value("late_window_counts_as_valid", leaves.truth),
    )
    section.close()
    return rule


def _read_education(section: Section) -> EducationRule:
    rule = EducationRule(
        hours=section.value("hours", leaves.number),
        categories=tuple(_read_category(each) for each in section.sections("categories")),
        carry_over=section.value("carry_over", leaves.truth),
        accrues_from=section.value("accrues_from", leaves.word(words.ACCRUAL)),
    )
    section.close()
    return rule


def _read_category(section: Section) -> CategoryRule:
    rule = CategoryRule(
        key=section.take("key", _KEY, ""),
        min=section.value("min", leaves.number),
        max=section.value("max", leaves.number),
        min_courses=section.value("min_courses", _COUNT),
        format=section.maybe("format", leaves.word(words.CATEGORY_FORMATS), ""),
        sponsor=section.maybe("sponsor", leaves.text(leaves.WORD), ""),
    )
    section.close()
    return rule


def _read_stage(section: Section) -> StageRule:
    rule = StageRule(
        stage=section.take("stage", leaves.word(words.STAGES), ""),
        months=section.value("months", _COUNT),
        supervised_hours=section.value("supervised_hours", leaves.number),
        extensions=section.value("extensions", _FROM_ZERO),
    )
    section.close()
    return rule


def _read_supervision(section: Section) -> SupervisionRule:
    rule = SupervisionRule(
        stage=section.take("stage", leaves.word(words.STAGES), ""),
        mode=section.take("mode", leaves.word(words.SUPERVISION_MODES), ""),
        formats=section.take("formats", leaves.many(leaves.word(words.SUPERVISION_FORMATS)), ()),
        path=section.path,
        every=section.value("every", leaves.every),
        hours=section.value("hours", leaves.number),
        per_service_hours=section.value("per_service_hours", _COUNT),
        over=section.value("over", _over),
        modes=section.value("modes", leaves.many(leaves.word(words.MODES))),
    )
    section.close()
    _check_mode(rule, section)
    return rule


def _over(value: Any) -> str:
    leaves.window(value)
    return str(value)


def _check_mode(rule: SupervisionRule, section: Section) -> None:
    of_modes = frozenset().union(*_OF_MODE.values())
    given = frozenset(key for key in of_modes if section.has(key))
    wanted = _OF_MODE.get(rule.mode, given)
    if given != wanted:
        section.fault(f"{rule.mode} has exactly: {', '.join(sorted(wanted))}")


def _read_rule(section: Section) -> QualificationRule | None:
    if not section.is_given:
        return None
    source = section.source()
    tree = _read_branch(section)
    section.close()
    rule = QualificationRule(tree, source, section.path)
    section.book.values.append(rule.as_value())
    return rule


def _read_branch(section: Section) -> Qualification:
    named = [key for key in ("any_of", "all_of", *_ATOMS) if section.has(key)]
    if len(named) != 1:
        section.fault(f"one of {', '.join(('any_of', 'all_of', *_ATOMS))} is wanted here")
        return AllOf(())
    key = named[0]
    if key in _ATOMS:
        return Atom(key, section.take(key, _ATOMS[key], ""))
    parts = section.sections(key)
    if not parts:
        section.fault("an empty list would let anyone, or no one, qualify", key)
    branches = tuple(_read_branch(each) for each in parts)
    for each in parts:
        each.close()
    return AnyOf(branches) if key == "any_of" else AllOf(branches)


def _read_personnel(section: Section) -> PersonnelRule:
    rule = PersonnelRule(
        key=section.take("key", _KEY, ""),
        missing=section.take("missing", leaves.word(words.MISSING), ""),
        every_days=section.value("every_days", _COUNT),
        each_renewal=section.value("each_renewal", leaves.truth),
    )
    section.close()
    if section.has("every_days") == section.has("each_renewal"):
        section.fault("either `every_days` or `each_renewal` is wanted")
    return rule
