"""What a shared computer keeps of a session: nothing; and the token for pages that outlived theirs."""

import base64
import hashlib

import pytest
from django.contrib.staticfiles import finders

from peerworks.accounts.models import User
from tests.peerworks.web_site import DRAFTS

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.peerworks.web_site")]


@pytest.fixture
def luz(client):
    """Somebody who is signed in."""
    user = User.objects.create_user(email="luz@juniper-bridge.example", name="Luz Ortega")
    client.force_login(user)
    return user


def test_token_names_the_user_and_carries_a_token(client, luz):
    answer = client.get("/session/token/")
    assert answer.json().keys() == {"user", "agency", "token"}
    assert answer.json()["user"] == str(luz.pk)
    assert answer["Cache-Control"].startswith("max-age=0")
    assert "no-store" in answer["Cache-Control"]


def test_token_is_refused_to_visitors_without_a_redirect(client):
    answer = client.get("/session/token/")
    assert (answer.status_code, answer.content) == (401, b"{}")


def test_token_refuses_post(client, luz):
    assert client.post("/session/token/").status_code == 405


def test_token_of_the_answer_is_taken_by_a_form(client, luz):
    DRAFTS.clear()
    client.handler.enforce_csrf_checks = True
    token = client.get("/session/token/").json()["token"]
    answer = client.post("/draft/", {"csrfmiddlewaretoken": token, "text": "We walked."})
    assert answer.json() == {"version": 2, "saved_at": "10:42"}


def test_page_names_its_user_for_the_comparison(client, luz):
    assert f'data-user="{luz.pk}"' in client.get("/").content.decode()


def test_page_of_a_visitor_names_nobody(client):
    assert "data-user" not in client.get("/").content.decode()


def test_end_of_the_session_clears_the_browser(client, luz):
    assert "Clear-Site-Data" not in client.get("/")
    assert client.post("/leave/")["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in client.post("/leave/")


def test_bootstrap_is_the_published_file():
    # The integrity value that Bootstrap publishes with release 5.3.8.
    with open(finders.find("css/bootstrap.min.css"), "rb") as file:
        digest = base64.b64encode(hashlib.sha384(file.read()).digest()).decode()
    assert digest == "sRIl4kxILFvY47J16cr9ZwB07vP4J8+LH7qKQnuqkuIAvNWLzeN8tE5YBujZqJLB"
