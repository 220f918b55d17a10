"""Making members, their roles, and whether they are in force."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from peerworks.accounts import policies
from peerworks.accounts.models import Membership, User
from peerworks.accounts.operations.signins import forget_sign_ins
from peerworks.accounts.roles import RoleName
from peerworks.agencies.models import Agency
from peerworks.audit import trail
from peerworks.lib.findings import enforce


def add_service_member(*, agency: Agency) -> Membership:
    """Give an agency the member as which jobs and commands act. Asked once, when it is founded."""
    user = User.objects.create_user(
        email=f"service@{agency.slug}.invalid",
        name=agency.name,
        is_service=True,
        is_active=False,
    )
    return Membership.objects.create(agency=agency, user=user, is_service=True)


def add_member(*, agency: Agency, user: User, roles: Iterable[str], by: User) -> Membership:
    """Make a user a member with these roles."""
    membership = Membership.objects.create(agency=agency, user=user, roles=list(roles))
    trail.record("member.added", by=by, about=membership, fields=["roles"])
    return membership


def change_roles(*, member: Membership, roles: Iterable[str], by: Membership) -> Membership:
    """Give a member other roles; they hold from the member's next request on.

    Raises `Refused` (MEMBER-MANAGER, MEMBER-NO-ROLE, MEMBER-OWN-ROLE, MEMBER-LAST-ADMIN).
    """
    wanted = [name.value for name in RoleName if name.value in set(roles)]
    member = _locked(member)
    enforce(policies.refusal_to_change_roles(member, wanted, by))
    if set(wanted) == set(member.roles):
        return member
    member.roles = wanted
    member.save(update_fields=["roles"])
    trail.record("member.roles-changed", by=by.user, about=member, fields=["roles"])
    return member


def disable_member(*, member: Membership, by: Membership) -> Membership:
    """End a member's access to this agency; all sessions of that person end with it.

    The account stays: it may belong to another agency, too, and can be enabled here again. Raises
    `Refused` (MEMBER-MANAGER, MEMBER-DISABLED, MEMBER-SELF, MEMBER-LAST-ADMIN).
    """
    member = _locked(member)
    enforce(policies.refusal_to_disable(member, by))
    member.is_active = False
    member.save(update_fields=["is_active"])
    forget_sign_ins(user_id=member.user_id)
    trail.record("member.disabled", by=by.user, about=member, fields=["is_active"])
    return member


def enable_member(*, member: Membership, by: Membership) -> Membership:
    """Give a disabled member the same roles again. Raises `Refused` (MEMBER-MANAGER, MEMBER-ENABLED)."""
    member = _locked(member)
    enforce(policies.refusal_to_enable(member, by))
    member.is_active = True
    member.save(update_fields=["is_active"])
    trail.record("member.enabled", by=by.user, about=member, fields=["is_active"])
    return member


def end_member_sessions(*, member: Membership, by: Membership, but: UUID | None = None) -> int:
    """Sign a member out everywhere, as when a telephone is lost; answers from how many sessions.

    `but` is the session that asks: of one's own, that one goes on.
    """
    enforce(policies.refusal_to_manage(by))
    ended = forget_sign_ins(user_id=member.user_id, but=but)
    trail.record("member.sessions-ended", by=by.user, about=member)
    return ended


def _locked(member: Membership) -> Membership:
    """The member as it stands now. Locked with the administrators, so that the last one is seen to be it."""
    rows = Membership.objects.filter(
        Q(pk=member.pk) | Q(roles__contains=[RoleName.ADMINISTRATOR], is_active=True)
    )
    locked = rows.select_for_update(of=("self",), no_key=True).select_related("user").order_by("pk")
    return next(each for each in locked if each.pk == member.pk)
