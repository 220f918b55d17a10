"""A made-up agency of any size, in a database of its own that is dropped afterwards.

Workers and people are made as the demonstration makes them; the notes by `INSERT … SELECT`, four a
day and worker, signed, co-signed and in the ledger, so that all of them can be billed.
"""

import datetime as dt
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, connections, transaction

from billing.models import ServiceNote
from billing.operations.batches import build_batch
from peerworks.accounts.models import Membership, User
from peerworks.agencies.context import acting_for
from peerworks.home.demo.founding import House, certify, place
from peerworks.home.demo.standing import YEAR, Served, add_person, assign, supervise
from peerworks.lib.identifiers import made_up_npi
from providers.models import Employment, Provider
from tests.databases import Databases, owner_connection, template
from tests.world import World, build_world

NOTES_A_WORKER = 250
NOTES_A_PERSON = 25
NOTES_A_DAY = 4
BILLED_AT_ONCE = 5_000

_NOTES = """
INSERT INTO billing_servicenote (id, agency_id, created_by_id, participant_id, provider_id,
  program_id, site_id, service_key, setting, state, void_reason)
SELECT md5('note' || i)::uuid, %(agency)s, %(member)s,
  (%(people)s::uuid[])[1 + (i / %(workers_count)s * 7 + i) %% %(people_count)s],
  (%(workers)s::uuid[])[1 + i %% %(workers_count)s],
  %(program)s, %(site)s, 'mh-individual', 'INDIVIDUAL', 'DRAFT', ''
FROM generate_series(0, %(n)s - 1) AS i"""

_VERSIONS = """
INSERT INTO billing_noteversion (id, agency_id, note_id, participant_id, number, opened_kind,
  opened_by_id, reason, starts_at, ends_at, mode, place, place_text, role_elements, purpose,
  what_we_did, response, next_step, own_words, written_together, draft_number, signer_title,
  signer_credential, sha256)
SELECT md5('version' || i)::uuid, %(agency)s, md5('note' || i)::uuid, n.participant_id, 1, 'FIRST',
  %(member)s, '', s.start, s.start + interval '45 minutes', 'IN_PERSON', '11', '', '{HOPE}',
  'Made-up purpose', 'Made-up words', '', '', '', false, 0, '', '', ''
FROM generate_series(0, %(n)s - 1) AS i
JOIN billing_servicenote n ON n.id = md5('note' || i)::uuid
CROSS JOIN LATERAL (SELECT (%(first)s::date + (i / %(workers_count)s / %(a_day)s)
  + time '09:00' + (i / %(workers_count)s %% %(a_day)s) * interval '2 hours')
  AT TIME ZONE 'America/Chicago' AS start) s"""

_GOALS = """
INSERT INTO billing_notegoal (id, agency_id, version_id, goal_id, participant_id)
SELECT md5('goal' || v.id::text)::uuid, v.agency_id, v.id, g.id, v.participant_id
FROM billing_noteversion v
JOIN billing_goal g ON g.participant_id = v.participant_id AND g.number = 1"""

_SIGN_VERSIONS = """
UPDATE billing_noteversion SET signed_at = ends_at + interval '1 hour', signed_by_id = %(member)s,
  sha256 = encode(sha256(id::text::bytea), 'hex')"""

_SIGN_NOTES = """
UPDATE billing_servicenote n SET state = 'COSIGNED', version_in_force_id = v.id,
  in_force_period = tstzrange(v.starts_at, v.ends_at), first_signed_at = v.signed_at,
  service_day = (v.starts_at AT TIME ZONE 'America/Chicago')::date
FROM billing_noteversion v WHERE v.note_id = n.id"""

_COSIGN = """
INSERT INTO billing_cosignature (id, agency_id, version_id, note_id, participant_id, provider_id,
  by_id, at, sha256)
SELECT md5('cosign' || id::text)::uuid, agency_id, id, note_id, participant_id, %(supervisor)s,
  %(supervisor_member)s, signed_at + interval '1 hour', sha256
FROM billing_noteversion"""

_SPANS = """
INSERT INTO providers_workspan (id, agency_id, created_by_id, provider_id, period, site_id,
  program_id, source_kind, source_id)
SELECT md5('span' || id::text)::uuid, agency_id, created_by_id, provider_id, in_force_period,
  site_id, program_id, 'INDIVIDUAL_NOTE', id
FROM billing_servicenote"""


@dataclass(frozen=True, slots=True)
class Volume:
    """What was made: the house, its service member and how many notes."""

    house: House
    member: Membership
    today: dt.date
    notes: int


@contextmanager
def volume(n: int, *, is_acting: bool = True, unbilled: int | None = None) -> Iterator[Volume]:
    """`n` clean notes in a clone of the test database, acting as the agency's service member.

    Pages set who acts themselves, each in a transaction of its own: `is_acting=False`. With
    `unbilled` about so many of the newest are left to bill, and all others stand on claims.
    """
    databases = Databases(template(_folder()), "bench")
    databases.fresh()
    before = {alias: connections[alias].settings_dict["NAME"] for alias in connections}
    try:
        for alias in connections:
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = databases.name
        made = _fill(n)
        if unbilled is not None:
            _bill(made, unbilled)
        # What the planner knows of fresh tables decides the plans: let it look, as it would in time.
        # Only the owner may; for the application ANALYZE does nothing.
        with owner_connection(databases.name) as owner:
            owner.execute("ANALYZE")
        if is_acting:
            with acting_for(made.house.agency.pk, made.member.user_id), transaction.atomic():
                yield made
        else:
            yield made
    finally:
        connections.close_all()
        databases.drop()
        for alias, name in before.items():
            connections[alias].settings_dict["NAME"] = name


def _folder() -> Path:
    folder = Path(os.environ.get("PEERWORKS_STATE_DIR") or tempfile.gettempdir())
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _fill(n: int) -> Volume:
    world = build_world()
    house, today = world.juniper, world.today
    with acting_for(house.agency.pk, house.service.user_id), transaction.atomic():
        first = today - dt.timedelta(days=n // _workers(n) // NOTES_A_DAY + 2)
        workers = [_worker(house, number, today, world.now, first) for number in range(_workers(n))]
        people = [_person(house, number, world) for number in range(max(n // NOTES_A_PERSON, 10))]
        _notes(house, workers, people, first, n)
    return Volume(house, house.service, today, n)


def _workers(n: int) -> int:
    return max(n // NOTES_A_WORKER, 4)


def _worker(
    house: House, number: int, today: dt.date, now: dt.datetime, first: dt.date
) -> Provider:
    """A peer specialist who may give the service, supervised every three weeks."""
    name = f"Made-up Worker {number:04d}"
    user = User.objects.create_user(email=f"worker-{number}@made-up.example", name=name)
    member = Membership.objects.create(agency=house.agency, user=user, roles=["PEER"])
    worker = Provider.objects.create(
        agency=house.agency,
        created_by=house.clerk,
        member=member,
        given_name="Made-up",
        family_name=f"Worker {number:04d}",
        npi=made_up_npi(5000 + number),
        worker_class="PEER",
    )
    since = today - 2 * YEAR
    Employment.objects.create(
        agency=house.agency,
        created_by=house.clerk,
        provider=worker,
        kind="EMPLOYEE",
        period=(since, None),
    )
    place(house, worker, "mesa", since)
    certify(
        house,
        worker,
        "tx-peer-specialist",
        since=since,
        until=today + YEAR,
        now=now,
        number=f"DEMO-B-{number}",
        endorsements=("MENTAL_HEALTH",),
    )
    andre = house.providers["supervisor"]
    assign(house, worker, andre, since)
    for weeks in range(0, (today - first).days // 7 + 3, 3):
        day = first - dt.timedelta(days=1) + dt.timedelta(weeks=weeks)
        if day < today:
            supervise(house, worker, andre, "mesa", day)
    return worker


def _bill(made: Volume, unbilled: int) -> None:
    """Build batches, as a biller would, of all service days but the last ones."""
    house, now = made.house, dt.datetime.combine(made.today, dt.time(18), dt.UTC)
    with acting_for(house.agency.pk, made.member.user_id), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
        days = ServiceNote.objects.order_by("-service_day").values_list("service_day", flat=True)
        for through in reversed(days[unbilled::BILLED_AT_ONCE]):
            build_batch(
                payer=house.payers["TXMCD"], through=through, by=made.member, at=now, on=made.today
            )


def _person(house: House, number: int, world: World) -> Served:
    return add_person(
        house,
        "mesa",
        given="Made-up",
        family="Hazel",
        number=1000 + number,
        team=(house.members["peer"],),
        today=world.today,
        now=world.now,
    )


def _notes(
    house: House, workers: list[Provider], people: list[Served], first: dt.date, n: int
) -> None:
    given = {
        "n": n,
        "agency": house.agency.pk,
        "member": house.clerk.pk,
        "people": [each.participant.pk for each in people],
        "people_count": len(people),
        "workers": [each.pk for each in workers],
        "workers_count": len(workers),
        "program": house.programs["mesa"].pk,
        "site": house.sites["mesa"].pk,
        "first": first,
        "a_day": NOTES_A_DAY,
        "supervisor": house.providers["supervisor"].pk,
        "supervisor_member": house.members["supervisor"].pk,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        for statement in (
            *(_NOTES, _VERSIONS, _GOALS, _SIGN_VERSIONS, _SIGN_NOTES, _COSIGN, _SPANS),
        ):
            cursor.execute(statement, given)
