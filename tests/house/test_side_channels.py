"""AZ-8: nothing of one agency shows in what another one sees of itself: no number, no rank, no refusal."""

import re
import uuid

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from peerworks.agencies.constraints import AppendOnly, FinalOnce
from peerworks.agencies.context import acting_for
from tests.house.test_models import compared
from tests.sweep import tables
from tests.sweep.addresses import MISSING, addresses
from tests.sweep.asking import ask, given_back, paths, said
from tests.sweep.ground import NINE

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "apart"])]

OWNED = tables.owned()
PAGES = [each for each in addresses() if each.needs not in (MISSING, None)]
SEARCHES = {
    "/participants/": "administrator",
    "/providers/": "administrator",
    "/members/": "administrator",
    "/notes/write/": "peer",
}


def unique_texts():
    """(model, names) of every rule of uniqueness over something that people write or count, where a row can change.

    What never changes cannot be given the other's value: `tests/house/test_models.py` reads those rules.
    """
    for model in OWNED:
        if any(isinstance(each, AppendOnly | FinalOnce) for each in model._meta.constraints):
            continue
        for each in model._meta.constraints:
            told = compared(each) if isinstance(each, models.UniqueConstraint) else None
            names = [name for name in told or () if is_told(model, name)]
            if names:
                yield model, names


def is_told(model, name):
    """Whether a part of such a rule is a column with a text, a number or a day."""
    found = next((each for each in model._meta.concrete_fields if each.name == name), None)
    kinds = models.CharField | models.TextField | models.IntegerField | models.DateField
    return isinstance(found, kinds) and found.remote_field is None


RULES = list(unique_texts())


@pytest.mark.parametrize(
    ("model", "names"), RULES, ids=[f"{m._meta.label} {' '.join(n)}" for m, n in RULES]
)
def test_what_one_agency_has_taken_is_free_in_the_other(ground, model, names):
    """AZ-8: the same record number, name, key or figure stands in both, whatever the rule compares."""
    mine = ground.bags["mine"].known[model._meta.label]
    theirs = ground.bags["foreign"].known[model._meta.label]
    house = ground.world.lantern
    told = {name: getattr(mine, name) for name in names}
    with acting_for(house.agency.pk, house.service.user_id), transaction.atomic():
        if model._default_manager.filter(**told).exists():
            return  # the same value stands in both
        assert "unique" not in refusal(model._default_manager.filter(pk=theirs.pk), told)


def refusal(rows, told):
    """What the database says to these values; another rule than that of uniqueness may mind them, and says so."""
    try:
        with transaction.atomic():
            assert rows.update(**told) == 1
    except DatabaseError as error:
        return str(error)
    return ""


def test_an_address_of_another_agency_is_invited_like_an_unknown_one(ground):
    """AZ-8: nobody learns by an invitation who has an account elsewhere."""
    client, agency = ground.client("administrator"), ground.agency("administrator").pk
    answers = []
    for email in (ground.member("other-administrator").user.email, "nobody.yet@made-up.example"):
        with given_back():
            data = {"form_agency": str(agency), "form_key": str(uuid.uuid4()), "email": email, "roles": ["PEER"], "name": "Somebody", "language": "en"}  # fmt: skip
            answer = client.post("/members/invite/", data)
            page = client.get("/members/")
            answers.append(
                (answer.status_code, page.content.decode().count(email), answer.content[:80])
            )
    assert answers[0] == answers[1]
    assert answers[0][0] == 302


def test_every_id_that_people_see_is_a_uuid():
    """AZ-8: a number that counts up would tell how much others do."""
    counted = {
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_config.name.split(".")[0]
        in {"peerworks", "providers", "training", "supervision", "billing"}
        and not isinstance(model._meta.pk, models.UUIDField)
    }
    assert counted == COUNTED.keys()


#: Tables whose key is another, each with the reason.
COUNTED = {
    "audit.AuditEvent": "numbered by the database; only the audit pages name a number, to who may read the trail",
    "audit.EventPerson": "beside it, and named nowhere",
    "accounts.RateLimit": "its key is a hash, and named nowhere",
    "rulepacks.PackVersion": "the packs are the same for all agencies",
}


def grow(ground, times):
    """Copy each row of the other agency so many times, as the application; the tables that grew."""
    house, grown = ground.world.lantern, {}
    with acting_for(house.agency.pk, house.service.user_id), connection.cursor() as cursor:
        for model in OWNED:
            try:
                with transaction.atomic():
                    cursor.execute(copies(model), {"times": times})
                    grown[model._meta.label] = cursor.rowcount
            except DatabaseError:
                continue
    return {label for label, rows in grown.items() if rows >= times}


def copies(model):
    """The statement that copies one row many times: new ids, and other words where they must differ."""
    unique = {name for each in model._meta.constraints for name in compared(each) or ()}
    columns, values = [], []
    for each in model._meta.concrete_fields:
        if each.generated:
            continue
        columns.append(f'"{each.column}"')
        values.append(value_of(each, unique))
    table = model._meta.db_table
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} "  # noqa: S608
        f"FROM (SELECT * FROM {table} LIMIT 1) t, generate_series(1, %(times)s) n ON CONFLICT DO NOTHING"
    )


def value_of(each, unique):
    """What a copy has in a column."""
    if (each.primary_key and isinstance(each, models.UUIDField)) or each.name == "form_key":
        return "gen_random_uuid()"
    if each.name in unique and isinstance(each, models.CharField | models.TextField):
        return f'left("{each.column}", {(each.max_length or 100) - 6}) || n'
    if each.name in unique and isinstance(each, models.IntegerField):
        return f'"{each.column}" + n'
    return f'"{each.column}"'


_NOISE = re.compile(
    r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b|\d+:\d\d(?::\d\d)?|seconds(?:-left)?=\"\d+\"|why-\w+"
)


def seen_by_its_own(ground, pages):
    """What each page, search and file of the first agency says, to the one with the widest view of it."""
    found = {}
    for address in pages:
        able = [w for w in NINE[:-1] if all(ground.member(w).may(each) for each in address.needs)]
        who = "administrator" if "administrator" in able else able[-1]
        path = paths(address, ground)["mine"]
        with given_back():
            answer = ask(ground.client(who), "GET", path, ground, who)
        if answer.status_code == 200:
            found[str(address)] = _NOISE.sub("", said(answer).decode(errors="replace"))
    for path, who in SEARCHES.items():
        data = {
            "form_agency": str(ground.agency(who).pk),
            "form_key": str(uuid.uuid4()),
            "words": "a",
            "text": "a",
        }
        with given_back():
            answer = ground.client(who).post(path, data)
        assert answer.status_code == 200, path
        found[f"search {path}"] = _NOISE.sub("", said(answer).decode())
    return found


def test_no_number_of_an_agency_moves_when_another_grows(ground):
    """AZ-8: counts, orders, searches, files and next numbers, before and after a hundred rows more in each table."""
    lists = [each for each in PAGES if not _A_FORM.search(each.name)]
    check_growth(ground, 100, lists)


@pytest.mark.long
def test_no_number_moves_when_another_grows_by_ten_thousand(ground):
    """AZ-8: the same with ten thousand."""
    check_growth(ground, 10_000, PAGES)


#: Pages that hold a form for one record and no list: left to `long`.
_A_FORM = re.compile(
    r"-(?:add|edit|change|end|invite|renew|stop|verify|withdraw|return|sign|seal|roles|void|addend|correct|begin|write|draft|"
    r"activate|revoke|extend|left|put-off|not-needed|discard|cosign|open|enable|disable|send|reopen|reset|token|\w+-new)$"
)


def check_growth(ground, times, pages):
    """The same pages, byte for byte but for moments and new keys."""
    before = seen_by_its_own(ground, pages)
    grown = grow(ground, times)
    assert {"participants.Participant", "billing.ServiceNote", "billing.Batch", "jobs.Job"} <= grown
    assert len(grown) >= 25, sorted(grown)
    after = seen_by_its_own(ground, pages)
    assert [path for path in before if before[path] != after.get(path)] == []
    assert len(before) >= 35
