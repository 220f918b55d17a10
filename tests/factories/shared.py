"""Makes notices and loaded rule packs."""

import datetime as dt
import uuid

from peerworks.accounts.models import Membership
from peerworks.notices.models import Notice
from peerworks.rulepacks.models import PackVersion
from peerworks.rulepacks.operations import PackFile, load_pack, shipped_files


def make_notice(*, recipient: Membership, raised_on: dt.date, **given) -> Notice:
    """A reminder of a made-up certificate, thirty days ahead."""
    return Notice.objects.create(
        agency_id=recipient.agency_id,
        recipient=recipient,
        raised_on=raised_on,
        **{
            "kind": "credential-expiry",
            "subject_type": "providers.heldcredential",
            "subject_id": uuid.uuid4(),
            "cycle": raised_on.isoformat(),
            "step": "D30",
            "state": Notice.State.RAISED,
            **given,
        },
    )


def make_pack_version(file: PackFile | None = None) -> PackVersion:
    """A shipped pack, or the given one, as it is loaded."""
    return load_pack(file or shipped_files()[0]).version
