"""Worked examples: what they may say, how they are read, and the runner of the kind UNITS.

An example starts from a clean visit (or certificate, or worker) and states only what differs, so
each fact has one word; they are listed here with the kind of leaf each takes. The runners of the
other kinds, in `providers`, `supervision` and `billing`, understand exactly these words.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from peerworks.lib.rulepack import leaves, words
from peerworks.lib.rulepack.leaves import Convert
from peerworks.lib.rulepack.schema import Example, ExampleKind, Pack, Service
from peerworks.lib.rulepack.sections import Section
from peerworks.lib.units import Engine, Scope, Visit, share_units

_WORDS: Final = leaves.some(leaves.text(leaves.WORD))
_KEYS: Final = leaves.some(leaves.text(leaves.KEY))
_KEY: Final = leaves.text(leaves.KEY)
_MINUTES: Final = leaves.series(leaves.whole())
_BY_DAY: Final = leaves.by_key(leaves.whole(), leaves.day_key)
_BY_CATEGORY: Final = leaves.by_key(leaves.number, _KEY)
_ACTIVITY: Final = leaves.word(words.ACTIVITIES | {"BREAK"})

Facts = Mapping[str, Convert]

UNITS_GIVEN: Final[Facts] = MappingProxyType(
    {
        "minutes": _MINUTES,  # of the visits of one unit group, in order of start
        "deducted": leaves.series(leaves.by_key(leaves.whole(), _ACTIVITY)),  # for each of them
    }
)
UNITS_EXPECT: Final[Facts] = MappingProxyType(
    {
        "expect": leaves.whole(),  # units of the group
        "shares": _MINUTES,  # what each visit adds
    }
)
GATE_GIVEN: Final[Facts] = MappingProxyType(
    {
        "service_day": leaves.day,
        "on": leaves.day,  # day of asking; the service day where it is not given
        "minutes": leaves.whole(),  # of the visit
        "minutes_before": _MINUTES,  # of earlier visits of its unit group
        "units_same_day": leaves.whole(),  # of the person, in earlier visits of the day
        "earlier_units": _BY_DAY,  # of the person and service, on earlier days: {2026-03-01: 104}
        "earlier_minutes": _BY_DAY,  # the same, in minutes
        "mode": leaves.word(words.MODES),
        "place": leaves.text(leaves.PLACE),
        "persons": leaves.whole(),  # present at the group
        "facilitators": leaves.whole(1),
        "age": leaves.whole(),  # whole years on the service day
        "status": leaves.word(words.STATUSES),
        "employment": leaves.word(words.EMPLOYMENTS),  # NONE: not on staff that day
        "credential": leaves.text(),  # key of the kind; NONE for no certification at all
        "credential_ends": leaves.day,  # as printed on the certificate, or end of the cycle
        "credential_stage": leaves.word(words.STAGES),
        "credential_endorsements": _WORDS,
        "credential_verified": leaves.truth,
        "trainings": _KEYS,  # completed by the service day
        "supervisor": leaves.truth,  # whether one is assigned on the service day
        "supervisor_credentials": _KEYS,
        "supervisor_licences": _WORDS,
        "supervisor_trainings": _KEYS,
        "supervisor_years_as_peer": leaves.whole(),
        "supervisor_directed": leaves.truth,  # under licensed direction
        "assigned_on": leaves.day,  # to the supervisor
        "stage_from": leaves.day,  # first day of the worker's stage
        "last_supervision": leaves.day_or_none,  # last counting session
        "enrolled": leaves.truth,
        "diagnosis_families": _WORDS,
        "consent": leaves.truth,
        "coverage": leaves.truth,
        "plan": leaves.truth,  # in force on the service day
        "plan_signed_by": _WORDS,
        "goals": leaves.whole(),  # cited in the note
        "overlap": leaves.truth,  # with another recorded time of the worker
        "authorized": leaves.truth,
        "concurrent": leaves.truth,  # with a service that the pack bars at the same time
        "signed": leaves.truth,
        "cosigned": leaves.truth,
        "cosigned_by_author": leaves.truth,
        "billed": leaves.truth,  # on a live claim line
    }
)
RENEWAL_GIVEN: Final[Facts] = MappingProxyType(
    {
        "on": leaves.day,  # day of asking
        "issued_on": leaves.day,  # first issue
        "stage": leaves.word(words.STAGES),  # FULL where it is not given
        "stage_from": leaves.day,
        "ends": leaves.day,  # as printed on the certificate, or end of the cycle
        "hours": leaves.number,  # counted in the cycle
        "category_hours": _BY_CATEGORY,  # of these, by category
        "category_courses": _BY_CATEGORY,  # courses, by category
    }
)
RENEWAL_EXPECT: Final[Facts] = MappingProxyType(
    {
        "ends": leaves.day,  # end of the cycle, or of the stage
        "opens_on": leaves.day,
        "file_by": leaves.day,
        "last_valid_day": leaves.day,
        "valid": leaves.truth,  # on the day of asking
        "hours_missing": leaves.number,
        "category_hours_missing": _BY_CATEGORY,
        "category_courses_missing": _BY_CATEGORY,
    }
)
SUPERVISION_GIVEN: Final[Facts] = MappingProxyType(
    {
        "on": leaves.day,  # the service day
        "stage": leaves.word(words.STAGES),
        "assigned_on": leaves.day,
        "stage_from": leaves.day,
        "last_supervision": leaves.day_or_none,
        "format": leaves.word(words.SUPERVISION_FORMATS),  # of it; INDIVIDUAL where not given
        "mode": leaves.word(words.MODES),  # of it; IN_PERSON where not given
    }
)
SUPERVISION_EXPECT: Final[Facts] = MappingProxyType(
    {
        "due_on": leaves.day,
        "state": leaves.word(words.SUPERVISION_STATES),  # DUE: the day asked is the last in time
    }
)

_FORMS: Final = MappingProxyType(
    {
        "units": ExampleKind.UNITS,
        "gate": ExampleKind.GATE,
        "renewal": ExampleKind.RENEWAL,
        "supervision": ExampleKind.SUPERVISION,
    }
)


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """How an example came out: it passed, it failed, or nothing could check it.

    `message` says what was found instead, and is empty where the example passed. `not_checked` is
    for an example of a gate that this version does not have: it neither passed nor failed, is
    counted on its own, and does not keep the pack from being loaded.
    """

    example: Example
    message: str = ""
    not_checked: bool = False

    @property
    def passed(self) -> bool:
        """Whether the pack was shown to do what the example says."""
        return not self.message and not self.not_checked

    @property
    def failed(self) -> bool:
        """Whether the pack does something else: such a pack is refused."""
        return bool(self.message) and not self.not_checked


class Given(Mapping[str, Any]):
    """What an example gives, for its runner; notes which words were read.

    A word that no runner reads changes nothing, so the example would prove less than it says: such
    an example fails. Asking whether a word is there does not read it.
    """

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._facts = facts
        self._unread = dict.fromkeys(facts)

    def __getitem__(self, word: str) -> Any:
        value = self._facts[word]
        self._unread.pop(word, None)
        return value

    def __contains__(self, word: object) -> bool:
        return word in self._facts

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    @property
    def unread(self) -> tuple[str, ...]:
        """The words that nobody has read so far, in the order of the example."""
        return tuple(self._unread)


def result_of(example: Example, given: Given, wrong: Iterable[str]) -> ExampleResult:
    """How an example came out whose runner has read `given` and found these things `wrong`."""
    unread = (f'nobody reads "{word}" of what it gives' for word in given.unread)
    return ExampleResult(example, ", ".join([*wrong, *unread]))


def read_example(section: Section) -> Example | None:
    """One entry of `examples`; None where its kind cannot be told."""
    name = section.take("name", leaves.text(), "")
    forms = [form for form in _FORMS if section.has(form)]
    if len(forms) != 1:
        section.fault("an example has one of: units, gate, renewal, supervision")
        return None
    kind = _FORMS[forms[0]]
    takes_service = kind in (ExampleKind.UNITS, ExampleKind.GATE)
    example = Example(
        name=name,
        kind=kind,
        service=section.take("service", _KEY, "") if takes_service else "",
        credential=section.take("credential", _KEY, "") if kind is ExampleKind.RENEWAL else "",
        path=section.path,
        line=section.line,
        **_READERS[kind](section),
    )
    section.close()
    return example


def _read_units(section: Section) -> dict[str, Any]:
    body = section.section("units")
    given = _facts(body, UNITS_GIVEN)
    expect = _facts(body, UNITS_EXPECT)
    body.close()
    a_visit_each = (given.get("minutes"), given.get("deducted"), expect.get("shares"))
    lengths = {len(each) for each in a_visit_each if each is not None}
    if "minutes" not in given or "expect" not in expect:
        body.fault("`minutes` and `expect` are wanted")
    elif len(lengths) > 1:
        body.fault("`minutes`, `deducted` and `shares` have one entry for each visit")
    return {"given": given, "expect": expect}


def _read_gate(section: Section) -> dict[str, Any]:
    gate = section.take("gate", leaves.word(frozenset(words.GATE_REASONS)), "")
    given = _closed(section.section("given"), GATE_GIVEN)
    outcome = section.section("expect")
    reasons = words.GATE_REASONS.get(gate, frozenset()) | words.ANY_REASON
    facts = {"outcome": leaves.word(words.OUTCOMES), "reason": leaves.word(reasons)}
    expect = _closed(outcome, facts)
    if "outcome" not in expect:
        outcome.fault("`outcome` is wanted")
    return {"gate": gate, "given": given, "expect": expect}


def _read_renewal(section: Section) -> dict[str, Any]:
    return _given_and_expect(section.section("renewal"), RENEWAL_GIVEN, RENEWAL_EXPECT)


def _read_supervision(section: Section) -> dict[str, Any]:
    return _given_and_expect(section.section("supervision"), SUPERVISION_GIVEN, SUPERVISION_EXPECT)


_READERS: Final = MappingProxyType(
    {
        ExampleKind.UNITS: _read_units,
        ExampleKind.GATE: _read_gate,
        ExampleKind.RENEWAL: _read_renewal,
        ExampleKind.SUPERVISION: _read_supervision,
    }
)


def _given_and_expect(body: Section, given: Facts, expect: Facts) -> dict[str, Any]:
    read = {
        "given": _closed(body.section("given"), given),
        "expect": _closed(body.section("expect"), expect),
    }
    if not read["expect"]:
        body.fault("`expect` is wanted")
    body.close()
    return read


def _closed(section: Section, facts: Facts) -> Mapping[str, Any]:
    read = _facts(section, facts)
    section.close()
    return read


def _facts(section: Section, facts: Facts) -> Mapping[str, Any]:
    given = {key: section.maybe(key, facts[key], None) for key in facts if section.has(key)}
    return MappingProxyType(given)


def run_unit_examples(pack: Pack) -> list[ExampleResult]:
    """Every UNITS example of the pack, computed with the rounding of its service."""
    return [
        run_unit_example(pack.service(each.service), each)
        for each in pack.examples
        if each.kind is ExampleKind.UNITS
    ]


def run_unit_example(service: Service, example: Example) -> ExampleResult:
    """One UNITS example: the units of its visits as one unit group, and what each adds."""
    group = share_units(
        _visits(example),
        engine=Engine(service.unit.engine.value),
        unit_minutes=service.unit.minutes.value,
        scope=Scope(service.unit.scope.value),
    )
    shares = tuple(units for _, _, units in group.members)
    if group.units != example.expect["expect"]:
        return ExampleResult(example, f"{group.units} units")
    if example.expect.get("shares", shares) != shares:
        return ExampleResult(example, f"shares {', '.join(map(str, shares))}")
    return ExampleResult(example)


def _visits(example: Example) -> list[Visit]:
    minutes = example.given["minutes"]
    none_off: tuple[dict[str, int], ...] = ({},) * len(minutes)
    deducted = example.given.get("deducted") or none_off
    start = dt.datetime(2026, 1, 5, 14, tzinfo=dt.UTC)
    return [
        Visit(str(number), start + dt.timedelta(minutes=number), whole - sum(off.values()))
        for number, (whole, off) in enumerate(zip(minutes, deducted, strict=True))
    ]
