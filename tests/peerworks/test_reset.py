"""A new password by a letter (AU-7), the same answer for everybody (AU-6), and by who knows the old one."""

import datetime as dt
import io
import logging
import time

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client

from peerworks.accounts.models import Membership, SignIn, User
from peerworks.accounts.views import passwords as views
from peerworks.agencies.context import acting_for
from tests.at_once import all_at_once
from tests.factories.accounts import make_user
from tests.peerworks.account_forms import (
    OTHER,
    PASSWORD,
    due_letters,
    events,
    is_signed_in,
    link_in,
    problems,
    send_letters,
    sent,
    sign_in,
    visitor_sends,
)
from tests.sweep.asking import said as bytes_of
from tests.world import World

pytestmark = pytest.mark.django_db(databases=["default", "apart"])
ASK, NEW, CHANGE = "/accounts/reset/", "/accounts/reset/new/", "/accounts/password/"


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """The even time of answers is tried by the long proof alone."""
    monkeypatch.setattr(views, "EVEN_SECONDS", 0.0)


@pytest.fixture
def sam(world):
    """Sam Whitfield, who reads English, with a password."""
    user = world["lapsed-peer"].user
    user.set_password(PASSWORD)
    user.save()
    return user


def ask(email, client=None):
    """Ask for a link."""
    return (client or Client()).post(ASK, visitor_sends(email=email))


def opened(letter):
    """A visitor who has followed the link of a letter."""
    client = Client()
    answer = client.get(link_in(letter))
    assert (answer.status_code, answer["Location"]) == (302, NEW)
    return client


def choose(client, password=OTHER, again=None):
    """Choose the new password."""
    return client.post(NEW, visitor_sends(password=password, again=again or password))


# The way.


def test_au7_from_the_letter_to_the_sign_in(world, sam, mailoutbox):
    assert ask("Sam.Whitfield@juniper-bridge.example")["Location"] == "/accounts/reset/sent/"
    (letter,) = send_letters()
    assert letter.to == [sam.email]
    client = opened(letter)
    answer = choose(client)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/sign-in/")
    assert not is_signed_in(client), "the second factor would never be asked"
    assert sign_in(sam.email, PASSWORD)[1].status_code == 422
    assert sign_in(sam.email, OTHER)[1].status_code == 302
    kept = events(world.juniper, "password.reset-asked", "password.reset")
    assert [action for action, *_ in kept] == ["password.reset-asked", "password.reset"]
    assert {whose for _, whose, _ in kept} == {str(sam.pk)}


def test_au7_a_reset_ends_every_session_and_tells_the_owner(world, sam, mailoutbox):
    sessions = [sign_in(sam.email)[0] for _ in range(3)]
    ask(sam.email)
    (letter,) = send_letters()
    choose(opened(letter))
    assert not any(is_signed_in(each) for each in sessions)
    (told,) = send_letters()
    assert told.subject == "Your PeerWorks password was changed"


def test_asking_again_and_again_floods_nobody(sam, world):
    """Each time leaves an event: a stranger does not fill the trail, and is answered as ever."""
    answers = {ask(sam.email)["Location"] for _ in range(13)}
    assert answers == {"/accounts/reset/sent/"}
    assert len(events(world.juniper, "password.reset-asked")) == 10


def test_a_reset_in_somebodys_browser_signs_them_out_wholly(sam, world, mailoutbox):
    """SE-2: no row of a session stays behind, and the browser is told to forget."""
    ask(sam.email)
    (letter,) = send_letters()
    browser = world["peer"].client()
    browser.get(link_in(letter))
    answer = browser.post(NEW, sent(world, password=OTHER, again=OTHER))
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    with world.acting("peer") as luz:
        assert not SignIn.objects.filter(user=luz.user).exists()


def test_au7_a_link_works_once(sam, world, mailoutbox):
    ask(sam.email)
    (letter,) = send_letters()
    first, second = opened(letter), opened(letter)
    assert choose(first).status_code == 302
    answer = choose(second, "five green boats on a lake")
    assert answer.status_code == 404
    assert Client().get(link_in(letter), follow=True).status_code == 404
    sam.refresh_from_db()
    assert sam.check_password(OTHER)


@pytest.mark.parametrize(("minutes", "status"), [(59, 200), (61, 404)])
def test_au7_a_link_works_sixty_minutes(sam, world, mailoutbox, minutes, status):
    ask(sam.email)
    with time_machine.travel(dt.datetime.now(dt.UTC)):
        (letter,) = send_letters()
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes)):
        assert Client().get(link_in(letter), follow=True).status_code == status


@pytest.mark.parametrize("what", ["password", "address", "sign-in", "disabled"])
def test_au7_a_link_dies_with_the_password_or_the_address_it_was_made_for(
    sam, world, mailoutbox, what
):
    ask(sam.email)
    (letter,) = send_letters()
    if what == "password":
        sam.set_password(OTHER)
        sam.save()
    elif what == "address":
        User.objects.filter(pk=sam.pk).update(email="other@people.example")
    elif what == "sign-in":
        sign_in(sam.email)
    else:
        User.objects.filter(pk=sam.pk).update(is_active=False)
    answer = Client().get(link_in(letter), follow=True)
    assert answer.status_code == 404
    assert "This link does not work" in answer.content.decode()


@pytest.fixture
def logged(monkeypatch):
    """What the handler of the settings writes."""
    (handler,) = [each for each in logging.getLogger().handlers if each.name == "out"]
    out = io.StringIO()
    monkeypatch.setattr(handler, "stream", out)
    return out


def test_au7_the_token_is_in_no_page_row_or_log(sam, world, mailoutbox, logged):
    ask(sam.email)
    (letter,) = send_letters()
    path = link_in(letter)
    token = path.rstrip("/").rsplit("/", 1)[-1]
    client = Client()
    client.get(path)
    page = client.get(NEW)
    assert token not in page.content.decode()
    assert page["Referrer-Policy"] == "same-origin"
    client.get(path + "more/")
    client.get(path.replace("/reset/", "/join/"), follow=True)
    assert "Not Found: /accounts/reset/…" in logged.getvalue()
    assert "Not Found: /accounts/join/" in logged.getvalue()
    assert token not in logged.getvalue()


@pytest.mark.parametrize("key", ["x", "x.y", "..", "\u00e9.\u00e9", "%00.a", "a" * 2000])
def test_a_nonsense_key_is_a_link_that_does_not_work(sam, key):
    before = Session.objects.count()
    answer = Client().get(f"/accounts/reset/{key}/", follow=True)
    assert answer.status_code == 404
    assert Session.objects.count() == before


def test_the_key_of_somebody_else_opens_nothing(sam, world, mailoutbox):
    ask(sam.email)
    (letter,) = send_letters()
    token = link_in(letter).rstrip("/").rsplit(".", 1)[-1]
    other = world["peer"].user
    answer = Client().get(f"/accounts/reset/{other.pk}.{token}/", follow=True)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("too short", "Use 15 characters or more."),
        ("SamWhitfield2026!", "little more than your name"),
        ("JuniperPeerAlliance", "little more than your name"),
        ("qwertyuiop123456", "Many people use this"),
    ],
)
def test_au2_a_reset_keeps_the_rules(sam, world, mailoutbox, password, sentence):
    ask(sam.email)
    (letter,) = send_letters()
    answer = choose(opened(letter), password)
    assert answer.status_code == 422
    assert any(sentence in each for each in problems(answer)), problems(answer)
    sam.refresh_from_db()
    assert sam.check_password(PASSWORD)


# The same answer for everybody.


def test_au6_known_and_unknown_addresses_have_one_answer(world, sam):
    disabled = make_user(email="gone@people.example", password=PASSWORD, is_active=False)
    nowhere = make_user(email="nowhere@people.example", password=PASSWORD)
    service = world.juniper.service.user
    addresses = [sam.email, disabled.email, nowhere.email, service.email, "nobody@people.example"]
    answers = {bytes_of(ask(each)) for each in addresses}
    assert len(answers) == 1
    pages = {bytes_of(Client().get("/accounts/reset/sent/")) for _ in addresses}
    assert len(pages) == 1
    assert len(due_letters(world.juniper)) == 1


def test_au6_an_address_that_is_none_says_so_to_everybody(sam):
    answer = ask("no address")
    assert answer.status_code == 422
    assert problems(answer) == [
        "Write an e-mail address in plain letters, such as name@example.com."
    ]


def test_one_account_gets_one_letter_in_five_minutes(world, sam):
    with time_machine.travel(dt.datetime(2026, 11, 27, 12, 0, 1, tzinfo=dt.UTC), tick=False):
        for _ in range(5):
            ask(sam.email)
    assert len(due_letters(world.juniper)) == 1
    with time_machine.travel(dt.datetime(2026, 11, 27, 12, 5, 1, tzinfo=dt.UTC), tick=False):
        ask(sam.email)
    assert len(due_letters(world.juniper)) == 2


def test_a_member_who_was_disabled_gets_no_letter(world, sam, mailoutbox):
    ask(sam.email)
    member = world["lapsed-peer"].member
    with acting_for(member.agency_id, world.juniper.service.user_id):
        Membership.objects.filter(pk=member.pk).update(is_active=False)
    assert send_letters() == []
    ask(sam.email)
    assert len(due_letters(world.juniper)) == 1


@pytest.mark.long
def test_au6_answers_take_the_same_time(world, sam, monkeypatch):
    """300 of each, in turn: the medians within 10 %."""
    monkeypatch.undo()
    took = {sam.email: [], "nobody@people.example": []}
    for _ in range(300):
        for email, times in took.items():
            began = time.perf_counter()
            ask(email)
            times.append(time.perf_counter() - began)
    known, unknown = (sorted(times)[150] for times in took.values())
    assert abs(known - unknown) <= 0.1 * max(known, unknown)


# Changing it oneself.


def change(client, world, current=PASSWORD, password=OTHER):
    """Send the page of a change."""
    form = sent(world, current=current, password=password, again=password)
    return client.post(CHANGE, form)


def test_se1_changing_the_password_ends_other_sessions_and_renames_this_one(world, sam, mailoutbox):
    here, there = sign_in(sam.email)[0], sign_in(sam.email)[0]
    before = here.session.session_key
    answer = change(here, world)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/me/")
    assert is_signed_in(here)
    assert here.session.session_key != before
    assert not is_signed_in(there)
    assert sign_in(sam.email, OTHER)[1].status_code == 302
    assert [each[0] for each in events(world.juniper, "password.changed")] == ["password.changed"]
    assert [each.to for each in send_letters()] == [[sam.email]]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"current": "not the password now"}, "This is not your current password."),
        ({"password": "too short"}, "Use 15 characters or more."),
        ({"password": "Sam Whitfield 123"}, "little more than your name"),
        ({"password": ""}, "“New password” is missing."),
    ],
)
def test_what_is_wrong_with_a_change_is_said(world, sam, given, sentence):
    client = sign_in(sam.email)[0]
    answer = change(client, world, **given)
    assert answer.status_code == 422
    assert any(sentence in each for each in problems(answer)), problems(answer)
    assert events(world.juniper, "password.changed") == []


def test_au5_the_current_password_is_not_guessed_in_a_stolen_session(world, sam):
    client = sign_in(sam.email)[0]
    wrong = {problems(change(client, world, current=f"a guess {n}"))[0] for n in range(10)}
    assert wrong == {"This is not your current password."}
    assert problems(change(client, world))[0].startswith("There were too many tries.")
    sam.refresh_from_db()
    assert sam.check_password(PASSWORD)


def test_who_has_no_password_is_told_so(world):
    client = world["administrator"].client()
    assert "You sign in without a password" in client.get(CHANGE).content.decode()
    answer = change(client, world)
    assert answer.status_code == 422
    assert not world["administrator"].user.has_usable_password()


@pytest.mark.parametrize(
    "password",
    [
        "  quiet otters under the pier  ",
        "🌵🐢🎈🍋🪁🎻🦊🌊🍞🧵🪴🦉🎲🧊🛶",
        "otters only letters here",
        "long " + "and never twice the same " * 2 + "x" * 100 + " otters and kites over a town",
    ],
)
def test_au2_spaces_emoji_and_length_are_kept(world, sam, password):
    client = sign_in(sam.email)[0]
    assert change(client, world, password=password).status_code == 302
    sam.refresh_from_db()
    assert sam.check_password(password)
    assert sign_in(sam.email, password)[1].status_code == 302
    if password != password.strip():
        assert sign_in(sam.email, password.strip())[1].status_code == 422


def test_au2_an_old_password_still_signs_in(world, sam):
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=400)):
        assert sign_in(sam.email)[1].status_code == 302


@pytest.mark.parametrize("path", [CHANGE, "/accounts/sign-in/"])
def test_au2_password_managers_are_helped(world, sam, path):
    page = sign_in(sam.email)[0].get(path) if path == CHANGE else Client().get(path)
    text = page.content.decode()
    assert 'autocomplete="current-password"' in text
    if path == CHANGE:
        assert text.count('autocomplete="new-password"') == 2


@pytest.mark.django_db(transaction=True, databases=["default", "apart"])
def test_au7_of_many_at_once_with_one_link_one_sets_the_password(world: World, mailoutbox):
    user = world["lapsed-peer"].user
    user.set_password(PASSWORD)
    user.save()
    ask(user.email)
    (letter,) = send_letters()
    clients = [(f"otters and {number} kites over town", opened(letter)) for number in range(8)]

    def go(pair):
        password, client = pair
        return choose(client, password).status_code, password

    answers = all_at_once(go, clients, 8)
    winners = [password for status, password in answers if status == 302]
    assert len(winners) == 1
    user.refresh_from_db()
    assert user.check_password(winners[0])
