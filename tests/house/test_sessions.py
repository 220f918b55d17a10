"""AU-4, AU-9, SE-2, SE-3 over every address: without a factor, without a fresh one, after the session's end.

Pages come from the resolver, so a new one is asked the moment it is routed.
"""

import datetime as dt
import re

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import F

from peerworks.accounts.models import SignIn
from peerworks.accounts.roles import asks_step_up
from peerworks.agencies.context import acting_for
from peerworks.web.pages import is_by_script
from tests.house.sources import python
from tests.sweep import tables
from tests.sweep.addresses import MISSING, addresses
from tests.sweep.asking import ask, given_back, own_path, paths, shown_words
from tests.sweep.ground import CANARIES, NINE

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "apart"])]

ALL = addresses()
GUARDED = [each for each in ALL if each.needs not in (MISSING, None)]
IDS = [str(each) for each in GUARDED]
SCRIPT = {"HX-Request": "true"}
JSON = {"Accept": "application/json"}
ASKS = (("GET", {}), ("GET", SCRIPT), ("GET", JSON), ("HEAD", {}), ("POST", {}), ("POST", JSON))
#: The middleware decides before any view is reached, so that most addresses are asked in a person's two ways alone.
PERSONS = (("GET", {}), ("POST", {}))
#: What is there before a second factor is set up or given, each with the reason.
BEFORE_FACTOR = {
    "account_logout": "the way out",
    "accounts:factor-add": "the way to it",
    "accounts:invitation-open": "leaves the token behind, which the way to it would carry along",
    "accounts:language-switch": "the way to it, in one's own language",
    "accounts:reset-open": "the same as of an invitation",
    "accounts:session-extend": "what the page's script asks, on the way to it, too",
    "accounts:session-left": "the same",
    "accounts:step-up": "the way to it",
    "home:statement": "how to get help for who cannot use the way to it; it names nobody then",
    "web:form-token": "the same",
}


def is_asked_in_all_ways(address):
    """What scripts ask by themselves, and one page."""
    return is_by_script(address.view) or address is GUARDED[0]


#: The middleware decides before any view is reached: one of each kind in CI, all of them in `long`.
OF_EACH_KIND = [
    each if is_asked_in_all_ways(each) else pytest.param(each, marks=pytest.mark.long)
    for each in GUARDED
]


def who_may(ground, address):
    """Somebody of the first agency who holds what a page needs."""
    able = [w for w in NINE[:-1] if all(ground.member(w).may(each) for each in address.needs)]
    return able[0]


def move(ground, who, **changes):
    """Change the session's row of somebody."""
    user_id = ground.member(who).user_id
    with acting_for(None, user_id), transaction.atomic():
        SignIn.objects.filter(user_id=user_id).update(**changes)


def acted_at(ground, who):
    """When somebody last did something, by the row."""
    user_id = ground.member(who).user_id
    with acting_for(None, user_id), transaction.atomic():
        return SignIn.objects.filter(user_id=user_id).latest("acted_at").acted_at


def is_sent_away(answer):
    """Whether the answer is a way to the sign-in and no byte of a page."""
    if answer.status_code == 401:
        return answer.content in (b"", b"{}")
    if answer.status_code == 405:
        return True
    return answer.status_code == 302 and answer["Location"].startswith("/accounts/sign-in/?next=/")


# SE-3


@pytest.mark.parametrize("address", GUARDED, ids=IDS)
def test_at_fifteen_minutes_and_a_second_each_kind_of_answer_is_the_sign_in(ground, address):
    check_the_end(ground, address, ASKS if is_asked_in_all_ways(address) else PERSONS)


@pytest.mark.long
@pytest.mark.parametrize("address", GUARDED, ids=IDS)
def test_at_fifteen_minutes_and_a_second_each_address_is_asked_in_all_ways(ground, address):
    check_the_end(ground, address, ASKS)


def check_the_end(ground, address, ways):
    """SE-3: no byte of the page, whoever asks in whatever way."""
    who = who_may(ground, address)
    late = dt.timedelta(minutes=15, seconds=1)
    path = paths(address, ground)["mine"]
    for method, headers in ways:
        with given_back():
            client = ground.client(who, headers=headers)
            move(ground, who, acted_at=F("acted_at") - late)
            answer = ask(client, method, path, ground, who)
            assert is_sent_away(answer), (method, headers, answer.status_code)
            assert shown_words(answer, CANARIES) == []


@pytest.mark.parametrize("address", GUARDED, ids=IDS)
def test_only_what_a_person_does_extends_a_session(ground, address):
    others = ("HEAD", "PUT") if is_asked_in_all_ways(address) else ()
    check_extension(ground, address, ("GET", "POST", *others))


@pytest.mark.long
@pytest.mark.parametrize("address", GUARDED, ids=IDS)
def test_only_what_a_person_does_extends_it_by_whatever_method(ground, address):
    check_extension(ground, address, ("GET", "POST", "HEAD", "PUT"))


def check_extension(ground, address, methods):
    """SE-3: GET and POST of a person, and nothing else."""
    who = who_may(ground, address)
    before = dt.timedelta(minutes=5)
    # A record that nobody has: whose session it is has been decided before it is looked for.
    found = paths(address, ground)
    path = found.get("random", found["mine"])
    for method in methods:
        with given_back():
            client = ground.client(who)
            move(ground, who, acted_at=F("acted_at") - before)
            was = acted_at(ground, who)
            ask(client, method, path, ground, who)
            is_extended = acted_at(ground, who) > was
        is_human = method in {"GET", "POST"} and not is_by_script(address.view)
        assert is_extended is is_human, method


def names_in_the_code():
    """Every name that the code reads from a request: parameters, headers, cookies; and some of others."""
    text = "\n".join(path.read_text() for path in python())
    read = r"\.(?:GET|POST|COOKIES|META|headers|session|data)(?:\.get\(|\.getlist\(|\[)\s*f?\"([\w-]+)\""
    known = {
        "skip_timeout_reset",
        "by_script",
        "keep_alive",
        "human",
        "X-Human",
        "no_logout",
        "next",
    }
    return sorted({*re.findall(read, text), *known})


def test_no_name_of_the_code_extends_or_keeps_a_session(ground):
    """CVE-2026-25476: a parameter of the request switched the check off."""
    names = names_in_the_code()
    assert {"HX-Request", "Referer", "X-Agency", "form_agency", "next", "page"} <= {*names}
    who, late = "administrator", dt.timedelta(minutes=15, seconds=1)
    for name in names:
        with given_back():
            client = ground.client(who, headers={name.replace("_", "-"): "1"})
            client.cookies[name] = "1"
            move(ground, who, acted_at=F("acted_at") - dt.timedelta(minutes=5))
            was = acted_at(ground, who)
            client.get("/accounts/session/left/", {name: "1"})
            assert acted_at(ground, who) == was, name
            move(ground, who, acted_at=F("acted_at") - late)
            data = {"form_agency": str(ground.agency(who).pk), name: "1"}
            assert is_sent_away(client.post(f"/accounts/sessions/end-others/?{name}=1", data)), name


# AU-4


@pytest.mark.parametrize("address", ALL, ids=map(str, ALL))
def test_without_a_factor_every_address_leads_to_it(ground, address, settings):
    settings.PEERWORKS_DEMO = False
    for who, method in (("administrator", "GET"), ("peer", "POST")):
        with given_back():
            client = ground.client(who)
            move(ground, who, factor_at=None)
            answer = ask(client, method, own_path(address, ground, who), ground, who)
            assert shown_words(answer, CANARIES) == []
            if address.name not in BEFORE_FACTOR:
                assert answer.status_code == 302, (who, method)
                assert answer["Location"].startswith("/accounts/factor/add/")


def test_a_script_without_a_factor_gets_a_status_and_where_to_go(ground, settings):
    settings.PEERWORKS_DEMO = False
    client = ground.client("peer")
    answer = client.get("/notices/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (401, b"")
    assert answer["HX-Redirect"] == "/accounts/factor/add/"


@pytest.mark.parametrize("address", OF_EACH_KIND, ids=IDS)
def test_a_session_from_before_the_factor_leads_to_it(ground, address, settings):
    settings.PEERWORKS_DEMO = False
    with given_back():
        client = ground.client("administrator")
        move(ground, "administrator", factor_at=None)
        Authenticator.objects.create(
            user_id=ground.member("administrator").user_id, type="totp", data={"secret": ""}
        )
        answer = ask(
            client, "GET", own_path(address, ground, "administrator"), ground, "administrator"
        )
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/step-up/")


def test_the_addresses_before_the_factor_are_named_here():
    marked = {each.name for each in ALL if getattr(each.view, "before_factor", False)}
    assert marked == BEFORE_FACTOR.keys()


# AU-9


@pytest.mark.parametrize("address", [each for each in GUARDED if each.needs], ids=str)
def test_a_starred_page_at_ten_minutes_and_a_second_does_nothing(ground, address):
    for who in NINE[:-1]:
        member = ground.member(who)
        is_starred = any(asks_step_up(member.roles, each) for each in address.needs)
        if not is_starred or not all(member.may(each) for each in address.needs):
            continue
        for method in ("GET", "POST"):
            with given_back():
                client = ground.client(who)
                move(ground, who, factor_at=F("factor_at") - dt.timedelta(minutes=10, seconds=1))
                before = tables.writes(tables.ALWAYS)
                answer = ask(client, method, own_path(address, ground, who), ground, who)
                assert (answer.status_code, answer["Location"][:18]) == (303, "/accounts/step-up/")
                assert shown_words(answer, CANARIES) == []
                assert tables.differences(before, tables.writes(tables.ALWAYS)) == []


def test_the_test_above_asks_something(ground):
    found = {
        address.name
        for address in GUARDED
        for who in NINE[:-1]
        if any(asks_step_up(ground.member(who).roles, each) for each in address.needs)
    }
    assert {"billing:batch-download", "participants:participant-seal"} <= found


# SE-2


@pytest.mark.parametrize("address", OF_EACH_KIND, ids=IDS)
def test_after_signing_out_the_old_key_opens_nothing(ground, address):
    who = who_may(ground, address)
    with given_back():
        client, old = ground.client(who), ground.client(who)
        client.post("/accounts/sign-out/")
        for method in ("GET", "POST"):
            answer = ask(old, method, own_path(address, ground, who), ground, who)
            assert is_sent_away(answer)
            assert shown_words(answer, CANARIES) == []
