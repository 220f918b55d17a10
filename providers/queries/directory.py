"""The directory of the staff: who is here, how certified, and whether they can bill today.

Everybody may read names, titles and programs. What stands in a file is told only about people whose
file the reader may open, and "can bill today" only where the reader may know it.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from peerworks.accounts import reach
from peerworks.accounts.models import Membership
from peerworks.accounts.roles import Permission
from peerworks.lib.findings import Finding
from peerworks.lib.names import sort_key
from peerworks.web import reasons
from providers import standing
from providers.models import Credential, Placement, Provider
from providers.queries.certificates import KindStatus, statuses


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryRow:
    """One person. `certificates` and `can_bill` are None where the reader may not know them.

    `can_bill` is None, too, where no service of the person is known; `why` then is "". `why` is the
    first reason that stops billing, `more` how many others there are.
    """

    provider: UUID
    name: str
    title: str
    programs: tuple[str, ...]
    may_open: bool
    certificates: tuple[KindStatus, ...] | None
    can_bill: bool | None
    why: str
    more: int


def directory(
    *,
    by: Membership,
    on: dt.date,
    program: UUID | None = None,
    text: str = "",
    former: bool = False,
) -> list[DirectoryRow]:
    """The staff of a day in the order of names, or with `former` those who are not employed then.

    `text` is looked for in names, without regard to case and marks. At most nine queries, beside
    those of the registered source of standings, whatever the number of people.
    """
    people = list(_people(on, program=program, text=text, former=former))
    ids = [each.pk for each in people]
    programs = _programs(ids, on)
    may_open = _within(ids, by, Permission.VIEW_PROVIDER, on)
    certificates = _certificates(_within(ids, by, Permission.VIEW_CREDENTIAL, on), on)
    standings = _standings(_within(ids, by, Permission.VIEW_STANDING, on), on)
    return [
        DirectoryRow(
            provider=each.pk,
            name=each.name,
            title=each.title or str(each.get_worker_class_display()),
            programs=tuple(programs.get(each.pk, ())),
            may_open=each.pk in may_open,
            certificates=certificates.get(each.pk),
            can_bill=standings.get(each.pk, _UNKNOWN).can_bill,
            why=standings.get(each.pk, _UNKNOWN).why,
            more=standings.get(each.pk, _UNKNOWN).more,
        )
        for each in people
    ]


def _people(on: dt.date, *, program: UUID | None, text: str, former: bool) -> "QuerySet[Provider]":
    here = Provider.objects.employed_on(on)
    found = Provider.objects.exclude(pk__in=here.values("pk")) if former else here
    if program is not None:
        found = found.placed_on(on, [program])
    for word in text.split():
        found = found.filter(sort_key__contains=sort_key(word, ""))
    return found.by_name()


def _programs(ids: Collection[UUID], on: dt.date) -> dict[UUID, list[str]]:
    programs: dict[UUID, list[str]] = {}
    placed = Placement.objects.for_providers(ids).in_force_on(on).select_related("program")
    for each in placed.order_by("program__name", "pk"):
        programs.setdefault(each.provider_id, []).append(each.program.name)
    return programs


def _within(
    ids: Collection[UUID], by: Membership, permission: Permission, on: dt.date
) -> frozenset[UUID]:
    wanted = Provider.objects.filter(pk__in=list(ids))
    return frozenset(reach.narrow(wanted, by, permission, on).values_list("pk", flat=True))


def _certificates(ids: Collection[UUID], on: dt.date) -> dict[UUID, tuple[KindStatus, ...]]:
    held: dict[UUID, list[Credential]] = {each: [] for each in ids}
    found = Credential.objects.for_providers(ids).select_related("kind")
    for each in found.prefetch_related("verifications").order_by("pk"):
        held[each.provider_id].append(each)
    return {provider: tuple(statuses(those, on)) for provider, those in held.items()}


@dataclass(frozen=True, slots=True)
class _Standing:
    can_bill: bool | None = None
    why: str = ""
    more: int = 0


_UNKNOWN = _Standing()


def _standings(ids: Collection[UUID], on: dt.date) -> dict[UUID, _Standing]:
    found = standing.billing_on(sorted(ids), on)
    stopped = {
        each: standing.stopping(those)
        for each, those in found.items()
        if standing.can_bill(those) is False
    }
    names = reasons.names_of(finding for those in stopped.values() for finding in those)
    return {
        each: _Standing(standing.can_bill(those), *_first(stopped.get(each, ()), names))
        for each, those in found.items()
    }


def _first(findings: Iterable[Finding], names: reasons.Names) -> tuple[str, int]:
    told = list(findings)
    if not told or told[0].because is None:
        return "", 0
    return reasons.sentence(told[0].because, names=names), len(told) - 1
