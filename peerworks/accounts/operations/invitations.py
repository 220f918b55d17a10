"""Inviting, and becoming a member by an invitation."""

import datetime as dt
from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from peerworks.accounts import letters, policies
from peerworks.accounts.letters import Kind
from peerworks.accounts.models import Invitation, Membership, User
from peerworks.accounts.queries import invitation_by_token
from peerworks.accounts.roles import RoleName
from peerworks.accounts.tokens import hash_of, new_token
from peerworks.agencies.context import acting_for
from peerworks.audit import trail
from peerworks.lib.addresses import NoAddress, plain_address
from peerworks.lib.findings import Refused, enforce, refuse

DAYS = dt.timedelta(days=7)


def invite(
    *, email: str, roles: Iterable[str], language: str, by: Membership, at: dt.datetime
) -> Invitation:
    """Invite an address to become a member with these roles, for seven days, by a letter.

    One that has run out makes room for the new one. Raises `Refused` (MEMBER-MANAGER, MEMBER-NO-ROLE,
    INVITE-ADDRESS, INVITE-MEMBER, INVITE-DISABLED); an address with an open invitation breaks
    `accounts_invitation_one_open`.
    """
    plain, wanted = _plain(email), _in_order(roles)
    enforce(policies.refusal_to_invite(plain, wanted, by))
    run_out = Invitation.objects.open().filter(email=plain, expires_at__lte=at)
    run_out.update(withdrawn_at=at, withdrawn_by=by)
    invitation = Invitation.objects.create(
        agency_id=by.agency_id,
        email=plain,
        roles=wanted,
        language=language,
        made_by=by,
        expires_at=at + DAYS,
    )
    _send(invitation, at)
    trail.record("member.invited", by=by.user, about=invitation, fields=["email", "roles"])
    return invitation


def _plain(email: str) -> str:
    try:
        return plain_address(email)
    except NoAddress:
        raise Refused(refuse("INVITE-ADDRESS")) from None


def _in_order(roles: Iterable[str]) -> list[str]:
    wanted = set(roles)
    return [name.value for name in RoleName if name.value in wanted]


def _send(invitation: Invitation, at: dt.datetime) -> None:
    invitation.letters += 1
    invitation.save(update_fields=["letters"])
    letters.send(
        Kind.INVITATION,
        agency_id=invitation.agency_id,
        about=invitation.pk,
        number=invitation.letters,
        at=at,
    )


def send_invitation_again(*, invitation: Invitation, by: Membership, at: dt.datetime) -> Invitation:
    """Send a new letter and give the invitation seven new days; the link of the old letter dies.

    Raises `Refused` (MEMBER-MANAGER, INVITE-ACCEPTED, INVITE-WITHDRAWN).
    """
    invitation = _locked(invitation)
    enforce(policies.refusal_to_send_again(invitation, by))
    invitation.expires_at, invitation.token_sha256 = at + DAYS, ""
    invitation.save(update_fields=["expires_at", "token_sha256"])
    _send(invitation, at)
    trail.record("invitation.sent-again", by=by.user, about=invitation, fields=["expires_at"])
    return invitation


def show_invitation_link(*, invitation: Invitation, by: Membership, at: dt.datetime) -> str:
    """The link to hand over in person, where no mail reaches people; older links die, and so does a letter on its way.

    A letter makes a link of its own when it is written: it would end the one that was just copied.
    The address is then proved by the administrator and by no letter. Raises `Refused`
    (MEMBER-MANAGER, INVITE-ACCEPTED, INVITE-WITHDRAWN, INVITE-MAIL).
    """
    invitation = _locked(invitation)
    enforce(policies.refusal_to_show_link(invitation, by))
    invitation.expires_at = max(invitation.expires_at, at + DAYS)
    invitation.letters += 1
    invitation.save(update_fields=["letters"])
    link = new_link(invitation)
    trail.record("invitation.link-shown", by=by.user, about=invitation)
    return link


def new_link(invitation: Invitation) -> str:
    """A fresh token for an invitation, as the address that carries it; kept as a hash only.

    Part of the operation that gives the link to somebody, which writes the event.
    """
    token = new_token()
    invitation.token_sha256 = hash_of(token)
    invitation.save(update_fields=["token_sha256", "expires_at"])
    return letters.link_to("accounts:invitation-open", token)


def withdraw_invitation(*, invitation: Invitation, by: Membership, at: dt.datetime) -> Invitation:
    """Take an invitation back; its link is dead at once. It can be reopened while its days last.

    Raises `Refused` (MEMBER-MANAGER, INVITE-ACCEPTED, INVITE-WITHDRAWN).
    """
    invitation = _locked(invitation)
    enforce(policies.refusal_to_withdraw(invitation, by))
    invitation.withdrawn_at, invitation.withdrawn_by = at, by
    invitation.save(update_fields=["withdrawn_at", "withdrawn_by"])
    trail.record("invitation.withdrawn", by=by.user, about=invitation, fields=["withdrawn_at"])
    return invitation


def reopen_invitation(*, invitation: Invitation, by: Membership, at: dt.datetime) -> Invitation:
    """Undo a withdrawal: the letter that was sent works again until its day.

    Raises `Refused` (MEMBER-MANAGER, INVITE-ACCEPTED, INVITE-OPEN, INVITE-RUN-OUT, INVITE-MEMBER,
    INVITE-DISABLED); a newer open one breaks `accounts_invitation_one_open`.
    """
    invitation = _locked(invitation)
    enforce(policies.refusal_to_reopen(invitation, by, at))
    invitation.withdrawn_at, invitation.withdrawn_by = None, None
    invitation.save(update_fields=["withdrawn_at", "withdrawn_by"])
    trail.record("invitation.reopened", by=by.user, about=invitation, fields=["withdrawn_at"])
    return invitation


def _locked(invitation: Invitation) -> Invitation:
    return Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)


def accept_invitation(
    *, token_sha256: str, name: str, password: str, at: dt.datetime
) -> Membership:
    """Make an account with the invitation's address and join; then the person signs in.

    Asked inside the agency of the invitation. Raises `Refused` (INVITE-GONE, INVITE-SIGN-IN, and
    those of a password).
    """
    invitation = _usable(token_sha256, at)
    enforce(policies.refusal_to_join(invitation, None))
    assert invitation is not None  # noqa: S101 - the policy has said so
    own = (name, invitation.email, invitation.agency.name)
    enforce(policies.refusal_of_password(password, own))
    return _join(invitation, _new_user(invitation, name, password), at)


def _usable(token_sha256: str, at: dt.datetime) -> Invitation | None:
    # Two tries with one token wait for each other; the second finds it accepted.
    list(Invitation.objects.select_for_update(of=("self",)).filter(token_sha256=token_sha256))
    return invitation_by_token(token_sha256, at)


def _new_user(invitation: Invitation, name: str, password: str) -> User:
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                email=invitation.email,
                name=name,
                password=password,
                language=invitation.language,
            )
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
            return user
    except IntegrityError:
        # Another agency's invitation of the same address was accepted at the same moment.
        raise Refused(refuse("INVITE-SIGN-IN")) from None


def join_agency(*, token_sha256: str, by: User, at: dt.datetime) -> Membership:
    """Join with the account that is signed in and has the invitation's address.

    Asked inside the agency of the invitation. Raises `Refused` (INVITE-GONE, INVITE-OTHER-ADDRESS).
    """
    invitation = _usable(token_sha256, at)
    enforce(policies.refusal_to_join(invitation, by))
    assert invitation is not None  # noqa: S101 - the policy has said so
    EmailAddress.objects.get_or_create(
        user=by, email=by.email, defaults={"verified": True, "primary": True}
    )
    return _join(invitation, by, at)


def _join(invitation: Invitation, user: User, at: dt.datetime) -> Membership:
    with acting_for(invitation.agency_id, user.pk):
        member = Membership.objects.create(
            agency_id=invitation.agency_id, user=user, roles=invitation.roles
        )
        invitation.accepted_at, invitation.accepted_by = at, member
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        trail.record("invitation.accepted", by=user, about=invitation, fields=["accepted_at"])
    return member
