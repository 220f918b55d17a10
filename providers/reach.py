"""Whose files a member may open: their own. Agency scope needs no rows of its own.

The scope of a team is registered by `supervision`, which knows who supervises whom.
"""

import datetime as dt

from django.db.models import Q

from peerworks.accounts import reach
from peerworks.accounts.models import Membership
from peerworks.accounts.roles import Permission, Scope
from peerworks.files.models import StoredFile
from providers.models import Credential

_OWNED = {
    "providers.Provider": "member",
    "providers.Employment": "provider__member",
    "providers.Placement": "provider__member",
    "providers.Credential": "provider__member",
    "providers.WorkSpan": "provider__member",
}


def register() -> None:
    """Say which rows are a member's own; called once, when the program starts."""
    for label, path in _OWNED.items():
        reach.register(label, Scope.OWN, _own(path))


def may_open_evidence(member: Membership, stored: StoredFile, on: dt.date) -> bool:
    """Whether a member may open this file on a day, because of the certificate that it proves."""
    if not member.may(Permission.OPEN_EVIDENCE):
        return False
    proved = Credential.objects.filter(evidence__file=stored)
    return reach.narrow(proved, member, Permission.OPEN_EVIDENCE, on).exists()


def _own(path: str) -> reach.Rows:
    def rows(member: Membership, on: dt.date) -> Q:
        return Q(**{path: member.pk})

    return rows
