"""Makes users, their memberships and invitations. What an agency owns is made inside it."""

import datetime as dt
import itertools

from peerworks.accounts.models import Invitation, Membership, SetupKey, User
from peerworks.accounts.tokens import hash_of
from peerworks.agencies.models import Agency

_numbers = itertools.count(1)


def make_user(**given) -> User:
    """Somebody with a made-up address and no password."""
    number = next(_numbers)
    who = {"email": f"made-up-{number}@people.example", "name": f"Made-up Person {number}"}
    return User.objects.create_user(**{**who, **given})


def make_membership(*, agency: Agency, roles: tuple[str, ...] = ("PEER",), **given) -> Membership:
    """A peer in an agency."""
    user = given.pop("user", None) or make_user()
    return Membership.objects.create(agency=agency, user=user, roles=list(roles), **given)


def make_invitation(*, by: Membership, token: str = "", **given) -> Invitation:
    """An invitation of a made-up address as a peer, for seven days, with the hash of a token."""
    who = {
        "email": f"invited-{next(_numbers)}@people.example",
        "roles": ["PEER"],
        "expires_at": dt.datetime.now(dt.UTC) + dt.timedelta(days=7),
        "token_sha256": hash_of(token) if token else "",
        "letters": 1,
    }
    return Invitation.objects.create(agency_id=by.agency_id, made_by=by, **{**who, **given})


def make_setup_key(*, token: str, **given) -> SetupKey:
    """An unused key of the setup page."""
    return SetupKey.objects.create(token_sha256=hash_of(token), **given)
