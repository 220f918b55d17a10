"""Who may open a stored file: asked of the app that the file is for.

This app knows bytes, not certificates. An upper app registers each purpose in `AppConfig.ready()` with
a function that says whether a member may open a file of it today; a purpose that nobody registered is
opened by nobody.
"""

import datetime as dt
from collections.abc import Callable

from peerworks.accounts.models import Membership
from peerworks.files.models import StoredFile

MayOpen = Callable[[Membership, StoredFile, dt.date], bool]
_owners: dict[str, MayOpen] = {}


def register(purpose: str, may_open: MayOpen) -> None:
    """Say who may open the files of a purpose ("providers.evidence"); called once, at start."""
    _owners[purpose] = may_open


def may_open(member: Membership, stored: StoredFile, on: dt.date) -> bool:
    """Whether a member may open a file on a day. Asked each time; a withdrawn file is closed to all."""
    owner = _owners.get(stored.purpose)
    return owner is not None and stored.withdrawn_at is None and owner(member, stored, on)
