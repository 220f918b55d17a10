"""A verdict as pages say it: one answer, what must be finished, what is not checked yet."""

import datetime as dt
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.forms.notes import NoteForm
from billing.gates import engine
from billing.models import ServiceNote
from billing.operations import notes as operations
from billing.policies import notes as policies
from billing.queries import notes as queries
from billing.queries.notes import Content
from peerworks.agencies.models import Program
from peerworks.lib.findings import Finding, Moment, Outcome, Refusal, Verdict
from peerworks.lib.periods import service_day
from peerworks.participants.models import Participant
from peerworks.web import reasons
from peerworks.web.reasons import Explained
from providers.models import Provider

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


def shown(
    verdict: Verdict, zone: dt.tzinfo, *, is_timed: bool = True, missing: Sequence[str] = ()
) -> Shown:
    """A verdict for its reader; names are loaded in bulk.

    While the times are missing, nothing is said about them: they are asked for anyway. `missing` are
    the codes of what stands against signing: until then nobody promises that the visit can be billed.
    """
    told = [each for each in verdict.told() if is_timed or each.rule not in _ABOUT_TIMES]
    words = reasons.explain(told, zone=zone)
    pairs = list(zip(told, words, strict=True))
    can_bill = not any(each.stops for each in _judged(verdict.findings, is_timed))
    return Shown(
        can_bill=can_bill,
        can_sign=verdict.can_sign,
        is_timed=is_timed,
        headline=_headline(can_bill, is_timed, missing),
        minutes_words=f"{_units(verdict)} {_next_unit(verdict)}".strip() if is_timed else "",
        must=tuple(said for each, said in pairs if each.outcome in _MUST),
        explain=tuple(said for each, said in pairs if each.outcome is Outcome.WARN),
        inform=tuple(said for each, said in pairs if each.outcome is Outcome.PASS),
        not_checked=tuple(reasons.label(each) for each in verdict.not_checked),
        units_words=_units(verdict) if is_timed else "",
        code=" ".join((verdict.code, *verdict.modifiers)),
        has_rules=bool(verdict.packs),
    )


def preview(
    form: NoteForm,
    participant: Participant,
    provider: Provider,
    note: ServiceNote | None,
    *,
    on: dt.date,
    now: dt.datetime,
) -> Shown | None:
    """What the gates say of a form as it stands; None while no service is chosen. Call it after `is_valid`."""
    program, service = form.program_and_service()
    if program is None or not service:
        return None
    content, zone = form.content(), program.site.time_zone
    draft = operations.visit_of(
        content,
        participant_id=participant.pk,
        provider_id=provider.pk,
        program=program,
        service=service,
        note_id=None if note is None else note.pk,
        zone=zone,
    )
    verdict = engine.preview([draft], on=on, moment=Moment.WRITING)[0]
    is_timed = draft.start is not None and draft.end is not None and draft.end > draft.start
    missing = _missing_in(content, participant.pk, program, service, now)
    return shown(verdict, zoneinfo.ZoneInfo(zone), is_timed=is_timed, missing=missing)


def _missing_in(
    content: Content, participant_id: UUID, program: Program, service: str, now: dt.datetime
) -> list[str]:
    zone = program.site.time_zone
    rule = queries.service_rule(
        participant_id=participant_id,
        program=program,
        service_key=service,
        day=service_day(content.starts_at or now, zone),
    )
    found = policies.missing_to_sign(content, rule, service=service, zone=zone, at=now)
    return [each.code for each in found]


def skipped(form: NoteForm) -> list[Refusal]:
    """What stands against the times as they are typed now: those that the clocks skipped."""
    program, _service = form.program_and_service()
    if program is None:
        return []
    return list(policies.refusals_of_clock(form.content(), program.site.time_zone))


def _headline(can_bill: bool, is_timed: bool, missing: Sequence[str]) -> str:
    if not can_bill:
        return _("This visit cannot be billed.")
    if not is_timed:
        return _("Nothing stands in the way so far. Enter start and end to see the units.")
    if "NOTE-FUTURE" in missing:
        return _("Nothing stands in the way so far. You can sign once the visit has ended.")
    if missing:
        return _("Nothing stands in the way so far. Finish the note to sign it.")
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
