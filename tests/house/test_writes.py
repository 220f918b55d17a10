"""What every form refuses: ids of others, fields it does not have, another agency's form, a request without its token.

Forms are those that the pages show, filled in as somebody would; a new one is asked the moment a page has it.
"""

import datetime as dt
import re
import uuid
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.test import override_settings

from peerworks.accounts import factors
from peerworks.accounts.models import User
from peerworks.agencies.context import acting_for
from tests.house.sources import PACKAGES
from tests.sweep import tables
from tests.sweep.addresses import MISSING, addresses, in_other_states
from tests.sweep.asking import ask, given_back, paths, shown_words
from tests.sweep.forms import OWN, UUID, bound_forms, forms_of, refused_fields

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "apart"])]

ALL = addresses()
PAGES = [each for each in ALL if each.needs not in (MISSING, None)]
IDS = [str(each) for each in PAGES]
SHOWN = [*in_other_states(), *PAGES]
SHOWN_IDS = [str(each) for each in SHOWN]
#: Pages that show another form where people have passwords and second factors of their own, and no mail leaves.
_OUTSIDE = {
    "accounts:factor-detail",
    "accounts:member-list",
    "accounts:member-sessions",
    "accounts:password-change",
}
OUTSIDE = [replace(each, state="OUTSIDE") for each in PAGES if each.name in _OUTSIDE]
ASKING = ("peer", "supervisor", "administrator", "biller", "trainer", "privacy-officer")
MEMBER = "accounts.Membership"
#: Fields from which a draft drops what it may not name, and keeps its words: answered like a success.
DROPPED = {
    "goals": "a draft is saved at each pause, whatever stands in it",
    "service": "the same: the draft has none until one is chosen that is offered",
}


@dataclass
class Seen:
    """What the pages have shown so far: forms by who and address, their classes, and who sent what."""

    senders: int = 1
    forms: dict = field(default_factory=dict)
    classes: set[type] = field(default_factory=set)
    sent: defaultdict = field(default_factory=lambda: defaultdict(set))
    rows: dict = field(default_factory=dict)

    def as_built(self, ground):
        """All rows before anybody sent anything: each test gives back what it wrote, so they are asked for once."""
        self.rows = self.rows or rows_now(ground)
        return self.rows

    def is_worth(self, who, *what):
        """Whether somebody's sending adds to what was sent before: by nobody yet, in `long` by everybody."""
        is_new = who not in self.sent[what]
        self.sent[what].add(who)
        return is_new and len(self.sent[what]) <= self.senders


@pytest.fixture(scope="module")
def seen():
    """One for all tests of this module."""
    return Seen()


def able(ground, address):
    """Who of those that ask may open a page, by their roles."""
    return [w for w in ASKING if all(ground.member(w).may(each) for each in address.needs)]


def askers(ground, address):
    """The first and the last of who may open it, with the narrowest and the widest view, mostly; all for another state."""
    people = able(ground, address)
    return people if address.state else sorted({*people[:1], *people[-1:]})


def shown_forms(ground, seen, address, who):
    """The POST forms that a page shows to somebody of the first agency."""
    if (who, str(address)) not in seen.forms:
        path = paths(address, ground)["mine"]
        answer = ask(ground.client(who), "GET", path, ground, who)
        seen.classes |= {type(each) for each in bound_forms(answer)}
        seen.forms[who, str(address)] = forms_of(answer, path)
    return seen.forms[who, str(address)]


def model_of_id(value):
    """The model that has a row with this id in the acting agency, or None."""
    for model in [*tables.owned(), apps.get_model(MEMBER)]:
        if model._default_manager.filter(pk=value).exists():
            return model._meta.label
    return None


def fields_with_ids(ground, who, form):
    """(field, a value, label of the model) of the fields that hold the id of a record."""
    with ground.world.acting(who):
        for name, each in form.fields.items():
            ids = [value for value in each.offered if UUID.match(value)]
            label = model_of_id(UUID.match(ids[0])[0]) if ids and name not in OWN else None
            if label is not None:
                yield name, ids[0], label


def hostile_ids(ground, label):
    """Ids of a model that nobody of the first agency may use: foreign, sealed, and of nothing."""
    told = {"random": str(uuid.uuid4())}
    if label == MEMBER:
        return told | {"foreign": str(ground.member("other-administrator").pk)}
    mine = ground.bags["mine"].known[label].pk
    for which in ("foreign", "sealed"):
        row = ground.bags[which].known.get(label)
        if row is not None and row.pk != mine:
            told[which] = str(row.pk)
    return told


def is_upload(form):
    """Whether a form takes files: without one it is refused, whatever else is sent along."""
    return any(each.kind == "file" for each in form.fields.values())


def check_ids(ground, seen, who, form):
    """AZ-2: the form with the id of somebody else's record in one field, all others as they were."""
    agency = ground.agency(who).pk
    for name, value, label in list(fields_with_ids(ground, who, form)):
        if not seen.is_worth(who, form.name, name):
            continue
        for which, hostile in hostile_ids(ground, label).items():
            data = form.filled(agency, **{name: UUID.sub(hostile, value)})
            where = (who, form.action, name, which)
            if name in DROPPED:
                check_dropped(ground, who, form, data, label, hostile)
                continue
            answer = ground.client(who).post(form.action, data)
            assert 400 <= answer.status_code < 500, (*where, answer.status_code)
            assert shown_words(answer, ground.hidden_from(who)) == [], where
            refused = refused_fields(answer) & {name, "__all__"}
            assert refused or answer.status_code in {403, 404, 409}, where


def check_dropped(ground, who, form, data, label, hostile):
    """AZ-2: what is kept of a form leads to nobody else's record, and says nothing of it."""
    led = named_by(ground, label, hostile)
    with given_back():
        answer = ground.client(who).post(form.action, data)
        assert answer.status_code < 500
        assert shown_words(answer, ground.hidden_from(who)) == []
        assert named_by(ground, label, hostile) == led, (who, form.action)


def named_by(ground, label, hostile):
    """How many rows of the first agency lead to somebody else's, by the key that does."""
    target, found = apps.get_model(label), []
    house = ground.world.juniper
    with acting_for(house.agency.pk, house.service.user_id), transaction.atomic():
        for model in tables.owned():
            for each in model._meta.concrete_fields:
                if each.remote_field is not None and each.related_model is target:
                    rows = model._default_manager.filter(**{each.name: hostile})
                    found.append((f"{model._meta.label}.{each.name}", rows.count()))
    return found


# AZ-7

HOSTILE_DAY = "2001-02-03"
_BY_TYPE = (
    (models.BooleanField, "on"),
    (models.DateTimeField, f"{HOSTILE_DAY} 04:05"),
    (models.DateField, HOSTILE_DAY),
    (models.TimeField, "04:05"),
    (models.DecimalField, "777.77"),
    (models.IntegerField, "777"),
    (models.CharField, "Xqvarn"),
    (models.TextField, "Xqvarn"),
)
#: What the row names, beside all columns of all models.
TOLD = {
    "role": "ADMINISTRATOR", "roles": "ADMINISTRATOR", "author": "", "state": "SIGNED", "sealed": "on",
    "units": "777", "rate": "777.77", "is_superuser": "on", "is_staff": "on",
}  # fmt: skip


def surplus(ground):
    """A value for each column of each model, by its name: rows are those of the other agency."""
    told = dict(TOLD)
    for model in [*tables.owned(), apps.get_model(MEMBER), User]:
        for each in model._meta.concrete_fields:
            value = _hostile(ground, each)
            if each.name not in OWN and value:
                told.setdefault(each.name, value)
                told.setdefault(each.attname, value)
    return told


def _hostile(ground, each):
    if each.remote_field is not None:
        label = each.related_model._meta.label
        row = ground.bags["foreign"].known.get(label)
        if label == "agencies.Agency":
            row = ground.agency("other-administrator")
        return str(row.pk) if row is not None else ""
    if each.choices:
        return str(each.flatchoices[-1][0])
    return next((value for kind, value in _BY_TYPE if isinstance(each, kind)), str(uuid.uuid4()))


def check_surplus(ground, who, form, before):
    """AZ-7: with and without fields that it does not have, a form leaves the same rows; whether it was taken."""
    data = form.filled(ground.agency(who).pk)
    if form.name == "accounts:step-up" and not settings.PEERWORKS_DEMO:
        seed = ground.world[who].enrol()
        data["code"] = factors.code_at(seed, dt.datetime.now(dt.UTC))
    without = written(ground, who, form, data, before)
    extra = {name: each for name, each in surplus(ground).items() if name not in form.fields}
    assert written(ground, who, form, extra | data, before) == without, (who, form.action)
    return without[0] < 400


def watched():
    """The tables of the first agency, and the users."""
    names = {each._meta.db_table for each in tables.owned()} - {tables.TRAIL}
    return names | {"accounts_membership", "participants_sealedaccess", "accounts_user"}


def rows_now(ground, names=None):
    """All rows of the first agency and all users, as text by table; or those of some tables."""
    house = ground.world.juniper
    names = sorted(watched() if names is None else names)
    if not names:
        return {}
    one = "SELECT '{0}', coalesce(array_agg(to_jsonb(t)::text), '{{}}') FROM {0} t"
    with acting_for(house.agency.pk, house.service.user_id), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(one.format(each) for each in names))
        return {name: set(told) for name, told in cursor.fetchall()}


_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\.\d+(?:\+00(?::00)?)?")
_HASH = re.compile(r"\b(?:md5\$\w+\$)?(?:[0-9a-f]{64}|[0-9a-f]{32})\b")


def written(ground, who, form, data, before):
    """The status of an answer, and the rows that it left, without new ids and moments."""
    with given_back():
        so_far = tables.writes()
        answer = ground.client(who).post(form.action, data)
        if answer.status_code >= 400:
            return answer.status_code, []
        after = rows_now(
            ground, watched().intersection(tables.differences(so_far, tables.writes()))
        )
    found = [(table, row) for table in after for row in after[table] - before[table]]
    known = {each for rows in before.values() for row in rows for each in UUID.findall(row)}
    return answer.status_code, sorted((table, _alike(row, known)) for table, row in found)


def _alike(row, known):
    row = UUID.sub(lambda found: found[0] if found[0] in known else "NEW", row)
    return _HASH.sub("HASH", _MOMENT.sub("NOW", row))


@pytest.mark.parametrize("address", SHOWN, ids=SHOWN_IDS)
def test_a_form_takes_no_ids_of_others_and_no_fields_that_it_has_not(ground, seen, address):
    """AZ-2: foreign, sealed and random ids in each field that takes one: refused, nothing written or shown.

    AZ-7: roles, rights, author, state, moments, units, rates, seals, people and agencies cannot be sent along. A form
    that is refused as it is filled in would prove nothing of them.
    """
    assert check_forms(ground, seen, address, askers(ground, address)) == set()


@pytest.mark.parametrize("address", OUTSIDE, ids=str)
def test_a_form_outside_of_the_demonstration_takes_neither(ground, seen, address):
    """AZ-2, AZ-7: the same where people have factors."""
    with outside_of_the_demonstration(ground):
        assert check_forms(ground, seen, address, askers(ground, address)) == set()


@contextmanager
def outside_of_the_demonstration(ground):
    """Everybody has a second factor, and no mail leaves the machine."""
    stays = "django.core.mail.backends.dummy.EmailBackend"
    with override_settings(PEERWORKS_DEMO=False, EMAIL_BACKEND=stays), given_back():
        for who in ASKING:
            ground.world[who].enrol()
        yield


@pytest.mark.long
@pytest.mark.parametrize("address", SHOWN, ids=SHOWN_IDS)
def test_a_form_takes_neither_from_anybody(ground, address):
    """AZ-2, AZ-7: the same, each form sent by everybody to whom it is shown."""
    check_forms(ground, Seen(senders=len(ASKING)), address, able(ground, address))


def check_forms(ground, seen, address, people):
    """Both checks of each form that is worth sending, and the tables before and after; the names of the refused."""
    shown = [(who, form) for who in people for form in shown_forms(ground, seen, address, who)]
    worth = [each for each in shown if seen.is_worth(each[0], each[1].name)]
    if not worth:
        return set()
    before, written = seen.as_built(ground), tables.writes()
    for who, form in shown:
        check_ids(ground, seen, who, form)
    tried = watched().intersection(tables.differences(written, tables.writes()))
    assert rows_now(ground, tried) == {name: before[name] for name in tried}
    assert ground.rows_of_others("peer") == ground.others_as_built("peer")
    sent = [(who, form) for who, form in worth if not is_upload(form)]
    return {form.name for who, form in sent if not check_surplus(ground, who, form, before)}


def test_the_forms_of_the_pages_are_found(ground, seen):
    """AZ-2, AZ-7: every class of form with a choice of records is on a page, every view that takes a form, too."""
    shown = list(all_forms(ground, seen, SHOWN))
    with outside_of_the_demonstration(ground):
        shown += all_forms(ground, seen, OUTSIDE)
    named = set()
    for who, form in shown:
        named |= {f"{form.name} {name}" for name, _, _ in fields_with_ids(ground, who, form)}
    assert len(named) >= 15, named
    assert choosing_forms() - seen.classes == set(), "on no page of the ground"
    views = {form.name for _, form in shown}
    others = [each for each in PAGES if each.name not in views]
    assert {each.name for each in others if is_posted(ground, each)} == set()


def all_forms(ground, seen, pages):
    """(who, form) of all POST forms of some pages."""
    for address in pages:
        for who in askers(ground, address):
            for form in shown_forms(ground, seen, address, who):
                assert "csrfmiddlewaretoken" in form.fields, form.action
                assert form.action.startswith("/"), form.action
                yield who, form


def choosing_forms():
    """Our classes of forms with a field that holds a choice of records."""
    found, waiting = set(), [forms.BaseForm]
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        fields = getattr(one, "base_fields", {}).values()
        is_ours = one.__module__.split(".")[0] in PACKAGES
        if is_ours and any(isinstance(each, forms.ModelChoiceField) for each in fields):
            found.add(one)
    return found


# A form of another agency, and one without its token: AZ-7 and IN-4.


def is_posted(ground, address):
    """Whether the page takes a POST of somebody who may open it."""
    client = ground.client(able(ground, address)[0])
    with given_back():
        answer = client.options(paths(address, ground)["mine"])
    return answer.status_code != 405 or "POST" in answer["Allow"]


@pytest.mark.parametrize("address", PAGES, ids=IDS)
def test_a_form_of_another_agency_writes_nothing(ground, address):
    """AZ-7: each form carries the agency it was made for; another one, or none, is a 409."""
    if address.any_agency or not is_posted(ground, address):
        return
    path = paths(address, ground)["mine"]
    before = tables.writes(tables.ALWAYS)
    for who in able(ground, address)[:1]:
        for told in ({}, {"form_agency": str(ground.world.lantern.agency.pk)}):
            answer = ground.client(who).post(path, {"form_key": str(uuid.uuid4())} | told)
            assert answer.status_code == 409, (who, told)
    assert tables.differences(before, tables.writes(tables.ALWAYS)) == []


def token_of(ground, who):
    """A client that must show its token, and the token that its pages carry."""
    client = ground.client(who, enforce_csrf_checks=True)
    return client, client.get("/session/token/").json()["token"]


def test_no_change_without_the_token(ground):
    """IN-4: every address that changes something, without the token: 403, and nothing is written."""
    check_tokens(ground, [("administrator", "post"), (None, "post")])


@pytest.mark.long
def test_no_change_without_the_token_by_whatever_method(ground):
    """IN-4: every method that changes something, as three kinds of visitors."""
    people = ("administrator", "peer", None)
    check_tokens(ground, [(w, way) for w in people for way in ("post", "put", "patch", "delete")])


def check_tokens(ground, ways):
    """Each address as each visitor by each method."""
    clients = {who: ground.client(who, enforce_csrf_checks=True) for who, _ in ways}
    before, wrong = tables.writes(tables.ALWAYS), []
    for address in ALL:
        path = paths(address, ground)["mine"]
        for who, method in ways:
            answer = getattr(clients[who], method)(path)
            if answer.status_code != 403:
                wrong.append((path, method, answer.status_code))
    assert wrong == []
    assert tables.differences(before, tables.writes(tables.ALWAYS)) == []


def test_no_change_with_the_token_of_somebody_else_or_from_another_place(ground):
    """IN-4: the token of another person's page, and the right one sent from a page of another host."""
    client, own = token_of(ground, "administrator")
    _, other = token_of(ground, "peer")
    before, wrong = tables.writes(tables.ALWAYS), []
    for address in ALL:
        path = paths(address, ground)["mine"]
        for token, headers in (
            (other, {}),
            (own, {"origin": "https://elsewhere.example"}),
            (own, {"origin": "null"}),
        ):
            answer = client.post(path, {"csrfmiddlewaretoken": token}, headers=headers)
            if answer.status_code != 403:
                wrong.append((path, headers, answer.status_code))
    assert wrong == []
    assert tables.differences(before, tables.writes(tables.ALWAYS)) == []
    assert client.post("/accounts/me/", {"csrfmiddlewaretoken": own}).status_code == 409
