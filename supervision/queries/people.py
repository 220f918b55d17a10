"""Who supervises whom on a day, and whose people a team's people are."""

import datetime as dt
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Q, QuerySet

from peerworks.accounts.models import Membership
from peerworks.agencies.models import Program
from peerworks.participants.models import CareTeamMember
from providers.models import Placement, Provider
from supervision.models import Assignment


def provider_of(member: Membership) -> Provider | None:
    """The personnel file of a member, where there is one."""
    return Provider.objects.filter(member=member).first()


def led_by(member: Membership, on: dt.date) -> "QuerySet[Assignment]":
    """The assignments in force on a day in which this member supervises, or stands in as delegate."""
    leads = Q(supervisor__member=member) | Q(delegate__member=member)
    return Assignment.objects.in_force_on(on).filter(leads)


def supervisees_of(member: Membership, on: dt.date) -> "QuerySet[Provider]":
    """The workers whom this member supervises on a day, or for whom they stand in, by name."""
    return Provider.objects.filter(pk__in=led_by(member, on).values("provider")).by_name()


def programs_of_team(member: Membership, on: dt.date) -> "QuerySet[Program]":
    """The programs in which those whom this member supervises are or were placed, with their site."""
    placed = Placement.objects.filter(provider__in=led_by(member, on).values("provider"))
    programs = Program.objects.filter(pk__in=placed.values("program"))
    return programs.select_related("site").order_by("name", "pk")


def people_of_team(member: Membership, on: dt.date) -> "QuerySet[CareTeamMember]":
    """The care-team entries on a day of this member and of those whom they supervise.

    Their `participant` column says whose records a supervisor may see: "my supervisees and their
    people, in my assignment periods", and those of one's own care teams.
    """
    team = led_by(member, on).filter(provider__member__isnull=False)
    leads = Q(member=member) | Q(member__in=team.values("provider__member"))
    return CareTeamMember.objects.in_force_on(on).filter(leads)


def supervisors_on(providers: Iterable[UUID], on: dt.date) -> dict[UUID, tuple[UUID, ...]]:
    """The members who supervise these workers on a day, the primary one first: one query.

    Who is told of what concerns them. A supervisor without a sign-in, and a worker without a
    supervisor, have none.
    """
    wanted = list(providers)
    found: dict[UUID, list[UUID]] = {each: [] for each in wanted}
    rows = Assignment.objects.in_force_on(on).for_providers(wanted)
    signs_in = rows.filter(supervisor__member__isnull=False)
    pairs = signs_in.order_by("-is_primary", "pk").values_list("provider", "supervisor__member")
    for provider, member in pairs:
        if member not in found[provider]:
            found[provider].append(member)
    return {provider: tuple(members) for provider, members in found.items()}


def programs_on(providers: Iterable[UUID], on: dt.date) -> dict[UUID, tuple[Placement, ...]]:
    """The placements of these workers on a day, with program and site, by the program's name."""
    wanted = list(providers)
    found: dict[UUID, list[Placement]] = {each: [] for each in wanted}
    rows = Placement.objects.in_force_on(on).for_providers(wanted)
    for each in rows.select_related("program__site").order_by("program__name", "pk"):
        found[each.provider_id].append(each)
    return {provider: tuple(placements) for provider, placements in found.items()}


def primary_on(providers: Iterable[UUID], on: dt.date) -> Mapping[UUID, Assignment]:
    """The primary assignment of each of these workers on a day, with its people: one query."""
    rows = Assignment.objects.primary().in_force_on(on).for_providers(providers)
    return {each.provider_id: each for each in rows.select_related("supervisor", "delegate")}


def caseload(supervisor: Provider, on: dt.date) -> int:
    """How many workers this supervisor answers for on a day."""
    held = Assignment.objects.primary().in_force_on(on).filter(supervisor=supervisor)
    return int(held.count())
