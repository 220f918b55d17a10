"""What pages show of service notes: rows of lists, one note with its versions, the review queue."""

import datetime as dt
import zoneinfo
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import GateRun, NoteVersion, ServiceNote
from billing.models.notes import DEDUCTED
from billing.queries.note_times import as_typed
from billing.queries.notes import PLACES, led_visits, shown_notes
from peerworks.accounts.models import Membership
from peerworks.accounts.roles import Permission
from peerworks.lib.periods import Stretch
from peerworks.lib.rulepack import Pack, Service
from peerworks.participants.queries import about_people
from peerworks.rulepacks.queries import packs_on
from peerworks.web import words
from providers.models import RoleElement

State = ServiceNote.State
_WRITTEN = (State.DRAFT, State.RETURNED, State.CORRECTING)
_TONES = {
    State.DRAFT: "info",
    State.SIGNED: "info",
    State.RETURNED: "late",
    State.COSIGNED: "ok",
    State.CORRECTING: "soon",
    State.VOID: "late",
}
STORY = (
    ("purpose", gettext_lazy("What it was for")),
    ("what_we_did", gettext_lazy("What we did")),
    ("response", gettext_lazy("How it went for them")),
    ("next_step", gettext_lazy("What’s next")),
    ("own_words", gettext_lazy("In their own words")),
)
"""The parts of what happened, with their headings."""


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note in a list. Times are local at its site; `units` and `can_bill` are those of its last run."""

    id: UUID
    person: str
    author: str
    service: str
    day: dt.date | None
    start: dt.time | None
    end: dt.time | None
    minutes: int
    units: int | None
    can_bill: bool | None
    state: str
    state_words: str
    tone: str
    waiting_days: int
    flags: tuple[tuple[str, str], ...]
    words: str
    is_mine_to_write: bool


class Services:
    """The services of the packs that some notes' programs follow, on their days: one query."""

    def __init__(self, notes: Iterable[ServiceNote], on: dt.date) -> None:
        held = [(each, each.service_day or on) for each in notes]
        self._packs: dict[tuple[str, dt.date], Pack] = packs_on(
            (note.program.pack, day) for note, day in held
        )
        self._on = on

    def of(self, note: ServiceNote) -> Service | None:
        """The service of a note as its program's pack has it; None where the pack has it not."""
        pack = self._packs.get((note.program.pack, note.service_day or self._on))
        found = pack.services if pack is not None else ()
        return next((each for each in found if each.key == note.service_key), None)

    def words(self, note: ServiceNote, language: str) -> str:
        """What the service of a note is called; its key where no pack has it."""
        service = self.of(note)
        if service is None:
            return str(note.service_key)
        return service.label["es" if language.startswith("es") else "en"]


def note_rows(
    notes: Sequence[ServiceNote],
    runs: Mapping[UUID, GateRun],
    *,
    by: Membership,
    on: dt.date,
    language: str,
) -> list[NoteRow]:
    """The rows of some notes, in their order: two queries, however many notes.

    `runs` are the last runs of the notes: what was said of each, at signing or for a claim.
    """
    services = Services(notes, on)
    latest = _latest_versions(notes)
    return [
        _row(note, latest.get(note.pk), runs.get(note.pk), services, by, on, language)
        for note in notes
    ]


def _latest_versions(notes: Sequence[ServiceNote]) -> dict[UUID, NoteVersion]:
    rows = NoteVersion.objects.filter(note__in=[each.pk for each in notes])
    latest = rows.order_by("note_id", "-number").distinct("note_id")
    return {each.note_id: each for each in latest}


def _row(
    note: ServiceNote,
    version: NoteVersion | None,
    run: GateRun | None,
    services: Services,
    by: Membership,
    on: dt.date,
    language: str,
) -> NoteRow:
    shown = note.version_in_force or version
    start, end, day, minutes = _times(note, shown)
    signed = note.version_in_force.signed_at if note.version_in_force else None
    state = State(note.state)
    is_judged = run is not None and note.version_in_force_id is not None
    return NoteRow(
        id=note.pk,
        person=note.participant.shown_name,
        author=note.provider.name,
        service=services.words(note, language),
        day=note.service_day or day,
        start=start,
        end=end,
        minutes=run.minutes if run is not None and is_judged else minutes,
        units=run.units if run is not None and is_judged else None,
        can_bill=run.can_bill if run is not None and is_judged else None,
        state=str(state),
        state_words=str(state.label),
        tone=_TONES[state],
        waiting_days=(on - signed.date()).days if signed else 0,
        flags=tuple(_flags(note, run, services.of(note))),
        words=version.reason if version is not None and state == State.RETURNED else "",
        is_mine_to_write=state in _WRITTEN and note.provider.member_id == by.pk,
    )


def _times(
    note: ServiceNote, version: NoteVersion | None
) -> tuple[dt.time | None, dt.time | None, dt.date | None, int]:
    if version is None or version.starts_at is None or version.ends_at is None:
        return None, None, None, 0
    zone = note.site.time_zone
    start, end = (as_typed(each, zone) for each in (version.starts_at, version.ends_at))
    minutes = 0
    if start.moment is not None and end.moment is not None and end.moment > start.moment:
        minutes = Stretch(start.moment, end.moment).minutes
    return start.time, end.time, start.day, minutes


def _flags(
    note: ServiceNote, run: GateRun | None, service: Service | None
) -> Iterable[tuple[str, str]]:
    version = note.version_in_force
    if version is None:
        return
    if run is not None and not run.can_bill:
        yield "late", _("Cannot bill")
    if is_late(version, service):
        yield "soon", _("Late entry")
    if version.number > 1:
        yield "info", _("Version %(n)s") % {"n": version.number}
    elif run is None or run.can_bill:
        yield "info", _("New")


def is_late(version: NoteVersion, service: Service | None) -> bool:
    """Whether a version was signed later after the visit than the pack's limit: a late entry."""
    if service is None or version.signed_at is None or version.ends_at is None:
        return False
    limit = service.note.late_after_hours.limit
    return limit is not None and version.signed_at - version.ends_at > dt.timedelta(hours=limit)


def queue_of(member: Membership) -> "QuerySet[ServiceNote]":
    """The notes that wait for this reviewer, the oldest first: never their own."""
    led = shown_notes().filter(Exists(led_visits(member)), state=State.SIGNED)
    return led.exclude(provider__member=member).order_by("version_in_force__signed_at", "pk")


def notes_about(person_id: UUID, member: Membership, on: dt.date) -> "QuerySet[ServiceNote]":
    """The notes of one person that this member may see, without drafts of others, the latest first."""
    seen = about_people(shown_notes(), member, Permission.VIEW_NOTE_FACTS, on)
    own = seen.filter(participant=person_id, discarded_at__isnull=True)
    signed = own.filter(first_signed_at__isnull=False) | own.filter(provider__member=member)
    return signed.distinct().order_by("-service_day", "-created_at", "pk")


@dataclass(frozen=True, slots=True)
class VersionShown:
    """A version as a page shows it; `story` is empty for who may see facts only."""

    id: UUID
    number: int
    is_signed: bool
    is_in_force: bool
    opened_words: str
    reason: str
    facts: tuple[tuple[str, str], ...]
    story: tuple[tuple[str, str], ...]
    goals: tuple[str, ...]
    is_late: bool
    sha256: str


@dataclass(frozen=True, slots=True)
class AddendumShown:
    """An addendum with its own author and time."""

    n: int
    text: str
    reason: str
    author: str
    at: str


@dataclass(frozen=True, slots=True)
class NotePage:
    """All that the page of a note shows: a fixed number of queries for each version."""

    note: ServiceNote
    service: str
    current: VersionShown | None
    earlier: tuple[VersionShown, ...]
    happened: tuple[dict[str, str], ...]
    addenda: tuple[AddendumShown, ...]
    state_words: str
    tone: str


def note_page(
    note: ServiceNote, *, with_story: bool, by: Membership, on: dt.date, language: str
) -> NotePage:
    """A note with its versions, the one that counts first; another's open draft is left out."""
    services = Services([note], on)
    versions = list(note.versions.select_related("signed_by__user").order_by("-number"))
    if note.provider.member_id != by.pk:
        versions = [each for each in versions if each.is_signed]
    chosen = next((each for each in versions if each.pk == note.version_in_force_id), None)
    current = chosen or next(iter(versions), None)
    shown = [version_shown(note, each, services, language, with_story) for each in versions]
    state = State(note.state)
    return NotePage(
        note=note,
        service=services.words(note, language),
        current=next((each for each in shown if current and each.id == current.pk), None),
        earlier=tuple(each for each in shown if current and each.id != current.pk),
        happened=tuple(_happened(note, versions)),
        addenda=tuple(_addenda(note)) if with_story else (),
        state_words=str(state.label),
        tone=_TONES[state],
    )


def version_shown(
    note: ServiceNote,
    version: NoteVersion,
    services: Services,
    language: str,
    with_story: bool,
) -> VersionShown:
    """One version as a reader sees it."""
    goals = version.note_goals.select_related("goal").order_by("goal__number", "pk")
    story = [(str(label), getattr(version, part)) for part, label in STORY] if with_story else []
    return VersionShown(
        id=version.pk,
        number=version.number,
        is_signed=version.is_signed,
        is_in_force=version.pk == note.version_in_force_id,
        opened_words=str(NoteVersion.Opened(version.opened_kind).label),
        reason=version.reason if version.reason != version.opened_kind else "",
        facts=tuple(_facts(note, version, services.words(note, language))),
        story=tuple((label, text) for label, text in story if text),
        goals=tuple(each.goal.text for each in goals) if with_story else (),
        is_late=is_late(version, services.of(note)),
        sha256=version.sha256,
    )


def _facts(note: ServiceNote, version: NoteVersion, service: str) -> Iterable[tuple[str, str]]:
    start, end, day, minutes = _times(note, version)
    when = ""
    if day is not None and start is not None and end is not None:
        span = f"{words.clock(start)}–{words.clock(end)}"
        when = f"{words.weekday_and_day(day)}, {span} ({words.minutes(minutes)})"
    place = str(PLACES.get(version.place, version.place))
    where = " · ".join(part for part in (place, version.place_text) if part)
    how = str(NoteVersion.Mode(version.mode).label) if version.mode else ""
    yield _("Service"), service
    yield _("When"), when or _("not entered")
    yield _("Where"), where or _("not entered")
    yield _("How"), how or _("not entered")
    yield _("Author"), _author(note, version)
    taken = list(version.deductions.order_by("activity").values_list("activity", "minutes"))
    if taken:
        label = dict(DEDUCTED)
        each = (f"{label[activity]}: {words.minutes(n)}" for activity, n in taken)
        yield _("Set apart"), "; ".join(each)
    if version.role_elements:
        yield (
            _("Peer work"),
            ", ".join(str(RoleElement(each).label) for each in version.role_elements),
        )
    if version.written_together:
        yield _("Written"), _("together with the person")


def _author(note: ServiceNote, version: NoteVersion) -> str:
    title = version.signer_title or note.provider.title
    parts = (note.provider.name, title, version.signer_credential)
    return ", ".join(part for part in parts if part)


def _happened(note: ServiceNote, versions: Sequence[NoteVersion]) -> Iterable[dict[str, str]]:
    events = [
        (
            each.signed_at,
            _("Signed, version %(n)s") % {"n": each.number},
            note.provider.name,
            "info",
            "",
        )
        for each in versions
        if each.signed_at is not None
    ]
    for returned in note.returns.select_related("by__user"):
        told = (returned.at, _("Returned"), returned.by.user.name, "soon", returned.words)
        events.append(told)
    for cosigned in note.cosignatures.select_related("by__user"):
        events.append((cosigned.at, _("Co-signed"), cosigned.by.user.name, "ok", ""))
    if note.voided_at is not None and note.voided_by is not None:
        told = (note.voided_at, _("Voided"), note.voided_by.user.name, "late", note.void_reason)
        events.append(told)
    for at, what, who, kind, detail in sorted(events, key=lambda each: each[0]):
        yield {"at": _moment(note, at), "words": what, "who": who, "kind": kind, "detail": detail}


def _addenda(note: ServiceNote) -> Iterable[AddendumShown]:
    for version in note.versions.order_by("number"):
        for each in version.addenda.select_related("created_by__user").order_by("n"):
            yield AddendumShown(
                n=each.n,
                text=each.text,
                reason=each.reason,
                author=each.created_by.user.name,
                at=_moment(note, each.signed_at),
            )


def _moment(note: ServiceNote, at: dt.datetime) -> str:
    local = at.astimezone(zoneinfo.ZoneInfo(note.site.time_zone))
    return f"{words.short_day(local.date())}, {words.clock(local.time())}"
