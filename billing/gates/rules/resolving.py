"""From a rule pack to the terms of one of its services: once for a pack and service, not per visit."""

from types import MappingProxyType
from typing import Any

from billing.gates.rules.shapes import CapTerm, DutyTerm, ModifierTerm, Term, Terms
from peerworks.lib.findings import Outcome, PackUsed
from peerworks.lib.rulepack import CapRule, Pack, Service, Value
from peerworks.lib.units import Engine, Scope
from supervision.rules import duties_of


def terms_of(pack: Pack, service: str) -> Terms:
    """What `service` of `pack` asks. Raises `KeyError` for a service that the pack does not have."""
    asked = pack.service(service)
    unit, note = asked.unit, asked.note
    qualification = pack.workforce.supervisor_qualification
    return Terms(
        pack=PackUsed(pack.pack, pack.version, pack.sha256),
        state=pack.state,
        service=asked.key,
        setting=asked.setting,
        code=Term(str(asked.code.value), pack.authority(asked.code)),
        unit_minutes=Term(int(unit.minutes.value), pack.authority(unit.minutes)),
        engine=Term(Engine(unit.engine.value), pack.authority(unit.engine)),
        scope=Term(Scope(unit.scope.value), pack.authority(unit.scope)),
        accepted=Term(
            asked.credentials.accepted.members, pack.authority(asked.credentials.accepted)
        ),
        cosign=Term(str(note.cosign.value), pack.authority(note.cosign)),
        modifiers=_modifiers(pack, asked),
        day_caps=_day_caps(pack, asked),
        volunteers_barred=_truth(pack, pack.never_billable.volunteers),
        endorsements=_words(pack, asked.credentials.endorsements),
        stages=_words(pack, asked.credentials.stages),
        trainings=_words(pack, asked.training.required),
        families=_words(pack, asked.diagnoses.families),
        plan_signed_by=_words(pack, asked.plan.signed_by),
        new_peer_days=_whole(pack, note.new_peer_days),
        supervision=tuple(DutyTerm(duty, pack.authority(value)) for duty, value in duties_of(pack)),
        qualification=(
            None
            if qualification is None
            else Term(qualification.tree, pack.authority(qualification.as_value()))
        ),
        grace_months=_whole(pack, pack.workforce.supervisor_training_grace_months),
        severity=MappingProxyType({rule: Outcome(word) for rule, word in pack.severity.items()}),
        not_checked=not_checked(pack, asked),
    )


def not_checked(pack: Pack, service: Service) -> tuple[str, ...]:
    """Keys of what the pack asks of this service and no gate of this version checks yet.

    A value of NONE asks nothing. While one is left, no page may say that all checks hold.
    """
    caps = [cap for cap in service.caps if cap not in service.day_caps()]
    group, ages, workforce = service.group, service.ages, pack.workforce
    asked = {
        "authorization": _asks(service.authorization.required),
        "period-caps": any(cap.of == "PARTICIPANT" for cap in caps),
        "worker-caps": any(cap.of == "PROVIDER" for cap in caps),
        "group-size": _asks(group.min, group.max, group.max_per_facilitator),
        "age": _asks(ages.min, ages.max),
        "status": _asks(service.statuses_barred),
        "relationship": _asks(service.relationships_barred),
        "concurrency": _asks(service.concurrency.barred),
        "place-and-mode": _asks(service.places.allowed, service.modes.allowed),
        "plan-review": _asks(service.plan.review_months),
        "timeliness": _asks(service.note.late_after_hours, service.note.hold_after_days),
        "cosign-time": service.note.cosign.value != "NEVER"
        and _asks(service.note.cosign_within_days),
        "filing": _asks(service.filing.days),
        "personnel": bool(workforce.personnel),
        "span": _asks(workforce.span_max),
        "caseload": _asks(workforce.caseload_max),
    }
    return tuple(key for key, is_asked in asked.items() if is_asked)


def _asks(*values: Value | None) -> bool:
    return any(value is not None and value.limit not in (None, False) for value in values)


def _term(pack: Pack, value: Value | None, plain: Any) -> Term[Any] | None:
    return None if value is None else Term(plain(value), pack.authority(value))


def _words(pack: Pack, value: Value | None) -> Term[tuple[str, ...]] | None:
    return _term(pack, value, lambda given: given.members)


def _whole(pack: Pack, value: Value | None) -> Term[int] | None:
    return _term(pack, value, lambda given: given.limit or 0)


def _truth(pack: Pack, value: Value | None) -> Term[bool] | None:
    return _term(pack, value, lambda given: bool(given.limit))


def _modifiers(pack: Pack, service: Service) -> tuple[ModifierTerm, ...]:
    return tuple(
        ModifierTerm(rule.when, Term(str(rule.add.value), pack.authority(rule.add)))
        for rule in service.modifiers
    )


def _cap(pack: Pack, rule: CapRule) -> CapTerm | None:
    value = rule.units or rule.minutes
    if value is None or value.is_none:
        return None
    limit = Term(int(value.value), pack.authority(value))
    return CapTerm(limit, in_minutes=rule.minutes is not None, warns=rule.then == "WARN")


def _day_caps(pack: Pack, service: Service) -> tuple[CapTerm, ...] | None:
    rules = service.day_caps()
    if not rules:
        return None
    return tuple(cap for rule in rules if (cap := _cap(pack, rule)) is not None)
