"""AU-4: the second factor, set up and given, and what is kept of it. Each code counts once."""

import datetime as dt
import json
import re

import pytest
import redis
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings as live_settings
from django.core.cache import cache
from django.db import connection
from django.test import Client

from peerworks.accounts import ciphers, factors
from peerworks.accounts.limits import IN_A_ROW
from peerworks.accounts.models import RateLimit, SignIn
from peerworks.accounts.operations import give_code, renew_codes
from peerworks.audit.models import AuditEvent
from peerworks.lib.findings import Refused
from tests.peerworks.test_accounts import PASSWORD, SIGN_IN, is_signed_in

pytestmark = pytest.mark.django_db(databases=["default", "apart"])
CODE = "/accounts/sign-in/code/"
ADD = "/accounts/factor/add/"
NOW = dt.datetime(2026, 11, 27, 12, 0, 10, tzinfo=dt.UTC)
KEY = "018f3a2b-1c4d-4e6f-8a9b-0c1d2e3f4a5b"


@pytest.fixture(autouse=True)
def real(settings):
    """Outside the demonstration: everybody has a second factor."""
    settings.PEERWORKS_DEMO = False
    RateLimit.objects.all().delete()


@pytest.fixture
def luz(world):
    """Luz Ortega with a password and no second factor."""
    world["peer"].user.set_password(PASSWORD)
    world["peer"].user.save()
    return world["peer"]


def password_given(user, **more):
    """A visitor whose password was right."""
    client = Client()
    answer = client.post(SIGN_IN, {"login": user.email, "password": PASSWORD} | more)
    return client, answer


def code_now(secret, later=0):
    """What the app shows now, or some periods of half a minute later."""
    return factors.code_at(secret, dt.datetime.now(dt.UTC) + dt.timedelta(seconds=30 * later))


def give(client, code, path=CODE, **more):
    """The code, as the form sends it."""
    return client.post(path, {"code": code, "form_key": KEY, "form_agency": ""} | more)


def kept(world, *actions):
    """The events of these actions in the first agency, oldest first."""
    with world.acting("privacy-officer"):
        rows = AuditEvent.objects.filter(action__in=actions).order_by("pk")
        return list(rows.values_list("action", flat=True))


def enrolment(client):
    """The seed that the page shows, and the hidden values of its form."""
    page = client.get(ADD).content.decode()
    letters = re.search(r'class="code-words num">([^<]+)<', page)[1].replace(" ", "")
    sealed = re.search(r'name="sealed" value="([^"]+)"', page)[1]
    return letters, {"sealed": sealed, "form_key": KEY, "form_agency": ""}


# Setting up.


def test_who_has_none_sets_one_up_before_anything_else(world, luz):
    client, answer = password_given(luz.user)
    assert answer["Location"] == "/today/"
    answer = client.get("/today/")
    assert answer["Location"] == "/accounts/factor/add/?next=/today/"
    assert client.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize("what", ["join", "reset"])
def test_the_token_of_a_letter_is_not_carried_along_to_the_factor(luz, what):
    """AU-7: it is left behind first, so that no address, form or Referer of the way repeats it."""
    client, _answer = password_given(luz.user)
    assert "made-up-token" not in client.get(f"/accounts/{what}/made-up-token/")["Location"]


def test_the_picture_is_an_image_in_the_page_and_no_address_leads_elsewhere(luz):
    client, _answer = password_given(luz.user)
    page = client.get(ADD).content.decode()
    assert re.search(r'<img class="qr" src="data:image/svg\+xml;base64,[\w+/=]+"', page)
    assert not re.findall(r'(?:src|href)="https?://', page)


def test_the_first_code_sets_it_up_shows_the_codes_once_and_opens_the_pages(world, luz):
    client, _answer = password_given(luz.user)
    before = client.session.session_key
    secret, given = enrolment(client)
    answer = client.post(ADD, given | {"code": code_now(secret), "next": "/notices/"})
    assert answer.status_code == 200
    codes = re.findall(r"<li>(\d{4} \d{4} \d{4})</li>", answer.content.decode())
    assert len(set(codes)) == 10
    assert 'href="/notices/"' in answer.content.decode()
    assert client.session.session_key != before
    assert client.get("/notices/").status_code == 200
    page = client.get("/accounts/factor/").content.decode()
    assert not [each for each in codes if each in page or each.replace(" ", "") in page]
    assert kept(world, "factor.added", "factor.given") == ["factor.added", "factor.given"]


def test_a_wrong_first_code_sets_nothing_up_and_keeps_the_picture(luz):
    client, _answer = password_given(luz.user)
    secret, given = enrolment(client)
    answer = client.post(ADD, given | {"code": "000000"})
    assert answer.status_code == 422
    assert factors.spelled(secret) in answer.content.decode()
    assert factors.app_of(luz.user) is None


def test_the_seed_of_somebody_elses_form_or_of_an_old_one_is_not_taken(world, luz):
    client, _answer = password_given(luz.user)
    secret = factors.new_secret()
    for sealed in (factors.seal(secret, world["biller"].user), "nonsense", ""):
        given = {"sealed": sealed, "form_key": KEY, "form_agency": "", "code": code_now(secret)}
        assert client.post(ADD, given).status_code == 302
    assert factors.app_of(luz.user) is None


def test_a_second_app_is_not_set_up_beside_the_first(luz):
    secret = luz.enrol()
    client = luz.client()
    assert client.get(ADD)["Location"] == "/accounts/factor/"
    other = factors.new_secret()
    given = {"sealed": factors.seal(other, luz.user), "form_key": KEY, "form_agency": ""}
    assert client.post(ADD, given | {"code": code_now(other)}).status_code == 302
    assert luz.enrol() == secret


# Signing in with it.


def test_password_and_code_sign_in_and_the_password_alone_does_not(world, luz):
    secret = luz.enrol()
    client, answer = password_given(luz.user)
    assert answer["Location"] == CODE
    assert not is_signed_in(client)
    assert client.get("/today/")["Location"].startswith(SIGN_IN)
    answer = give(client, code_now(secret))
    assert (answer.status_code, answer["Location"]) == (302, "/today/")
    assert client.get("/today/").status_code == 200
    assert kept(world, "signin.done") == ["signin.done"]


def test_the_way_that_was_asked_for_goes_on_behind_the_code(luz):
    secret = luz.enrol()
    client, _answer = password_given(luz.user, next="/notices/")
    assert give(client, code_now(secret))["Location"] == "/notices/"


def test_a_code_is_for_nobody_who_gave_no_password():
    assert Client().get(CODE)["Location"] == SIGN_IN
    assert give(Client(), "123456")["Location"] == SIGN_IN


def test_a_sign_in_that_waits_for_its_code_ends_with_the_password_it_began_with(luz):
    """SE-2: a thief of the old password does not go on when its owner has changed it."""
    secret = luz.enrol()
    thief, _answer = password_given(luz.user)
    luz.user.set_password("seven blue kites over town")
    luz.user.save()
    assert give(thief, code_now(secret))["Location"] == SIGN_IN
    assert not is_signed_in(thief)


def test_a_wrong_code_says_one_sentence_and_is_kept(world, luz):
    luz.enrol()
    client, _answer = password_given(luz.user)
    answer = give(client, "000000")
    assert answer.status_code == 422
    assert "does not fit" in answer.content.decode()
    assert not is_signed_in(client)
    assert kept(world, "factor.failed") == ["factor.failed"]


@pytest.mark.parametrize("code", ["", "x" * 500, "12 34\x00", "१२३४५६", "-1", "ⅦⅦⅦ"])
def test_nonsense_is_refused_without_a_fault(luz, code):
    luz.enrol()
    client, _answer = password_given(luz.user)
    assert give(client, code).status_code == 422


def test_a_session_from_before_the_factor_gets_no_further_without_it(luz):
    before, _answer = password_given(luz.user)
    secret = luz.enrol()
    answer = before.get("/notices/")
    assert answer["Location"] == "/accounts/step-up/?next=/notices/"
    give(before, code_now(secret), "/accounts/step-up/")
    assert before.get("/notices/").status_code == 200


# A code counts once.


def test_a_code_counts_once_also_when_cache_and_broker_are_flushed(luz):
    secret = luz.enrol()
    code = code_now(secret)
    first, _answer = password_given(luz.user)
    assert give(first, code).status_code == 302
    cache.clear()
    redis.from_url(live_settings.REDIS_URL).flushall()
    second, _answer = password_given(luz.user)
    assert give(second, code).status_code == 422
    assert not is_signed_in(second)
    assert give(second, code_now(secret, 1)).status_code == 302


def test_an_earlier_code_does_not_come_after_a_later_one(luz):
    secret = luz.enrol()
    later, earlier = (factors.code_at(secret, NOW + dt.timedelta(seconds=s)) for s in (30, -30))
    assert give_code(user=luz.user, code=later, at=NOW)
    with pytest.raises(Refused):
        give_code(user=luz.user, code=earlier, at=NOW)


@pytest.mark.parametrize(
    ("seconds", "is_right"), [(-60, False), (-30, True), (30, True), (60, False)]
)
def test_a_code_counts_half_a_minute_beside_its_own(luz, seconds, is_right):
    code = factors.code_at(luz.enrol(), NOW + dt.timedelta(seconds=seconds))
    if is_right:
        assert give_code(user=luz.user, code=code, at=NOW)
    else:
        with pytest.raises(Refused):
            give_code(user=luz.user, code=code, at=NOW)


def test_the_code_that_set_it_up_signs_nobody_in(luz):
    client, _answer = password_given(luz.user)
    secret, given = enrolment(client)
    code = code_now(secret)
    assert client.post(ADD, given | {"code": code}).status_code == 200
    other, _answer = password_given(luz.user)
    assert give(other, code).status_code == 422


def test_a_recovery_code_signs_in_once(world, luz):
    codes = with_codes(luz)
    client, _answer = password_given(luz.user)
    assert give(client, codes[3]).status_code == 302
    again, _answer = password_given(luz.user)
    assert give(again, codes[3]).status_code == 422
    assert give(again, codes[4].replace(" ", "-")).status_code == 302
    assert kept(world, "factor.recovered") == ["factor.recovered"] * 2


def with_codes(player):
    """Ten recovery codes beside the app, as the page showed them."""
    player.enrol()
    answer = player.client().post(
        "/accounts/factor/codes/", {"form_agency": str(player.member.agency_id)}
    )
    return re.findall(r"<li>(\d{4} \d{4} \d{4})</li>", answer.content.decode())


def test_new_recovery_codes_take_the_place_of_the_old(world, luz):
    old, new = with_codes(luz), with_codes(luz)
    assert not set(old) & set(new)
    client, _answer = password_given(luz.user)
    assert give(client, old[0]).status_code == 422
    assert kept(world, "codes.renewed") == ["codes.renewed"] * 2


def test_an_app_that_was_removed_gives_no_code_and_another_is_asked_for(world, luz):
    secret = luz.enrol()
    client = luz.client()
    answer = client.post("/accounts/factor/remove/", {"form_agency": str(luz.member.agency_id)})
    assert answer["Location"] == ADD
    assert client.get("/today/")["Location"].startswith(ADD)
    other, answer = password_given(luz.user)
    assert answer["Location"] == "/today/"
    assert give(other, code_now(secret), "/accounts/step-up/").status_code == 422
    assert kept(world, "factor.removed") == ["factor.removed"]


# How often.


def test_ten_wrong_codes_and_no_more_are_compared(luz):
    secret = luz.enrol()
    client, _answer = password_given(luz.user)
    answers = [give(client, "000000").status_code for _ in range(12)]
    assert answers == [422] * 10 + [429] * 2
    assert give(client, code_now(secret)).status_code == 429


def test_a_hundred_wrong_codes_in_a_row_ask_for_a_reset(world, luz):
    secret = luz.enrol()
    client, _answer = password_given(luz.user)
    give(client, "000000")
    RateLimit.objects.filter(in_row=1).update(in_row=IN_A_ROW)
    answer = give(client, code_now(secret))
    assert "has to reset your second factor" in answer.content.decode()
    reset(world, luz)
    after, answer = password_given(luz.user)
    assert after.get("/today/")["Location"].startswith(ADD)


def reset(world, player):
    """The administrator takes a member's factor away."""
    return (
        world["administrator"]
        .client()
        .post(
            f"/members/{player.member.pk}/factor/reset/",
            {"form_agency": str(player.member.agency_id)},
        )
    )


def test_an_administrator_resets_and_the_member_is_out(world, luz):
    luz.enrol()
    client = luz.client()
    assert client.get("/notices/").status_code == 200
    assert reset(world, luz).status_code == 302
    assert client.get("/notices/")["Location"].startswith(SIGN_IN)
    assert Authenticator.objects.filter(user=luz.user).count() == 0
    assert kept(world, "member.factor-reset") == ["member.factor-reset"]


def test_nobody_resets_their_own_factor_as_an_administrator(world):
    marisol = world["administrator"]
    marisol.enrol()
    reset(world, marisol)
    assert factors.app_of(marisol.user) is not None


# What is stored.


def test_no_seed_and_no_recovery_code_stands_in_the_database(luz):
    secret = luz.enrol()
    codes = with_codes(luz)
    seed = ciphers.decrypt(factors.recovery_of(luz.user).data["seed"])
    client, _answer = password_given(luz.user)
    pending, _given = enrolment(client) if factors.app_of(luz.user) is None else ("", None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        stored = " ".join(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT session_data FROM django_session")
        stored += " ".join(row[0] for row in cursor.fetchall())
    for each in (secret, seed, *codes, *(code.replace(" ", "") for code in codes)):
        assert each not in stored
    assert pending == ""


def test_a_seed_that_waits_for_its_first_code_stands_in_no_session(luz):
    client, _answer = password_given(luz.user)
    secret, _given = enrolment(client)
    assert secret not in json.dumps(dict(client.session.items()))


def test_an_old_field_key_still_opens_and_the_new_one_takes_over(luz, settings):
    secret = luz.enrol()
    (code, *_rest) = renew_codes(by=luz.user)
    old = settings.FIELD_KEYS
    new = Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, *old]
    assert give_code(user=luz.user, code=factors.code_at(secret, NOW), at=NOW)
    settings.FIELD_KEYS = [new]
    assert ciphers.decrypt(factors.app_of(luz.user).data["secret"]) == secret
    assert give_code(user=luz.user, code=code, at=NOW) == factors.recovery_of(luz.user)


def test_without_its_key_a_seed_is_a_sentence_and_never_a_text(luz, settings):
    luz.enrol()
    client, _answer = password_given(luz.user)
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    answer = give(client, "123456")
    assert answer.status_code == 422
    assert "field keys" in answer.content.decode()


@pytest.mark.parametrize("place", [0, 10, 40, -2])
def test_a_changed_byte_is_an_error(place):
    told = ciphers.encrypt("made-up")
    changed = list(told)
    changed[place] = "A" if changed[place] != "A" else "B"
    with pytest.raises(ciphers.Unreadable):
        ciphers.decrypt("".join(changed))


def test_the_demonstration_asks_nobody(world, settings):
    settings.PEERWORKS_DEMO = True
    client = Client()
    client.post("/demo/sign-in/administrator/")
    assert client.get("/today/").status_code == 200
    with world.acting("administrator"):
        assert SignIn.objects.get(user=world["administrator"].user).factor_at is not None
