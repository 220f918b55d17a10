"""What every form refuses: another agency's form, ids of others in its fields, a request without its token."""

import re
import uuid
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.db import transaction
from django.urls import Resolver404, resolve

from peerworks.agencies.context import acting_for
from tests.sweep import tables
from tests.sweep.addresses import MISSING, addresses
from tests.sweep.asking import ask, given_back, paths, shown_words
from tests.sweep.ground import NINE

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "apart"])]

ALL = addresses()
PAGES = [each for each in ALL if each.needs not in (MISSING, None)]
IDS = [str(each) for each in PAGES]
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
#: Fields from which a draft drops what it may not name, and keeps its words: answered like a success.
DROPPED = {"goals": "a draft is saved at each pause, whatever stands in it"}


class Forms(HTMLParser):
    """The POST forms of a page: their address and their fields, with the choices of each."""

    def __init__(self, here):
        super().__init__()
        self.here, self.found, self._form, self._select = here, [], None, ""

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form" and (given.get("method") or "get").lower() == "post":
            self._form = (given.get("action") or self.here, {})
            self.found.append(self._form)
        elif self._form is not None:
            self._field(tag, given)

    def _field(self, tag, given):
        if tag == "select":
            self._select = given.get("name") or ""
        elif tag == "option" and self._select:
            self._add(self._select, given.get("value") or "")
        elif tag in {"input", "textarea"} and given.get("name"):
            self._add(given["name"], given.get("value") or "")

    def _add(self, name, value):
        self._form[1].setdefault(name, []).append(value)

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""


def forms_on(ground, address, who):
    """(address, fields) of each POST form that a page shows to somebody of the first agency."""
    path = paths(address, ground)["mine"]
    answer = ask(ground.client(who), "GET", path, ground, who)
    if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
        return []
    parser = Forms(path)
    parser.feed(answer.content.decode())
    return parser.found


def model_of_id(value):
    """The model that has a row with this id in the acting agency, or None."""
    for model in tables.owned():
        if model._default_manager.filter(pk=value).exists():
            return model._meta.label
    if apps.get_model("accounts.Membership").objects.filter(pk=value).exists():
        return "accounts.Membership"
    return None


def fields_with_ids(ground, who, fields):
    """(field, label of the model) of the fields whose choices are ids of records."""
    with ground.world.acting(who):
        for name, values in fields.items():
            ids = [each for each in values if UUID.fullmatch(each)]
            if name not in {"form_key", "form_agency"} and ids:
                label = model_of_id(ids[0])
                if label is not None:
                    yield name, label


def hostile_ids(ground, label):
    """Ids of that model that nobody of the first agency may use: foreign and sealed ones."""
    if label == "accounts.Membership":
        return {"foreign": str(ground.member("other-administrator").pk)}
    return {
        which: str(ground.bags[which].known[label].pk)
        for which in ("foreign", "sealed")
        if label in ground.bags[which].known
        and ground.bags[which].known[label].pk != ground.bags["mine"].known[label].pk
    }


def filled(ground, who, fields):
    """The form as its page made it, with one choice of each field and a key of its own."""
    data = {name: next((each for each in values if each), "") for name, values in fields.items()}
    data |= {"form_agency": str(ground.agency(who).pk), "form_key": str(uuid.uuid4())}
    return data


@pytest.mark.parametrize("address", PAGES, ids=IDS)
def test_ids_of_others_in_the_fields_of_a_form_are_refused(ground, address):
    for who in ("peer", "supervisor", "administrator", "biller", "trainer", "privacy-officer"):
        for action, fields in forms_on(ground, address, who):
            for name, label in list(fields_with_ids(ground, who, fields)):
                for which, hostile in hostile_ids(ground, label).items():
                    data = filled(ground, who, fields) | {name: hostile}
                    before, others = ground.rows_of_the_sealed(), ground.rows_of_others(who)
                    led = named_by(ground, label, hostile)
                    with given_back():
                        answer = ground.client(who).post(action, data)
                        where = (who, action, name, which, answer.status_code)
                        assert answer.status_code < 500, where
                        assert shown_words(answer, ground.hidden_from(who)) == [], where
                        assert ground.rows_of_others(who) == others, where
                        assert named_by(ground, label, hostile) == led, where
                        if name not in DROPPED:
                            assert answer.status_code >= 400, where
                            changed = tables.differences(before, ground.rows_of_the_sealed())
                            assert changed == [], where


def named_by(ground, label, hostile):
    """How many rows of the first agency lead to a foreign or sealed one, by the key that does."""
    target, found = apps.get_model(label), []
    house = ground.world.juniper
    with acting_for(house.agency.pk, house.service.user_id), transaction.atomic():
        for model in tables.owned():
            for each in model._meta.concrete_fields:
                if each.remote_field is not None and each.related_model is target:
                    rows = model._default_manager.filter(**{each.name: hostile})
                    found.append((f"{model._meta.label}.{each.name}", rows.count()))
    return found


def is_posted(ground, address, who):
    """Whether a POST of somebody's own reaches the page at all."""
    with given_back():
        answer = ask(ground.client(who), "POST", paths(address, ground)["mine"], ground, who)
    return answer.status_code not in {403, 404, 405}


@pytest.mark.parametrize("address", PAGES, ids=IDS)
def test_a_form_of_another_agency_writes_nothing(ground, address):
    if address.any_agency:
        return
    path = paths(address, ground)["mine"]
    for who in NINE[:-1]:
        if not is_posted(ground, address, who):
            continue
        before = ground.rows_of_the_sealed()
        for told in ({}, {"form_agency": str(ground.world.lantern.agency.pk)}):
            answer = ground.client(who).post(path, {"form_key": str(uuid.uuid4())} | told)
            assert answer.status_code == 409, (who, told)
        assert tables.differences(before, ground.rows_of_the_sealed()) == []
        return


@pytest.mark.parametrize("address", ALL, ids=map(str, ALL))
def test_no_change_without_the_token(ground, address):
    path = paths(address, ground)["mine"]
    for who in ("administrator", "peer", None):
        client = ground.client(who, enforce_csrf_checks=True)
        for method in ("post", "put", "patch", "delete"):
            answer = getattr(client, method)(path)
            assert answer.status_code in {403, 405}, (who, method)


def test_the_forms_of_the_pages_are_found(ground):
    """The tests above would pass on pages without forms."""
    found = set()
    for address in PAGES:
        for who in ("peer", "supervisor", "administrator"):
            for action, fields in forms_on(ground, address, who):
                assert "csrfmiddlewaretoken" in fields, action
                found |= {name for name, _ in fields_with_ids(ground, who, fields)}
                assert not action.startswith("http")
                try:
                    resolve(action.split("?")[0])
                except Resolver404:
                    pytest.fail(f"{address} has a form that leads nowhere: {action}")
    assert len(found) >= 5, found
