"""Minutes, modifiers and units of one visit among the others of its unit group.

Units belong to the group (domain rules 4 and 5): the visits of one participant, service day, code,
modifiers and rendering provider, rounded once under the scope DAY.
"""

import datetime as dt
from collections.abc import Sequence

from billing.gates.rules.shapes import DeductionFact, Facts, OtherVisitFact, Terms, VisitFacts
from peerworks.lib.findings import UnitGroup
from peerworks.lib.periods import in_utc, month_of
from peerworks.lib.rulepack import added_modifiers
from peerworks.lib.units import Scope, Visit, share_units

_ONE_MINUTE = dt.timedelta(minutes=1)


def billable_minutes(
    start: dt.datetime, end: dt.datetime, deductions: Sequence[DeductionFact]
) -> int:
    """Whole minutes from `start` to `end` less all deductions, and never less than nothing.

    Measured in time that passed, so an hour that a clock change repeats counts. Every deduction is
    taken off, whatever a pack calls billable: what the worker set apart is not billed as service.
    """
    worked = (in_utc(end) - in_utc(start)) // _ONE_MINUTE
    return max(worked - sum(each.minutes for each in deductions), 0)


def minutes_of(visit: VisitFacts) -> int | None:
    """The billable minutes of a visit, or None while a time is missing."""
    if visit.start is None or visit.end is None:
        return None
    return billable_minutes(visit.start, visit.end, visit.deductions)


def modifiers_for(terms: Terms, *, mode: str, place: str) -> tuple[str, ...]:
    """The modifiers of a visit given in this mode at this place, in the order of the pack.

    Computed and never typed; a modifier that two rules ask for stands once.
    """
    known = {"mode": mode, "setting": terms.setting, "place": place}
    return added_modifiers(((each.when, each.add.value) for each in terms.modifiers), known)


def modifiers(terms: Terms, facts: Facts) -> tuple[str, ...]:
    """The modifiers of the judged visit; none where no visit is asked about."""
    if facts.visit is None:
        return ()
    return modifiers_for(terms, mode=facts.visit.mode, place=facts.visit.place)


# Several gates in a row ask for the group of one visit: the last answer is kept, and given again for
# the very same facts and terms.
_last: tuple[Facts, Terms, UnitGroup | None] | None = None


def unit_group(facts: Facts, terms: Terms) -> UnitGroup | None:
    """The visits rounded together with the judged one, with their shares in order of start.

    None while the visit has no times, or while it is not known which other visits there are.
    """
    global _last
    known = _last
    if known is None or known[0] is not facts or known[1] is not terms:
        known = _last = facts, terms, _unit_group(facts, terms)
    return known[2]


def _unit_group(facts: Facts, terms: Terms) -> UnitGroup | None:
    visit = _as_counted(facts)
    if visit is None or facts.visit is None or facts.visit.other_visits is None:
        return None
    others = [each for each in facts.visit.other_visits if _rounds_with(each, facts, terms)]
    return share_units(
        [visit, *(Visit(each.id, each.start, each.minutes) for each in others)],
        engine=terms.engine.value,
        unit_minutes=terms.unit_minutes.value,
        scope=terms.scope.value,
        judged=visit.id,
    )


def used_that_day(facts: Facts, terms: Terms) -> tuple[int, int] | None:
    """Units and minutes of the participant's day in this service, up to and with the judged visit.

    Counts the visits of all workers in order of start (ties by id), so that of those which cross a
    cap together the later ones are held. None as `unit_group`.
    """
    visit = _as_counted(facts)
    if visit is None or facts.visit is None or facts.visit.other_visits is None:
        return None
    if not facts.visit.other_visits:
        group = unit_group(facts, terms)
        return None if group is None else (group.units, group.minutes)
    groups: dict[tuple[object, ...], list[Visit]] = {}
    own = (facts.worker.provider.id, terms.code.value, modifiers(terms, facts))
    groups[own] = [visit]
    for each in facts.visit.other_visits:
        if each.service == facts.service and each.day == facts.service_day:
            key = (each.provider, each.code, each.modifiers)
            groups.setdefault(key, []).append(Visit(each.id, each.start, each.minutes))
    shares = _shares(groups, terms)
    counted = [each for group in groups.values() for each in group if _order(each) <= _order(visit)]
    return sum(shares[each.id] for each in counted), sum(each.minutes for each in counted)


def _as_counted(facts: Facts) -> Visit | None:
    visit = facts.visit
    if visit is None or visit.start is None:
        return None
    minutes = minutes_of(visit)
    return None if minutes is None else Visit(visit.id, visit.start, minutes)


def _rounds_with(other: OtherVisitFact, facts: Facts, terms: Terms) -> bool:
    scope = terms.scope.value
    if scope is Scope.ENCOUNTER:
        return False
    same_time = (
        other.day == facts.service_day
        if scope is Scope.DAY
        else month_of(facts.service_day).contains(other.day)
    )
    own = (facts.worker.provider.id, terms.code.value, modifiers(terms, facts))
    return same_time and own == (other.provider, other.code, other.modifiers)


def _shares(groups: dict[tuple[object, ...], list[Visit]], terms: Terms) -> dict[str, int]:
    shares: dict[str, int] = {}
    for visits in groups.values():
        group = share_units(
            visits,
            engine=terms.engine.value,
            unit_minutes=terms.unit_minutes.value,
            scope=terms.scope.value,
        )
        shares |= {visit: units for visit, _, units in group.members}
    return shares


def _order(visit: Visit) -> tuple[dt.datetime, str]:
    return visit.start, visit.id
