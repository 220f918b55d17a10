"""Who may see whom, and what the pages about people show."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from peerworks.accounts import reach
from peerworks.accounts.access import has_permission
from peerworks.accounts.models import Membership
from peerworks.accounts.queries import members_with
from peerworks.accounts.roles import Permission, RoleName
from peerworks.lib.names import sort_key
from peerworks.lib.periods import age_on
from peerworks.participants.models import (
    CareTeamMember,
    Consent,
    Enrolment,
    Participant,
    StatusPeriod,
)

M = TypeVar("M", bound=Model)
_WHOLE = (
    Permission.WRITE_PLAN,
    Permission.EDIT_PARTICIPANT,
    Permission.MANAGE_CONSENT,
    Permission.VIEW_AUDIT,
)


def on_care_team(member: Membership, on: dt.date) -> Q:
    """The people whose care team this member is on, that day: scope CARE_TEAM of a participant."""
    teams = CareTeamMember.objects.filter(member=member).in_force_on(on)
    return Q(pk__in=teams.values("participant"))


def people_for(member: Membership, permission: Permission, on: dt.date) -> "QuerySet[Participant]":
    """The participants whom a member may see under a permission on a day.

    Never the member's own record: nobody opens it through a staff account. The database has left out
    the other agencies, and the sealed people on whose list the member does not stand.
    """
    own = Q(staff_membership__user=member.user_id)
    return reach.narrow(Participant.objects.exclude(own), member, permission, on)


def about_people(
    rows: "QuerySet[M]", member: Membership, permission: Permission, on: dt.date
) -> "QuerySet[M]":
    """Those rows with a key `participant` that are about people whom the member may see."""
    return rows.filter(participant__in=people_for(member, permission, on).values("pk"))


def sees_whole_record(member: Membership) -> bool:
    """Whether a member sees more of a person than a biller: name, ids and coverage."""
    return any(has_permission(member, each) for each in _WHOLE)


def workers() -> "QuerySet[Membership]":
    """The members who can be on a care team, by name."""
    return members_with(RoleName.PEER, RoleName.SUPERVISOR)


def names_by_id(ids: Iterable[str]) -> Mapping[str, str]:
    """What the people of these ids are called; who may not be seen is left out. One query."""
    found = Participant.objects.filter(pk__in=list(ids))
    return {str(each.pk): each.shown_name for each in found}


def called(people: "QuerySet[Participant]", words: str) -> "QuerySet[Participant]":
    """Those whose name begins with or holds these words, or whose record number is the one given."""
    wanted = words.strip()
    if not wanted:
        return people
    key = sort_key(wanted, "").strip()
    by_name = Q(sort_key__contains=key) | Q(chosen_name__icontains=wanted)
    return people.filter(by_name | Q(record_number__iexact=wanted))


def traced_by_words(
    member: Membership, on: dt.date, words: str, most: int
) -> list[tuple[UUID, str]]:
    """People of this name or record number whose trail a member may see, by name."""
    if not words.strip():
        return []
    people = called(people_for(member, Permission.VIEW_AUDIT, on), words)
    return [(each.pk, each.shown_name) for each in people.order_by("sort_key", "pk")[:most]]


def traced_name(member: Membership, on: dt.date, pk: UUID) -> str | None:
    """What a person is called whose trail a member may see; None for anybody else."""
    person = people_for(member, Permission.VIEW_AUDIT, on).filter(pk=pk).first()
    return None if person is None else person.shown_name


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in a list: what one needs to find the right one."""

    id: UUID
    name: str
    record_number: str
    age: int
    programs: str
    worker: str
    statuses: tuple[str, ...]
    is_sealed: bool


def person_rows(people: Sequence[Participant], on: dt.date) -> list[PersonRow]:
    """The rows of a page of people, in their order: three queries, however many people."""
    ids = [each.pk for each in people]
    programs = _by_person(
        Enrolment.objects.for_participants(ids).in_force_on(on).select_related("program"),
        lambda each: each.program.name,
    )
    workers_of = _by_person(
        CareTeamMember.objects.for_participants(ids)
        .in_force_on(on)
        .filter(is_primary=True)
        .select_related("member__user"),
        lambda each: each.member.user.name,
    )
    statuses = _by_person(
        StatusPeriod.objects.for_participants(ids).in_force_on(on),
        lambda each: each.get_kind_display(),
    )
    return [
        PersonRow(
            id=each.pk,
            name=each.shown_name,
            record_number=each.record_number,
            age=age_on(each.born_on, on),
            programs=", ".join(programs.get(each.pk, [])),
            worker=", ".join(workers_of.get(each.pk, [])),
            statuses=tuple(statuses.get(each.pk, [])),
            is_sealed=each.is_sealed,
        )
        for each in people
    ]


def _by_person(rows: Iterable[Any], text_of: Any) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    for each in rows:
        found.setdefault(each.participant_id, []).append(str(text_of(each)))
    return {person: sorted(texts) for person, texts in found.items()}


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """A record with a period on a person's page; `last` is its last day, `tone` how it stands."""

    id: UUID
    words: str
    first: dt.date
    last: dt.date | None
    is_now: bool
    is_primary: bool = False


@dataclass(frozen=True, slots=True)
class HeldConsent:
    """A consent on a person's page."""

    id: UUID
    purposes: tuple[str, ...]
    recipient: str
    signed_on: dt.date
    first: dt.date
    last: dt.date | None
    revoked_on: dt.date | None
    is_now: bool


@dataclass(frozen=True, slots=True)
class PersonPage:
    """All that a person's page shows of this app: four queries."""

    person: Participant
    age: int
    enrolments: tuple[HeldRecord, ...]
    care_team: tuple[HeldRecord, ...]
    statuses: tuple[HeldRecord, ...]
    consents: tuple[HeldConsent, ...]

    @property
    def program_names(self) -> str:
        """The programs that the person is in now."""
        return ", ".join(each.words for each in self.enrolments if each.is_now)

    @property
    def worker_names(self) -> str:
        """Who works with the person now, the primary worker first."""
        return ", ".join(each.words for each in self.care_team if each.is_now)

    @property
    def statuses_now(self) -> tuple[HeldRecord, ...]:
        """The statuses that hold today."""
        return tuple(each for each in self.statuses if each.is_now)

    @property
    def pays(self) -> bool:
        """Whether a consent to share for payment is in force."""
        label = str(Consent.Purpose.PAYMENT.label)
        return any(each.is_now and label in each.purposes for each in self.consents)


def person_page(person: Participant, on: dt.date) -> PersonPage:
    """What the page of a person shows on a day, the latest record first."""
    enrolments = person.enrolments.select_related("program").order_by("-period", "pk")
    team = person.care_team.select_related("member__user").order_by("-period", "pk")
    consents = person.consents.order_by("-signed_on", "-created_at", "pk")
    return PersonPage(
        person=person,
        age=age_on(person.born_on, on),
        enrolments=tuple(_held(each, each.program.name, on) for each in enrolments),
        care_team=_primary_first(_held(each, each.member.user.name, on) for each in team),
        statuses=tuple(
            _held(each, each.get_kind_display(), on)
            for each in person.status_periods.order_by("-period", "pk")
        ),
        consents=tuple(_held_consent(each, on) for each in consents),
    )


def _primary_first(team: Iterable[HeldRecord]) -> tuple[HeldRecord, ...]:
    return tuple(sorted(team, key=lambda each: not (each.is_primary and each.is_now)))


def _held(record: Any, words: str, on: dt.date) -> HeldRecord:
    return HeldRecord(
        id=record.pk,
        words=words,
        first=record.days.start,
        last=record.days.last,
        is_now=record.days.contains(on),
        is_primary=getattr(record, "is_primary", False),
    )


def _held_consent(consent: Consent, on: dt.date) -> HeldConsent:
    is_kept = consent.revoked_on is None or on < consent.revoked_on
    return HeldConsent(
        id=consent.pk,
        purposes=tuple(str(Consent.Purpose(each).label) for each in consent.purposes),
        recipient=consent.recipient,
        signed_on=consent.signed_on,
        first=consent.days.start,
        last=consent.days.last,
        revoked_on=consent.revoked_on,
        is_now=is_kept and consent.days.contains(on),
    )
