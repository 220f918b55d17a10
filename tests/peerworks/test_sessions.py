"""SE-1, SE-2, SE-3: what a session is, how long it lasts, and who ends it."""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from peerworks.accounts.devices import device_of, device_words
from peerworks.accounts.models import KnownDevice, Membership, RateLimit, SignIn, User
from peerworks.accounts.operations import forget_what_is_over
from peerworks.agencies.context import acting_for
from peerworks.agencies.models import Agency
from peerworks.audit.models import AuditEvent
from tests.peerworks.test_accounts import PASSWORD, SIGN_IN, is_signed_in

pytestmark = pytest.mark.django_db(databases=["default", "apart"])
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
LIST = "/accounts/sessions/"
LEFT, EXTEND = "/accounts/session/left/", "/accounts/session/extend/"


def rows(world, who):
    """The sessions of somebody, the oldest first."""
    with world.acting(who) as player:
        return list(SignIn.objects.filter(user=player.user).order_by("created_at", "pk"))


def let_pass(world, who, **time):
    """So much time goes by without an action of somebody."""
    with world.acting(who) as player:
        SignIn.objects.filter(user=player.user).update(
            acted_at=F("acted_at") - dt.timedelta(**time)
        )


def began(world, who, **time):
    """As if somebody had signed in so much earlier."""
    with world.acting(who) as player:
        SignIn.objects.filter(user=player.user).update(
            created_at=F("created_at") - dt.timedelta(**time)
        )


def kept(world, *actions):
    """The events of these actions in the first agency."""
    with world.acting("privacy-officer"):
        found = AuditEvent.objects.filter(action__in=actions).order_by("pk")
        return [(each.action, each.actor_name) for each in found]


def post(client, player, path, **data):
    """A form of the agency."""
    return client.post(path, {"form_agency": str(player.member.agency_id)} | data)


# SE-1


def test_a_planted_key_is_nobodys_after_the_sign_in(world):
    """SE-1: fixation."""
    user = world["peer"].user
    user.set_password(PASSWORD)
    user.save()
    victim, attacker = Client(), Client()
    victim.get(SIGN_IN)
    victim.cookies[settings.SESSION_COOKIE_NAME] = "planted0planted0planted0planted0"
    attacker.cookies[settings.SESSION_COOKIE_NAME] = "planted0planted0planted0planted0"
    victim.post(SIGN_IN, {"login": user.email, "password": PASSWORD})
    assert is_signed_in(victim)
    assert not is_signed_in(attacker)


def test_a_cookie_that_holds_no_key_is_a_visitors():
    """A NUL, as a quoted cookie may spell it, reaches no statement of the database."""
    cookie = f'{settings.SESSION_COOKIE_NAME}="\\000bcdefghijklmnop"'
    assert Client().get(SIGN_IN, headers={"Cookie": cookie}).status_code == 200


def test_signing_in_once_more_changes_the_key_and_leaves_one_row(world):
    """SE-1: also for the same person, for whom Django keeps it."""
    client = Client()
    client.post("/demo/sign-in/peer/")
    before = client.session.session_key
    client.post("/demo/sign-in/peer/")
    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()
    assert len(rows(world, "peer")) == 1


def test_every_cookie_is_for_the_server_alone(world):
    """SE-1: HttpOnly and SameSite on each, also on the one that marks the browser."""
    client = Client()
    client.get("/")
    client.post("/demo/sign-in/peer/")
    client.post("/accounts/language/", {"language": "es"})
    assert {settings.SESSION_COOKIE_NAME, settings.DEVICE_COOKIE_NAME} <= client.cookies.keys()
    for cookie in client.cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert not cookie["domain"]


def test_the_session_cookie_goes_with_the_browser(world):
    client = Client()
    client.post("/demo/sign-in/peer/")
    assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == ""


# SE-2


def test_after_signing_out_the_row_is_gone_and_the_old_key_opens_nothing(world):
    client = world["peer"].client()
    key = client.session.session_key
    client.post("/accounts/sign-out/")
    assert rows(world, "peer") == []
    assert not Session.objects.filter(pk=key).exists()


def test_a_disabled_user_is_out_at_the_next_request_of_each_of_five_sessions(world):
    clients = [world["peer"].client() for _ in range(5)]
    assert {each.get("/notices/").status_code for each in clients} == {200}
    User.objects.filter(pk=world["peer"].user.pk).update(is_active=False)
    for each in clients:
        assert each.get("/notices/")["Location"].startswith(SIGN_IN)


def test_a_role_that_was_taken_bites_at_the_next_request(world):
    client = world["biller"].client()
    assert client.get("/worklist/").status_code == 200
    with world.acting("biller") as priya:
        Membership.objects.filter(pk=priya.member.pk).update(roles=["PEER"])
    assert client.get("/worklist/").status_code == 403


def test_the_page_names_each_device_in_plain_words(world):
    luz = world["peer"]
    client = Client(headers={"User-Agent": FIREFOX})
    client.post("/demo/sign-in/peer/")
    luz.client()
    page = client.get(LIST).content.decode()
    assert "Firefox en Windows" in page
    assert "Navegador desconocido" in page
    assert len(re.findall(r"/accounts/sessions/[\w-]{36}/end/", page)) == 1
    for row in rows(world, "peer"):
        assert row.key_hash not in page


def test_the_list_writes_nothing_but_the_time_of_the_action(world):
    client = world["peer"].client()
    before = [(each.pk, each.factor_at, each.created_at) for each in rows(world, "peer")]
    assert client.get(LIST).status_code == 200
    assert [(each.pk, each.factor_at, each.created_at) for each in rows(world, "peer")] == before


def test_a_session_in_another_agency_is_listed_as_long_as_that_one_says(world):
    """SE-2: what is alive can be seen and ended, also where this agency's own time is shorter."""
    luz = world["peer"]
    luz.client()
    let_pass(world, "peer", minutes=20)
    with acting_for(None, luz.user.pk), transaction.atomic():
        SignIn.objects.filter(user=luz.user).update(agency=world.lantern.agency)
    here = luz.client()
    for minutes, others in ((30, 1), (15, 0)):
        Agency.objects.filter(pk=world.lantern.agency.pk).update(idle_minutes=minutes)
        page = here.get(LIST).content.decode()
        assert len(re.findall(r"/accounts/sessions/[\w-]{36}/end/", page)) == others


def test_one_other_device_is_signed_out(world):
    luz = world["peer"]
    other, here = luz.client(), luz.client()
    other.get("/notices/")
    (target,) = [
        each.pk for each in rows(world, "peer") if str(each.pk) == other.session["sign_in"]
    ]
    key = other.session.session_key
    assert post(here, luz, f"/accounts/sessions/{target}/end/").status_code == 302
    assert not Session.objects.filter(pk=key).exists()
    assert other.get("/notices/")["Location"].startswith(SIGN_IN)
    assert here.get("/notices/").status_code == 200
    assert kept(world, "session.ended") == [("session.ended", "Luz Ortega")]


def test_all_other_devices_are_signed_out(world):
    luz = world["peer"]
    others, here = [luz.client() for _ in range(3)], luz.client()
    post(here, luz, "/accounts/sessions/end-others/")
    assert here.get("/notices/").status_code == 200
    assert {each.get("/notices/").status_code for each in others} == {302}
    assert kept(world, "sessions.ended") == [("sessions.ended", "Luz Ortega")]


def test_nobody_signs_out_somebody_else(world):
    sam = world["lapsed-peer"].client()
    (row,) = rows(world, "lapsed-peer")
    client = world["peer"].client()
    answer = post(client, world["peer"], f"/accounts/sessions/{row.pk}/end/")
    assert answer.status_code == 404
    assert sam.get("/notices/").status_code == 200


def test_an_administrator_signs_a_member_out_everywhere(world):
    luz, marisol = world["peer"], world["administrator"]
    clients = [luz.client(), luz.client()]
    client = marisol.client()
    page = client.get(f"/members/{luz.member.pk}/sessions/")
    assert page.status_code == 200
    post(client, marisol, f"/members/{luz.member.pk}/sign-out/")
    assert {each.get("/notices/").status_code for each in clients} == {302}
    assert kept(world, "member.sessions-ended") == [("member.sessions-ended", "Marisol Kent")]
    with world.acting("peer") as player:
        assert not KnownDevice.objects.filter(user=player.user).exists()


def test_a_session_that_stands_in_another_agency_ends_too(world):
    """It could change into this one."""
    luz, lantern = world["peer"], world.lantern
    client = luz.client()
    with acting_for(None, luz.user.pk), transaction.atomic():
        SignIn.objects.filter(user=luz.user).update(agency=lantern.agency)
    marisol = world["administrator"].client()
    page = marisol.get(f"/members/{luz.member.pk}/sessions/").content.decode()
    assert "Not signed in to this agency now." in page
    post(marisol, world["administrator"], f"/members/{luz.member.pk}/sign-out/")
    assert client.get("/notices/").status_code == 302


def test_an_administrator_does_not_see_the_members_of_another_agency(world):
    beth = world["other-administrator"].client()
    for path in ("sessions/", "sign-out/", "factor/reset/"):
        url = f"/members/{world['peer'].member.pk}/{path}"
        answer = (
            post(beth, world["other-administrator"], url) if path != "sessions/" else beth.get(url)
        )
        assert answer.status_code == 404
    assert "Luz Ortega" not in beth.get("/members/sessions/").content.decode()


def test_the_wall_shows_sessions_to_their_user_and_to_the_agency_alone(world):
    world["peer"].client().get("/notices/")
    assert len(rows(world, "peer")) == 1
    with world.acting("administrator"):
        assert SignIn.objects.filter(user=world["peer"].user).count() == 1
    with world.acting("other-administrator"):
        assert SignIn.objects.filter(user=world["peer"].user).count() == 0
    with acting_for(None), transaction.atomic():
        assert SignIn.objects.count() == 0


# SE-3


@pytest.mark.parametrize(("minutes", "seconds", "is_in"), [(14, 50, True), (15, 1, False)])
def test_fifteen_minutes_without_an_action_end_it(world, minutes, seconds, is_in):
    client = world["peer"].client()
    let_pass(world, "peer", minutes=minutes, seconds=seconds)
    answer = client.get("/notices/")
    assert answer.status_code == (200 if is_in else 302)
    if not is_in:
        assert answer["Location"] == f"{SIGN_IN}?next=/notices/"
        assert answer["Clear-Site-Data"] == '"cache", "storage"'
        assert rows(world, "peer") == []
        assert kept(world, "signin.idle") == [("signin.idle", "Luz Ortega")]


@pytest.mark.parametrize("minutes", [5, 30])
def test_the_agency_says_after_how_many_minutes(world, minutes):
    Agency.objects.filter(pk=world.juniper.agency.pk).update(idle_minutes=minutes)
    for passed, status in ((dt.timedelta(seconds=-10), 200), (dt.timedelta(seconds=1), 302)):
        client = world["peer"].client()
        let_pass(world, "peer", minutes=minutes, seconds=passed.total_seconds())
        assert client.get("/notices/").status_code == status


@pytest.mark.parametrize("minutes", [0, 4, 31])
def test_four_or_thirty_one_minutes_are_refused_by_the_database(world, minutes):
    with pytest.raises(IntegrityError), transaction.atomic():
        Agency.objects.filter(pk=world.juniper.agency.pk).update(idle_minutes=minutes)


@pytest.mark.parametrize(
    ("told", "status"), [("5", 302), ("30", 302), ("4", 422), ("31", 422), ("x", 422)]
)
def test_an_administrator_changes_the_minutes(world, told, status):
    marisol = world["administrator"]
    key = "018f3a2b-1c4d-4e6f-8a9b-0c1d2e3f4a5b"
    answer = post(marisol.client(), marisol, "/agency/sign-out/", minutes=told, form_key=key)
    assert answer.status_code == status
    now = Agency.objects.get(pk=world.juniper.agency.pk).idle_minutes
    assert now == (int(told) if status == 302 else 15)
    if status == 422:
        assert "Sign-out comes after 5 to 30 minutes." in answer.content.decode()
    assert len(kept(world, "agency.idle-changed")) == (1 if status == 302 else 0)


def test_twelve_hours_end_it_whatever_is_done(world):
    client = world["peer"].client()
    began(world, "peer", hours=11, minutes=59)
    assert client.get("/notices/").status_code == 200
    assert client.get(LEFT).json()["is_last"] is True
    began(world, "peer", minutes=2)
    assert client.get("/notices/")["Location"].startswith(SIGN_IN)
    assert kept(world, "signin.day-over") == [("signin.day-over", "Luz Ortega")]


def test_a_page_and_a_form_extend_it(world):
    client = world["peer"].client()
    for each in (
        lambda: client.get("/notices/"),
        lambda: post(client, world["peer"], "/accounts/sessions/end-others/"),
        lambda: client.post(EXTEND),
    ):
        let_pass(world, "peer", minutes=10)
        each()
        assert client.get(LEFT).json()["seconds"] > 14 * 60


def test_drafts_and_polls_for_forty_minutes_extend_nothing(world):
    client = world["peer"].client()
    person = world.person("peer").participant.pk
    draft = f"/notes/for/{person}/draft/"
    answers = []
    for _ in range(40):
        let_pass(world, "peer", minutes=1)
        answers.append(post(client, world["peer"], draft, purpose="Made up.").status_code)
        client.get(LEFT, headers={"Accept": "application/json"})
        client.get("/session/token/")
        client.head("/notices/")
        client.get("/no/such/page/")
    assert answers[0] == 200
    assert set(answers[16:]) == {302}
    assert client.get("/notices/").status_code == 302


def test_the_page_knows_how_long_it_lasts(world):
    client = world["peer"].client()
    page = client.get("/notices/").content.decode()
    (seconds,) = re.findall(r'data-seconds-left="(\d+)"', page)
    assert 895 <= int(seconds) <= 900
    assert "data-seconds-left" not in Client().get(SIGN_IN).content.decode()


def test_what_the_script_asks_has_no_answer_without_a_session(world):
    client = world["peer"].client()
    let_pass(world, "peer", minutes=16)
    for answer in (
        client.get(LEFT),
        client.post(EXTEND),
        Client().get(LEFT),
        Client().post(EXTEND),
    ):
        assert (answer.status_code, answer.content) == (401, b"{}")


def test_a_form_sent_too_late_leads_back_to_its_page(world):
    client = world["administrator"].client()
    let_pass(world, "administrator", minutes=16)
    answer = client.post(
        "/agency/sign-out/",
        {"minutes": "5"},
        headers={"Referer": "http://testserver/agency/sign-out/"},
    )
    assert answer["Location"] == f"{SIGN_IN}?next=/agency/sign-out/"
    assert Agency.objects.get(pk=world.juniper.agency.pk).idle_minutes == 15


def test_a_session_without_its_row_is_nobodys(world):
    client = world["peer"].client()
    with acting_for(None, world["peer"].user.pk), transaction.atomic():
        SignIn.objects.filter(user=world["peer"].user).delete()
    assert not is_signed_in(client)


def test_the_row_of_somebody_else_is_no_way_in(world):
    """A session that names a row of another user has none of its own."""
    luz, sam = world["peer"].client(), world["lapsed-peer"].client()
    session = luz.session
    session["sign_in"] = sam.session["sign_in"]
    session.save()
    assert not is_signed_in(luz)
    assert is_signed_in(sam)


# Around them.

#: Statements of a page before there were sessions as rows: session, user, memberships, transactions.
BEFORE = {"/rules/": 9, "/notices/": 10, "/participants/": 19}


@pytest.mark.parametrize("path", BEFORE)
def test_a_page_costs_one_statement_more_than_without_sessions_as_rows(world, path):
    client = world["administrator"].client()
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    assert len(asked) <= BEFORE[path] + 1


def test_what_is_over_is_cleared_away_at_the_next_sign_in(world):
    for _ in range(3):
        world["peer"].client()
    let_pass(world, "peer", minutes=31)
    world["peer"].client()
    assert len(rows(world, "peer")) == 1


def test_changing_the_person_ends_the_session_of_the_one_before(world):
    client = Client()
    client.post("/demo/sign-in/peer/")
    client.post("/demo/sign-in/supervisor/")
    assert rows(world, "peer") == []
    assert len(rows(world, "supervisor")) == 1


def test_old_counts_are_cleared_away_and_a_long_row_of_tries_is_kept(db):
    RateLimit.objects.all().delete()
    now = dt.datetime.now(dt.UTC)
    for key, days, in_row in (("a", 2, 1), ("b", 2, 60), ("c", 200, 60), ("d", 0, 1)):
        RateLimit.objects.create(key=key, free_at=now - dt.timedelta(days=days), in_row=in_row)
    forget_what_is_over(at=now)
    forget_what_is_over(at=now)
    assert set(RateLimit.objects.values_list("key", flat=True)) == {"b", "d"}


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/141.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/141.0 Safari/537.36 Edg/141.0",
            "Edge on Windows",
        ),
        ("curl/8.1", "Unknown browser"),
        ("", "Unknown browser"),
        ("<script>" * 200, "Unknown browser"),
    ],
)
def test_a_browser_in_words(agent, words):
    device = device_of(agent)
    assert device_words(device.browser, device.system) == words
