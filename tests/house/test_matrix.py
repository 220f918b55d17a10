"""AZ-1: each address x each kind of member and nobody x each method x ids: what may be opened, and what never.

Pages are taken from the resolver and their permission from the view, so a new page is asked the moment
it is routed. The sets of rows are those of `tests.sweep.ground`.
"""

from collections.abc import Callable, Iterable
from uuid import UUID

import pytest
from django.conf import settings
from django.http import HttpResponse

from peerworks.accounts import access, reach
from peerworks.accounts.models import Membership
from peerworks.accounts.roles import Permission, Scope
from tests.sweep.addresses import MISSING, Address, addresses
from tests.sweep.asking import (
    KINDS,
    ask,
    events,
    given_back,
    paths,
    said,
    shown_ids,
    shown_words,
)
from tests.sweep.expected import expected, own_set, scopes
from tests.sweep.ground import CANARIES, NINE, Ground

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "apart"])]

ALL = addresses()
GUARDED = [each for each in ALL if each.needs not in (MISSING, None)]
FREE = [each for each in ALL if each.needs is None]
#: Pages that nobody need sign in for, each with its reason.
PUBLIC = {
    "account_login": "signing in",
    "account_logout": "signing out",
    "accounts:agency-list": "choosing an agency comes before being a member of one; asks for a user",
    "accounts:agency-switch": "the same",
    "accounts:factor-add": "one's own second factor comes before any agency; asks for a user",
    "accounts:invitation-accept": "who is invited has no account yet; asks for the link of a letter",
    "accounts:invitation-open": "the link in that letter",
    "accounts:language-switch": "the sign-in page has it, too",
    "accounts:reset-ask": "who forgot the password cannot sign in",
    "accounts:reset-new": "the same; asks for the link of a letter",
    "accounts:reset-open": "the link in that letter",
    "accounts:reset-sent": "says the same to everybody",
    "accounts:session-again": "says that one is signed in again; asks for a user",
    "accounts:session-extend": "answers 401 itself, since a script asks",
    "accounts:session-left": "the same",
    "accounts:setup-found": "there is nobody yet; asks for the printed key, and closes for good",
    "accounts:setup-open": "the printed address",
    "accounts:step-up": "one's own second factor; asks for a user",
    "demo:component-list": "the gallery for developers, in the demonstration",
    "demo:person-list": "the demonstration's first page",
    "demo:sign-in": "signing in, in the demonstration",
    "healthz": "asked by machines",
    "mfa_authenticate": "the second step of signing in",
    "home:statement": "an accessibility statement is for everybody, before the sign-in too",
    "home:start": "leads on to the first page of whoever asks",
    "readyz": "asked by machines",
    "web:form-token": "answers 401 itself, since a script would follow a redirect",
}
IDS = [str(each) for each in GUARDED]


def test_every_view_says_what_it_needs():
    """AZ-1: an address that declares nothing fails the build."""
    silent = [str(each) for each in ALL if each.needs is MISSING]
    assert silent == [], "put @require(…) or @public on these views"


def test_every_public_page_is_named_here():
    """AZ-1: one that declares itself public, too, until it is named with its reason."""
    assert {each.name for each in FREE} <= PUBLIC.keys()


def test_every_id_of_every_address_can_be_made(ground):
    for address in ALL:
        for label in address.ids.values():
            assert label in ground.bags["mine"].known
            assert label in ground.bags["foreign"].known


@pytest.mark.parametrize("address", GUARDED, ids=IDS)
def test_who_may_open_it_with_which_ids(ground, address):
    """AZ-1: GET and POST, with ids of their own, of another team, sealed, foreign and random.

    What is out of reach is the same 404 whatever the reason; no canary in body, headers or cookies (logs: `tests.watch`).
    Asked by one of those who hold the same scopes; what each of the nine is answered for a record of their own:
    `test_pages.py`. A form to nobody's record is one to another agency's, so that only the latter is sent.
    """
    check_who_may_open(ground, address, of_each_kind(ground, address), is_left_out)


@pytest.mark.long
@pytest.mark.parametrize("address", GUARDED, ids=IDS)
def test_which_of_the_nine_may_open_it_with_which_ids(ground, address):
    """AZ-1: the same, asked by all nine, with a form to each set of ids."""
    check_who_may_open(ground, address, NINE, lambda *_: False)


def is_left_out(ground: Ground, who: str, address: Address, method: str, which: str) -> bool:
    """What another test asks: a page of one's own; and a form to nobody's record."""
    is_own = which == own_set(who, address)
    seen_as_own = method == "GET" and is_own and all(scopes(ground, who, address))
    return seen_as_own or (method, which) == ("POST", "random")


def of_each_kind(ground: Ground, address: Address) -> list[str]:
    """The first of those in one agency who hold what a page needs in the same scopes."""
    kinds: dict[tuple[object, ...], str] = {}
    for who in NINE:
        kinds.setdefault((ground.agency(who).pk, *scopes(ground, who, address)), who)
    return list(kinds.values())


def check_who_may_open(
    ground: Ground,
    address: Address,
    people: Iterable[str],
    is_left: Callable[[Ground, str, Address, str, str], bool],
) -> None:
    """Whatever is wrong with any answer to any of them, but for what `is_left` to another test."""
    wrong = []
    for who in people:
        for method in ("GET", "POST"):
            asked = [
                (which, path)
                for which, path in worth_asking(ground, who, address).items()
                if not is_left(ground, who, address, method, which)
            ]
            wrong += wrongs(ground, who, method, address, asked)
    assert wrong == []


def wrongs(
    ground: Ground, who: str, method: str, address: Address, asked: Iterable[tuple[str, str]]
) -> list[str]:
    """What is wrong with the answers to one person by one method, with each set of ids and its path."""
    client, found, missing = ground.client(who), [], {}
    for which, path in asked:
        with given_back():
            answer = ask(client, method, path, ground, who)
            kept = events(ground, who, "DENIAL")
        where = f"{who} {method} {which} {path}: {answer.status_code}"
        if kept != denials(address, answer):
            found.append(f"{where} leaves the denials {kept}")
        right = expected(ground, who, address, which)
        if answer.status_code not in right:
            found.append(f"{where}, expected {sorted(right)}")
        if shown := shown_words(answer, ground.hidden_from(who)):
            found.append(f"{where} shows words of {shown}")
        if shown := shown_ids(answer, ground.hidden_ids(who), path):
            found.append(f"{where} names hidden ids {shown}")
        if answer.status_code == 405:
            break  # decided before any id is read
        if answer.status_code == 404:
            missing.setdefault(said(answer), []).append(which)
    if len(missing) > 1:
        found.append(f"{who} {method}: the 404s differ between {list(missing.values())}")
    return found


def denials(address: Address, answer: HttpResponse) -> list[tuple[str, str, list[UUID]]]:
    """AL-1: each 403 and 404 leaves one denial, which names the page and never the address."""
    action = {403: "page.denied", 404: "page.missing"}.get(answer.status_code)
    return [] if action is None else [(action, address.name[:64], [])]


def worth_asking(ground: Ground, who: str, address: Address) -> dict[str, str]:
    """All sets for those who may open the page; one for those who may not, whatever the id."""
    found = paths(address, ground)
    if all(scopes(ground, who, address)):
        return found
    which = "foreign" if address.ids and who != "other-administrator" else "mine"
    return {which: found[which]}


@pytest.mark.parametrize("address", GUARDED, ids=IDS)
def test_nobody_is_sent_to_the_sign_in(ground, address):
    """AZ-1: nobody signed in; by other methods: `test_no_other_method_opens_anything`."""
    check_nobody(ground, address, ("GET", "POST"))


def check_nobody(ground: Ground, address: Address, methods: Iterable[str]) -> None:
    """The way to the sign-in, or no such method."""
    client, path = ground.client(None), paths(address, ground)["mine"]
    for method in methods:
        answer = ask(client, method, path, ground, None)
        assert answer.status_code in {302, 405}
        if answer.status_code == 302:
            assert answer["Location"].startswith("/accounts/sign-in/?next=/")
        assert shown_words(answer, CANARIES) == []


@pytest.mark.parametrize("address", GUARDED, ids=IDS)
def test_other_methods_open_nothing(ground, address):
    """AZ-1: DELETE and HEAD; a view names the methods that it takes, so that one stands for all others."""
    check_other_methods(ground, address, ("DELETE",), ("foreign" if address.ids else "mine",))


@pytest.mark.long
@pytest.mark.parametrize("address", GUARDED, ids=IDS)
def test_no_other_method_opens_anything(ground, address):
    """AZ-1: PUT, PATCH, DELETE and HEAD, by nobody, too."""
    check_nobody(ground, address, ("PUT", "PATCH", "DELETE"))
    check_other_methods(ground, address, ("PUT", "PATCH", "DELETE"), ("mine", "foreign"))


def check_other_methods(
    ground: Ground, address: Address, methods: Iterable[str], sets: Iterable[str]
) -> None:
    """HEAD has no body, and each of `methods` does nothing, for the records of `sets`."""
    who = most_able(ground, address)
    client = ground.client(who)
    for which in sets:
        path = paths(address, ground).get(which)
        if path is None:
            continue
        for method in methods:
            with given_back():
                answer = ask(client, method, path, ground, who)
            assert answer.status_code in {403, 404, 405}, (method, which)
            assert shown_words(answer, ground.hidden_from(who)) == []
        with given_back():
            head = ask(client, "HEAD", path, ground, who)
        assert head.content == b""
        is_others = which == "foreign" and bool(address.ids)
        assert head.status_code in ({404, 405} if is_others else {200, 302, 404, 405}), which


def most_able(ground: Ground, address: Address) -> str:
    """Who may open a page in the widest scope: somebody of the first agency."""

    def width(who):
        held = scopes(ground, who, address)
        return all(held), sum(Scope.AGENCY in each for each in held), sum(map(len, held))

    return max(NINE[:-1], key=width)


@pytest.fixture
def no_second_lock(monkeypatch):
    """Reach and permissions say yes to everything: what is left is the database."""
    monkeypatch.setattr(access, "may_open", lambda request, permissions: request.member is not None)
    monkeypatch.setattr(access, "has_permission", lambda member, permission: True)
    monkeypatch.setattr(Membership, "may", lambda self, permission: True)
    everything = frozenset({Scope.AGENCY})
    monkeypatch.setattr(Membership, "scopes", lambda self, permission: everything)
    monkeypatch.setattr(reach, "narrow", lambda queryset, *_args, **_kwargs: queryset)


@pytest.mark.parametrize("address", GUARDED, ids=IDS)
def test_the_database_alone_keeps_the_wall(ground, address, no_second_lock):
    """AZ-3, and of AZ-1 the hash of the other agency: the same before and after, with no lock but the database.

    What is shown of one's own, a GET shows; what may be changed, a POST to the record of somebody else.
    """
    others = {"peer": {"sealed", "foreign"}, "other-administrator": {"mine", "sealed"}}
    check_the_wall(ground, address, lambda is_own: ("GET",) if is_own else ("GET", "POST"), others)


@pytest.mark.long
@pytest.mark.parametrize("address", GUARDED, ids=IDS)
def test_the_database_alone_keeps_the_wall_by_both_methods(ground, address, no_second_lock):
    """AZ-3: the same, with forms to one's own records, too, and with all sets of ids."""
    every = {who: {*KINDS} for who in OWN_RECORDS}
    check_the_wall(ground, address, lambda _is_own: ("GET", "POST"), every)


OWN_RECORDS = {"peer": {"mine", "loose"}, "other-administrator": {"foreign"}}


def check_the_wall(
    ground: Ground,
    address: Address,
    methods: Callable[[bool], tuple[str, ...]],
    sets: dict[str, set[str]],
) -> None:
    """No word, id or row of the other agency, for somebody of each.

    `methods` by whether the record is one's own; `sets` are those of others that somebody asks with.
    """
    for who, own in OWN_RECORDS.items():
        client, others = ground.client(who), ground.others_as_built(who)
        for which, path in paths(address, ground).items():
            is_own = bool(address.ids) and which in own
            if address.ids and which not in own | sets[who]:
                continue
            for method in methods(is_own):
                where = (who, method, which)
                with given_back():
                    answer = ask(client, method, path, ground, who)
                    assert shown_words(answer, ground.behind_the_wall(who)) == [], where
                    assert shown_ids(answer, ground.hidden_ids(who), path) == set(), where
                    if method == "POST" and answer.status_code < 400:
                        assert ground.rows_of_others(who) == others, where
                if address.ids and not is_own:
                    assert answer.status_code in {404, 405}, (*where, answer.status_code)


def test_the_permissions_are_patched_out(ground, no_second_lock):
    """The test above would else prove nothing: without it the biller may not add a person."""
    assert ground.client("biller").get("/participants/add/").status_code == 200
    assert ground.member("biller").may(Permission.ADD_PARTICIPANT)


def test_a_page_of_the_other_agency_is_a_page_that_is_not_there(ground):
    client = ground.client("administrator")
    foreign = ground.bags["foreign"]["participants.Participant"].pk
    bodies = {
        said(client.get(path))
        for path in (f"/participants/{foreign}/", "/no/such/page/", "/participants/x/")
    }
    assert len(bodies) == 1
    assert b"404" in bodies.pop()


def test_the_session_alone_says_who_asks(ground):
    client = ground.client(None)
    client.cookies[settings.SESSION_COOKIE_NAME] = "0" * 32
    assert client.get("/participants/").status_code == 302
