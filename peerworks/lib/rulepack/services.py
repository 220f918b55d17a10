"""Reads the services of a rule pack: code, units, caps, and what a visit must satisfy."""

from types import MappingProxyType
from typing import Any, Final

from peerworks.lib.rulepack import leaves, words
from peerworks.lib.rulepack.schema import (
    AgeRule,
    AuthorizationRule,
    CapRule,
    ConcurrencyRule,
    CredentialRule,
    DiagnosisRule,
    FilingRule,
    GroupRule,
    ModeRule,
    ModifierRule,
    NoteRule,
    PlaceRule,
    PlanRule,
    Service,
    TrainingRule,
    UnitRule,
)
from peerworks.lib.rulepack.sections import Section

_KEY: Final = leaves.text(leaves.KEY)
_KEYS: Final = leaves.many(_KEY)
_WORDS: Final = leaves.many(leaves.text(leaves.WORD))
_PLACES: Final = leaves.many(leaves.text(leaves.PLACE))
_COUNT: Final = leaves.whole(1)
_FROM_ZERO: Final = leaves.whole()


def read_service(section: Section) -> Service:
    """One entry of `services`."""
    service = Service(
        key=section.take("key", _KEY, ""),
        label=section.label(),
        setting=section.take("setting", leaves.word(words.SETTINGS), ""),
        code=section.need("code", leaves.text(leaves.CODE)),
        modifiers=tuple(_read_modifier(each) for each in section.sections("modifiers")),
        unit=_read_unit(section.section("unit")),
        caps=tuple(_read_cap(each) for each in section.sections("caps")),
        group=_read_group(section.section("group")),
        authorization=_read_authorization(section.section("authorization")),
        credentials=_read_credentials(section.section("credentials")),
        training=_read_training(section.section("training")),
        ages=_read_ages(section.section("ages")),
        diagnoses=_read_diagnoses(section.section("diagnoses")),
        statuses_barred=_words(section, "statuses_barred", words.STATUSES),
        relationships_barred=_words(section, "relationships_barred", words.RELATIONSHIPS),
        concurrency=_read_concurrency(section.section("concurrency")),
        places=_read_places(section.section("places")),
        modes=_read_modes(section.section("modes")),
        plan=_read_plan(section.section("plan")),
        note=_read_note(section.section("note")),
        filing=_read_filing(section.section("filing")),
    )
    section.close()
    return service


def _words(section: Section, key: str, allowed: frozenset[str]) -> Any:
    return section.value(key, leaves.many(leaves.word(allowed)))


def _read_modifier(section: Section) -> ModifierRule:
    when = section.section("when")
    facts = {
        "mode": leaves.word(words.MODES),
        "setting": leaves.word(words.SETTINGS),
        "place": leaves.text(leaves.PLACE),
    }
    read = {key: when.maybe(key, _one_or_many(facts[key]), ()) for key in facts if when.has(key)}
    when.close()
    rule = ModifierRule(MappingProxyType(read), section.need("add", leaves.text(leaves.MODIFIER)))
    section.close()
    return rule


def _one_or_many(each: leaves.Convert) -> leaves.Convert:
    several = leaves.many(each)
    return lambda value: several(value if isinstance(value, tuple) else (value,))


def _read_unit(section: Section) -> UnitRule:
    rule = UnitRule(
        minutes=section.need("minutes", _COUNT),
        engine=section.need("engine", leaves.word(words.ENGINES)),
        scope=section.need("scope", leaves.word(words.SCOPES)),
    )
    section.close()
    if (rule.engine.value == "THRESHOLD_MONTH") != (rule.scope.value == "MONTH"):
        section.fault("THRESHOLD_MONTH and MONTH go together")
    return rule


def _read_cap(section: Section) -> CapRule:
    window, months = section.take("window", leaves.window, ("", 0))
    cap = CapRule(
        key=section.take("key", _KEY, ""),
        units=section.value("units", _COUNT),
        minutes=section.value("minutes", _COUNT),
        window=window,
        months=months,
        of=section.take("of", leaves.word(words.CAP_OF), ""),
        then=section.take("then", leaves.word(words.CAP_THEN), ""),
    )
    section.close()
    if section.has("units") == section.has("minutes"):
        section.fault("a cap has either `units` or `minutes`")
    return cap


def _read_group(section: Section) -> GroupRule:
    names = ("min", "max", "max_per_facilitator")
    rule = GroupRule(**{name: section.value(name, _COUNT) for name in names})
    section.close()
    return rule


def _read_authorization(section: Section) -> AuthorizationRule:
    rule = AuthorizationRule(
        required=section.value("required", leaves.truth),
        start_within_days=section.value("start_within_days", _COUNT),
        recommendation_days=section.value("recommendation_days", _COUNT),
    )
    section.close()
    return rule


def _read_credentials(section: Section) -> CredentialRule:
    rule = CredentialRule(
        accepted=section.need("accepted", _KEYS),
        endorsements=section.value("endorsements", _WORDS),
        stages=_words(section, "stages", words.STAGES),
    )
    section.close()
    return rule


def _read_training(section: Section) -> TrainingRule:
    rule = TrainingRule(section.value("required", _KEYS))
    section.close()
    return rule


def _read_ages(section: Section) -> AgeRule:
    rule = AgeRule(section.value("min", _FROM_ZERO), section.value("max", _FROM_ZERO))
    section.close()
    return rule


def _read_diagnoses(section: Section) -> DiagnosisRule:
    rule = DiagnosisRule(_words(section, "families", words.DIAGNOSIS_FAMILIES))
    section.close()
    return rule


def _read_concurrency(section: Section) -> ConcurrencyRule:
    rule = ConcurrencyRule(_words(section, "barred", words.CONCURRENT))
    section.close()
    return rule


def _read_places(section: Section) -> PlaceRule:
    rule = PlaceRule(section.need("allowed", _PLACES), section.maybe("text_required", _PLACES, ()))
    section.close()
    return rule


def _read_modes(section: Section) -> ModeRule:
    rule = ModeRule(section.need("allowed", leaves.many(leaves.word(words.MODES))))
    section.close()
    return rule


def _read_plan(section: Section) -> PlanRule:
    rule = PlanRule(
        signed_by=_words(section, "signed_by", words.PLAN_SIGNERS),
        review_months=section.value("review_months", _COUNT),
    )
    section.close()
    return rule


def _read_note(section: Section) -> NoteRule:
    rule = NoteRule(
        target_hours=section.need("target_hours", _COUNT),
        late_after_hours=section.need("late_after_hours", _COUNT),
        hold_after_days=section.need("hold_after_days", _COUNT),
        cosign=section.need("cosign", leaves.word(words.COSIGN)),
        cosign_within_days=section.need("cosign_within_days", _FROM_ZERO),
        narrative_min_chars=section.need("narrative_min_chars", _FROM_ZERO),
        new_peer_days=section.value("new_peer_days", _COUNT),
    )
    section.close()
    if (rule.cosign.value == "NEW_PEERS") != (rule.new_peer_days is not None):
        section.fault("NEW_PEERS and `new_peer_days` go together")
    return rule


def _read_filing(section: Section) -> FilingRule:
    rule = FilingRule(section.need("days", _COUNT), section.value("warn_days_before", _FROM_ZERO))
    section.close()
    return rule
