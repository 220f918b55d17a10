"""A sweep over all models and their tables: a new one is covered the moment it exists.

An exception is written down here by name, with its reason.
"""

import re
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import FieldDoesNotExist
from django.db import connection, models
from django.db.models.constraints import BaseConstraint

from peerworks.agencies import checks
from peerworks.agencies.constraints import SealedIsolation
from peerworks.agencies.models import AgencyOwned
from tests.house.sources import PACKAGES, ROOT

PERSON = "participants.Participant"
OURS = [
    model
    for model in apps.get_models()
    if model._meta.app_config.name.split(".")[0] in PACKAGES and not model._meta.proxy
]
IDS = [model._meta.label for model in OURS]
#: Models with an agency key that are not `AgencyOwned`: their isolation has a form of its own.
NOT_OWNED = {
    "accounts.Membership": "a user sees own rows before an agency is chosen",
    "accounts.Invitation": "found by its token before there is a user",
    "accounts.SignIn": "a user sees own rows in every agency, an administrator those of the agency",
    "participants.SealedAccess": "the general policy would ask itself",
    "audit.AuditEvent": "a plain table without foreign keys; rows of no agency are nobody's",
    "audit.EventPerson": "a plain table beside it, numbered by the event",
    "jobs.DueWork": "ids only, read by the sweeper of all agencies",
    "accounts.RateLimit": "counts attempts, also those of addresses that nobody has",
}
NO_POLICY = {"jobs.DueWork", "accounts.RateLimit"}
#: Rules of uniqueness that a sealed person's row takes part in beside those of others.
ANSWERS_NOBODY = {
    "notices_notice_once": "written by the reminder task alone, which passes over what is there",
    "billing_servicenote_one_place": "the author's own visits, who wrote them and knows of them",
    "billing_claim_control_number": "counted up by the program",
    "billing_claimline_control": "the claim's number with the line's",
}
#: Keys that may end on something else than PROTECT.
MAY_CASCADE: dict[str, str] = {}
#: Moments that are no decision of a person, so nobody stands beside them.
NOBODY_DECIDES = {
    "jobs.DueWork.enqueued_at": "the sweeper's",
    "jobs.DueWork.done_at": "the worker's",
    "jobs.Job.started_at": "the worker's",
    "jobs.Job.finished_at": "the worker's",
    "notices.Notice.raised_at": "the reminder task's",
    "notices.Notice.seen_at": "the recipient's, who stands in the row",
    "notices.Notice.done_at": "the recipient's, who stands in the row",
    "notices.Notice.closed_at": "follows from the subject",
    "billing.ServiceNote.first_signed_at": "copied from the first signed version",
    "billing.NoteVersion.saved_at": "a draft has one writer, who stands in the row",
    "accounts.User.last_login": "Django's",
    "accounts.SignIn.factor_at": "the user's, who stands in the row",
}
#: Models that no test makes by a factory, since one function of the product writes them.
WITHOUT_FACTORY = {
    "audit.AuditEvent": "written by audit.trail alone",
    "audit.EventPerson": "written with its event",
    "jobs.DueWork": "planned by jobs.operations alone",
    "accounts.SignIn": "begun by a sign-in alone",
    "accounts.KnownDevice": "known by a sign-in alone",
    "accounts.RateLimit": "counted by accounts.limits alone",
}


def keyed():
    """The models with an agency key."""
    return [model for model in OURS if checks.keyed(model)]


def keys_of(model):
    """The foreign keys of a model, one-to-one keys included."""
    return [field for field in model._meta.fields if isinstance(field, models.ForeignKey)]


def about_a_person(model):
    """Whether a row tells about a participant: by its own key, or by one to a row that does."""
    targets = [field.related_model for field in keys_of(model)]
    return any(
        target._meta.label == PERSON or (target is not model and about_a_person(target))
        for target in targets
        if target._meta.label.split(".")[0] in {"participants", "billing", "notices"}
    )


def rows(sql, *values):
    """What the database says about itself."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def policies_of(table):
    """The policies of a table: name, kind, condition for reading and for writing."""
    return rows(
        "SELECT policyname, permissive, qual, with_check FROM pg_policies WHERE tablename = %s",
        table,
    )


def test_the_exceptions_are_those_of_the_start_up_check():
    named = checks.OWN_POLICY | checks.NO_POLICY
    assert named <= NOT_OWNED.keys()
    assert checks.NO_POLICY <= NO_POLICY


@pytest.mark.parametrize("model", keyed(), ids=lambda model: model._meta.label)
def test_a_model_with_an_agency_is_owned_or_named(model):
    """AZ-5: exceptions by name, each with its reason."""
    assert issubclass(model, AgencyOwned) or model._meta.label in NOT_OWNED


@pytest.mark.django_db
@pytest.mark.parametrize("model", keyed(), ids=lambda model: model._meta.label)
def test_its_table_is_forced_behind_a_policy(model):
    """AZ-5: row-level security enabled and forced, one policy with USING and WITH CHECK."""
    if model._meta.label in NO_POLICY:
        return
    table = model._meta.db_table
    (state,) = rows(
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", table
    )
    assert state == (True, True)
    permissive = [each for each in policies_of(table) if each[1] == "PERMISSIVE"]
    assert len(permissive) == 1, "two permissive policies would add up"
    _name, _kind, using, check = permissive[0]
    assert using
    assert check
    if issubclass(model, AgencyOwned):
        assert (
            using == check == "(agency_id = ( SELECT peerworks_agency_id() AS peerworks_agency_id))"
        )


@pytest.mark.parametrize("model", OURS, ids=IDS)
def test_a_row_about_a_person_names_that_person(model):
    if about_a_person(model):
        assert any(field.related_model._meta.label == PERSON for field in keys_of(model))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "model", [model for model in OURS if about_a_person(model)], ids=lambda model: model._meta.label
)
def test_a_table_about_a_person_is_sealed(model):
    if model._meta.label == "participants.SealedAccess":
        return
    restrictive = [each for each in policies_of(model._meta.db_table) if each[1] == "RESTRICTIVE"]
    assert any(
        "EXISTS" in using and "participants_participant" in using
        for _name, _kind, using, _check in restrictive
    )


@pytest.mark.django_db
def test_the_participants_table_is_sealed():
    (policy,) = [
        each for each in policies_of("participants_participant") if each[1] == "RESTRICTIVE"
    ]
    assert "is_sealed" in policy[2]
    assert "participants_sealedaccess" in policy[2]


@pytest.mark.django_db
@pytest.mark.parametrize("model", keyed(), ids=lambda model: model._meta.label)
def test_each_key_to_an_owned_table_is_composite(model):
    """AZ-5: a key names the agency with the row."""
    there = {
        (tuple(columns), target)
        for columns, target in rows(
            """SELECT array(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY k(n, place)
                             JOIN pg_attribute ON attrelid = conrelid AND attnum = n ORDER BY place),
                      confrelid::regclass::text
                 FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass""",
            model._meta.db_table,
        )
    }
    for field in keys_of(model):
        target = field.related_model
        if model._meta.label not in NO_POLICY and checks.keyed(target):
            assert (("agency_id", field.column), target._meta.db_table) in there, field.name


@pytest.mark.django_db
def test_nothing_belongs_to_the_role_of_the_application():
    """AZ-5: an owner could change the schema."""
    assert not rows(
        """SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
            WHERE nspname = 'public' AND pg_get_userbyid(relowner) = current_user
           UNION ALL
           SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace
            WHERE nspname = 'public' AND pg_get_userbyid(proowner) = current_user"""
    )


@pytest.mark.django_db
def test_the_role_of_the_application_can_bypass_nothing():
    """AZ-5: no superuser, no BYPASSRLS."""
    ((is_super, bypasses, makes_roles, makes_databases),) = rows(
        """SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb
             FROM pg_roles WHERE rolname = current_user"""
    )
    assert (is_super, bypasses, makes_roles, makes_databases) == (False,) * 4


@pytest.mark.django_db
def test_a_view_asks_with_the_rights_of_its_reader():
    """AZ-5: a view without `security_invoker` would read as its owner; one of a superuser past every policy."""
    assert not rows(
        """SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
             JOIN pg_roles r ON r.oid = relowner
            WHERE nspname = 'public' AND (relkind = 'm' OR relkind = 'v'
                  AND NOT coalesce(reloptions, '{}') && '{security_invoker=true,security_invoker=on}')
           UNION ALL
           SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
             JOIN pg_roles r ON r.oid = relowner
            WHERE nspname = 'public' AND relkind IN ('v', 'm') AND rolsuper"""
    )


def test_no_table_is_made_without_a_model():
    automatic = [
        f"{model._meta.label}.{field.name}"
        for model in OURS
        for field in model._meta.many_to_many
        if field.remote_field.through._meta.auto_created
    ]
    assert not automatic


CONSTRAINTS = [(model, each) for model in OURS for each in model._meta.constraints]


@pytest.mark.parametrize("model", OURS, ids=IDS)
def test_each_constraint_has_a_name_and_a_sentence(model):
    for constraint in model._meta.constraints:
        name, sentence = constraint.name, str(constraint.violation_error_message or "")
        assert name.startswith(f"{model._meta.db_table}_")
        assert len(name) <= 63, name
        assert sentence, name
        assert sentence != str(BaseConstraint.default_violation_error_message), name


def test_a_rule_of_uniqueness_stays_within_an_agency():
    """AZ-8: no refusal tells what another agency has."""
    crossing = [
        constraint.name
        for model, constraint in CONSTRAINTS
        if checks.keyed(model) and not within_an_agency(model, constraint)
    ]
    assert not crossing


def within_an_agency(model, constraint):
    """Whether what is compared holds the agency, or a key that belongs to one."""
    told = compared(constraint)
    owned = {"agency", *(field.name for field in checks.owned_keys(model))}
    return told is None or any(holds(each, told) for each in owned)


def compared(constraint):
    """What a rule of uniqueness compares, as text; None for other constraints."""
    if isinstance(constraint, models.UniqueConstraint):
        return [*map(str, constraint.fields), *map(str, constraint.expressions)]
    if isinstance(constraint, ExclusionConstraint):
        return [str(each) for each, _operator in constraint.expressions]
    return None


def holds(name, told):
    """Whether a field is among what is compared."""
    return any(re.search(rf"\b{name}(_id)?\b", each) for each in told)


def test_a_sealed_person_s_row_answers_no_form():
    """The number of a sealed record, tried in a form, must not be told to be taken."""
    sealed = [row for row in CONSTRAINTS if checks.has(row[0], SealedIsolation)]
    answering = {
        constraint.name for model, constraint in sealed if not of_one_person(model, constraint)
    }
    assert answering == ANSWERS_NOBODY.keys()


def of_one_person(model, constraint):
    """Whether only rows about one person meet, or of one form, or only rows that are not sealed."""
    told = compared(constraint)
    if told is None or holds("id", told) or holds("form_key", told):
        return True
    if constraint.condition is not None and ("is_sealed", False) in constraint.condition.children:
        return True
    return any(
        holds(field.name, told)
        for field in model._meta.fields
        if field.is_relation and checks.has(field.related_model, SealedIsolation)
    )


def moments():
    """Moments that may be absent, which somebody decides on; a visit's own times are none."""
    return [
        (model, field)
        for model in OURS
        for field in model._meta.fields
        if isinstance(field, models.DateTimeField)
        and field.null
        and field.name.endswith("_at")
        and field.name not in {"starts_at", "ends_at"}
    ]


@pytest.mark.parametrize(
    ("model", "field"),
    moments(),
    ids=lambda each: getattr(each, "name", getattr(each, "__name__", "")),
)
def test_a_decision_names_who_and_when_together(model, field):
    if f"{model._meta.label}.{field.name}" in NOBODY_DECIDES:
        return
    by = field.name.removesuffix("_at") + "_by"
    try:
        model._meta.get_field(by)
    except FieldDoesNotExist:
        pytest.fail(f"{model._meta.label}.{field.name} has no {by}")
    assert any(
        {field.name, by} <= names_in(each.condition)
        for each in model._meta.constraints
        if isinstance(each, models.CheckConstraint)
    ), f"nothing refuses half of {field.name} and {by}"


def names_in(condition):
    """The fields that a condition asks about."""
    found = set()
    for child in getattr(condition, "children", []):
        found |= {child[0].split("__")[0]} if isinstance(child, tuple) else names_in(child)
    return found


def test_the_named_moments_exist():
    there = {f"{model._meta.label}.{field.name}" for model in OURS for field in model._meta.fields}
    assert NOBODY_DECIDES.keys() <= there


@pytest.mark.parametrize("model", OURS, ids=IDS)
def test_a_model_follows_the_house(model):
    assert model.__doc__
    assert not model.__doc__.startswith(f"{model.__name__}(")
    assert not model._meta.ordering
    for field in model._meta.fields:
        where = f"{model._meta.label}.{field.name}"
        if isinstance(field, models.ForeignKey) and where not in MAY_CASCADE:
            assert field.remote_field.on_delete is models.PROTECT, where
        if isinstance(field, models.CharField | models.TextField):
            assert not field.null, where
        if isinstance(field, models.FloatField):
            pytest.fail(f"{where}: money and time are never floats")


def factories():
    """The names of all factory functions; a module's `MAKES` names models that it makes with others."""
    folder = ROOT / "tests" / "factories"
    modules = [
        f"tests.factories.{path.stem}" for path in folder.glob("*.py") if path.stem[0] != "_"
    ]
    names = [vars(import_module(module)) for module in modules]
    together = {factory_of(model) for each in names for model in each.get("MAKES", ())}
    return together | {name for each in names for name in each}


def factory_of(model):
    """`make_service_note` for ServiceNote."""
    return "make_" + re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", model.__name__).lower()


def test_each_model_has_a_factory():
    there = factories()
    missing = {
        model._meta.label: factory_of(model)
        for model in OURS
        if model._meta.label not in WITHOUT_FACTORY and factory_of(model) not in there
    }
    assert not missing
