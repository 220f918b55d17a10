"""Makes users and their memberships. A membership is made inside its agency."""

import itertools

from peerworks.accounts.models import Membership, User
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
