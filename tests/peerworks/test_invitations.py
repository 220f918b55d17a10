"""Inviting: who may, whom, what is kept of it, and what the database refuses."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from peerworks.accounts import operations, queries
from peerworks.accounts.models import Invitation, Membership, User
from peerworks.accounts.tokens import hash_of, new_token
from peerworks.agencies.context import acting_for
from peerworks.lib.findings import Refused
from peerworks.web.operations import run_operation
from tests.factories.accounts import make_invitation, make_membership, make_user
from tests.peerworks.account_forms import due_letters, events, in_days, link_in, send_letters

pytestmark = pytest.mark.django_db(databases=["default", "apart"])
NEW = "new.colleague@people.example"


def invite(player, now, email=NEW, roles=("PEER",), language="en"):
    """Invite somebody as one of the nine."""
    return operations.invite(email=email, roles=roles, language=language, by=player.member, at=now)


def refused(operation, **given):
    """The code with which an operation is refused."""
    with pytest.raises(Refused) as told, transaction.atomic():
        operation(**given)
    return told.value.refusal.code


def test_inviting_keeps_a_row_an_event_and_due_work(world):
    with world.acting("administrator") as marisol:
        made = invite(marisol, world.now, "New.Colleague@People.example", ["BILLER", "PEER"])
        made.refresh_from_db()
        assert (made.email, made.roles, made.letters) == (NEW, ["PEER", "BILLER"], 1)
        assert made.expires_at - world.now == dt.timedelta(days=7)
        assert made.token_sha256 == ""
    assert due_letters(world.juniper) == [f"invitation/{made.pk}/1"]
    assert events(world.juniper, "member.invited") == [
        ("member.invited", str(marisol.user.pk), ["email", "roles"])
    ]
    assert not User.objects.filter(email=NEW).exists()


def test_who_is_no_administrator_invites_nobody(world):
    for who in ("peer", "biller", "privacy-officer", "auditor"):
        with world.acting(who) as player:
            assert refused(
                operations.invite, email=NEW, roles=["PEER"], language="en",
                by=player.member, at=world.now,
            ) == "MEMBER-MANAGER"  # fmt: skip


@pytest.mark.parametrize(
    ("email", "roles", "code"),
    [
        ("Luz.Ortega@juniper-bridge.example", ["PEER"], "INVITE-MEMBER"),
        ("n\u0435w@people.example", ["PEER"], "INVITE-ADDRESS"),
        ("no address", ["PEER"], "INVITE-ADDRESS"),
        (NEW, [], "MEMBER-NO-ROLE"),
    ],
)
def test_whom_nobody_invites(world, email, roles, code):
    with world.acting("administrator") as marisol:
        given = {"language": "en", "by": marisol.member, "at": world.now}
        assert refused(operations.invite, email=email, roles=roles, **given) == code
        assert not Invitation.objects.exists()


def test_a_disabled_member_is_enabled_and_not_invited(world):
    with world.acting("administrator") as marisol:
        member = make_membership(agency=world.juniper.agency, is_active=False)
        given = {"roles": ["PEER"], "language": "en", "by": marisol.member, "at": world.now}
        assert refused(operations.invite, email=member.user.email, **given) == "INVITE-DISABLED"


def test_a_member_of_another_agency_is_invited_like_anybody(world):
    with world.acting("administrator") as marisol:
        made = invite(marisol, world.now, world["other-administrator"].user.email)
        assert Invitation.objects.get() == made


def test_au1_an_address_has_one_open_invitation_in_an_agency(world):
    with world.acting("administrator") as marisol:
        invite(marisol, world.now)
        result = run_operation(
            operations.invite, email="NEW.colleague@people.example", roles=["BILLER"],
            language="es", by=marisol.member, at=world.now,
        )  # fmt: skip
        assert result.constraint == "accounts_invitation_one_open"
        assert result.message == "This address is already invited. Send the invitation again."
        assert Invitation.objects.count() == 1
    with world.acting("other-administrator") as beth:
        invite(beth, world.now)
        assert Invitation.objects.count() == 1


def test_what_has_run_out_makes_room_for_a_new_one(world):
    with world.acting("administrator") as marisol:
        old = make_invitation(by=marisol.member, email=NEW, expires_at=in_days(-1))
        new = invite(marisol, world.now)
        old.refresh_from_db()
        assert (old.withdrawn_at, old.withdrawn_by) == (world.now, marisol.member)
        assert [each.id for each in queries.open_invitations(world.now)] == [new.pk]


def test_a_second_letter_has_new_days_and_ends_the_first_link(world, mailoutbox):
    with world.acting("administrator") as marisol:
        made = invite(marisol, world.now - dt.timedelta(days=5))
    (first,) = send_letters()
    with world.acting("administrator") as marisol:
        operations.send_invitation_again(invitation=made, by=marisol.member, at=world.now)
        made.refresh_from_db()
        assert made.expires_at - world.now == dt.timedelta(days=7)
        assert made.token_sha256 == ""
    assert queries.agency_of_invitation(hash_of(link_in(first).split("/")[-2])) is None
    (second,) = send_letters()
    assert link_in(second) != link_in(first)
    assert len(events(world.juniper, "invitation.sent-again")) == 1


def test_withdrawing_ends_the_link_and_can_be_undone(world, mailoutbox):
    with world.acting("administrator") as marisol:
        made = invite(marisol, world.now)
    (letter,) = send_letters()
    held = hash_of(link_in(letter).split("/")[-2])
    assert queries.agency_of_invitation(held) == world.juniper.agency.pk
    with world.acting("administrator") as marisol:
        given = {"invitation": made, "by": marisol.member, "at": world.now}
        operations.withdraw_invitation(**given)
        assert queries.agency_of_invitation(held) is None
        assert refused(operations.withdraw_invitation, **given) == "INVITE-WITHDRAWN"
        assert refused(operations.send_invitation_again, **given) == "INVITE-WITHDRAWN"
        operations.reopen_invitation(**given)
        assert queries.agency_of_invitation(held) == world.juniper.agency.pk
        assert refused(operations.reopen_invitation, **given) == "INVITE-OPEN"
    kept = events(world.juniper, "invitation.withdrawn", "invitation.reopened")
    assert [action for action, *_ in kept] == ["invitation.withdrawn", "invitation.reopened"]


def test_what_cannot_be_reopened(world):
    with world.acting("administrator") as marisol:
        given = {"withdrawn_at": world.now, "withdrawn_by": marisol.member}
        old = make_invitation(by=marisol.member, expires_at=in_days(-1), **given)
        joined = make_membership(agency=world.juniper.agency)
        member = make_invitation(by=marisol.member, email=joined.user.email, **given)
        twice = make_invitation(by=marisol.member, email=NEW, **given)
        invite(marisol, world.now)
        acting = {"by": marisol.member, "at": world.now}
        assert refused(operations.reopen_invitation, invitation=old, **acting) == "INVITE-RUN-OUT"
        assert refused(operations.reopen_invitation, invitation=member, **acting) == "INVITE-MEMBER"
        result = run_operation(operations.reopen_invitation, invitation=twice, **acting)
        assert result.constraint == "accounts_invitation_one_open"
        assert [each.email for each in queries.withdrawn_invitations(world.now)] == [member.email]


def test_the_link_is_shown_only_where_no_mail_leaves(world, settings):
    with world.acting("administrator") as marisol:
        made = invite(marisol, world.now)
        given = {"invitation": made, "by": marisol.member, "at": world.now}
        assert refused(operations.show_invitation_link, **given) == "INVITE-MAIL"
        settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
        link = operations.show_invitation_link(**given)
        assert link.startswith(settings.PEERWORKS_ADDRESS + "/accounts/join/")
        made.refresh_from_db()
        assert made.token_sha256 == hash_of(link.rstrip("/").split("/")[-1])
    assert len(events(world.juniper, "invitation.link-shown")) == 1


# What the database refuses.


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "Capital@people.example"},
        {"email": "l\u0443z@people.example"},
        {"roles": []},
        {"roles": ["OWNER"]},
        {"accepted_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
        {"withdrawn_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
    ],
)
def test_the_database_refuses_half_a_decision_and_foreign_words(world, wrong):
    with world.acting("administrator") as marisol:
        with pytest.raises(IntegrityError), transaction.atomic():
            make_invitation(by=marisol.member, **wrong)


def test_a_member_has_no_role_that_is_none(world):
    with world.acting("administrator"):
        with pytest.raises(IntegrityError, match="roles_known"), transaction.atomic():
            Membership.objects.filter(pk=world["peer"].member.pk).update(roles=["OWNER"])


def test_an_accepted_invitation_never_changes(world):
    with world.acting("administrator") as marisol:
        joined = make_membership(agency=world.juniper.agency)
        made = make_invitation(by=marisol.member, email=joined.user.email)
        accepted = {"accepted_at": world.now, "accepted_by": joined}
        Invitation.objects.filter(pk=made.pk).update(**accepted)
        for change in ({"roles": ["ADMINISTRATOR"]}, {"accepted_at": None, "accepted_by": None}):
            with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
                Invitation.objects.filter(pk=made.pk).update(**change)
        with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
            Invitation.objects.filter(pk=made.pk).delete()


def test_au1_a_user_has_one_spelling(db):
    make_user(email="ＬＵＺ@people.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_user(email="luz@PEOPLE.example")
    with pytest.raises(IntegrityError, match="email_plain"), transaction.atomic():
        User.objects.bulk_create([User(email="l\u0443z@people.example", name="Look-alike")])


# The one way past the policy.


def test_a_stranger_sees_no_invitation_and_finds_its_agency_by_the_token_alone(world):
    token = new_token()
    with world.acting("other-administrator") as beth:
        make_invitation(by=beth.member, token=token)
    with transaction.atomic():
        assert not Invitation.objects.exists()
        assert queries.agency_of_invitation(hash_of(token)) == world.lantern.agency.pk
        for nothing in ("", "x", hash_of(""), hash_of(token)[:-1], token):
            assert queries.agency_of_invitation(nothing) is None
        assert not Invitation.objects.exists()
    with world.acting("administrator"):
        assert queries.agency_of_invitation(hash_of(token)) == world.lantern.agency.pk
        assert queries.invitation_by_token(hash_of(token), world.now) is None


def test_an_invitation_without_a_token_is_found_by_nothing(world):
    with world.acting("administrator") as marisol:
        make_invitation(by=marisol.member)
    assert queries.agency_of_invitation("") is None


def test_nobody_writes_an_invitation_into_another_agency(world):
    with world.acting("administrator") as marisol:
        with pytest.raises(DatabaseError), transaction.atomic():
            make_invitation(by=world["other-administrator"].member)
        with acting_for(world.lantern.agency.pk, marisol.user.pk):
            with pytest.raises(DatabaseError), transaction.atomic():
                Invitation.objects.create(
                    agency=world.lantern.agency, made_by=marisol.member, email=NEW,
                    roles=["ADMINISTRATOR"], expires_at=in_days(7),
                )  # fmt: skip


def test_the_function_is_the_owners_and_for_the_app_role_alone(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT prosecdef, proacl::text, proconfig::text, "
            "has_function_privilege('peerworks_app', oid, 'EXECUTE') "
            "FROM pg_proc WHERE proname = 'peerworks_agency_of_invitation'"
        )
        definer, rights, config, may = cursor.fetchone()
    assert (definer, may) == (True, True)
    assert "search_path=public, pg_temp" in config
    assert not any(each.startswith("=") for each in rights.strip("{}").split(","))


def test_au8_tokens_are_long_and_none_comes_twice():
    tokens = {new_token() for _ in range(10_000)}
    assert len(tokens) == 10_000
    assert min(map(len, tokens)) >= 43
    assert all(each.replace("-", "").replace("_", "").isalnum() for each in tokens)
