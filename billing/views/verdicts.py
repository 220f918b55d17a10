"""A verdict as pages say it: one answer, what must be finished, what is not checked yet."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peerworks.lib.findings import Finding, Outcome, Verdict
from peerworks.web import reasons
from peerworks.web.reasons import Explained

_ABOUT_TIMES = frozenset({"TIME-01", "UNIT-01", "UNIT-02"})
_MUST = (Outcome.BLOCK, Outcome.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Shown:
    """A verdict in words. `is_timed` tells whether start and end were there to judge.

    `minutes_words` also says what the next minutes would bring, `units_words` does not.
    """

    can_bill: bool
    can_sign: bool
    is_timed: bool
    headline: str
    minutes_words: str
    must: tuple[Explained, ...]
    explain: tuple[Explained, ...]
    inform: tuple[Explained, ...]
    not_checked: tuple[str, ...]
    units_words: str
    code: str
    has_rules: bool = True


def shown(verdict: Verdict, zone: dt.tzinfo, *, is_timed: bool = True) -> Shown:
    """A verdict for its reader; names are loaded in bulk.

    While the times are missing, nothing is said about them: they are asked for anyway.
    """
    told = [each for each in verdict.told() if is_timed or each.rule not in _ABOUT_TIMES]
    words = reasons.explain(told, zone=zone)
    pairs = list(zip(told, words, strict=True))
    can_bill = not any(each.stops for each in _judged(verdict.findings, is_timed))
    return Shown(
        can_bill=can_bill,
        can_sign=verdict.can_sign,
        is_timed=is_timed,
        headline=_headline(can_bill, is_timed),
        minutes_words=f"{_units(verdict)} {_next_unit(verdict)}".strip() if is_timed else "",
        must=tuple(said for each, said in pairs if each.outcome in _MUST),
        explain=tuple(said for each, said in pairs if each.outcome is Outcome.WARN),
        inform=tuple(said for each, said in pairs if each.outcome is Outcome.PASS),
        not_checked=tuple(reasons.label(each) for each in verdict.not_checked),
        units_words=_units(verdict) if is_timed else "",
        code=" ".join((verdict.code, *verdict.modifiers)),
        has_rules=bool(verdict.packs),
    )


def _headline(can_bill: bool, is_timed: bool) -> str:
    if not can_bill:
        return _("This visit cannot be billed.")
    if not is_timed:
        return _("Nothing stands in the way so far. Enter start and end to see the units.")
    return _("This visit can be billed.")


def _judged(findings: Sequence[Finding], is_timed: bool) -> list[Finding]:
    return [each for each in findings if is_timed or each.rule not in _ABOUT_TIMES]


def _units(verdict: Verdict) -> str:
    """52 minutes = 3 units."""
    minutes = ngettext("%(n)s minute", "%(n)s minutes", verdict.minutes) % {"n": verdict.minutes}
    units = ngettext("%(n)s unit", "%(n)s units", verdict.units) % {"n": verdict.units}
    return _("%(minutes)s = %(units)s.") % {"minutes": minutes, "units": units}


def _next_unit(verdict: Verdict) -> str:
    """One more minute would be 4. Nothing where the next unit is not near or not known."""
    more = (verdict.unit_group.next_unit_at or 0) - verdict.minutes
    if more < 1:
        return ""
    return ngettext(
        "One more minute would be %(units)s.", "%(n)s more minutes would be %(units)s.", more
    ) % {"n": more, "units": verdict.units + 1}
