"""The billing work list: every visit that is not on a claim, what holds it, and who can mend it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from billing.models import ServiceNote
from billing.operations.claims import weigh
from billing.queries import worklist as queries
from billing.queries.worklist import Tile, Weighed
from billing.views.checks import checks_of, not_checked
from billing.views.people import today
from peerworks.accounts.access import has_permission, require
from peerworks.accounts.requests import MemberRequest
from peerworks.accounts.roles import Permission
from peerworks.audit import trail
from peerworks.lib.findings import Finding
from peerworks.participants.queries import about_people
from peerworks.web import reasons
from peerworks.web.pages import by_script, paginate
from peerworks.web.reasons import Names

READY = "READY"
PER_PAGE = 25
MOST_TILES = 6
"""So many reasons, those that hold the most money, stand as tiles; the others in a table."""


@dataclass(frozen=True, slots=True)
class ShownTile:
    """A reason in two or three words, with what it holds; `code` filters the list by it."""

    code: str
    title: str
    count: int
    alone: int
    charge: Decimal
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A visit of the list in words; `sentence` is its first reason, "" when it is ready."""

    id: UUID
    day: dt.date
    participant: str
    provider: str
    program: str
    payer: str
    code: str
    minutes: int
    units: int
    charge: Decimal | None
    state: str
    sentence: str
    fix: str
    url: str
    who: str
    more: int


@require(Permission.VIEW_WORKLIST)
@require_safe
def worklist(request: MemberRequest) -> HttpResponse:
    """Tiles by reason, the most money first, and the visits of the tile that was chosen."""
    chosen = request.GET.get("reason", "")
    weighed = _weighed(request)
    page = paginate(request, _of_reason(weighed, chosen), PER_PAGE)
    shown = list(page.object_list)
    _saw(request, shown)
    held = [_shown_tile(each, chosen) for each in queries.tiles(weighed)]
    context = {
        "page_title": _("Visits to bill"),
        "ready": queries.ready_tile(weighed),
        "tiles": held[:MOST_TILES],
        "others": held[MOST_TILES:],
        "is_other_chosen": any(each.is_chosen for each in held[MOST_TILES:]),
        "rows": rows_of(shown, request.member.roles),
        "page": page,
        "total": len(weighed),
        "chosen": chosen,
        "chosen_title": reasons.label(chosen),
        "is_ready_chosen": chosen == READY,
        "may_build": has_permission(request.member, Permission.BUILD_BATCH),
    }
    return render(request, "billing/worklist.html", context)


@by_script
@require(Permission.VIEW_WORKLIST)
@require_safe
def worklist_checks(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Every check of one visit: a part of the list for a script, a page of its own without one."""
    weighed = _weighed_alone(request, pk)
    _saw(request, [weighed])
    names = reasons.names_of((*weighed.verdict.findings, *weighed.held))
    note = queries.whole_notes([weighed.visit])[pk]
    context = {
        "page_title": _("Every check"),
        "row": _row(weighed, note, names, request.member.roles),
        "checks": checks_of((*_of_the_claim(weighed), *weighed.verdict.findings), names),
        "not_checked": not_checked(weighed.verdict),
    }
    if request.htmx:
        return render(request, "billing/_claim_checks.html", context)
    return render(request, "billing/worklist_checks.html", context)


def _seen_notes(request: MemberRequest) -> Any:
    return about_people(
        queries.unbilled(), request.member, Permission.VIEW_WORKLIST, today(request)
    )


def _weighed(request: MemberRequest) -> list[Weighed]:
    return weigh(_seen_notes(request), on=today(request), by=request.member)


def _weighed_alone(request: MemberRequest, pk: UUID) -> Weighed:
    """One visit of the list, weighed with those of the same day, which may stand on its line."""
    seen = _seen_notes(request)
    note = get_object_or_404(seen, pk=pk)
    same_day = seen.filter(participant=note.participant_id, service_day=note.service_day)
    found = weigh(same_day, on=today(request), by=request.member)
    for each in found:
        if each.visit.note_id == pk:
            return each
    raise Http404


def _of_reason(weighed: Sequence[Weighed], code: str) -> list[Weighed]:
    if code == READY:
        return [each for each in weighed if each.is_ready]
    return [each for each in weighed if not code or code in each.reasons]


def _saw(request: MemberRequest, shown: Sequence[Weighed]) -> None:
    if shown:
        people = tuple(dict.fromkeys(each.visit.participant_id for each in shown))
        request.seen.append(trail.Seen("worklist.viewed", participants=people))


def _shown_tile(tile: Tile, chosen: str) -> ShownTile:
    title = reasons.label(tile.code)
    return ShownTile(tile.code, title, tile.count, tile.alone, tile.charge, tile.code == chosen)


def rows_of(shown: Sequence[Weighed], roles: Sequence[str]) -> list[Row]:
    """The rows of a page in words; names are loaded once for all of them.

    The page that mends a reason is linked for those of whom it is asked.
    """
    names = reasons.names_of(finding for each in shown for finding in each.held)
    notes = queries.whole_notes(each.visit for each in shown)
    return [_row(each, notes[each.visit.note_id], names, roles) for each in shown]


def _row(weighed: Weighed, note: ServiceNote, names: Names, roles: Sequence[str]) -> Row:
    verdict = weighed.verdict
    told = reasons.explain(weighed.held, names=names)
    first = told[0] if told else None
    return Row(
        id=note.pk,
        day=weighed.visit.day,
        participant=note.participant.shown_name,
        provider=note.provider.name,
        program=note.program.name,
        payer=weighed.payer.name if weighed.payer else "",
        code=" ".join((verdict.code, *verdict.modifiers)),
        minutes=verdict.minutes,
        units=verdict.units,
        charge=verdict.charge,
        state=note.get_state_display(),
        sentence=first.sentence if first else "",
        fix=first.fix if first else "",
        url=first.url if first and _is_asked_of(weighed.held[0], roles) else "",
        who=first.who if first else "",
        more=max(len(told) - 1, 0),
    )


def _of_the_claim(weighed: Weighed) -> list[Finding]:
    return [each for each in weighed.held if not each.rule]


def _is_asked_of(finding: Finding, roles: Sequence[str]) -> bool:
    return finding.remedy is not None and bool(set(finding.remedy.who).intersection(roles))
