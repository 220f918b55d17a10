"""What is known of service notes: their content, the rule behind them, whose they are."""

import datetime as dt
import zoneinfo
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from billing.models import Coverage, Goal, NoteOpening, NoteVersion, PlanVersion, ServiceNote
from peerworks.accounts.models import Membership
from peerworks.accounts.roles import Permission
from peerworks.agencies.models import Program
from peerworks.lib import periods
from peerworks.lib.canonical import sha256_of
from peerworks.lib.periods import Stretch
from peerworks.lib.rulepack import Pack, Service
from peerworks.participants.models import Participant
from peerworks.participants.queries import on_care_team, people_for
from peerworks.rulepacks.queries import packs_on
from providers.models import Credential, Placement, Provider
from supervision.models import Assignment
from supervision.queries import people_of_team

PLACES = MappingProxyType(
    {
        "11": _("Office"),
        "12": _("At home"),
        "27": _("Street or outreach"),
        "53": _("Community mental health center"),
        "57": _("Substance use treatment center"),
        "15": _("Mobile unit"),
        "10": _("Their home, by video or phone"),
        "02": _("Elsewhere, by video or phone"),
        "99": _("Another place"),
    }
)
"""Places of service (two digits, CMS code set) in everyday words, in the order of the chips."""

OFFICE = "11"
"""The place with which the first note begins."""

TEXT_PARTS = ("purpose", "what_we_did", "response", "next_step")
"""The four parts of what happened, each stored on its own."""

_COPIED = (
    *("starts_at", "ends_at", "mode", "place", "place_text", "role_elements"),
    *(*TEXT_PARTS, "own_words", "written_together"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All of a version that can differ: what a form gives and a draft keeps.

    `starts_at` and `ends_at` are aware moments; `deductions` are minutes by activity or BREAK.
    """

    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    mode: str = ""
    place: str = ""
    place_text: str = ""
    role_elements: tuple[str, ...] = ()
    purpose: str = ""
    what_we_did: str = ""
    response: str = ""
    next_step: str = ""
    own_words: str = ""
    written_together: bool = False
    goals: frozenset[UUID] = frozenset()
    deductions: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def columns(self) -> dict[str, Any]:
        """What stands on the version's own row."""
        return {name: _as_stored(getattr(self, name)) for name in _COPIED}


def _as_stored(value: Any) -> Any:
    return sorted(value) if isinstance(value, tuple) else value


def content_of(version: NoteVersion) -> Content:
    """A stored version as content: two queries, for its goals and its deductions."""
    own = {name: getattr(version, name) for name in _COPIED}
    own["role_elements"] = tuple(sorted(version.role_elements))
    return Content(
        **own,
        goals=frozenset(version.note_goals.values_list("goal_id", flat=True)),
        deductions=MappingProxyType(dict(version.deductions.values_list("activity", "minutes"))),
    )


def with_goals_of(content: Content, participant_id: UUID) -> Content:
    """The same content without goals that are not of this person's plans."""
    own = Goal.objects.filter(participant=participant_id, pk__in=content.goals)
    return replace(content, goals=frozenset(own.values_list("pk", flat=True)))


def hash_of(version: NoteVersion, content: Content | None = None) -> str:
    """SHA-256 of the canonical form of a version with its visit, author, goals and deductions.

    Made at signing and kept; made again later, it tells whether a byte was changed (RI-3). Whoever
    has the content in hand gives it: no query then.
    """
    note, content = version.note, content or content_of(version)
    return sha256_of(
        {
            "note": note.pk,
            "participant": note.participant_id,
            "author": note.provider_id,
            "program": note.program_id,
            "site": note.site_id,
            "service": note.service_key,
            "group_session": note.group_session_id,
            "version": version.number,
            "opened": version.opened_kind,
            "reason": version.reason,
            "content": content.columns(),
            "goals": content.goals,
            "deductions": content.deductions,
            "signed_at": version.signed_at,
            "signed_by": version.signed_by_id,
            "signer_title": version.signer_title,
            "signer_credential": version.signer_credential,
        }
    )


def open_version(note: ServiceNote) -> NoteVersion | None:
    """The version that is being written, where there is one."""
    return note.versions.filter(signed_at__isnull=True).select_related("note").first()


@dataclass(frozen=True, slots=True)
class ServiceRule:
    """A service as the pack of a service day has it."""

    pack: Pack
    service: Service

    def words(self, language: str) -> str:
        """What the service is called."""
        return self.service.label["es" if language.startswith("es") else "en"]


def service_rule(
    *, participant_id: UUID, program: Program, service_key: str, day: dt.date
) -> ServiceRule | None:
    """The rule of a service on a day: of the payer judged, else of the program's own pack.

    None where no pack in force has the service; the gates then answer UNKNOWN.
    """
    covers = Coverage.objects.filter(participant=participant_id).in_force_on(day)
    ranks = {str(order): place for place, order in enumerate(Coverage.Order)}
    found = sorted(covers.select_related("payer"), key=lambda each: ranks[each.order])
    names = [*(each.payer.pack for each in found[:1]), program.pack]
    packs = packs_on((name, day) for name in names)
    for name in names:
        pack = packs.get((name, day))
        if pack is not None and any(each.key == service_key for each in pack.services):
            return ServiceRule(pack, pack.service(service_key))
    return None


def rule_of(note: ServiceNote, day: dt.date) -> ServiceRule | None:
    """The rule of a note's service on a day."""
    return service_rule(
        participant_id=note.participant_id,
        program=note.program,
        service_key=note.service_key,
        day=day,
    )


def stretch_of(version: NoteVersion) -> Stretch:
    """The time of a version. Raises `ValueError` while start or end is missing."""
    if version.starts_at is None or version.ends_at is None:
        raise ValueError("this version has no times yet")
    return Stretch(version.starts_at, version.ends_at)


def day_of(note: ServiceNote, starts_at: dt.datetime) -> dt.date:
    """The service day: the local date of the start in the time zone of the note's site."""
    return periods.service_day(starts_at, note.site.time_zone)


def credential_number(provider: Provider, day: dt.date, accepted: Iterable[str]) -> str:
    """The number of the author's certification on a day, one that the service accepts first."""
    wanted = set(accepted)
    rows = Credential.objects.for_providers([provider.pk]).valid_on(day).select_related("kind")
    found = sorted(
        rows, key=lambda each: (each.kind.pack_key not in wanted, each.valid_from, str(each.pk))
    )
    return str(found[0].number) if found else ""


def on_my_people(member: Membership, on: dt.date) -> Q:
    """Scope CARE_TEAM of a note: the people whose care team this member is on."""
    people = Participant.objects.filter(on_care_team(member, on))
    return Q(participant__in=people.values("pk"))


def of_my_team(member: Membership, on: dt.date) -> Q:
    """Scope TEAM of a note: my supervisees' visits in my assignment periods, and our people's."""
    people = people_of_team(member, on).values("participant")
    return Q(Exists(led_visits(member))) | Q(participant__in=people)


def led_visits(member: Membership) -> "QuerySet[Assignment]":
    """Assignments, for `Exists` under a note, by which this member led its author that day."""
    leads = Q(supervisor__member=member) | Q(delegate__member=member)
    return Assignment.objects.filter(
        leads, provider=OuterRef("provider"), period__contains=OuterRef("service_day")
    )


def shown_notes() -> "QuerySet[ServiceNote]":
    """Notes with what every page of one needs."""
    return ServiceNote.objects.select_related(
        "participant", "provider__member", "program", "site", "version_in_force", "group_session"
    )


def drafts_of(member: Membership) -> "QuerySet[ServiceNote]":
    """What this member wrote and has not finished, what came back first, then the newest."""
    written = ServiceNote.State.DRAFT, ServiceNote.State.RETURNED, ServiceNote.State.CORRECTING
    mine = shown_notes().filter(provider__member=member, state__in=written)
    return mine.filter(discarded_at__isnull=True).order_by("-state", "-created_at", "pk")


def is_opened_by_reviewer(note: ServiceNote) -> bool:
    """Whether somebody else opened the version in force since it was signed."""
    if note.version_in_force is None:
        return False
    openings = NoteOpening.objects.filter(note=note, at__gte=note.version_in_force.signed_at)
    return openings.exclude(member=note.provider.member_id).exists()


@dataclass(frozen=True, slots=True)
class PersonChoice:
    """Somebody whose care team I am on, as a chip."""

    id: UUID
    name: str
    last_visit: dt.date | None


def my_people(member: Membership, on: dt.date) -> list[PersonChoice]:
    """The people for whom I may write, those I saw last first: one query."""
    mine = Q(service_notes__provider__member=member)
    people = people_for(member, Permission.WRITE_NOTE, on).order_by("sort_key", "pk")
    counted = people.annotate(last_visit=Max("service_notes__service_day", filter=mine))
    rows = sorted(counted, key=lambda each: each.last_visit or dt.date.min, reverse=True)
    return [PersonChoice(each.pk, each.shown_name, each.last_visit) for each in rows]


def my_programs(provider: Provider, on: dt.date) -> list[Program]:
    """The programs in which a worker works on a day, by name, with their site."""
    rows = Placement.objects.filter(period__contains=on, provider=provider)
    placed = rows.select_related("program__site").order_by("program__name", "pk")
    return [each.program for each in placed]


def goals_on(participant_id: UUID, program_id: UUID, day: dt.date) -> list[Goal]:
    """The goals of the plan in force on a day that are being worked on; of the program first."""
    versions = PlanVersion.objects.filter(
        participant=participant_id, period__contains=day, activated_at__isnull=False
    )
    own = versions.filter(plan__program=program_id)
    chosen = own if own.exists() else versions
    goals = Goal.objects.filter(version__in=chosen, status=Goal.Status.ACTIVE)
    return list(goals.order_by("version", "number", "pk"))


class Habit(StrEnum):
    """What a note's place and way of meeting are begun with."""

    PERSON = "PERSON"
    PROGRAM = "PROGRAM"
    ALL = "ALL"
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class Usual:
    """Place and mode of most visits, and whose visits these are; empty where there are none."""

    place: str = ""
    mode: str = ""
    of: Habit = Habit.NONE


def usual_place(
    participant_id: UUID,
    member: Membership,
    programs: Collection[Program],
    *,
    places: Collection[str],
    modes: Collection[str],
) -> Usual:
    """Where and how most of my signed visits were: with this person, in these programs, or all.

    Only of what may be chosen now; the nearest habit that there is.
    """
    signed = NoteVersion.objects.filter(
        note__provider__member=member,
        signed_at__isnull=False,
        note__version_in_force__isnull=False,
        place__in=places,
        mode__in=modes,
    )
    for of, rows in (
        (Habit.PERSON, signed.filter(participant=participant_id)),
        (Habit.PROGRAM, signed.filter(note__program__in=programs)),
        (Habit.ALL, signed),
    ):
        counted = rows.values_list("place", "mode").annotate(n=Count("pk"))
        most = counted.order_by("-n", "place", "mode").first()
        if most is not None:
            return Usual(str(most[0]), str(most[1]), of)
    return Usual()


def zone_of(note: ServiceNote) -> zoneinfo.ZoneInfo:
    """The time zone of a note's site."""
    return zoneinfo.ZoneInfo(note.site.time_zone)


def names_of_members(members: Iterable[UUID]) -> list[str]:
    """What these members are called, by name."""
    rows = Membership.objects.filter(pk__in=list(members)).order_by("user__name", "pk")
    return [str(name) for name in rows.values_list("user__name", flat=True)]
