"""The audit trail: its list, who saw one person, its file, and who may do what.

A filter that names nobody stands in the address (kind, days, kind of record, order). One that does,
an actor or a participant, is sent by POST and kept in the session under a chance key; the address
holds the key alone.
"""

import datetime as dt
import uuid
import zoneinfo
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peerworks.accounts import auditing, operations, permissions, subjects
from peerworks.accounts.access import has_permission, require
from peerworks.accounts.forms import SORTED, EventsForm, PeriodForm
from peerworks.accounts.roles import Permission
from peerworks.audit import history
from peerworks.audit.history import SORTS, Order, Wanted
from peerworks.audit.models import AuditEvent
from peerworks.audit.trail import Seen
from peerworks.web import exports
from peerworks.web.operations import run_operation

FOUND_AT_MOST, CHOICES_KEPT, TAKEN_OUT_AT_MOST, EACH_TIME = 20, 10, 10_000, 200
PERIOD = dt.timedelta(days=90)
_ONE_DAY = dt.timedelta(days=1)
_SESSION = "audit_choices"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: the filter, the order, and the parameters that say so.

    `people` and `actor` are the names of those chosen, `member` the actor's membership. `is_lost` where
    the address names a choice or an event that is not there for this reader.
    """

    wanted: Wanted
    order: Order
    told: dict[str, str]
    people: tuple[str, ...] = ()
    actor: str = ""
    member: str = ""
    is_lost: bool = False

    @property
    def initial(self) -> dict[str, str]:
        """What the form shows: the choice as it stands."""
        person = self.people[0] if len(self.people) == 1 else ""
        return {**self.told, "actor": self.member, "person": person}

    def address(self, **changes: Any) -> str:
        """The query of the same list with other parameters; one that is None is left out."""
        told = {**self.told, **changes}
        return urlencode({name: value for name, value in told.items() if value not in (None, "")})


def _zone(request) -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(request.agency.time_zone)


def _today(request) -> dt.date:
    return timezone.localdate(timezone=_zone(request))


def _midnight(day: dt.date | None, zone: zoneinfo.ZoneInfo) -> dt.datetime | None:
    return None if day is None else dt.datetime.combine(day, dt.time(), zone)


def _between(since: dt.date | None, until: dt.date | None, zone: zoneinfo.ZoneInfo) -> Wanted:
    after = None if until is None else until + _ONE_DAY
    return Wanted(since=_midnight(since, zone), until=_midnight(after, zone))


def _day(text: str) -> dt.date | None:
    form = PeriodForm({"since": text})
    return form.cleaned_data["since"] if form.is_valid() else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _asked(request, given) -> Asked:
    """Read the address (or the hidden fields of the file's button); nonsense is left out."""
    kind, record, sort = (given.get(name, "") for name in ("kind", "record", "sort"))
    kind = kind if kind in AuditEvent.Kind.values else ""
    record = record if record in dict(auditing.kinds_of_records()) else ""
    since, until = (_day(given.get(name, "")) for name in ("since", "until"))
    order = Order(sort if sort in SORTS else "when", is_down=given.get("way", _way(sort)) != "up")
    told = {
        "kind": kind,
        "record": record,
        "since": str(since or ""),
        "until": str(until or ""),
        "sort": order.by,
        "way": "down" if order.is_down else "up",
    }
    wanted = replace(_between(since, until, _zone(request)), kind=kind, record=(record, ""))
    asked = _like(Asked(wanted, order, told), _number(given.get("like", "")))
    return _chosen(request, asked, given.get("who", ""))


def _way(sort: str) -> str:
    return "up" if sort in {"who", "what", "about", "from"} else "down"


def _like(asked: Asked, number: int | None) -> Asked:
    """With the record that another event is about, whose id does not stand in the address."""
    if number is None:
        return asked
    event = AuditEvent.objects.filter(pk=number).first()
    if event is None:
        return replace(asked, is_lost=True)
    wanted = replace(asked.wanted, record=(event.object_type, event.object_id))
    return replace(asked, wanted=wanted, told={**asked.told, "like": str(number)})


def _chosen(request, asked: Asked, key: str) -> Asked:
    """With whom this session chose under the key; a key of another session is lost."""
    kept = request.session.get(_SESSION, {}).get(key)
    if not key or kept is None:
        return replace(asked, is_lost=asked.is_lost or bool(key))
    there = auditing.people_called(uuid.UUID(each) for each in kept["people"])
    if kept["people"] and not there:
        return replace(asked, is_lost=True)
    return replace(
        asked,
        wanted=replace(asked.wanted, actor=kept["user"], people=tuple(there)),
        told={**asked.told, "who": key},
        people=tuple(there.values()),
        actor=kept["name"],
        member=kept["member"],
    )


@require(Permission.VIEW_AUDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def event_list(request):
    """The trail, the newest first unless asked otherwise. POST chooses what to show, and writes nothing."""
    if request.method == "POST":
        return _choose(request)
    asked = _asked(request, request.GET)
    after, before = (_number(request.GET.get(name, "")) for name in ("after", "before"))
    page = history.page_of_events(asked.wanted, asked.order, after=after, before=before)
    rows = auditing.rows_of(page.events, request)
    shown = {*auditing.ids_of(rows), *asked.wanted.people}
    request.seen.append(Seen("events.listed", participants=tuple(sorted(shown))))
    with timezone.override(_zone(request)):
        return render(request, "accounts/event_list.html", _listing(request, asked, page, rows))


def _listing(request, asked: Asked, page: history.Page, rows) -> dict[str, Any]:
    return {
        "page_title": _("Audit trail"),
        "form": EventsForm(initial=asked.initial),
        "asked": asked,
        "is_filtered": asked.wanted != Wanted(),
        "kind_words": str(AuditEvent.Kind(asked.wanted.kind).label) if asked.wanted.kind else "",
        "record_words": auditing.kind_in_words(asked.wanted.record[0]),
        "since": _day(asked.told["since"]),
        "until": _day(asked.told["until"]),
        "columns": _columns(asked),
        "rows": rows,
        "before_url": asked.address(before=page.before) if page.before else "",
        "after_url": asked.address(after=page.after) if page.after else "",
        "may_export": has_permission(request.member, Permission.EXPORT_DATA),
    }


def _columns(asked: Asked) -> list[dict[str, Any]]:
    """The heads of the table: each sorts by its column, and again turns the order round."""
    heads = []
    for name in SORTS:
        is_current = asked.order.by == name
        way = ("up" if asked.order.is_down else "down") if is_current else _way(name)
        now = ("descending" if asked.order.is_down else "ascending") if is_current else ""
        heads.append(
            {"label": SORTED[name], "url": asked.address(sort=name, way=way), "sorted": now}
        )
    return heads


def _choose(request):
    form = EventsForm(request.POST)
    found = _find(request, form) if form.is_valid() else ()
    if not form.is_valid():
        context = {"page_title": _("Audit trail"), "form": form}
        return render(request, "accounts/event_find.html", context, status=422)
    told = {name: form.cleaned_data[name] for name in ("kind", "record", "since", "until", "sort")}
    actor = form.cleaned_data["actor"]
    if actor is not None or found:
        told["who"] = _keep(request, actor, [pk for pk, _name in found])
    query = urlencode({name: str(value) for name, value in told.items() if value})
    return redirect(f"{reverse('audit:event-list')}?{query}")


def _find(request, form: EventsForm):
    """The people meant by a name; none or too many is an error of the form."""
    words = form.cleaned_data["person"].strip()
    if not words:
        return ()
    found = subjects.find(request.member, _today(request), words, FOUND_AT_MOST + 1)
    if not found:
        form.add_error("person", _("Nobody of that name is among the people you may see."))
    if len(found) > FOUND_AT_MOST:
        form.add_error("person", _("Many people match. Write more of the name."))
    return found


def _keep(request, actor, people: list[uuid.UUID]) -> str:
    """Keep who was chosen in the session, with the few choices before; answers the key."""
    key = uuid.uuid4().hex
    kept = list(request.session.get(_SESSION, {}).items())[1 - CHOICES_KEPT :]
    chosen = {
        "user": "" if actor is None else str(actor.user_id),
        "member": "" if actor is None else str(actor.pk),
        "name": "" if actor is None else actor.user.name,
        "people": [str(each) for each in people],
    }
    request.session[_SESSION] = {**dict(kept), key: chosen}
    return key


@require(Permission.VIEW_AUDIT, Permission.EXPORT_DATA)
@require_POST
def event_export(request):
    """The same list as a file, the newest first; itself an event that names everybody in it."""
    asked = _asked(request, request.POST)
    found = [] if asked.is_lost else auditing.newest(asked.wanted, TAKEN_OUT_AT_MOST + 1)
    if asked.is_lost or len(found) > TAKEN_OUT_AT_MOST:
        messages.error(request, _TOO_MANY if found else _LOST)
        return redirect(f"{reverse('audit:event-list')}?{asked.address()}")
    rows = auditing.rows_of(found, request, named=None)
    run_operation(
        operations.take_out_events,
        request=request,
        people=auditing.ids_of(rows),
        by=request.member,
    )
    cells = (auditing.csv_row(each, _zone(request)) for each in rows)
    text = exports.csv_text([str(each) for each in auditing.CSV_HEAD.values()], cells)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-{_today(request)}.csv"'
    return response


_TOO_MANY = _("This list is too long for a file. Choose fewer days.")
_LOST = _("Your choice of a person is no longer kept. Choose again.")


@require(Permission.VIEW_AUDIT)
@require_safe
def person_seen(request, pk):
    """Who saw or changed one person's record in a period: to be read and to be printed."""
    name = subjects.name_of(request.member, _today(request), pk)
    if name is None:
        raise Http404
    request.seen.append(Seen("person.traced", subjects.KIND, str(pk), participants=(pk,)))
    days = {"since": _today(request) - PERIOD, "until": _today(request)}
    is_asked = {"since", "until"} & request.GET.keys()
    form = PeriodForm(request.GET if is_asked else None, initial=days)
    if form.is_bound and form.is_valid():
        days = form.cleaned_data
    context = {"page_title": _("Who saw this record"), "form": form, "name": name, "person_id": pk}
    with timezone.override(_zone(request)):
        return render(request, "accounts/person_seen.html", context | _traced(request, pk, **days))


def _traced(request, pk: uuid.UUID, since: dt.date | None, until: dt.date | None) -> dict[str, Any]:
    wanted = replace(_between(since, until, _zone(request)), people=(pk,))
    return {
        "since": since,
        "until": until,
        "now": timezone.now(),
        "accesses": auditing.access_rows(history.accesses(wanted)),
        "rows": auditing.rows_of(auditing.newest(wanted, EACH_TIME), request, named=0),
        "most": EACH_TIME,
    }


@require()
@require_safe
def permission_list(request):
    """Who may do what, drawn from the roles of the code: for every member to read."""
    context = {
        "page_title": _("Roles and permissions"),
        "areas": permissions.matrix(),
        "roles": permissions.role_cards(),
        "scopes": permissions.SCOPES.values(),
        "mine": request.member.roles,
    }
    return render(request, "accounts/permission_list.html", context)
