"""The wall in the database: context, roles, keys, seals and guards, tried from every side we could think of."""

import os
import random
import threading
import uuid
from urllib.parse import unquote, urlsplit

import psycopg
import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.db.utils import ProgrammingError

from peerworks.accounts.models import Membership
from peerworks.agencies.constraints import AppendOnly, FinalOnce, SameAgency
from peerworks.agencies.context import NOBODY, acting, acting_for
from peerworks.agencies.postgres.base import DatabaseWrapper
from peerworks.participants.models import Participant, SealedAccess
from tests.databases import owner_connection
from tests.sweep import tables

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "apart"])]

OWNED = tables.owned()
LABELS = [each._meta.label for each in OWNED]
TOLD = "SELECT current_setting('peerworks.agency_id', true), current_setting('peerworks.user_id', true)"


def told():
    """What the database thinks who asks."""
    with connection.cursor() as cursor:
        cursor.execute(TOLD)
        return tuple(each or "" for each in cursor.fetchone())


# Context.


def test_the_outer_context_is_there_again(ground):
    one, two = ground.agency("peer").pk, ground.agency("other-administrator").pk
    with acting_for(one, None), transaction.atomic():
        with acting_for(two, None):
            assert told() == (str(two), "")
        assert told() == (str(one), "")
        with pytest.raises(ValueError, match="inside"), acting_for(two, None):
            raise ValueError("inside")
        assert told() == (str(one), "")
    assert acting.get() is NOBODY
    assert told() == ("", "")


def test_the_outer_context_is_there_again_after_a_failed_statement(ground):
    one, two = ground.agency("peer").pk, ground.agency("other-administrator").pk
    with acting_for(one, None), transaction.atomic():
        with pytest.raises(DatabaseError), acting_for(two, None), transaction.atomic():
            connection.cursor().execute("SELECT 1 / 0")
        assert told() == (str(one), "")
        assert Participant.objects.exists()


def test_a_nonsense_context_shows_nothing_and_fails_loudly(ground):
    with acting_for(uuid.uuid4(), None), transaction.atomic():
        assert not Participant.objects.exists()
    with pytest.raises(DatabaseError), acting_for("no-id", None), transaction.atomic():
        Participant.objects.exists()


@pytest.mark.parametrize("label", LABELS)
def test_no_context_no_rows(ground, label):
    model = apps.get_model(label)
    assert not model._default_manager.exists()
    with acting_for(None, ground.member("administrator").user_id), transaction.atomic():
        assert not model._default_manager.exists()


@pytest.mark.parametrize("label", LABELS)
def test_only_rows_of_the_own_agency(ground, label):
    model = apps.get_model(label)
    for who in ("peer", "other-administrator"):
        house = ground.world.house_of(who)
        with acting_for(house.agency.pk, house.service.user_id), transaction.atomic():
            agencies = set(model._default_manager.values_list("agency", flat=True))
        assert agencies == {house.agency.pk}


@pytest.mark.parametrize("label", LABELS)
def test_no_row_is_moved_into_another_agency(ground, label):
    model, lantern = apps.get_model(label), ground.agency("other-administrator")
    house = ground.world.juniper
    with acting_for(house.agency.pk, house.service.user_id), transaction.atomic():
        row = model._default_manager.first()
        with pytest.raises(DatabaseError), transaction.atomic():
            model._default_manager.filter(pk=row.pk).update(agency=lantern)


def test_threads_see_their_own_agency_only(ground):
    houses = [ground.world.juniper, ground.world.lantern]
    wrong, asked = [], []

    def ask(seed):
        dice = random.Random(seed)  # noqa: S311
        try:
            for _ in range(40):
                house = dice.choice(houses)
                with acting_for(house.agency.pk, house.service.user_id), transaction.atomic():
                    seen = set(Participant.objects.values_list("agency", flat=True))
                asked.append(house.agency.pk)
                if seen != {house.agency.pk}:
                    wrong.append(seen)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert wrong == []
    assert len(asked) == 320


def test_a_thread_inherits_no_context(ground):
    found = []

    def look():
        with transaction.atomic():
            found.append((acting.get() is NOBODY, Participant.objects.count()))
        connections.close_all()

    with acting_for(ground.agency("peer").pk, None):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert found == [(True, 0)]


# Roles.


def owner_settings():
    """The settings of our connection, as the owner."""
    parts = urlsplit(os.environ["DATABASE_OWNER_URL"])
    return connections["default"].settings_dict | {
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
    }


def test_a_role_that_passes_the_wall_is_refused_at_each_connection(ground):
    """AZ-5: the owner's, at every new connection."""
    wrapper = DatabaseWrapper(owner_settings(), alias="default")
    try:
        for _ in range(2):
            # The second time, too: a refused connection must not be left open for the next request.
            with pytest.raises(ImproperlyConfigured, match="bypass the wall"):
                wrapper.cursor()
    finally:
        wrapper.close()


def test_the_tests_are_the_app_role(ground):
    """AZ-5: else the tests of the wall would prove nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("peerworks_app", False, False)


@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE peerworks_owner",
        "SET SESSION AUTHORIZATION peerworks_owner",
        "SET session_replication_role = replica",
        "ALTER TABLE participants_participant DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE audit_auditevent DISABLE TRIGGER ALL",
        "DROP POLICY participants_participant_agency ON participants_participant",
        "CREATE FUNCTION peerworks_agency_id() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid'",
        "TRUNCATE audit_auditevent",
        "TRUNCATE participants_participant CASCADE",
    ],
)
def test_the_app_role_cannot_take_the_wall_down(ground, statement):
    """AZ-5: nor become a role that could."""
    with pytest.raises(ProgrammingError), transaction.atomic():
        connection.cursor().execute(statement)


# Keys across agencies.


KEYS = [
    (model._meta.label, each.field)
    for model in OWNED
    for each in model._meta.constraints
    if isinstance(each, SameAgency)
]


@pytest.mark.parametrize(("label", "field"), KEYS)
def test_no_key_leads_into_another_agency(ground, label, field):
    """AZ-5: composite keys, in action."""
    model = apps.get_model(label)
    target = model._meta.get_field(field).related_model._meta.label
    foreign = (
        ground.member("other-administrator")
        if target == "accounts.Membership"
        else ground.bags["foreign"].known[target]
    )
    house = ground.world.juniper
    with acting_for(house.agency.pk, house.service.user_id), transaction.atomic():
        row = model._default_manager.first()
        with pytest.raises(DatabaseError), transaction.atomic():
            model._default_manager.filter(pk=row.pk).update(**{field: foreign.pk})


# Policies of their own.


def test_before_an_agency_is_chosen_a_user_sees_own_memberships_only(ground):
    luz = ground.member("peer")
    with acting_for(None, luz.user_id), transaction.atomic():
        assert list(Membership.objects.values_list("pk", flat=True)) == [luz.pk]
    with transaction.atomic():
        assert not Membership.objects.exists()


def test_nobody_makes_themselves_a_member_elsewhere(ground):
    luz, lantern = ground.member("peer"), ground.agency("other-administrator")
    with acting_for(luz.agency_id, luz.user_id), transaction.atomic():
        with pytest.raises(DatabaseError), transaction.atomic():
            Membership.objects.create(agency=lantern, user=luz.user, roles=["ADMINISTRATOR"])
        with pytest.raises(DatabaseError), transaction.atomic():
            Membership.objects.filter(pk=luz.pk).update(agency=lantern)
    with acting_for(None, luz.user_id), transaction.atomic():
        with pytest.raises(DatabaseError), transaction.atomic():
            Membership.objects.filter(pk=luz.pk).update(roles=["PRIVACY_OFFICER"])


@pytest.mark.parametrize(
    ("who", "sees"),
    [("peer", False), ("supervisor", False), ("administrator", False), ("privacy-officer", True)],
)
def test_who_reads_the_lists_of_sealed_people(ground, who, sees):
    with ground.world.acting(who):
        assert SealedAccess.objects.exists() is sees
        assert not Participant.objects.filter(is_sealed=True).exists()


@pytest.mark.parametrize("who", ["peer", "supervisor", "administrator", "biller", "auditor"])
def test_nobody_lists_themselves(ground, who):
    sealed = ground.bags["sealed"]["participants.Participant"]
    with ground.world.acting(who) as player:
        with pytest.raises(DatabaseError), transaction.atomic():
            SealedAccess.objects.create(
                agency=player.member.agency,
                participant=sealed,
                user=player.user,
                granted_by=player.member,
                reason="I want to.",
            )


def test_a_listed_person_sees_until_the_place_ends(ground):
    sealed = ground.bags["sealed"]["participants.Participant"]
    seen = Participant.objects.filter(pk=sealed.pk)
    with acting_for(ground.pat.agency_id, ground.pat.user_id), transaction.atomic():
        assert seen.exists()
    with ground.world.acting("privacy-officer"):
        SealedAccess.objects.filter(user=ground.pat.user).update(expires_at=ground.world.now)
    with acting_for(ground.pat.agency_id, ground.pat.user_id), transaction.atomic():
        assert not seen.exists()


@pytest.mark.parametrize("label", sorted({"participants.Participant"} | {
    each._meta.label for each in OWNED if any(f.name == "participant" for f in each._meta.fields)
}))  # fmt: skip
def test_a_seal_covers_every_table_about_the_person(ground, label):
    row = ground.bags["sealed"].known[label]
    model = apps.get_model(label)
    for who in ("peer", "supervisor", "administrator", "biller", "auditor", "privacy-officer"):
        with ground.world.acting(who):
            assert not model._default_manager.filter(pk=row.pk).exists(), who
            if not any(isinstance(each, AppendOnly) for each in model._meta.constraints):
                moved = {"created_at": ground.world.now}
                assert model._default_manager.filter(pk=row.pk).update(**moved) == 0, who


# Guards.


def guarded(kind):
    """(label, constraint) of every guard of a kind."""
    return [
        (model._meta.label, each)
        for model in apps.get_models()
        for each in model._meta.constraints
        if isinstance(each, kind)
    ]


def as_owner(statement):
    """Run one statement as the owner on the test's database, and undo it; the constraint that refused."""
    name = connections["default"].settings_dict["NAME"]
    with owner_connection(name) as owner, owner.transaction(force_rollback=True):
        try:
            done = owner.execute(statement)
        except psycopg.errors.CheckViolation as refused:
            return refused.diag.constraint_name
        return f"done, {done.rowcount} rows"


def names(label):
    """The names of all guards of a model."""
    constraints = apps.get_model(label)._meta.constraints
    return {each.name for each in constraints if isinstance(each, AppendOnly | FinalOnce)}


@pytest.mark.parametrize(
    ("label", "guard"), guarded(AppendOnly), ids=[label for label, _ in guarded(AppendOnly)]
)
def test_the_owner_changes_nothing_that_is_append_only(ground, label, guard):
    """AL-2 for the trail: plain UPDATE and DELETE, and TRUNCATE. More ways: tests/house/test_log.py."""
    meta = apps.get_model(label)._meta
    table, column = meta.db_table, meta.concrete_fields[0].column
    for statement in (
        f"UPDATE {table} SET {column} = {column}",  # noqa: S608
        f"DELETE FROM {table}",  # noqa: S608
        f"TRUNCATE {table} CASCADE",
    ):
        assert as_owner(statement) in names(label) | everybody(), statement


def everybody():
    """The names of all guards: TRUNCATE … CASCADE may meet that of another table first."""
    return {each.name for _, each in [*guarded(AppendOnly), *guarded(FinalOnce)]}


#: Guards for which the ground holds no final row; each stands in the tests of its app.
NO_FINAL_ROW = {
    "accounts_invitation_accepted_once": "an accepted one: tests/peerworks/test_invitations.py",
    "files_storedfile_withdrawn_once": "a withdrawn file: tests/peerworks/test_files_storage.py",
    "participants_consent_revoked_once": "a revoked consent: tests/peerworks/test_participants.py",
    "providers_workspan_reversed_once": "a reversed span: tests/providers",
    "training_completion_revoked_once": "a revoked completion: tests/training",
    "billing_servicenote_void_final": "a void note: tests/billing",
}


@pytest.mark.parametrize(
    ("label", "guard"), guarded(FinalOnce), ids=[each.name for _, each in guarded(FinalOnce)]
)
def test_the_owner_changes_nothing_that_is_final(ground, label, guard):
    table = apps.get_model(label)._meta.db_table
    final = f"{guard.column} IS NOT NULL" + (
        f" AND {guard.column}::text = '{guard.equals}'" if guard.equals else ""
    )
    changed = as_owner(f"UPDATE {table} SET agency_id = gen_random_uuid() WHERE {final}")  # noqa: S608
    if guard.name in NO_FINAL_ROW:
        assert changed == "done, 0 rows"
    else:
        assert changed in names(label)
        assert as_owner(f"DELETE FROM {table} WHERE {final}") in names(label)  # noqa: S608
    assert as_owner(f"TRUNCATE {table} CASCADE") in everybody()


VERSION = "billing_noteversion"
ROUTES = {
    "save": lambda row: setattr(row, "purpose", "x") or row.save(),
    "update": lambda row: type(row).objects.filter(pk=row.pk).update(purpose="x"),
    "bulk_update": lambda row: setattr(row, "purpose", "x")
    or type(row).objects.bulk_update([row], ["purpose"]),
    "update_or_create": lambda row: type(row).objects.update_or_create(
        pk=row.pk, defaults={"purpose": "x"}
    ),
    "upsert": lambda row: setattr(row, "purpose", "x")
    or type(row).objects.bulk_create(
        [row], update_conflicts=True, update_fields=["purpose"], unique_fields=["id"]
    ),
    "delete": lambda row: type(row).objects.filter(pk=row.pk)._raw_delete("default"),
    "SQL UPDATE": lambda row: sql(f"UPDATE {VERSION} SET purpose = 'x' WHERE id = %s", row),  # noqa: S608
    "SQL DELETE": lambda row: sql(f"DELETE FROM {VERSION} WHERE id = %s", row),  # noqa: S608
    "SQL MERGE": lambda row: sql(
        f"MERGE INTO {VERSION} v USING (SELECT %s::uuid AS id) n ON v.id = n.id "
        "WHEN MATCHED THEN UPDATE SET purpose = 'x'",
        row,
    ),
    "TRUNCATE": lambda row: sql(f"TRUNCATE {VERSION} CASCADE"),
    "unsign": lambda row: type(row).objects.filter(pk=row.pk).update(
        signed_at=None, signed_by=None, sha256=""
    ),
}  # fmt: skip


def sql(statement, row=None):
    """One statement as the app role."""
    with connection.cursor() as cursor:
        cursor.execute(statement, [] if row is None else [row.pk])


@pytest.mark.parametrize("route", ROUTES)
def test_a_signed_note_is_the_same_by_whatever_route(ground, route):
    note = ground.bags["mine"]["billing.ServiceNote"]
    with ground.world.acting("peer"):
        version = type(note.version_in_force).objects.get(pk=note.version_in_force_id)
        with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
            ROUTES[route](version)
        kept = type(version).objects.get(pk=version.pk)
        assert (kept.purpose, kept.sha256) == ("Made-up purpose.", note.version_in_force.sha256)


REPLICA = {
    "UPDATE": "UPDATE billing_noteversion SET purpose = 'x' WHERE signed_at IS NOT NULL",
    "DELETE": "DELETE FROM billing_noteversion WHERE signed_at IS NOT NULL",
    "TRUNCATE": "TRUNCATE billing_noteversion CASCADE",
    "CASCADE from the person": "TRUNCATE participants_participant CASCADE",
    "CASCADE from the agency": "TRUNCATE agencies_agency CASCADE",
    "the trail": "UPDATE audit_auditevent SET actor_name = 'x'",
    "the trail, emptied": "TRUNCATE audit_auditevent",
}


@pytest.mark.parametrize("route", REPLICA)
def test_not_even_a_superuser_in_replica_mode_changes_what_is_signed(ground, route):
    """RI-1, AL-2. Replica mode switches ordinary triggers off; ours are ALWAYS. With a database server of one's
    own there is no superuser at hand: then the owner is refused the mode itself."""
    url = os.environ.get("DATABASE_SUPERUSER_URL") or os.environ["DATABASE_OWNER_URL"]
    name = connections["default"].settings_dict["NAME"]
    refusals = (psycopg.errors.CheckViolation, psycopg.errors.InsufficientPrivilege)
    with psycopg.connect(url, dbname=name) as strong:
        with pytest.raises(refusals) as refused:
            strong.execute("SET LOCAL session_replication_role = replica; " + REPLICA[route])
        strong.rollback()
    if "DATABASE_SUPERUSER_URL" in os.environ:
        assert refused.value.diag.constraint_name in everybody()


@pytest.mark.parametrize("column", ["id", "at", "xid"])
def test_nobody_chooses_number_or_moment_of_an_event(ground, column):
    """AL-2: as the web role, INSERT of a chosen number, moment or transaction."""
    value = {"id": "1", "at": "'2020-01-01'", "xid": "1"}[column]
    with ground.world.acting("administrator") as player:
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(
                f"INSERT INTO audit_auditevent (agency_id, kind, action, actor_id, actor_name, "  # noqa: S608
                f"object_type, object_id, is_about_people, fields, device, reference, {column}) "
                f"VALUES (%s, 'CHANGE', 'x', '', '', '', '', false, '{{}}', '', '', {value})",
                [player.member.agency_id],
            )


def test_nobody_writes_an_event_into_another_agency(ground):
    """AL-2: as the web role, INSERT of a chosen agency."""
    with ground.world.acting("administrator"):
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(
                "INSERT INTO audit_auditevent (agency_id, kind, action, actor_id, actor_name, "
                "object_type, object_id, is_about_people, fields, device, reference) "
                "VALUES (%s, 'CHANGE', 'x', '', '', '', '', false, '{}', '', '')",
                [ground.agency("other-administrator").pk],
            )
