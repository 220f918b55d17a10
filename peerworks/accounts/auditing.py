"""The trail in words: what an event says of who did what, about which record, from where.

Ids become names in bulk, as the reader may know them: a constant number of queries for a page.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from peerworks.accounts.access import may_open
from peerworks.accounts.subjects import KIND
from peerworks.agencies.models import AgencyOwned
from peerworks.audit import events, history
from peerworks.audit.history import Access
from peerworks.audit.models import AuditEvent
from peerworks.lib.findings import Because, ref
from peerworks.web import navigation, reasons

Kind = AuditEvent.Kind
PAGE, NAMED = "page", 3
#: Which kinds stand out in a list; all others are said in plain words.
TONES = {Kind.DENIAL: "late", Kind.EXPORT: "soon", Kind.PERMISSION: "soon"}
#: Where a record is shown, by the name of the page: linked for those who may open it.
RECORD_PAGES = {
    KIND: "participants:participant-detail",
    "providers.provider": "providers:provider-detail",
    "supervision.session": "supervision:session-detail",
    "billing.servicenote": "billing:note-detail",
    "billing.planofcare": "billing:plan-detail",
    "billing.batch": "billing:batch-detail",
    "billing.claim": "billing:claim-detail",
}
#: Kinds of record whose names tell one from another.
WITH_NAMES = {"providers.provider", "billing.payer"}
#: What events name as changed, where no field of the record is called so or the field has no words.
_CHANGED: dict[str, str | Promise] = {
    "delegate": _("who stands in"),
    "done_at": _("done"),
    "employment": _("employment"),
    "placements": _("placements"),
    "revoked_at": _("revocation"),
    "signed_at": _("signature"),
    "supervisor": _("supervisor"),
    "supervisor_signed_at": _("signature of the supervisor"),
    "verification": _("verification"),
    "verified_at": _("verification"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """A participant whom an event tells about."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event as the page shows it.

    `deed` is the sentence without its subject, `tone` "" for a kind that does not stand out, `record`
    the kind of record in words with its name where it has one, `has_record` whether others may be about
    the same one, `others` how many people more it tells about, `url` the page of the record for those
    who may open it.
    """

    id: int
    at: dt.datetime
    actor: str
    deed: str
    sentence: str
    kind: str
    tone: str
    fields: tuple[str, ...]
    record: str
    has_record: bool
    url: str
    people: tuple[Person, ...]
    others: int
    device: str


def rows_of(
    found: Sequence[AuditEvent], request: Any, *, named: int | None = NAMED
) -> list[EventRow]:
    """The rows of these events, in their order: one query for each kind of record that has names.

    `named` says how many of an event's people are named, None for all.
    """
    names = _names(found, named)
    return [_row(each, names, request, named) for each in found]


def _names(found: Iterable[AuditEvent], named: int | None) -> reasons.Names:
    refs = {(each.object_type, each.object_id) for each in found if each.object_type in WITH_NAMES}
    refs |= {(KIND, str(pk)) for each in found for pk in each.participants[:named]}
    return _called(refs)


def _called(refs: Iterable[tuple[str, str]]) -> reasons.Names:
    told = {f"{kind} {pk}": ref(kind, pk) for kind, pk in refs}
    return reasons.names_of([Because("", told)])


def people_called(ids: Iterable[UUID]) -> dict[UUID, str]:
    """What these participants are called, without those whom the reader may not know of. One query."""
    known = list(ids)
    names = _called((KIND, str(pk)) for pk in known)
    return {pk: names[KIND, str(pk)] for pk in known if (KIND, str(pk)) in names}


def _row(event: AuditEvent, names: reasons.Names, request: Any, named: int | None) -> EventRow:
    kind = Kind(event.kind)
    people = tuple(
        Person(pk, name)
        for pk in event.participants[:named]
        if (name := names.get((KIND, str(pk)))) is not None
    )
    return EventRow(
        id=event.pk,
        at=event.at,
        actor=event.actor_name,
        deed=events.deed(event.action, event.actor_name),
        sentence=events.sentence(event.action, event.actor_name),
        kind=str(kind.label),
        tone=TONES.get(kind, ""),
        fields=fields_in_words(event.object_type, event.fields),
        record=_record(event, names),
        has_record=bool(event.object_id) and event.object_type not in (PAGE, "accounts.user"),
        url=_url(event, request),
        people=people,
        others=len(event.participants) - len(people) if people else 0,
        device=str(event.get_device_display()),
    )


def _record(event: AuditEvent, names: reasons.Names) -> str:
    if event.object_type == PAGE:
        return str(navigation.label_of(event.object_id) or event.object_id)
    if event.object_type == KIND or event.kind == Kind.SIGN_IN:
        return ""  # Said already: by the name among the people, by the actor.
    kind = kind_in_words(event.object_type)
    name = names.get((event.object_type, event.object_id), "")
    return f"{kind}: {name}" if name and event.object_type in WITH_NAMES else kind


def kind_in_words(object_type: str) -> str:
    """What records of a kind are called ("billing.servicenote": "Service note"); "" for none."""
    model = _model(object_type)
    return "" if model is None else str(capfirst(model._meta.verbose_name))


def kinds_of_records() -> list[tuple[str, str]]:
    """(kind, words) of every kind of record that an event may be about, by their words."""
    owned = (each for each in apps.get_models() if issubclass(each, AgencyOwned))
    labels = {each._meta.label_lower for each in owned} | {"accounts.membership", "accounts.user"}
    return sorted(((each, kind_in_words(each)) for each in labels), key=lambda each: each[1])


def _model(object_type: str) -> type[models.Model] | None:
    try:
        return apps.get_model(object_type) if "." in object_type else None
    except (LookupError, ValueError):
        return None


def fields_in_words(object_type: str, names: Iterable[str]) -> tuple[str, ...]:
    """What the fields of a record are called; a name that nobody knows is shown as it is kept."""
    return tuple(_field_in_words(_model(object_type), each) for each in names)


def _field_in_words(model: type[models.Model] | None, name: str) -> str:
    name = name.removesuffix("_id")
    try:
        field: Any = None if model is None else model._meta.get_field(name)
    except FieldDoesNotExist:
        field = None
    if getattr(field, "_verbose_name", None):
        return str(field.verbose_name)
    if name in _CHANGED:
        return str(_CHANGED[name])
    if field is None or field.related_model is None:
        return name.replace("_", " ")
    target = field.related_model._meta
    return str(target.verbose_name_plural if field.auto_created else target.verbose_name)


def _url(event: AuditEvent, request: Any) -> str:
    name = RECORD_PAGES.get(event.object_type, "")
    try:
        url = reverse(name, args=[event.object_id]) if name else ""
    except NoReverseMatch:
        return ""
    needs = getattr(resolve(url).func, "needs", None) if url else None
    return url if needs is not None and may_open(request, needs) else ""


@dataclass(frozen=True, slots=True)
class AccessRow:
    """What somebody did with one person's record, in words, how often, first and last."""

    actor: str
    deed: str
    times: int
    first: dt.datetime
    last: dt.datetime


def access_rows(found: Iterable[Access]) -> list[AccessRow]:
    """The same in words, as they come."""
    return [
        AccessRow(
            each.actor_name, events.deed(each.action, each.actor_name), each.times, each.first, each.last
        )
        for each in found
    ]  # fmt: skip


def ids_of(rows: Iterable[EventRow]) -> list[UUID]:
    """The people whose names these rows show, each once."""
    return list(dict.fromkeys(person.id for row in rows for person in row.people))


CSV_HEAD: Mapping[str, str | Promise] = {
    "at": _("When"),
    "actor": pgettext_lazy("did something", "Who"),
    "sentence": _("What"),
    "kind": _("Kind"),
    "record": _("Record"),
    "people": _("About"),
    "fields": _("Fields that changed"),
    "device": _("From"),
}


def csv_row(row: EventRow, zone: dt.tzinfo) -> list[str]:
    """The cells of an event under `CSV_HEAD`; moments are ISO, in the agency's time zone."""
    told = {
        "at": row.at.astimezone(zone).isoformat(timespec="seconds"),
        "people": "; ".join(each.name for each in row.people),
        "fields": "; ".join(row.fields),
    }
    return [told[name] if name in told else str(getattr(row, name)) for name in CSV_HEAD]


def newest(wanted: history.Wanted, most: int) -> list[AuditEvent]:
    """At most so many of the events asked for, the newest first."""
    return list(history.wanted_events(wanted).order_by("-at", "-pk")[:most])
