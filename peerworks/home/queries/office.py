"""Today for an administrator: who cannot bill and what that holds up, what to verify, what expires."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language

from billing.queries.worklist import Weighed
from peerworks.accounts.models import Membership
from peerworks.home.queries.beginning import Beginning, beginning
from peerworks.lib.findings import Finding, Standing
from peerworks.lib.money import total
from peerworks.lib.periods import add_months, month_of
from peerworks.web import reasons
from providers import standing
from providers.models import Credential, Placement, Provider, Stage
from providers.queries import open_deadlines
from supervision.models import Qualification
from supervision.queries import proof_words

MONTHS = 6
SOON = dt.timedelta(days=90)


@dataclass(frozen=True, slots=True)
class CannotBill:
    """Somebody none of whose services can be billed today: why, what mends it, and what it holds up.

    `visits` and `charge` are those of the unbilled visits that the same reason holds.
    """

    provider: UUID
    name: str
    sentence: str
    fix: str
    url: str
    who: str
    visits: int
    charge: Decimal


@dataclass(frozen=True, slots=True)
class ToVerify:
    """A certificate, or a supervisor's proof, that nobody has verified; `url` is the page that does."""

    url: str
    name: str
    kind: str
    valid_from: dt.date


@dataclass(frozen=True, slots=True)
class OfficeToday:
    """What an administrator's section shows.

    `unknown` people work in programs whose rules are not loaded, so nobody can say whether they can
    bill; `months` are (month, count, tone) of what expires; `begins` is there until a note is written.
    """

    cannot_bill: tuple[CannotBill, ...]
    unknown: int
    staff: int
    to_verify: tuple[ToVerify, ...]
    months: tuple[tuple[str, int, str], ...]
    expiring: int
    deadlines: int
    begins: Beginning | None


def office_today(member: Membership, on: dt.date, weighed: Sequence[Weighed]) -> OfficeToday:
    """The section of an administrator: a fixed number of queries, beside the gates' own."""
    staff = {each.pk: each for each in Provider.objects.employed_on(on).by_name()}
    standings = standing.billing_on(staff, on)
    placed = Placement.objects.for_providers(staff).in_force_on(on)
    unknown = {each for each in staff if standing.can_bill(standings[each]) is None}
    months = _months(on)
    return OfficeToday(
        cannot_bill=tuple(_cannot_bill(staff, standings, weighed)),
        unknown=len(unknown & set(placed.values_list("provider", flat=True))),
        staff=len(staff),
        to_verify=(*_certificates_to_verify(), *_proofs_to_verify()),
        months=months,
        expiring=sum(count for _, count, _ in months),
        deadlines=len(open_deadlines(on)),
        begins=beginning(member),
    )


def _cannot_bill(
    people: Mapping[UUID, Provider],
    standings: Mapping[UUID, Sequence[Standing]],
    weighed: Sequence[Weighed],
) -> list[CannotBill]:
    stopped = {
        provider: standing.stopping(those)
        for provider, those in standings.items()
        if standing.can_bill(those) is False
    }
    names = reasons.names_of(each for those in stopped.values() for each in those)
    written: dict[UUID, list[Weighed]] = {}
    for each in weighed:
        written.setdefault(each.visit.provider_id, []).append(each)
    rows = [
        _row(people[provider], findings, names, written.get(provider, ()))
        for provider, findings in stopped.items()
        if findings
    ]
    return sorted(rows, key=lambda row: (-row.charge, row.name))


def _row(
    provider: Provider,
    findings: Sequence[Finding],
    names: reasons.Names,
    written: Iterable[Weighed],
) -> CannotBill:
    first = reasons.explain(findings[:1], names=names)[0]
    codes = {each.because.reason for each in findings if each.because is not None}
    held = [each for each in written if not codes.isdisjoint(each.reasons)]
    return CannotBill(
        provider=provider.pk,
        name=provider.name,
        sentence=first.sentence,
        fix=first.fix,
        url=first.url,
        who=first.who,
        visits=len(held),
        charge=total(each.charge for each in held),
    )


def _certificates_to_verify() -> Iterable[ToVerify]:
    language = get_language() or "en"
    waiting = Credential.objects.to_verify()
    for each in waiting.select_related("provider", "kind").order_by("valid_from", "pk"):
        page = reverse("providers:credential-verify", args=[each.pk])
        yield ToVerify(page, each.provider.name, each.kind.label(language), each.valid_from)


def _proofs_to_verify() -> Iterable[ToVerify]:
    waiting = Qualification.objects.to_verify().select_related("supervisor")
    for each in waiting.order_by("recorded_at", "pk"):
        page = reverse("supervision:supervisor-detail", args=[each.supervisor_id])
        yield ToVerify(page, each.supervisor.name, proof_words(each), each.days.start)


def _months(on: dt.date) -> tuple[tuple[str, int, str], ...]:
    """How many certificates, not followed by another, end in each month from this one on."""
    first = month_of(on).start
    starts = [add_months(first, place) for place in range(MONTHS + 1)]
    later = Credential.objects.filter(
        provider=OuterRef("provider"), kind=OuterRef("kind"), valid_from__gt=OuterRef("valid_from")
    )
    ends = Credential.objects.ending_within(on, starts[-1] - dt.timedelta(days=1))
    here = Provider.objects.employed_on(on)
    # The column is an annotation of `ending_within`.
    open_ones: Any = ends.filter(~Exists(later), provider__in=here).exclude(stage=Stage.RETIRED)
    days = [day for day in open_ones.values_list("last_valid_on", flat=True) if day]
    return tuple(
        (
            format_date(start, "M"),
            sum(start <= day < after for day in days),
            "soon" if start <= on + SOON else "ok",
        )
        for start, after in pairwise(starts)
    )
