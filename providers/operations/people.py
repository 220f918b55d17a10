"""Who works here, in what way and where."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from uuid import UUID

from peerworks.accounts.models import Membership
from peerworks.agencies.models import Program
from peerworks.audit import trail
from peerworks.lib.findings import enforce
from peerworks.participants.records import made_before
from providers.models import Employment, Placement, Provider
from providers.policies import (
    refusal_to_end_employment,
    refusal_to_end_placement,
    refusal_to_link_file,
    refusal_to_link_member,
)

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What a worker may change in the own file."""

    pronouns: str = ""
    languages: list[str] = field(default_factory=list)
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """A person who joins the staff; `worker_class` is one of `Provider.WorkerClass`."""

    given_name: str
    family_name: str
    worker_class: str
    title: str = ""
    npi: str = ""
    contact: Contact = field(default_factory=Contact)
    member: Membership | None = None


def add_provider(
    *,
    person: NewPerson,
    employment: str,
    since: dt.date,
    programs: Sequence[Program] = (),
    by: Membership,
    at: dt.datetime,
    form_key: UUID | None = None,
) -> Provider:
    """Open a personnel file: the person, the first employment (its kind) and the placements.

    One event for all of it: the person joins the staff on one day. Refused where the sign-in
    belongs to somebody else already.
    """
    made = made_before(Provider, by=by, form_key=form_key, **_names(person))
    if made is not None:
        return made
    _take_sign_in(person.member)
    provider = Provider.objects.create(
        agency_id=by.agency_id,
        created_by=by,
        form_key=form_key,
        member=person.member,
        **_names(person),
        **asdict(person.contact),
    )
    _begin_employment(provider, employment, since, by, None)
    for program in programs:
        _begin_placement(provider, program, since, by, None)
    trail.record("provider.added", by=by.user, about=provider, fields=["employment", "placements"])
    return provider


def _names(person: NewPerson) -> dict[str, str]:
    return {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "worker_class": person.worker_class,
        "title": person.title,
        "npi": person.npi,
    }


def _begin_employment(
    provider: Provider, kind: str, since: dt.date, by: Membership, form_key: UUID | None
) -> Employment:
    return Employment.objects.create(
        agency_id=provider.agency_id,
        created_by=by,
        form_key=form_key,
        provider=provider,
        kind=kind,
        period=(since, None),
    )


def _begin_placement(
    provider: Provider, program: Program, since: dt.date, by: Membership, form_key: UUID | None
) -> Placement:
    return Placement.objects.create(
        agency_id=provider.agency_id,
        created_by=by,
        form_key=form_key,
        provider=provider,
        program=program,
        period=(since, None),
    )


def _take_sign_in(member: Membership | None) -> None:
    """One file at a time: two forms that name a sign-in at once wait for each other, and the second is refused."""
    if member is not None:
        Membership.objects.select_for_update(of=("self",), no_key=True).get(pk=member.pk)
    enforce(refusal_to_link_member(member))


def link_member(
    *, provider: Provider, member: Membership, by: Membership, at: dt.datetime
) -> Provider:
    """Say as whom somebody signs in whose file was opened before they joined. Once: it is not changed.

    Raises `Refused` (FILE-LINKED, LINK-VERIFIER, MEMBER-TAKEN).
    """
    provider = Provider.objects.select_for_update(of=("self",), no_key=True).get(pk=provider.pk)
    enforce(refusal_to_link_file(provider, member))
    _take_sign_in(member)
    provider.member = member
    provider.save(update_fields=["member"])
    trail.record("provider.linked", by=by.user, about=provider, fields=["member"])
    return provider


def change_contact(
    *, provider: Provider, contact: Contact, by: Membership, at: dt.datetime
) -> Provider:
    """Change how a worker is addressed and reached; the same data again write nothing."""
    told = asdict(contact)
    changed = [name for name, value in told.items() if getattr(provider, name) != value]
    if changed:
        for name in changed:
            setattr(provider, name, told[name])
        provider.save(update_fields=changed)
        trail.record("provider.changed", by=by.user, about=provider, fields=changed)
    return provider


def employ(
    *,
    provider: Provider,
    kind: str,
    since: dt.date,
    by: Membership,
    at: dt.datetime,
    form_key: UUID | None = None,
) -> Employment:
    """Record an employment of a kind from a day on; one that goes on ends on the day before.

    So a volunteer who is hired, or an employee who becomes a contractor, has no gap and no overlap
    (gate PROV-01). What was recorded for later days stands in the way, and the database says so.
    """
    made = made_before(Employment, by=by, form_key=form_key, kind=kind)
    if made is not None:
        return made
    running = Employment.objects.filter(
        provider=provider, period__upper_inf=True, period__startswith__lt=since
    )
    for each in running.select_for_update(of=("self",), no_key=True):
        _close(each, since - _ONE_DAY)
    employment = _begin_employment(provider, kind, since, by, form_key)
    trail.record("employment.added", by=by.user, about=employment, fields=["kind", "period"])
    return employment


def end_employment(
    *, employment: Employment, last_day: dt.date, by: Membership, at: dt.datetime
) -> Employment:
    """End an employment on its last day, and with it the placements that go on after that day.

    Refused where it has ended already, and before its first day.
    """
    locked = Employment.objects.select_for_update(of=("self",), no_key=True).get(pk=employment.pk)
    enforce(refusal_to_end_employment(locked, last_day=last_day))
    _close(locked, last_day)
    going_on = Placement.objects.filter(
        provider=locked.provider_id, period__upper_inf=True, period__startswith__lte=last_day
    )
    for each in going_on.select_for_update(of=("self",), no_key=True).order_by("pk"):
        _close(each, last_day)
    trail.record("employment.ended", by=by.user, about=locked, fields=["period"])
    return locked


def place(
    *,
    provider: Provider,
    program: Program,
    since: dt.date,
    by: Membership,
    at: dt.datetime,
    form_key: UUID | None = None,
) -> Placement:
    """Place a worker in a program from a day on; its rule pack then says what the worker owes."""
    made = made_before(Placement, by=by, form_key=form_key, program_id=program.pk)
    if made is not None:
        return made
    placement = _begin_placement(provider, program, since, by, form_key)
    trail.record("placement.added", by=by.user, about=placement, fields=["program", "period"])
    return placement


def end_placement(
    *, placement: Placement, last_day: dt.date, by: Membership, at: dt.datetime
) -> Placement:
    """End a placement on its last day. Refused where it has ended, and before its first day."""
    locked = Placement.objects.select_for_update(of=("self",), no_key=True).get(pk=placement.pk)
    enforce(refusal_to_end_placement(locked, last_day=last_day))
    _close(locked, last_day)
    trail.record("placement.ended", by=by.user, about=locked, fields=["period"])
    return locked


def _close(held: Employment | Placement, last_day: dt.date) -> None:
    held.period = (held.period.lower, last_day + _ONE_DAY)
    held.save(update_fields=["period"])
    held.refresh_from_db(fields=["period"])
