"""Who pays for whom, and what the pages about payers, coverage and diagnoses show."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Prefetch

from billing.models import Coverage, Diagnosis, Payer, Rate
from peerworks.agencies.models import Program
from peerworks.lib.rulepack import Pack, services_of_lines
from peerworks.participants.models import Participant
from peerworks.rulepacks.queries import label_of, packs_on


def coverage_on(participant: Participant, day: dt.date) -> Coverage | None:
    """The coverage that is judged and billed on a day: of those in force the lowest in order."""
    in_force = participant.coverages.in_force_on(day).select_related("payer")
    first: Coverage | None = in_force.order_by("order", "pk").first()
    return first


def pack_name_for(participant: Participant, program: Program, day: dt.date) -> str:
    """The rule pack that answers for a person's services on a day.

    That of the payer whose coverage is judged, or without coverage that of the program.
    """
    covered = coverage_on(participant, day)
    return program.pack if covered is None else covered.payer.pack


@dataclass(frozen=True, slots=True)
class HeldCoverage:
    """A coverage on a person's page."""

    id: UUID
    payer: str
    member_id: str
    order: str
    first: dt.date
    last: dt.date | None
    checked_on: dt.date | None
    is_now: bool


def coverages_of(participant: Participant, on: dt.date) -> list[HeldCoverage]:
    """All coverages of a person, those in force first, in the order in which they pay."""
    rows = participant.coverages.select_related("payer").order_by("order", "-period", "pk")
    held = [
        HeldCoverage(
            id=each.pk,
            payer=each.payer.name,
            member_id=each.member_id,
            order=each.get_order_display(),
            first=each.days.start,
            last=each.days.last,
            checked_on=each.checked_on,
            is_now=each.days.contains(on),
        )
        for each in rows
    ]
    return sorted(held, key=lambda each: not each.is_now)


@dataclass(frozen=True, slots=True)
class HeldDiagnosis:
    """A diagnosis on a person's page."""

    code: str
    family: str
    is_principal: bool
    first: dt.date
    last: dt.date | None
    is_now: bool


def diagnoses_of(participant: Participant, on: dt.date) -> list[HeldDiagnosis]:
    """All diagnoses of a person, those in force first, in the order of a claim."""
    rows = participant.diagnoses.order_by("rank", "-period", "pk")
    held = [_held_diagnosis(each, on) for each in rows]
    return sorted(held, key=lambda each: not each.is_now)


def _held_diagnosis(diagnosis: Diagnosis, on: dt.date) -> HeldDiagnosis:
    return HeldDiagnosis(
        code=diagnosis.code,
        family=diagnosis.get_family_display(),
        is_principal=diagnosis.rank == 1,
        first=diagnosis.days.start,
        last=diagnosis.days.last,
        is_now=diagnosis.days.contains(on),
    )


@dataclass(frozen=True, slots=True)
class ShownRate:
    """What a payer pays for one unit, from a day on."""

    code: str
    modifiers: str
    amount: Decimal
    first: dt.date
    last: dt.date | None
    is_now: bool
    is_invented: bool


@dataclass(frozen=True, slots=True)
class ShownPayer:
    """A payer with its rates, by code and then the latest first."""

    id: UUID
    code: str
    name: str
    kind: str
    pack: str
    usage: str
    is_test: bool
    is_made_up: bool
    rates: tuple[ShownRate, ...]
    unpriced: tuple[tuple[str, str], ...]
    """What the rule pack bills (code, modifiers) and has no rate on the day: a visit waits for it."""


def payers_with_rates(on: dt.date) -> list[ShownPayer]:
    """The agency's payers by name, with all their rates: two queries, and those for the rule packs."""
    rates = Rate.objects.order_by("code", "modifiers", "-period", "pk")
    payers = Payer.objects.prefetch_related(Prefetch("rates", rates)).order_by("name", "pk")
    packs = packs_on((each.pack, on) for each in payers)
    return [
        ShownPayer(
            id=each.pk,
            code=each.code,
            name=each.name,
            kind=each.get_kind_display(),
            pack=label_of(pack) if (pack := packs.get((each.pack, on))) else each.pack,
            usage=each.get_usage_display(),
            is_test=each.usage == Payer.Usage.T,
            is_made_up=each.is_made_up,
            rates=tuple(_shown_rate(rate, on) for rate in each.rates.all()),
            unpriced=_unpriced(each, pack, on),
        )
        for each in payers
    ]


Lines = list[tuple[str, str]]
"""What is billed: (code, modifiers with spaces between)."""


def lines_to_price(payer: Payer, on: dt.date) -> tuple[Lines, Lines, dict[tuple[str, str], str]]:
    """What a payer's rule pack bills and has no rate on the day, what has one, and the services of each in words."""
    pack = packs_on([(payer.pack, on)]).get((payer.pack, on))
    waiting = _unpriced(payer, pack, on)
    lines = {} if pack is None else services_of_lines(pack)
    told = {
        (code, " ".join(with_)): "; ".join(map(label_of, services))
        for (code, with_), services in lines.items()
    }
    return list(waiting), [each for each in told if each not in waiting], told


def _unpriced(payer: Payer, pack: Pack | None, on: dt.date) -> tuple[tuple[str, str], ...]:
    in_force = (each for each in payer.rates.all() if each.days.contains(on))
    priced = {(each.code, tuple(each.modifiers)) for each in in_force}
    lines = {} if pack is None else services_of_lines(pack)
    return tuple((code, " ".join(with_)) for code, with_ in lines if (code, with_) not in priced)


def _shown_rate(rate: Rate, on: dt.date) -> ShownRate:
    return ShownRate(
        code=rate.code,
        modifiers=" ".join(rate.modifiers),
        amount=rate.amount,
        first=rate.days.start,
        last=rate.days.last,
        is_now=rate.days.contains(on),
        is_invented=rate.is_invented,
    )


def first_pack_of_programs() -> str | None:
    """The rule pack that a payer most likely follows: that of the agency's first program."""
    first: str | None = (
        Program.objects.order_by("created_at", "pk").values_list("pack", flat=True).first()
    )
    return first


def has_part2_program() -> bool:
    """Whether a program of the agency falls under 42 CFR Part 2, so that its claims carry the notice."""
    return Program.objects.filter(is_part2=True).exists()
