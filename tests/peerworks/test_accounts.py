"""Signing in and out, the language, the agency one works in, and what the trail keeps of it."""

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from peerworks.accounts.models import Membership, User
from peerworks.accounts.operations import add_member, add_service_member
from peerworks.agencies.context import acting_for
from peerworks.audit.models import AuditEvent
from tests.factories.participants import reading_english

pytestmark = pytest.mark.django_db(databases=["default", "apart"])
SIGN_IN = "/accounts/sign-in/"
PASSWORD = "a long made-up password"


@pytest.fixture
def luz(world):
    """Luz Ortega with a password."""
    user = world["peer"].user
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(email, password=PASSWORD, **more):
    """A new visitor who fills in the form; the client and the answer."""
    client = Client()
    answer = client.post(SIGN_IN, {"login": email, "password": password} | more)
    return client, answer


def kept(world, who="peer"):
    """The sign-in events in the agency of one of the nine, oldest first: action and whose."""
    house = world.house_of(who)
    with acting_for(house.agency.pk, house.service.user_id):
        found = AuditEvent.objects.filter(kind="SIGN_IN").order_by("pk")
        return list(found.values_list("action", "actor_id", "object_id"))


def is_signed_in(client):
    """Whether the client has a session of somebody."""
    return client.get("/session/token/").status_code == 200


# Signing in.


def test_right_password_signs_in_and_is_kept(world, luz):
    client, answer = sign_in(luz.email)
    assert (answer.status_code, answer["Location"]) == (302, reverse("home:today"))
    assert is_signed_in(client)
    assert kept(world) == [("signin.done", str(luz.pk), str(luz.pk))]


def test_address_in_capitals_is_the_same_address(luz):
    client, answer = sign_in(luz.email.upper())
    assert answer.status_code == 302
    assert is_signed_in(client)


def test_wrong_password_says_one_sentence_and_is_kept(world, luz):
    client, answer = sign_in(luz.email, "another long password")
    assert answer.status_code == 422
    assert not is_signed_in(client)
    assert kept(world) == [("signin.failed", str(luz.pk), str(luz.pk))]


def test_unknown_address_says_the_same_and_leaves_no_event(world, luz):
    _, wrong = sign_in(luz.email, "another long password")
    before = kept(world)
    _, unknown = sign_in("nobody@juniper-bridge.example")
    assert unknown.status_code == wrong.status_code == 422
    assert problems(unknown) == problems(wrong) != []
    assert kept(world) == before


def problems(answer):
    """The sentences of the form's errors."""
    return [str(each) for each in answer.context["form"].non_field_errors()]


def test_neither_password_nor_address_comes_back_in_words(luz):
    _, answer = sign_in(luz.email, "another long password")
    assert b"another long password" not in answer.content


@pytest.mark.parametrize(
    "email", ["", "no address", "x" * 300 + "@made-up.example", "a\x00b@c.example"]
)
def test_nonsense_is_refused_without_a_fault(luz, email):
    client, answer = sign_in(email)
    assert answer.status_code == 422
    assert not is_signed_in(client)


def test_an_inactive_user_stays_out(luz):
    luz.is_active = False
    luz.save()
    client, _answer = sign_in(luz.email)
    assert not is_signed_in(client)


def test_a_service_user_never_signs_in(world):
    user = world.juniper.service.user
    assert (user.is_service, user.is_active) == (True, False)
    assert not user.has_usable_password()
    user.set_password(PASSWORD)
    user.save()
    client, _answer = sign_in(user.email)
    assert not is_signed_in(client)


def test_signing_in_changes_the_session_and_its_token(luz):
    client = Client()
    client.get(SIGN_IN)
    before = client.session.session_key
    client.post(SIGN_IN, {"login": luz.email, "password": PASSWORD})
    assert client.session.session_key != before


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example/",
        "https://evil.example/",
        "\\\\evil.example",
        "javascript:alert(1)",
        "http://[1",
    ],
)
def test_signing_in_leads_to_ourselves_only(luz, elsewhere):
    _, answer = sign_in(luz.email, next=elsewhere)
    assert answer["Location"] == reverse("home:today")


def test_nobody_signs_up(client):
    for path in ("/accounts/signup/", "/accounts/login/", "/accounts/email/", "/accounts/social/"):
        assert client.get(path).status_code == 404


# Signing out.


def test_signing_out_ends_the_session_clears_the_browser_and_is_kept(world):
    luz = world["peer"]
    client = luz.client()
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    before = len(kept(world))
    answer = client.post("/accounts/sign-out/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert kept(world)[before:] == [("signout.done", str(luz.user.pk), str(luz.user.pk))]
    old = Client()
    old.cookies[settings.SESSION_COOKIE_NAME] = key
    assert not is_signed_in(old)


def test_a_link_does_not_sign_out(world):
    client = world["peer"].client()
    assert client.get("/accounts/sign-out/").status_code == 405
    assert is_signed_in(client)


# Language.


def test_the_language_is_kept_for_the_user_and_in_a_cookie(world):
    client = world["administrator"].client()
    answer = client.post("/accounts/language/", {"language": "es", "next": "/notices/"})
    assert answer["Location"] == "/notices/"
    assert User.objects.get(pk=world["administrator"].user.pk).language == "es"
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "es"
    assert '<html lang="es"' in client.get("/notices/").content.decode()


def test_a_user_reads_their_own_language_on_a_new_machine(world):
    assert '<html lang="es"' in world["peer"].client().get("/notices/").content.decode()


def test_a_visitor_chooses_a_language_for_the_sign_in_page(client):
    client.post("/accounts/language/", {"language": "es"})
    assert '<html lang="es"' in client.get(SIGN_IN).content.decode()


@pytest.mark.parametrize("language", ["", "xx", "de", "../../etc", "es\n"])
def test_an_unknown_language_changes_nothing(world, language):
    client = world["administrator"].client()
    assert client.post("/accounts/language/", {"language": language}).status_code == 302
    assert User.objects.get(pk=world["administrator"].user.pk).language == "en"
    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies


def test_the_language_is_changed_by_post_only(client):
    assert client.get("/accounts/language/", {"language": "es"}).status_code == 405


# Which agency.


@pytest.fixture
def of_both(world):
    """Marisol as a biller of the other agency, too; both memberships."""
    marisol, lantern = world["administrator"], world.lantern
    with acting_for(lantern.agency.pk, lantern.service.user_id):
        other = add_member(
            agency=lantern.agency, user=marisol.user, roles=["BILLER"], by=lantern.service.user
        )
    return marisol.member, other


def test_a_member_of_two_agencies_chooses_one_before_seeing_anything(world, of_both):
    client = world["administrator"].client()
    assert client.get("/participants/").status_code == 403
    page = client.get("/accounts/agencies/").content.decode()
    assert world.juniper.agency.name in page
    assert world.lantern.agency.name in page


ADDRESS = 'href="/accounts/agencies/"'


def menu_of(client, path):
    """The menu of the person who is signed in, as a page shows it."""
    page = client.get(path).content.decode()
    return page.partition('<details class="menu">')[2].partition("</details>")[0]


def test_a_member_of_several_agencies_changes_in_the_menu(world, of_both):
    here, there = of_both
    client = reading_english(world["administrator"])
    assert "Choose an agency" in menu_of(client, "/accounts/agencies/")
    for each in (here, there):
        client.post("/accounts/agencies/choose/", {"membership": str(each.pk)})
        menu = menu_of(client, "/today/")
        assert ADDRESS in menu
        assert f"(now: {each.agency.name})" in menu
        page = client.get("/accounts/agencies/").content.decode()
        assert (page.count("You work here now"), page.count("Work here")) == (1, 1)


def test_a_member_of_one_agency_has_nothing_to_change(world):
    assert ADDRESS not in menu_of(world["administrator"].client(), "/today/")


def test_the_menu_asks_the_database_nothing_more(world, of_both):
    several, one = world["administrator"].client(), world["biller"].client()
    several.post("/accounts/agencies/choose/", {"membership": str(of_both[0].pk)})
    for client in (several, one):
        client.get("/session/token/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/rules/")
        mine = [each for each in asked if 'FROM "accounts_membership"' in each["sql"]]
        assert len(mine) == 1


def test_the_chosen_agency_decides_what_is_seen_and_allowed(world, of_both):
    here, there = of_both
    client = world["administrator"].client()
    client.post("/accounts/agencies/choose/", {"membership": str(here.pk)})
    assert (
        world.person("peer").participant.family_name
        in client.get("/participants/").content.decode()
    )
    assert client.get("/participants/add/").status_code == 200
    client.post("/accounts/agencies/choose/", {"membership": str(there.pk)})
    page = client.get("/participants/").content.decode()
    assert world.person("peer").participant.family_name not in page
    assert client.get("/participants/add/").status_code == 403


def test_a_membership_that_ended_shows_nothing_any_more(world, of_both):
    _here, there = of_both
    client = world["administrator"].client()
    client.post("/accounts/agencies/choose/", {"membership": str(there.pk)})
    with acting_for(there.agency_id, world.lantern.service.user_id):
        Membership.objects.filter(pk=there.pk).update(is_active=False)
    page = client.get("/participants/")
    assert world.person("peer").participant.family_name in page.content.decode()
    answer = client.post("/accounts/agencies/choose/", {"membership": str(there.pk)})
    assert answer.status_code == 404


@pytest.mark.parametrize("chosen", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_nobody_chooses_a_membership_of_somebody_else(world, chosen):
    client = world["peer"].client()
    for each in (chosen, str(world["other-administrator"].member.pk)):
        assert client.post("/accounts/agencies/choose/", {"membership": each}).status_code == 404


def test_a_user_without_a_membership_sees_a_sentence_and_no_page(db):
    user = User.objects.create_user(email="new@made-up.example", name="New Person")
    client = Client()
    client.force_login(user)
    assert client.get("/participants/").status_code == 403
    assert client.get("/accounts/agencies/").status_code == 200


def test_an_agency_has_one_service_member(world):
    house = world.lantern
    with acting_for(house.agency.pk, house.service.user_id):
        with pytest.raises(IntegrityError), transaction.atomic():
            add_service_member(agency=house.agency)


def test_a_part_of_a_page_asks_to_sign_in_and_a_whole_page_leads_there(client, world):
    part = client.get("/today/", headers={"HX-Request": "true"})
    assert (part.status_code, part.content) == (401, b"")
    whole = client.get("/today/")
    assert (whole.status_code, whole["Location"]) == (302, "/accounts/sign-in/?next=/today/")
