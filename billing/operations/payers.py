"""Writing who pays: payers and their rates, a person's coverage and diagnoses."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.db.backends.postgresql.psycopg_any import DateRange

from billing.models import Coverage, Diagnosis, Payer, Rate
from peerworks.accounts.models import Membership
from peerworks.audit import trail
from peerworks.lib.findings import enforce
from peerworks.participants.models import Participant
from peerworks.participants.policies import refusal_to_end
from peerworks.participants.records import days_from, made_before


def add_payer(*, by: Membership, form_key: UUID | None = None, **values: Any) -> Payer:
    """Add a payer: its code and name, its rule pack, and the ids of the trading-partner agreement.

    `values` are fields of `Payer`. A new payer's files are for testing until somebody says otherwise.
    """
    if made := made_before(Payer, by=by, form_key=form_key, **values):
        return made
    payer = Payer.objects.create(agency_id=by.agency_id, created_by=by, form_key=form_key, **values)
    trail.record("payer.added", by=by.user, about=payer)
    return payer


def set_rate(
    *,
    payer: Payer,
    code: str,
    modifiers: Sequence[str],
    amount: Decimal,
    starts_on: dt.date,
    by: Membership,
    form_key: UUID | None = None,
) -> Rate:
    """Say what a payer pays for one unit of a code with exactly these modifiers, from a day on.

    The rate that stood before ends the day before. A made-up payer's rates are marked as invented.
    """
    values = {"code": code, "modifiers": list(modifiers), "amount": amount}
    rate, is_new = _set(payer, starts_on, by, form_key, **values)
    if is_new:
        trail.record("rate.set", by=by.user, about=rate, fields=["amount", "period"])
    return rate


def set_rates(
    *,
    payer: Payer,
    amounts: Sequence[tuple[str, Sequence[str], Decimal]],
    starts_on: dt.date,
    by: Membership,
    form_key: UUID | None = None,
) -> list[Rate]:
    """The same for several lines at once: (code, modifiers, amount). All are set, or none is."""
    rates, is_any_new = [], False
    for code, modifiers, amount in amounts:
        key = _key_of_line(form_key, code, modifiers)
        values = {"code": code, "modifiers": list(modifiers), "amount": amount}
        rate, is_new = _set(payer, starts_on, by, key, **values)
        rates.append(rate)
        is_any_new = is_any_new or is_new
    if is_any_new:
        trail.record("rates.set", by=by.user, about=payer)
    return rates


def _key_of_line(form_key: UUID | None, code: str, modifiers: Sequence[str]) -> UUID | None:
    """A key of each record that one form makes."""
    return None if form_key is None else uuid5(form_key, " ".join([code, *modifiers]))


def _set(
    payer: Payer, starts_on: dt.date, by: Membership, form_key: UUID | None, **values: Any
) -> tuple[Rate, bool]:
    """The rate, and whether it is new."""
    values = {"payer_id": payer.pk, **values}
    if made := made_before(Rate, by=by, form_key=form_key, **values):
        return made, False
    line = {name: values[name] for name in ("code", "modifiers")}
    standing = payer.rates.filter(**line, period__upper_inf=True)
    for before in standing.select_for_update(of=("self",)):
        if before.days.start < starts_on:
            before.period = DateRange(before.days.start, starts_on)
            before.save(update_fields=["period"])
    rate = Rate.objects.create(
        agency_id=by.agency_id,
        created_by=by,
        form_key=form_key,
        period=days_from(starts_on),
        is_invented=payer.is_made_up,
        **values,
    )
    return rate, True


def add_coverage(
    *,
    participant: Participant,
    payer: Payer,
    member_id: str,
    order: str,
    starts_on: dt.date,
    last_day: dt.date | None,
    checked_on: dt.date | None,
    by: Membership,
    form_key: UUID | None = None,
) -> Coverage:
    """Record that a payer covers a person, in which order, from when to when (gate COVG-01).

    Raises `Refused` (PERIOD-ENDS-BEFORE, FORM-CHANGED); two coverages of one order on one day are
    refused by the database.
    """
    values: dict[str, Any] = {
        "participant_id": participant.pk,
        "payer_id": payer.pk,
        "member_id": member_id,
        "order": order,
        "period": days_from(starts_on, last_day),
        "checked_on": checked_on,
    }
    if made := made_before(Coverage, by=by, form_key=form_key, **values):
        return made
    coverage = Coverage.objects.create(
        agency_id=by.agency_id, created_by=by, form_key=form_key, **values
    )
    _tell("coverage.added", coverage, by)
    return coverage


def end_coverage(*, coverage: Coverage, last_day: dt.date, by: Membership) -> Coverage:
    """End a coverage; `last_day` is its last day. Raises `Refused` (the PERIOD codes)."""
    held = Coverage.objects.select_for_update(of=("self",)).get(pk=coverage.pk)
    enforce(refusal_to_end(held, last_day))
    held.period = days_from(held.days.start, last_day)
    held.save(update_fields=["period"])
    _tell("coverage.ended", held, by, ["period"])
    return held


def add_diagnosis(
    *,
    participant: Participant,
    code: str,
    family: str,
    rank: int,
    starts_on: dt.date,
    last_day: dt.date | None,
    by: Membership,
    form_key: UUID | None = None,
) -> Diagnosis:
    """Record a diagnosis by its code and the family that rule packs ask for (gate PART-04).

    `code` is ICD-10-CM in capitals without the dot. The trail says that one was recorded, never
    which.
    """
    values: dict[str, Any] = {
        "participant_id": participant.pk,
        "code": code,
        "family": family,
        "rank": rank,
        "period": days_from(starts_on, last_day),
    }
    if made := made_before(Diagnosis, by=by, form_key=form_key, **values):
        return made
    diagnosis = Diagnosis.objects.create(
        agency_id=by.agency_id, created_by=by, form_key=form_key, **values
    )
    _tell("diagnosis.added", diagnosis, by)
    return diagnosis


def _tell(action: str, record: Any, by: Membership, fields: Sequence[str] = ()) -> None:
    trail.record(
        action, by=by.user, about=record, participants=[record.participant_id], fields=fields
    )
