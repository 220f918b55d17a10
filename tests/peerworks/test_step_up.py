"""AU-9: pages behind a second factor at most ten minutes old. Without it a POST does nothing."""

import datetime as dt

import pytest
from django.db.models import F
from django.test import Client

from peerworks.accounts import factors
from peerworks.accounts.models import RateLimit, SignIn
from peerworks.accounts.roles import STEP_UP, Permission, RoleName, asks_step_up
from peerworks.audit.models import AuditEvent

pytestmark = pytest.mark.django_db(databases=["default", "apart"])
STEP_UP_PAGE = "/accounts/step-up/"


def age_factor(world, who, minutes, seconds=0):
    """Move the last second factor of somebody's sessions back."""
    with world.acting(who) as player:
        ago = dt.timedelta(minutes=minutes, seconds=seconds)
        SignIn.objects.filter(user=player.user).update(factor_at=F("factor_at") - ago)


def end_of(world, who):
    """Where the member sessions of Luz are ended, and the form's agency."""
    agency = world[who].member.agency_id
    return f"/members/{world['peer'].member.pk}/sign-out/", {"form_agency": str(agency)}


def sessions(world, who):
    """How many sessions somebody has."""
    with world.acting(who) as player:
        return SignIn.objects.filter(user=player.user).count()


@pytest.mark.parametrize(("minutes", "seconds", "is_done"), [(9, 50, True), (10, 1, False)])
def test_a_post_at_ten_minutes_and_one_second_does_nothing(world, minutes, seconds, is_done):
    world["peer"].client()
    marisol = world["administrator"].client()
    age_factor(world, "administrator", minutes, seconds)
    path, data = end_of(world, "administrator")
    before = sessions(world, "peer")
    page = f"/members/{world['peer'].member.pk}/sessions/"
    answer = marisol.post(path, data, headers={"Referer": f"http://testserver{page}"})
    assert sessions(world, "peer") == (0 if is_done else before)
    if not is_done:
        assert (answer.status_code, answer["Location"]) == (
            303,
            f"{STEP_UP_PAGE}?next=/members/{world['peer'].member.pk}/sessions/",
        )


def test_a_page_leads_to_the_question_and_the_answer_back_to_the_page(world):
    marisol = world["administrator"].client()
    age_factor(world, "administrator", 11)
    answer = marisol.get("/members/sessions/")
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"{STEP_UP_PAGE}?next=/members/sessions/",
    )
    page = marisol.get(answer["Location"])
    assert "one press" in page.content.decode()
    before = marisol.session.session_key
    answer = marisol.post(STEP_UP_PAGE, {"next": "/members/sessions/"})
    assert (answer.status_code, answer["Location"]) == (303, "/members/sessions/")
    assert marisol.session.session_key != before
    assert marisol.get("/members/sessions/").status_code == 200


def test_a_script_gets_a_status_and_where_to_ask(world):
    marisol = world["administrator"].client()
    age_factor(world, "administrator", 11)
    for headers in ({"HX-Request": "true"}, {"Accept": "application/json"}):
        answer = marisol.get("/members/sessions/", headers=headers)
        assert (answer.status_code, answer.content) == (401, b"")
        assert answer["X-Step-Up"] == STEP_UP_PAGE


def test_no_denial_is_kept_of_a_question(world):
    marisol = world["administrator"].client()
    age_factor(world, "administrator", 11)
    marisol.get("/members/sessions/")
    with world.acting("privacy-officer"):
        assert not AuditEvent.objects.filter(kind="DENIAL").exists()


def test_without_the_permission_the_factor_is_not_asked_for(world):
    luz = world["peer"].client()
    age_factor(world, "peer", 11)
    assert luz.get("/members/sessions/").status_code == 403


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example/",
        "https://evil.example/x",
        "\\\\evil.example",
        "javascript:alert(1)",
        "http://[1",
    ],
)
def test_the_question_leads_to_ourselves_only(world, elsewhere):
    answer = world["administrator"].client().post(STEP_UP_PAGE, {"next": elsewhere})
    assert answer["Location"] == "/today/"
    marisol = world["administrator"].client()
    age_factor(world, "administrator", 11)
    path, data = end_of(world, "administrator")
    answer = marisol.post(path, data, headers={"Referer": elsewhere})
    assert answer["Location"] == STEP_UP_PAGE


def test_a_visitor_is_asked_to_sign_in():
    assert Client().get(STEP_UP_PAGE)["Location"].startswith("/accounts/sign-in/")
    assert Client().post(STEP_UP_PAGE, headers={"Accept": "application/json"}).status_code == 401


# With real factors.


@pytest.fixture
def real(settings):
    """Outside the demonstration."""
    settings.PEERWORKS_DEMO = False
    RateLimit.objects.all().delete()


def give(client, code, **headers):
    """A code, as the page or its script sends it."""
    key = "018f3a2b-1c4d-4e6f-8a9b-0c1d2e3f4a5b"
    return client.post(STEP_UP_PAGE, {"code": code, "form_key": key}, headers=headers)


def test_the_question_takes_the_code_of_the_app_and_keeps_an_event(world, real):
    marisol = world["administrator"].client()
    secret = world["administrator"].enrol()
    age_factor(world, "administrator", 11)
    assert give(marisol, "000000").status_code == 422
    assert marisol.get("/members/sessions/").status_code == 303
    code = factors.code_at(secret, dt.datetime.now(dt.UTC))
    assert give(marisol, code).status_code == 303
    assert marisol.get("/members/sessions/").status_code == 200
    with world.acting("privacy-officer"):
        events = AuditEvent.objects.filter(action__startswith="factor.").order_by("pk")
        assert [each.action for each in events] == ["factor.failed", "factor.given"]


def test_one_press_is_not_enough_outside_the_demonstration(world, real):
    marisol = world["administrator"].client()
    age_factor(world, "administrator", 11)
    assert marisol.post(STEP_UP_PAGE, {}).status_code == 422
    assert marisol.get("/members/sessions/").status_code == 303


def test_a_script_is_told_in_words_what_is_wrong(world, real):
    marisol = world["administrator"].client()
    secret = world["administrator"].enrol()
    age_factor(world, "administrator", 11)
    answer = give(marisol, "000000", Accept="application/json")
    assert answer.status_code == 422
    assert "does not fit" in answer.json()["problem"]
    code = factors.code_at(secret, dt.datetime.now(dt.UTC))
    answer = give(marisol, code, Accept="application/json")
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize("path", ["/accounts/factor/remove/", "/accounts/factor/codes/"])
def test_ones_own_factor_is_changed_behind_it_alone(world, real, path):
    luz = world["peer"]
    client, secret = luz.client(), luz.enrol()
    age_factor(world, "peer", 10, 1)
    answer = client.post(path, {"form_agency": str(luz.member.agency_id)})
    assert answer.status_code == 303
    assert luz.enrol() == secret
    assert factors.recovery_of(luz.user) is None


def test_signing_a_note_asks_for_nothing_again():
    """AU-9: a star stands where the matrix has one, and signing has none."""
    for permission in (Permission.SIGN_NOTE, Permission.SIGN_PLAN, Permission.REVIEW_NOTE):
        assert not any((role, permission) in STEP_UP for role in RoleName)


@pytest.mark.parametrize(
    ("roles", "permission", "asks"),
    [
        (["PRIVACY_OFFICER"], Permission.VIEW_NARRATIVE, True),
        (["PRIVACY_OFFICER", "AUDITOR"], Permission.VIEW_NARRATIVE, False),
        (["ADMINISTRATOR"], Permission.MANAGE_MEMBERS, True),
        (["ADMINISTRATOR", "PEER"], Permission.MANAGE_MEMBERS, True),
        (["PEER"], Permission.MANAGE_MEMBERS, False),
        ([], Permission.MANAGE_MEMBERS, False),
    ],
)
def test_who_holds_a_permission_without_a_star_is_not_asked(roles, permission, asks):
    assert asks_step_up(roles, permission) is asks
