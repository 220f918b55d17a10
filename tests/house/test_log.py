"""AL-2: the audit trail is neither changed, nor overwritten, nor deleted, by whatever DML or TRUNCATE.

As the application's role, as the owner, and as a superuser in replica mode, which switches ordinary
triggers off. What tests/house/test_wall.py has tried already (plain UPDATE and DELETE of the owner,
TRUNCATE, chosen numbers and moments, another agency) is not tried again here.
"""
# ruff: noqa: S608 - names of tables of our own

import os
from dataclasses import dataclass
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from psycopg import sql

from peerworks.audit import trail
from peerworks.audit.models import AuditEvent, EventPerson
from tests.databases import owner_connection
from tests.sweep import tables

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "apart"])]

EVENT, PEOPLE = "audit_auditevent", "audit_eventperson"
GUARDS = {"audit_auditevent_append_only", "audit_eventperson_append_only"}
AGAIN = (
    "agency_id, kind, action, actor_id, actor_name, object_type, object_id, is_about_people, fields,"
    " device, reference"
)

#: Statements that would alter the trail, whoever gives them. `{id}` is an event with one person.
WAYS = {
    "UPDATE one column": f"UPDATE {EVENT} SET actor_name = 'x' WHERE id = {{id}}",
    "UPDATE the moment": f"UPDATE {EVENT} SET at = at - interval '1 day' WHERE id = {{id}}",
    "UPDATE the number": f"UPDATE {EVENT} SET id = id + 1000000 WHERE id = {{id}}",
    "UPDATE FROM": f"UPDATE {EVENT} e SET action = o.action FROM {EVENT} o WHERE e.id = {{id}}",
    "UPDATE in a WITH": f"WITH c AS (UPDATE {EVENT} SET fields = '{{{{}}}}' RETURNING id) SELECT * FROM c",
    "DELETE one": f"DELETE FROM {EVENT} WHERE id = {{id}}",
    "DELETE USING": f"DELETE FROM {EVENT} e USING {PEOPLE} p WHERE p.event_id = e.id",
    "DELETE in a WITH": f"WITH c AS (DELETE FROM {EVENT} RETURNING id) SELECT count(*) FROM c",
    "MERGE to update": (
        f"MERGE INTO {EVENT} e USING (SELECT {{id}}::bigint AS id) n ON e.id = n.id "
        "WHEN MATCHED THEN UPDATE SET actor_name = 'x'"
    ),
    "MERGE to delete": (
        f"MERGE INTO {EVENT} e USING (SELECT {{id}}::bigint AS id) n ON e.id = n.id "
        "WHEN MATCHED THEN DELETE"
    ),
    "upsert over a number": (
        f"INSERT INTO {EVENT} (id, at, xid, {AGAIN}) OVERRIDING SYSTEM VALUE "
        f"SELECT id, at, xid, {AGAIN} FROM {EVENT} WHERE id = {{id}} "
        "ON CONFLICT (id) DO UPDATE SET actor_name = 'x'"
    ),
    "TRUNCATE both": f"TRUNCATE {EVENT}, {PEOPLE} RESTART IDENTITY",
    "TRUNCATE of the agencies": "TRUNCATE agencies_agency CASCADE",
    "UPDATE the person": f"UPDATE {PEOPLE} SET participant_id = gen_random_uuid()",
    "move the person": f"UPDATE {PEOPLE} SET event_id = event_id + 1 WHERE event_id = {{id}}",
    "DELETE the person": f"DELETE FROM {PEOPLE} WHERE event_id = {{id}}",
    "MERGE the person away": (
        f"MERGE INTO {PEOPLE} p USING (SELECT {{id}}::bigint AS id) n ON p.event_id = n.id "
        "WHEN MATCHED THEN DELETE"
    ),
    "TRUNCATE of the people": f"TRUNCATE {PEOPLE}",
}


@dataclass(frozen=True)
class Kept:
    """An event of the first agency about a person, that has been there before."""

    pk: int
    agency_id: UUID


@pytest.fixture
def event(ground):
    """Read by the owner: a reading of our own would hold a lock, for which TRUNCATE waits."""
    mine = ground.bags["mine"]["participants.Participant"].pk
    with owner_connection(connection.settings_dict["NAME"]) as owner:
        first = f"SELECT event_id, agency_id FROM {PEOPLE} WHERE participant_id = %s ORDER BY 1"
        return Kept(*owner.execute(first, [mine]).fetchone())


def tried(connected, statement, event):
    """What a raw connection is told when it gives the statement: the guard's or the database's name."""
    try:
        with connected.transaction(force_rollback=True):
            done = connected.execute(statement.format(id=event.pk))
            return f"done, {done.rowcount} rows"
    except psycopg.errors.CheckViolation as refused:
        return refused.diag.constraint_name
    except psycopg.errors.InsufficientPrivilege:
        return "permission denied"


def test_there_are_twelve_ways_and_more():
    assert len(WAYS) >= 12


@pytest.mark.parametrize("way", WAYS)
def test_the_application_alters_nothing(ground, event, way):
    """AL-2: as the web role, permission denied."""
    before = tables.everything()
    with ground.world.acting("administrator"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(WAYS[way].format(id=event.pk))
    assert tables.everything() == before


@pytest.mark.parametrize("way", WAYS)
def test_the_owner_alters_nothing(ground, event, way):
    """AL-2: as the owner, the guard of the table. (A change of the schema is not DML.)"""
    name = connection.settings_dict["NAME"]
    with owner_connection(name) as owner:
        assert tried(owner, WAYS[way], event) in allowed_refusals(way)


@pytest.mark.parametrize("way", WAYS)
def test_a_superuser_in_replica_mode_alters_nothing(ground, event, way):
    """AL-2: the guards are ALWAYS. On a server of one's own there is no superuser at hand: then the
    owner is refused the mode itself."""
    url = os.environ.get("DATABASE_SUPERUSER_URL") or os.environ["DATABASE_OWNER_URL"]
    with psycopg.connect(url, dbname=connection.settings_dict["NAME"]) as strong:
        said = tried(strong, "SET LOCAL session_replication_role = replica; " + WAYS[way], event)
    if "DATABASE_SUPERUSER_URL" in os.environ:
        assert said in allowed_refusals(way)
    else:
        assert said == "permission denied"


def allowed_refusals(way):
    """The guards of the trail; a TRUNCATE of the agencies may meet another table's first."""
    return GUARDS if way != "TRUNCATE of the agencies" else GUARDS | _everybodys_guards()


def _everybodys_guards():
    with owner_connection(connection.settings_dict["NAME"]) as owner:
        names = owner.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE '%\\_t'").fetchall()
        return {name.removesuffix("_t") for (name,) in names}


@pytest.mark.parametrize("setting", ["pgtrigger.ignore", "session_replication_role"])
def test_no_setting_switches_the_guards_off(ground, event, setting):
    """AL-2: what turns packaged guards off (finding 5 of the design) turns ours not."""
    with owner_connection(connection.settings_dict["NAME"]) as owner:
        owner.autocommit = False
        try:
            owner.execute(
                sql.SQL("SELECT set_config({}, {}, true)").format(setting, "{audit_auditevent:all}")
                if setting == "pgtrigger.ignore"
                else "SET LOCAL session_replication_role = replica"
            )
            owner.execute(f"DELETE FROM {EVENT}")
        except (psycopg.errors.CheckViolation, psycopg.errors.InsufficientPrivilege):
            return
        finally:
            owner.rollback()
    pytest.fail("the trail was emptied")


ORM = {
    "save": lambda event: setattr(event, "actor_name", "x") or event.save(),
    "save one field": lambda event: event.save(update_fields=["at"]),
    "update": lambda event: AuditEvent.objects.filter(pk=event.pk).update(actor_name="x"),
    "bulk_update": lambda event: AuditEvent.objects.bulk_update([event], ["actor_name"]),
    "upsert": lambda event: AuditEvent.objects.bulk_create(
        [event], update_conflicts=True, update_fields=["actor_name"], unique_fields=["id"]
    ),
    "update_or_create": lambda event: AuditEvent.objects.update_or_create(
        pk=event.pk, defaults={"actor_name": "x"}
    ),
    "create": lambda event: AuditEvent.objects.create(
        agency_id=event.agency_id, kind="VIEW", action="x", is_about_people=False
    ),
    "delete": lambda event: event.delete(),
    "delete all": lambda event: AuditEvent.objects.all().delete(),
    "lock": lambda event: AuditEvent.objects.select_for_update().get(pk=event.pk),
    "delete people": lambda event: EventPerson.objects.all().delete(),
    "update people": lambda event: EventPerson.objects.update(event_id=0),
}


@pytest.mark.parametrize("way", ORM)
def test_the_orm_alters_nothing(ground, event, way):
    """AL-2: no method of the program's own language, either."""
    with ground.world.acting("administrator"):
        row = AuditEvent.objects.get(pk=event.pk)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            ORM[way](row)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT setval(pg_get_serial_sequence('audit_auditevent', 'id'), 1)",
        "ALTER SEQUENCE audit_auditevent_id_seq RESTART",
        "ALTER TABLE audit_auditevent DISABLE TRIGGER USER",
        "DROP TRIGGER audit_auditevent_append_only ON audit_auditevent",
        "CREATE RULE quiet AS ON INSERT TO audit_auditevent DO INSTEAD NOTHING",
        "CREATE TRIGGER quiet BEFORE INSERT ON audit_auditevent EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "DROP POLICY audit_auditevent_sealed ON audit_auditevent",
        "COPY audit_auditevent FROM STDIN",
        "DROP TABLE audit_eventperson",
    ],
)
def test_the_application_bends_nothing_round_the_trail(ground, statement):
    """AL-2: neither its numbers nor its guards."""
    with ground.world.acting("administrator"):
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(statement)


ADD = f"INSERT INTO {PEOPLE} (event_id, agency_id, participant_id) VALUES (%s, %s, %s)"


def test_nobody_is_added_to_an_event_of_before(ground, event):
    """AL-2: whom an event is about is written with it, in its transaction, or never."""
    person = ground.bags["loose"]["participants.Participant"].pk
    with ground.world.acting("administrator"):
        with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
            connection.cursor().execute(ADD, [event.pk, event.agency_id, person])


def test_nobody_is_added_to_an_event_about_nobody(ground):
    """AL-2: nor in its own transaction, where the event says that it is about nobody."""
    person = ground.bags["mine"]["participants.Participant"].pk
    with ground.world.acting("administrator") as kent:
        trail.record("course.added", by=kent.user)
        newest = AuditEvent.objects.order_by("-pk").first()
        with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
            connection.cursor().execute(ADD, [newest.pk, newest.agency_id, person])


def test_nobody_is_added_to_an_event_of_another_agency(ground):
    """AL-2: the number of another agency's event is no way in."""
    other = ground.world.lantern
    person = ground.bags["mine"]["participants.Participant"].pk
    foreign = ground.bags["foreign"]["participants.Participant"].pk
    with ground.world.acting("other-administrator") as beth:
        trail.record("participant.changed", by=beth.user, participants=[foreign])
        number = AuditEvent.objects.order_by("-pk").first().pk
    for agency in (ground.world.juniper.agency.pk, other.agency.pk):
        with ground.world.acting("administrator"):
            with pytest.raises(DatabaseError), transaction.atomic():
                connection.cursor().execute(ADD, [number, agency, person])


def test_the_trail_is_on_and_has_no_switch():
    """AL-1: on by default, and no setting names it."""
    from django.conf import settings

    assert not [name for name in dir(settings) if "AUDIT" in name or "TRAIL" in name]
