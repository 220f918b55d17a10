"""The billing work list: every visit that is not on a claim, what holds it, and who can mend it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from billing.operations.claims import weigh
from billing.queries import worklist as queries
from billing.queries.worklist import Tile, Weighed
from billing.views.checks import Check, checks_of, not_checked
from billing.views.people import today
from peerworks.accounts.access import has_permission, require
from peerworks.accounts.requests import MemberRequest
from peerworks.accounts.roles import Permission
from peerworks.audit import trail
from peerworks.lib.findings import Finding
from peerworks.participants.queries import about_people
from peerworks.web import reasons
from peerworks.web.pages import paginate
from peerworks.web.reasons import Names

READY = "READY"
PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class ShownTile:
    """A tile in words: `what` mends the reason, `code` filters the list by it."""

    code: str
    what: str
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
    checks: tuple[Check, ...]
    not_checked: str


@require(Permission.VIEW_WORKLIST)
@require_safe
def worklist(request: MemberRequest) -> HttpResponse:
    """Tiles by reason, the most money first, and the visits of the tile that was chosen."""
    on, chosen = today(request), request.GET.get("reason", "")
    seen = about_people(queries.unbilled(), request.member, Permission.VIEW_WORKLIST, on)
    weighed = weigh(seen, on=on, by=request.member)
    page = paginate(request, _of_reason(weighed, chosen), PER_PAGE)
    shown = list(page.object_list)
    _saw(request, shown)
    context = {
        "page_title": _("Visits to bill"),
        "ready": queries.ready_tile(weighed),
        "tiles": [_shown_tile(each, chosen) for each in queries.tiles(weighed)],
        "rows": rows_of(shown, request.member.roles),
        "page": page,
        "total": len(weighed),
        "chosen": chosen,
        "is_ready_chosen": chosen == READY,
        "may_build": has_permission(request.member, Permission.BUILD_BATCH),
    }
    return render(request, "billing/worklist.html", context)


def _of_reason(weighed: Sequence[Weighed], code: str) -> list[Weighed]:
    if code == READY:
        return [each for each in weighed if each.is_ready]
    return [each for each in weighed if not code or code in each.reasons]


def _saw(request: MemberRequest, shown: Sequence[Weighed]) -> None:
    if shown:
        people = tuple(dict.fromkeys(each.visit.note.participant_id for each in shown))
        request.seen.append(trail.Seen("worklist.viewed", participants=people))


def _shown_tile(tile: Tile, chosen: str) -> ShownTile:
    return ShownTile(
        tile.code, mended_by(tile.code), tile.count, tile.alone, tile.charge, tile.code == chosen
    )


def mended_by(code: str) -> str:
    """What mends a reason, in words; the code itself where nobody said."""
    words = reasons.registered().get(code)
    return str(words.fix) if words is not None and words.fix else code


def rows_of(shown: Sequence[Weighed], roles: Sequence[str]) -> list[Row]:
    """The rows of a page in words; names are loaded once for all of them.

    The page that mends a reason is linked for those of whom it is asked.
    """
    names = reasons.names_of(
        finding for each in shown for finding in (*each.verdict.findings, *each.held)
    )
    return [_row(each, names, roles) for each in shown]


def _row(weighed: Weighed, names: Names, roles: Sequence[str]) -> Row:
    note, verdict = weighed.visit.note, weighed.verdict
    told = reasons.explain(weighed.held, names=names)
    first = told[0] if told else None
    own = [each for each in weighed.held if not each.rule]
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
        checks=checks_of((*own, *verdict.findings), names),
        not_checked=not_checked(verdict),
    )


def _is_asked_of(finding: Finding, roles: Sequence[str]) -> bool:
    return finding.remedy is not None and bool(set(finding.remedy.who).intersection(roles))
