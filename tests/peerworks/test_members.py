"""Members: roles in words, nobody raises themselves, one administrator stays, and a change bites at once."""

import pytest
from django.contrib.sessions.models import Session
from django.db.models import ProtectedError
from django.test import Client

from peerworks.accounts import operations, policies
from peerworks.accounts.models import Membership
from peerworks.accounts.roles import ROLES, RoleName
from tests.at_once import all_at_once
from tests.factories.accounts import make_invitation, make_membership, make_user
from tests.peerworks.account_forms import (
    PASSWORD,
    due_letters,
    events,
    is_signed_in,
    problems,
    said,
    send_letters,
    sent,
    sign_in,
)
from tests.world import World

pytestmark = pytest.mark.django_db(databases=["default", "apart"])
LIST = "/members/"


def page_of(world, who, more=""):
    """The address of a member's page."""
    return f"/members/{world[who].member.pk}/{more}"


def fresh(world, who):
    """A member as the database has it now."""
    with world.acting("administrator" if who != "other-administrator" else who):
        return Membership.objects.get(pk=world[who].member.pk)


# Seeing them.


def test_the_list_names_everybody_with_their_roles(world):
    page = world["administrator"].client().get(LIST).content.decode()
    for who in world.juniper.members:
        assert world[who].user.name in page
    assert "Peer specialist, Supervisor" in page
    assert "service@" not in page
    assert world["other-administrator"].user.name not in page


def test_the_page_of_a_member_says_what_each_role_may_do(world):
    page = world["administrator"].client().get(page_of(world, "supervisor")).content.decode()
    for role in (RoleName.PEER, RoleName.SUPERVISOR):
        assert str(ROLES[role].sentence) in page
    assert str(ROLES[RoleName.BILLER].sentence) not in page


@pytest.mark.parametrize("who", ["peer", "supervisor", "biller", "privacy-officer", "auditor"])
def test_nobody_but_an_administrator_opens_them(world, who):
    client = world[who].client()
    for path in (
        LIST,
        "/members/invite/",
        page_of(world, "peer"),
        page_of(world, "peer", "roles/"),
    ):
        assert client.get(path).status_code == 403
    assert client.post(page_of(world, "peer", "disable/"), sent(world)).status_code == 403


def test_a_member_of_another_agency_is_a_page_that_is_not_there(world):
    client = world["administrator"].client()
    service = f"/members/{world.juniper.service.pk}/"
    for path in (page_of(world, "other-administrator"), service):
        assert client.get(path).status_code == 404
        for change in ("disable/", "enable/", "sign-out/", "roles/"):
            assert client.post(path + change, sent(world)).status_code == 404
    assert fresh(world, "other-administrator").is_active


def test_finding_looks_at_names_and_addresses_and_keeps_nothing_in_the_address(world):
    client = world["administrator"].client()
    found = client.post(LIST, sent(world, words="luz ORTEGA"))
    assert [each.name for each in found.context["page"].object_list] == ["Luz Ortega"]
    found = client.post(LIST, sent(world, words="andre.rivers@"))
    assert [each.name for each in found.context["page"].object_list] == ["Andre Rivers"]
    nobody = client.post(LIST, sent(world, words="zzz"))
    assert "Nobody of that name or address" in nobody.content.decode()
    assert client.post(LIST, sent(world, words="")).status_code == 422


def test_many_members_come_in_pages_sorted_by_name(world, django_assert_max_num_queries):
    with world.acting("administrator"):
        for number in range(60):
            user = make_user(name=f"Ávila {number:02d}")
            make_membership(agency=world.juniper.agency, user=user)
    client = world["administrator"].client()
    with django_assert_max_num_queries(20):
        first = client.get(LIST)
    names = [each.name for each in first.context["page"].object_list]
    assert len(names) == 50
    assert names[:2] == ["Andre Rivers", "Ávila 00"]
    assert len(client.get(f"{LIST}?page=2").context["page"].object_list) == 18


def test_invitations_stand_above_the_members(world):
    with world.acting("administrator") as marisol:
        make_invitation(by=marisol.member, email="waits@people.example")
        given = {"withdrawn_at": world.now, "withdrawn_by": marisol.member}
        make_invitation(by=marisol.member, email="gone@people.example", **given)
    page = world["administrator"].client().get(LIST)
    assert [each.email for each in page.context["invitations"]] == ["waits@people.example"]
    assert [each.email for each in page.context["withdrawn"]] == ["gone@people.example"]
    assert "Undo" in page.content.decode()


# Inviting on the page.


def test_inviting_on_the_page_plans_a_letter(world):
    client = world["administrator"].client()
    form = sent(world, email="New@people.example", roles=["PEER", "TRAINER"], language="es")
    answer = client.post("/members/invite/", form, follow=True)
    assert said(answer) == ["The invitation is on its way. It works for 7 days."]
    assert len(due_letters(world.juniper)) == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"email": "luz.ortega@JUNIPER-bridge.example"}, "is already a member"),
        ({"email": "luz"}, "such as name@example.com"),
        ({"email": "l\u0443z@people.example"}, "in plain letters"),
        ({"email": ""}, "“E-mail address” is missing."),
        ({"roles": []}, "“Roles” is missing."),
        ({"roles": ["OWNER"]}, "OWNER is not one of the available choices"),
        ({"language": "xx"}, "xx is not one of the available choices"),
        ({"email": "a\x00@people.example"}, "such as name@example.com"),
        ({"email": "x" * 300 + "@people.example"}, "such as name@example.com"),
    ],
)
def test_what_is_wrong_with_an_invitation_is_said(world, given, sentence):
    form = sent(
        world, **{"email": "new@people.example", "roles": ["PEER"], "language": "en", **given}
    )
    answer = world["administrator"].client().post("/members/invite/", form)
    assert answer.status_code == 422
    assert any(sentence in each for each in problems(answer)), problems(answer)
    assert due_letters(world.juniper) == []


@pytest.mark.parametrize(
    ("do", "action"),
    [("send", "invitation.sent-again"), ("withdraw", "invitation.withdrawn")],
)
def test_the_buttons_of_an_invitation(world, do, action):
    with world.acting("administrator") as marisol:
        made = make_invitation(by=marisol.member)
    client = world["administrator"].client()
    answer = client.post(f"/members/invitations/{made.pk}/{do}/", sent(world))
    assert answer["Location"] == LIST
    assert len(events(world.juniper, action)) == 1
    assert client.get(f"/members/invitations/{made.pk}/{do}/").status_code == 405


def test_a_withdrawal_is_undone_by_one_press(world):
    with world.acting("administrator") as marisol:
        given = {"withdrawn_at": world.now, "withdrawn_by": marisol.member}
        made = make_invitation(by=marisol.member, **given)
    client = world["administrator"].client()
    client.post(f"/members/invitations/{made.pk}/reopen/", sent(world))
    assert [each.id for each in client.get(LIST).context["invitations"]] == [made.pk]


def test_the_link_is_handed_over_where_no_mail_leaves(world, settings):
    with world.acting("administrator") as marisol:
        made = make_invitation(by=marisol.member)
    client, path = world["administrator"].client(), f"/members/invitations/{made.pk}/link/"
    assert client.post(path, sent(world))["Location"] == LIST
    assert "Hand over the link" not in client.get(LIST).content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert "Hand over the link" in client.get(LIST).content.decode()
    answer = client.post(path, sent(world))
    assert answer.status_code == 200
    assert "/accounts/join/" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


def test_who_invites_where_no_mail_leaves_is_shown_the_link_at_once(world, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    client = world["administrator"].client()
    assert "Make the invitation" in client.get("/members/invite/").content.decode()
    told = sent(world, email="noor@people.example", language="en", roles=["PEER"])
    answer = client.post("/members/invite/", told)
    assert answer.status_code == 200
    assert "data-copy" in answer.content.decode()
    # The letter that was planned would make a link of its own, and this one would be dead before it is copied.
    assert send_letters() == []
    path = answer.context["link"].partition("/accounts/join/")[2]
    page = Client().get(f"/accounts/join/{path}", follow=True)
    assert page.context["email"] == "noor@people.example"


def test_an_invitation_of_another_agency_is_not_there(world):
    with world.acting("other-administrator") as beth:
        made = make_invitation(by=beth.member)
    client = world["administrator"].client()
    for do in ("send", "withdraw", "reopen", "link"):
        path = f"/members/invitations/{made.pk}/{do}/"
        assert client.post(path, sent(world)).status_code == 404


# Roles.


def test_roles_are_changed_with_one_event_and_hold_at_once(world):
    client, luz = world["administrator"].client(), world["peer"].client()
    assert luz.get("/worklist/").status_code == 403
    form = sent(world, roles=["PEER", "BILLER"])
    answer = client.post(page_of(world, "peer", "roles/"), form, follow=True)
    assert said(answer) == ["The roles are changed. They hold at once."]
    assert fresh(world, "peer").roles == ["PEER", "BILLER"]
    assert luz.get("/worklist/").status_code == 200
    client.post(page_of(world, "peer", "roles/"), sent(world, roles=["PEER"]))
    assert luz.get("/worklist/").status_code == 403
    kept = events(world.juniper, "member.roles-changed")
    assert [fields for *_rest, fields in kept] == [["roles"], ["roles"]]


def test_the_same_roles_again_change_nothing(world):
    client = world["administrator"].client()
    client.post(page_of(world, "peer", "roles/"), sent(world, roles=["PEER"]))
    assert events(world.juniper, "member.roles-changed") == []


@pytest.mark.parametrize(
    ("who", "roles", "sentence"),
    [
        ("administrator", ["ADMINISTRATOR", "PRIVACY_OFFICER"], "Nobody gives themselves a role."),
        ("administrator", ["BILLER"], "Nobody gives themselves a role."),
        ("peer", [], "“Roles” is missing."),
    ],
)
def test_roles_that_are_not_given(world, who, roles, sentence):
    path = page_of(world, who, "roles/")
    answer = world["administrator"].client().post(path, sent(world, roles=roles))
    assert answer.status_code == 422
    assert sentence in problems(answer)
    assert fresh(world, who).roles == list(world[who].member.roles)


def test_the_last_administrator_stays_one(world):
    with world.acting("administrator") as marisol:
        second = make_membership(agency=world.juniper.agency, roles=("ADMINISTRATOR", "PEER"))
        refusal = policies.refusal_to_change_roles(second, ["PEER"], marisol.member)
        assert refusal is None
        Membership.objects.filter(pk=marisol.member.pk).update(roles=["ADMINISTRATOR", "PEER"])
        second.delete()
    client = world["administrator"].client()
    answer = client.post(page_of(world, "administrator", "roles/"), sent(world, roles=["PEER"]))
    assert problems(answer) == [
        "This is the last administrator. Make somebody else an administrator first."
    ]


def test_who_gives_up_the_role_is_led_to_today(world):
    with world.acting("administrator") as marisol:
        make_membership(agency=world.juniper.agency, roles=("ADMINISTRATOR",))
        Membership.objects.filter(pk=marisol.member.pk).update(roles=["ADMINISTRATOR", "PEER"])
    client = world["administrator"].client()
    answer = client.post(page_of(world, "administrator", "roles/"), sent(world, roles=["PEER"]))
    assert answer["Location"] == "/today/"
    assert client.get(LIST).status_code == 403


# Access.


def test_se2_a_disabled_member_with_five_sessions_is_out_at_the_next_request(world):
    user = world["lapsed-peer"].user
    user.set_password(PASSWORD)
    user.save()
    sessions = [sign_in(user.email)[0] for _ in range(5)]
    assert all(each.get("/today/").status_code == 200 for each in sessions)
    client = world["administrator"].client()
    answer = client.post(page_of(world, "lapsed-peer", "disable/"), sent(world), follow=True)
    assert said(answer) == ["Disabled. All sessions of this person have ended."]
    for each in sessions:
        refused = each.get("/today/")
        assert (refused.status_code, refused["Location"]) == (
            302,
            "/accounts/sign-in/?next=/today/",
        )
        assert not is_signed_in(each)
    assert len(events(world.juniper, "member.disabled")) == 1
    again, _answer = sign_in(user.email)
    assert again.get("/participants/").status_code == 403
    assert (
        "You are not a member of an agency." in again.get("/today/", follow=True).content.decode()
    )


def test_se2_sessions_of_others_go_on(world):
    administrator, andre = world["administrator"].client(), world["supervisor"].client()
    world["peer"].client()
    before = Session.objects.count()
    administrator.post(page_of(world, "peer", "sign-out/"), sent(world))
    assert Session.objects.count() == before - 1
    assert is_signed_in(andre)
    assert is_signed_in(administrator)
    assert len(events(world.juniper, "member.sessions-ended")) == 1


def test_se2_who_ends_their_own_sessions_keeps_the_one_that_asks(world):
    here, there = world["administrator"].client(), world["administrator"].client()
    answer = here.post(page_of(world, "administrator", "sign-out/"), sent(world), follow=True)
    assert answer.status_code == 200
    assert is_signed_in(here)
    assert not is_signed_in(there)


def test_a_disabled_member_is_enabled_with_the_same_roles(world):
    client = world["administrator"].client()
    client.post(page_of(world, "supervisor", "disable/"), sent(world))
    assert "Enable again" in client.get(page_of(world, "supervisor")).content.decode()
    client.post(page_of(world, "supervisor", "enable/"), sent(world))
    member = fresh(world, "supervisor")
    assert (member.is_active, member.roles) == (True, ["SUPERVISOR", "PEER"])
    assert world["supervisor"].client().get("/today/").status_code == 200
    answer = client.post(page_of(world, "supervisor", "enable/"), sent(world), follow=True)
    assert said(answer)[-1] == "This member already has access."
    assert len(events(world.juniper, "member.enabled")) == 1


def test_nobody_disables_themselves_and_the_button_says_so(world):
    client = world["administrator"].client()
    page = client.get(page_of(world, "administrator")).content.decode()
    assert "Nobody disables themselves." in page
    client.post(page_of(world, "administrator", "disable/"), sent(world))
    assert fresh(world, "administrator").is_active


def test_a_disabled_administrator_counts_for_nothing(world):
    with world.acting("administrator") as marisol:
        make_membership(agency=world.juniper.agency, roles=("ADMINISTRATOR",), is_active=False)
        luz = Membership.objects.get(pk=world["peer"].member.pk)
        refusal = policies.refusal_to_disable(marisol.member, luz)
        assert refusal.code == "MEMBER-MANAGER"
        second = make_membership(agency=world.juniper.agency, roles=("ADMINISTRATOR",))
        operations.disable_member(member=second, by=marisol.member)
        assert policies.refusal_to_disable(marisol.member, second).code == "MEMBER-LAST-ADMIN"


def test_au1_who_is_a_member_is_never_deleted(world):
    with world.acting("administrator"):
        with pytest.raises(ProtectedError):
            world["peer"].user.delete()


@pytest.mark.django_db(transaction=True, databases=["default", "apart"])
def test_of_two_administrators_who_remove_each_other_one_stays(world: World):
    with world.acting("administrator"):
        other = make_membership(agency=world.juniper.agency, roles=("ADMINISTRATOR",))
    pairs = [(world["administrator"].member, other), (other, world["administrator"].member)] * 3
    signed_in = [(client_of(by), member) for by, member in pairs]

    def disable(pair):
        client, member = pair
        return client.post(f"/members/{member.pk}/disable/", sent(world)).status_code

    all_at_once(disable, signed_in, 6)
    with world.acting("peer"):
        left = Membership.objects.filter(roles__contains=["ADMINISTRATOR"], is_active=True)
        assert left.count() == 1


def client_of(member):
    """A client that is signed in as a member."""
    client = Client()
    client.force_login(member.user)
    return client
