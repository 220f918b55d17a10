"""AU-5: sign-ins are counted before a password is hashed, in PostgreSQL, and nobody locks out another."""

import datetime as dt
import threading
import time

import pytest
import redis
from django.conf import settings as live_settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.core.cache import cache
from django.db import connections
from django.db.models import F
from django.test import Client

from peerworks.accounts import limits
from peerworks.accounts.models import RateLimit, User
from peerworks.audit.models import AuditEvent
from tests.at_once import all_at_once
from tests.peerworks.test_accounts import PASSWORD, SIGN_IN, is_signed_in

WRONG = "another long password"
AT_ONCE = 12
TRIES = 200


class CountingHasher(PBKDF2PasswordHasher):
    """The product's own hasher with fewer rounds, which counts what reaches it."""

    algorithm = "counting"
    iterations = 2000
    reached = 0
    _lock = threading.Lock()

    def encode(self, password, salt, iterations=None):
        """Count, then hash."""
        with self._lock:
            type(self).reached += 1
        return super().encode(password, salt, iterations)


@pytest.fixture(autouse=True)
def hasher(settings):
    """What reaches the hasher, from nothing; no try of another test counts."""
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    CountingHasher.reached = 0
    return CountingHasher


def with_password(player):
    """Somebody of the cast who has a password."""
    User.objects.filter(pk=player.user.pk).update(password=make_password(PASSWORD))
    CountingHasher.reached = 0
    RateLimit.objects.all().delete()
    return player.user


def sign_in(client, email, password=PASSWORD, address="192.0.2.7"):
    """One try; the answer."""
    return client.post(SIGN_IN, {"login": email, "password": password}, REMOTE_ADDR=address)


def a_minute_later(minutes=1):
    """Time goes by for all counts."""
    RateLimit.objects.update(free_at=F("free_at") - dt.timedelta(minutes=minutes))


# In parallel: these commit.


def at_once(email, tries=TRIES):
    """Wrong sign-ins in parallel; how they were answered."""

    def one(number):
        address = f"192.0.2.{number % 250}"
        return sign_in(Client(), email, f"{WRONG} {number}", address).status_code

    return all_at_once(one, range(tries), AT_ONCE)


@pytest.mark.django_db(transaction=True, databases=["default", "apart"])
def test_of_200_wrong_sign_ins_at_once_ten_reach_the_hasher_and_the_owner_gets_in(world, hasher):
    user = with_password(world["peer"])
    owner = Client()
    assert sign_in(owner, user.email).status_code == 302
    owner.post("/accounts/sign-out/")
    RateLimit.objects.all().delete()
    hasher.reached = 0
    answers = at_once(user.email)
    assert hasher.reached <= 10
    assert sorted(answers) == [422] * hasher.reached + [429] * (TRIES - hasher.reached)
    assert sign_in(owner, user.email).status_code == 302
    assert is_signed_in(owner)

    hasher.reached = 0
    cache.clear()
    redis.from_url(live_settings.REDIS_URL).flushall()
    assert set(at_once(user.email, tries=60)) == {429}
    assert hasher.reached == 0
    owner.post("/accounts/sign-out/")
    assert sign_in(owner, user.email).status_code == 302
    with world.acting("privacy-officer"):
        events = AuditEvent.objects.filter(actor_id=str(user.pk), kind="SIGN_IN")
        assert events.filter(action="signin.failed").count() <= 10
        assert events.filter(action="signin.stopped").count() == 1


# One after the other.

one_by_one = pytest.mark.django_db(databases=["default", "apart"])


@one_by_one
def test_known_and_unknown_addresses_are_limited_alike(world, hasher):
    known = with_password(world["peer"]).email
    told = {}
    for email in (known, "nobody@people.example"):
        told[email] = [
            (answer.status_code, str(answer.context["form"].non_field_errors()))
            for answer in (sign_in(Client(), email, WRONG) for _ in range(12))
        ]
    assert told[known] == told["nobody@people.example"]
    assert [status for status, _words in told[known]] == [422] * 10 + [429] * 2
    assert hasher.reached == 20


@one_by_one
def test_a_refused_answer_says_when_to_come_back_in_both_languages(world):
    email = with_password(world["peer"]).email
    answers = [sign_in(Client(headers={"Accept-Language": "es"}), email, WRONG) for _ in range(11)]
    assert answers[-1]["Retry-After"] == "90"
    assert "Espere quince minutos" in answers[-1].content.decode()


@one_by_one
def test_time_gives_tries_back_one_by_one(world):
    email = with_password(world["peer"]).email
    for _ in range(10):
        sign_in(Client(), email, WRONG)
    a_minute_later()
    assert sign_in(Client(), email).status_code == 429
    a_minute_later()
    assert sign_in(Client(), email).status_code == 302


@one_by_one
def test_a_right_password_gives_its_try_back(world):
    email = with_password(world["peer"]).email
    assert {sign_in(Client(), email).status_code for _ in range(15)} == {302}


@one_by_one
def test_a_known_browser_is_known_for_its_own_users_alone(world):
    luz, sam = with_password(world["peer"]), world["lapsed-peer"].user
    User.objects.filter(pk=sam.pk).update(password=make_password(PASSWORD))
    browser = Client()
    assert sign_in(browser, luz.email).status_code == 302
    browser.post("/accounts/sign-out/")
    for _ in range(10):
        sign_in(Client(), luz.email, WRONG)
        sign_in(Client(), sam.email, WRONG)
    assert sign_in(browser, sam.email).status_code == 429
    assert sign_in(browser, luz.email).status_code == 302


@one_by_one
def test_a_known_browser_is_counted_too(world, hasher):
    luz = with_password(world["peer"])
    browser = Client()
    sign_in(browser, luz.email)
    browser.post("/accounts/sign-out/")
    answers = [sign_in(browser, luz.email, WRONG).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


@one_by_one
def test_a_made_up_device_cookie_is_no_known_browser(world):
    luz = with_password(world["peer"])
    for _ in range(10):
        sign_in(Client(), luz.email, WRONG)
    stranger = Client()
    for made_up in ("x" * 43, "", "é" * 43, "x" * 5000):
        stranger.cookies[live_settings.DEVICE_COOKIE_NAME] = made_up
        assert sign_in(stranger, luz.email).status_code == 429


@one_by_one
def test_thirty_people_behind_one_address_are_not_locked_out_by_one_of_them(world):
    luz = with_password(world["peer"])
    people = [
        User.objects.create_user(email=f"made-up-{n}@people.example", name=f"Person {n}")
        for n in range(29)
    ]
    User.objects.filter(pk__in=[each.pk for each in people]).update(
        password=make_password(PASSWORD)
    )
    for _ in range(150):
        sign_in(Client(), luz.email, WRONG)
    assert {sign_in(Client(), each.email).status_code for each in people} == {302}


@one_by_one
def test_many_addresses_from_one_network_are_limited(world, hasher):
    with_password(world["peer"])
    began, answers = time.monotonic(), []
    while 429 not in answers and len(answers) < 2 * limits.OF_A_NETWORK:
        address = f"made-up-{len(answers)}@people.example"
        answers.append(sign_in(Client(), address, WRONG).status_code)
    # On a busy machine the tries take so long that some come free again: one each nine seconds.
    again = int((time.monotonic() - began) / limits.Limit("", tries=limits.OF_A_NETWORK).step)
    let_through = answers.count(422)
    assert answers == [422] * let_through + [429]
    assert limits.OF_A_NETWORK <= let_through <= limits.OF_A_NETWORK + again
    assert hasher.reached == let_through
    assert sign_in(Client(), "b@people.example", WRONG, "198.51.100.9").status_code == 422


@one_by_one
def test_a_hundred_wrong_passwords_in_a_row_ask_for_a_new_one(world, hasher):
    luz = with_password(world["peer"])
    browser = Client()
    sign_in(browser, luz.email)
    browser.post("/accounts/sign-out/")
    for _ in range(limits.IN_A_ROW):
        sign_in(Client(), luz.email, WRONG)
        a_minute_later(2)
    hasher.reached = 0
    answer = sign_in(Client(), luz.email)
    assert answer.status_code == 429
    assert "needs a new password" in answer.content.decode()
    assert hasher.reached == 0
    assert sign_in(browser, luz.email).status_code == 302
    User.objects.filter(pk=luz.pk).update(password=make_password("a new and long password"))
    assert sign_in(Client(), luz.email, "a new and long password").status_code == 302


@one_by_one
def test_an_unknown_address_leaves_its_count_and_nothing_else(world):
    with_password(world["peer"])
    sign_in(Client(), "nobody@people.example", WRONG)
    assert RateLimit.objects.count() == 2
    with world.acting("privacy-officer"):
        assert not AuditEvent.objects.filter(kind="SIGN_IN").exists()
    kept = " ".join(str(each) for each in RateLimit.objects.values_list("key", "free_at"))
    assert "nobody" not in kept
    assert "192.0.2" not in kept


@one_by_one
def test_a_count_stays_where_the_request_is_rolled_back(world):
    luz = with_password(world["peer"])
    sign_in(Client(), luz.email, WRONG)
    connections["default"].set_rollback(False)
    assert RateLimit.objects.filter(in_row=1).count() == 2
    assert RateLimit.objects.db == "apart"
