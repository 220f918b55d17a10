"""Becoming a member by the link of a letter: with a new account, or with the one that is there."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from peerworks.accounts import operations
from peerworks.accounts.models import Invitation, Membership, User
from peerworks.accounts.tokens import hash_of
from peerworks.agencies.context import acting_for
from tests.factories.accounts import make_invitation, make_user
from tests.peerworks.account_forms import (
    OTHER,
    PASSWORD,
    events,
    in_days,
    is_signed_in,
    link_in,
    problems,
    send_letters,
    sign_in,
    visitor_sends,
)

pytestmark = pytest.mark.django_db(databases=["default", "apart"])
NEW = "new.colleague@people.example"
TOKEN = "a-made-up-token-of-forty-three-characters-x"
OPEN, JOIN = f"/accounts/join/{TOKEN}/", "/accounts/join/"


@pytest.fixture
def invited(world):
    """A new address is invited as a peer and a biller."""
    with world.acting("administrator") as marisol:
        yield make_invitation(by=marisol.member, token=TOKEN, email=NEW, roles=["PEER", "BILLER"])


def opened(client=None):
    """A visitor who has followed the link of the letter."""
    client = client or Client()
    answer = client.get(OPEN)
    assert (answer.status_code, answer["Location"]) == (302, JOIN)
    return client


def account(**changes):
    """The filled form of a new account."""
    return visitor_sends(name="Noor Haddad", password=PASSWORD, again=PASSWORD) | changes


def members_of(house):
    """The members of an agency by address, with their roles."""
    with acting_for(house.agency.pk, house.service.user_id):
        rows = Membership.objects.select_related("user")
        return {each.user.email: each.roles for each in rows}


def test_the_way_from_the_letter_to_the_first_page(world, mailoutbox):
    with world.acting("administrator") as marisol:
        operations.invite(email=NEW, roles=["PEER"], language="es", by=marisol.member, at=world.now)
    (letter,) = send_letters()
    client = Client()
    page = client.get(link_in(letter), follow=True)
    assert page.request["PATH_INFO"] == JOIN
    assert world.juniper.agency.name in page.content.decode()
    answer = client.post(JOIN, account())
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/sign-in/")
    user = User.objects.get(email=NEW)
    assert (user.name, user.language, user.is_active) == ("Noor Haddad", "es", True)
    assert EmailAddress.objects.get(user=user).verified
    assert members_of(world.juniper)[NEW] == ["PEER"]
    _client, signed_in = sign_in(NEW)
    assert signed_in.status_code == 302
    assert events(world.juniper, "invitation.accepted") == [
        ("invitation.accepted", str(user.pk), ["accepted_at"])
    ]


def test_the_page_says_what_one_joins_and_as_what(world, invited):
    page = opened().get(JOIN).content.decode()
    assert world.juniper.agency.name in page
    assert NEW in page
    assert "Builds claims and sees a visit&#x27;s facts" in page


def test_a_link_works_once(world, invited):
    first, second = opened(), opened()
    assert first.post(JOIN, account()).status_code == 302
    assert second.post(JOIN, account(name="Somebody Else")).status_code == 404
    assert Client().get(OPEN, follow=True).status_code == 404
    assert User.objects.filter(email=NEW).count() == 1


@pytest.mark.parametrize("state", ["unknown", "run out", "withdrawn", "accepted"])
def test_dead_links_say_the_same(world, invited, state):
    client = opened()
    with world.acting("administrator") as marisol:
        change = {
            "unknown": {"token_sha256": hash_of("another")},
            "run out": {"expires_at": in_days(-1)},
            "withdrawn": {"withdrawn_at": world.now, "withdrawn_by": marisol.member},
            "accepted": {"accepted_at": world.now, "accepted_by": marisol.member},
        }[state]
        Invitation.objects.filter(pk=invited.pk).update(**change)
    for answer in (client.get(JOIN), client.post(JOIN, account()), Client().get(JOIN)):
        assert answer.status_code == 404
        text = answer.content.decode()
        assert "This link does not work" in text
        assert NEW not in text
        assert world.juniper.agency.name not in text
    assert not User.objects.filter(email=NEW).exists()


def test_a_wrong_token_leaves_nothing_behind(world, invited):
    before = Session.objects.count()
    for token in ("x", "a" * 43, TOKEN[:-1], "\u00e9", "%00", "a" * 3000):
        answer = Client().get(f"/accounts/join/{token}/")
        assert (answer.status_code, answer["Location"]) == (302, JOIN)
    assert Session.objects.count() == before


def test_the_token_stands_in_no_row_and_no_page(world, invited):
    client = opened()
    page = client.get(JOIN)
    assert TOKEN not in page.content.decode()
    assert page["Referrer-Policy"] == "same-origin"
    assert page["Cache-Control"] == "no-store"
    assert TOKEN not in str(dict(client.session.items()))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"again": OTHER}, "This differs from the password above."),
        ({"password": "too short", "again": "too short"}, "Use 15 characters or more."),
        ({"name": ""}, "“Your name” is missing."),
        ({"password": "", "again": ""}, "“New password” is missing."),
        (dict.fromkeys(("password", "again"), "NoorHaddad123456"), "little more than your name"),
        (dict.fromkeys(("password", "again"), "juniper-bridge-2026"), "little more than your name"),
        (dict.fromkeys(("password", "again"), "new.colleague.2026!"), "little more than your name"),
        (dict.fromkeys(("password", "again"), "123456789123456"), "Many people use this"),
        (dict.fromkeys(("password", "again"), "otterotterotter"), "repeats itself"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(world, invited, changes, sentence):
    answer = opened().post(JOIN, account(**changes))
    assert answer.status_code == 422
    assert any(sentence in each for each in problems(answer)), problems(answer)
    assert not User.objects.filter(email=NEW).exists()
    assert PASSWORD not in answer.content.decode()


def test_mass_assignment_gives_no_role(world, invited):
    more = {"roles": "ADMINISTRATOR", "email": "other@people.example", "is_active": "1"}
    opened().post(JOIN, account(**more))
    assert members_of(world.juniper)[NEW] == ["PEER", "BILLER"]
    assert not User.objects.filter(email="other@people.example").exists()


# With an account that is there.


def test_who_has_an_account_signs_in_first_and_joins(world, invited):
    user = make_user(email=NEW, password=PASSWORD)
    client = opened()
    page = client.get(JOIN)
    assert "There is an account with this address." in page.content.decode()
    assert f"{reverse('account_login')}?next={JOIN}" in page.content.decode()
    assert client.post(JOIN, account()).status_code == 200
    assert members_of(world.juniper).get(NEW) is None
    sign_in(NEW, client=client)
    assert is_signed_in(client)
    assert "Join the agency" in client.get(JOIN).content.decode()
    answer = client.post(JOIN, visitor_sends())
    assert (answer.status_code, answer["Location"]) == (302, "/today/")
    assert members_of(world.juniper)[NEW] == ["PEER", "BILLER"]
    assert User.objects.get(email=NEW) == user
    assert client.get("/today/").status_code == 200


def test_a_member_of_another_agency_joins_and_works_in_both(world):
    beth = world["other-administrator"]
    with world.acting("administrator") as marisol:
        make_invitation(by=marisol.member, token=TOKEN, email=beth.user.email, roles=["BILLER"])
    client = opened(beth.client())
    client.post(JOIN, visitor_sends())
    assert client.session["agency_id"] == str(world.juniper.agency.pk)
    assert members_of(world.juniper)[beth.user.email] == ["BILLER"]
    assert members_of(world.lantern)[beth.user.email] == ["ADMINISTRATOR", "BILLER"]
    assert world.lantern.agency.name in client.get("/accounts/agencies/").content.decode()


def test_who_is_signed_in_as_somebody_else_joins_nothing(world, invited):
    client = opened(world["supervisor"].client())
    page = client.get(JOIN)
    assert "This invitation is for a different address than yours." in page.content.decode()
    client.post(JOIN, visitor_sends())
    assert members_of(world.juniper).get(NEW) is None
    with world.acting("administrator"):
        assert Invitation.objects.open().filter(pk=invited.pk).exists()
