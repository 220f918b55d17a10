"""The demonstration's first page and its sign-in: for made-up people only."""

import pytest
from django.contrib.auth import get_user
from django.test import Client

from peerworks.accounts.models import User
from peerworks.agencies.models import Agency
from peerworks.audit.models import AuditEvent
from peerworks.home.demo.cast import PEOPLE

pytestmark = pytest.mark.django_db


def who_is_in(client):
    """The user of the client's session."""
    request = type("Asked", (), {"session": client.session})
    return get_user(request)


def test_first_page_offers_the_nine(world):
    answer = Client().get("/")
    assert answer.status_code == 200
    for person in PEOPLE:
        assert f"/demo/sign-in/{person.who}/" in answer.content.decode()


def test_first_page_refuses_post(world):
    assert Client().post("/").status_code == 405


def test_first_page_without_made_up_agencies_says_how_to_fill(world):
    Agency.objects.update(is_demo=False)
    answer = Client().get("/")
    assert "fill_demo" in answer.content.decode()
    assert "/demo/sign-in/" not in answer.content.decode()


def test_without_the_demonstration_the_first_page_is_the_sign_in(world, settings):
    settings.PEERWORKS_DEMO = False
    assert Client().get("/")["Location"] == "/accounts/sign-in/"
    assert world["peer"].client().get("/")["Location"] == "/today/"


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.who)
def test_one_click_signs_in(world, person):
    client = Client()
    answer = client.post(f"/demo/sign-in/{person.who}/")
    assert answer["Location"] == "/today/"
    assert who_is_in(client).name == person.name
    assert client.session["agency_id"] == str(world[person.who].member.agency_id)
    assert client.get("/today/").status_code == 200


def test_sign_in_is_kept_in_the_trail(world):
    Client().post("/demo/sign-in/peer/")
    with world.acting("privacy-officer"):
        kept = AuditEvent.objects.filter(action="signin.done", actor_name="Luz Ortega")
        assert [each.kind for each in kept] == [AuditEvent.Kind.SIGN_IN]


def test_another_person_from_the_menu(world):
    client = Client()
    client.post("/demo/sign-in/peer/")
    page = client.get("/").content.decode()
    assert 'href="/"' in page
    assert client.post("/demo/sign-in/other-administrator/").status_code == 302
    assert who_is_in(client).name == "Beth Sandoval"
    assert "Lantern Row" in client.get("/today/").content.decode()


def test_sign_in_refuses_get_and_strangers(world):
    assert Client().get("/demo/sign-in/peer/").status_code == 405
    assert Client().post("/demo/sign-in/nobody/").status_code == 404


def test_sign_in_is_not_there_without_the_demonstration(world, settings):
    settings.PEERWORKS_DEMO = False
    client = Client()
    assert client.post("/demo/sign-in/peer/").status_code == 404
    assert not who_is_in(client).is_authenticated


def test_nobody_of_a_real_agency_is_entered(world):
    Agency.objects.filter(slug="juniper-bridge").update(is_demo=False)
    client = Client()
    assert client.post("/demo/sign-in/peer/").status_code == 404
    assert not who_is_in(client).is_authenticated
    assert client.post("/demo/sign-in/other-administrator/").status_code == 302


def test_who_left_does_not_come_in(world):
    User.objects.filter(pk=world["peer"].user.pk).update(is_active=False)
    assert Client().post("/demo/sign-in/peer/").status_code == 404


def test_sign_in_needs_the_forms_token(world):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/demo/sign-in/peer/").status_code == 403
    assert not who_is_in(client).is_authenticated
