"""Notes in any state, written directly: what gates, batches and work lists start from.

The operations that write notes are tested elsewhere; a note of `make_note` is what the tables would
hold, one of `make_note_at_state` went through the real operations.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from billing import models
from billing.gates.engine import judge_runs
from billing.models import (
    Claim,
    ClaimLine,
    ClaimLineNote,
    CoSignature,
    Coverage,
    Deduction,
    GateRun,
    GroupSession,
    NoteGoal,
    NoteVersion,
    ServiceNote,
)
from billing.operations import notes, review
from billing.queries.notes import Content
from peerworks.agencies.models import Site
from peerworks.home.demo.standing import SERVICES, Served
from peerworks.lib.canonical import sha256_of
from peerworks.lib.findings import Moment
from providers.models import Provider, WorkSpan
from tests.world import World

MAKES = (
    models.GroupSession,
    models.ServiceNote,
    models.NoteVersion,
    models.NoteGoal,
    models.Deduction,
    models.GateRun,
    models.NoteOpening,
    models.CoSignature,
    models.NoteReturn,
    models.Addendum,
)

IN_FORCE = ("SIGNED", "COSIGNED", "CORRECTING")
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Times:
    """When a visit was, in its site's time zone."""

    start: dt.datetime
    end: dt.datetime


def yesterday(world: World) -> dt.date:
    """The day before the agency's today, at every site: the world's sessions and certificates hold on it.

    East of the agency a new day has begun already for an hour or two, and a test of two sites means one day.
    """
    return world.today - ONE_DAY


def times_at(site: Site, day: dt.date, hour: int, minute: int, minutes: int) -> Times:
    """A stretch of so many minutes that begins at a local time."""
    zone = ZoneInfo(site.time_zone)
    start = dt.datetime.combine(day, dt.time(hour, minute), zone)
    end = (start.astimezone(dt.UTC) + dt.timedelta(minutes=minutes)).astimezone(zone)
    return Times(start, end)


def make_note(
    world: World,
    key: str = "mesa",
    *,
    state: str = "COSIGNED",
    author: Provider | None = None,
    person: Served | None = None,
    day: dt.date | None = None,
    hour: int = 10,
    minute: int = 0,
    minutes: int = 60,
    service: str = "",
    mode: str = "IN_PERSON",
    place: str = "11",
    cites_goal: bool = True,
    deductions: dict[str, int] | None = None,
    cosigner: Provider | None = None,
    group: GroupSession | None = None,
    with_span: bool = False,
) -> ServiceNote:
    """A note of one of the three houses; by default an hour of yesterday, signed and co-signed.

    `cosigner` (Andre unless named) signs a COSIGNED one; `with_span` also writes the ledger, as
    signing does. Call it inside `acting_for`.
    """
    house = world.juniper
    served, site = person or world.people[key], house.sites[key]
    writer = author or house.providers["lapsed-peer" if key == "dogwood" else "peer"]
    times = times_at(site, day or yesterday(world), hour, minute, minutes)
    note = ServiceNote.objects.create(
        agency=house.agency,
        created_by=writer.member,
        participant=served.participant,
        provider=writer,
        program=served.program,
        site=site,
        service_key=service or SERVICES[key][0],
        setting="INDIVIDUAL" if group is None else "GROUP",
        group_session=group,
    )
    version = _version(world, note, writer, times, mode, place)
    if cites_goal:
        NoteGoal.objects.create(
            agency=house.agency,
            version=version,
            goal=served.goal,
            participant=served.participant,
        )
    for activity, taken in (deductions or {}).items():
        Deduction.objects.create(
            agency=house.agency,
            version=version,
            participant=served.participant,
            activity=activity,
            minutes=taken,
        )
    if state != "DRAFT":
        sign(note, version, times)
    if state == "COSIGNED":
        cosign(note, cosigner or house.providers["supervisor"], times.end + dt.timedelta(hours=2))
    if with_span:
        write_span(world, note, times)
    return note


def _version(world, note, writer, times, mode, place) -> NoteVersion:
    return NoteVersion.objects.create(
        agency=world.juniper.agency,
        note=note,
        participant_id=note.participant_id,
        number=1,
        opened_by=writer.member,
        starts_at=times.start,
        ends_at=times.end,
        mode=mode,
        place=place,
        role_elements=["HOPE"],
        purpose="Made-up purpose.",
        what_we_did="Made-up words about what was done together on that day.",
    )


def sign(note: ServiceNote, version: NoteVersion, times: Times) -> None:
    """Freeze a version and put it in force, an hour after the visit."""
    at = times.end + dt.timedelta(hours=1)
    NoteVersion.objects.filter(pk=version.pk).update(
        signed_at=at,
        signed_by=note.provider.member,
        sha256=sha256_of({"version": version.pk}),
    )
    note.state = "SIGNED"
    note.version_in_force_id = version.pk
    note.in_force_period = (times.start, times.end)
    note.service_day = times.start.date()
    note.first_signed_at = at
    note.save()


def cosign(note: ServiceNote, by: Provider, at: dt.datetime) -> CoSignature:
    """A supervisor's signature under the version in force."""
    version = NoteVersion.objects.get(pk=note.version_in_force_id)
    signature = CoSignature.objects.create(
        agency_id=note.agency_id,
        version=version,
        note=note,
        participant_id=note.participant_id,
        provider=by,
        by=by.member,
        at=at,
        sha256=version.sha256,
    )
    note.state = "COSIGNED"
    note.save()
    return signature


def write_span(world: World, note: ServiceNote, times: Times) -> WorkSpan:
    """What signing writes into the ledger."""
    return add_span(
        world,
        note.provider,
        note.site,
        times,
        source_kind="INDIVIDUAL_NOTE" if note.group_session_id is None else "GROUP_SESSION",
        source_id=note.group_session_id or note.pk,
    )


def add_span(
    world: World,
    provider: Provider,
    site: Site,
    times: Times,
    *,
    source_kind: str = "MANUAL",
    source_id: UUID | None = None,
) -> WorkSpan:
    """Worked time of another kind: a meeting, a session, or entered by hand."""
    house = world.juniper
    key = next(key for key, each in house.sites.items() if each.pk == site.pk)
    more = {} if source_id is None else {"source_id": source_id}
    return WorkSpan.objects.create(
        agency=house.agency,
        created_by=house.service,
        provider=provider,
        period=(times.start, times.end),
        site=site,
        program=house.programs[key],
        source_kind=source_kind,
        **more,
    )


def on_claim(world: World, notes: list[ServiceNote], beside: ClaimLine | None = None) -> ClaimLine:
    """A live claim line that carries these notes, of a claim that is not built yet: a new one, or
    that of the line `beside`."""
    first = notes[0]
    runs = {each.pk: run_of(world, each) for each in notes}
    served = {"agency_id": first.agency_id, "participant_id": first.participant_id}
    coverage = Coverage.objects.get(participant=first.participant_id, order="PRIMARY")
    claim = (
        beside.claim
        if beside
        else Claim.objects.create(
            **served,
            coverage=coverage,
            payer_id=coverage.payer_id,
            control_number=f"DEMO{first.pk.hex[:12]}",
            place="11",
            total=Decimal("86.00"),
        )
    )
    line = ClaimLine.objects.create(
        **served,
        claim=claim,
        number=beside.number + 1 if beside else 1,
        line_control=f"DEMO{first.pk.hex[:12]}L1",
        service_day=first.service_day,
        code="H0038",
        place="11",
        units=4,
        charge=Decimal("86.00"),
        gate_run=runs[first.pk],
    )
    for note in notes:
        ClaimLineNote.objects.create(
            **served,
            line=line,
            note=note,
            version_id=note.version_in_force_id,
            gate_run=runs[note.pk],
            minutes=60,
            units=4,
        )
    return line


def run_of(world: World, note: ServiceNote) -> GateRun:
    """The stored run of a note for a claim, asked today."""
    judged = judge_runs([note.pk], on=world.today, moment=Moment.BATCH, by=world.juniper.service)
    return judged[note.pk].run


def queries_of(work) -> int:
    """How many questions a piece of work asks the database."""
    with connection.execute_wrapper(counter := Counter()):
        work()
    return counter.asked


class Counter:
    """Counts statements, for `connection.execute_wrapper`."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, execute, statement, params, many, context):
        """One more."""
        self.asked += 1
        return execute(statement, params, many, context)


def written(times: Times, **changes) -> Content:
    """What a careful author writes about an hour."""
    told = {
        "starts_at": times.start,
        "ends_at": times.end,
        "mode": "IN_PERSON",
        "place": "11",
        "role_elements": ("HOPE",),
        "purpose": "A made-up purpose.",
        "what_we_did": "Made-up words about what was done together on that day.",
        "response": "Made-up words about how it went.",
        "next_step": "A made-up next step.",
    }
    return Content(**told | changes)


def make_note_at_state(
    world: World,
    key: str = "mesa",
    *,
    state: str = "COSIGNED",
    day: dt.date | None = None,
    hour: int = 10,
    minutes: int = 60,
    service: str = "",
    group: GroupSession | None = None,
    **changes,
) -> ServiceNote:
    """A note that the real operations brought to a state: DRAFT, SIGNED, RETURNED, COSIGNED,
    CORRECTING or VOID. Call it inside `acting_for`; Andre reviews, whoever acts."""
    house, served = world.juniper, world.people[key]
    site = house.sites[key]
    writer = house.providers["lapsed-peer" if key == "dogwood" else "peer"]
    reviewer = house.members["supervisor"]
    times = times_at(site, day or yesterday(world), hour, 0, minutes)
    at, on = times.end + dt.timedelta(hours=1), world.today
    note = notes.start_note(
        participant=served.participant,
        provider=writer,
        program=served.program,
        service_key=service or SERVICES[key][0],
        by=writer.member,
        group_session=group,
    )
    content = written(times, **{"goals": frozenset([served.goal.pk])} | changes)
    notes.save_draft(note=note, content=content, draft_number=0, by=writer.member, at=at)
    if state == "DRAFT":
        return note
    note = notes.sign_note(note=note, by=writer.member, at=at, on=on)
    if state in ("COSIGNED", "CORRECTING"):
        review.cosign_note(note=note, by=reviewer, at=at, on=on)
    if state == "CORRECTING":
        notes.correct_note(note=note, reason="A made-up reason.", by=writer.member, on=on)
    if state == "RETURNED":
        review.return_note(note=note, words="Made-up words that help.", by=reviewer, at=at)
    if state == "VOID":
        review.void_note(note=note, reason="A made-up reason.", by=reviewer, at=at)
    return ServiceNote.objects.get(pk=note.pk)
