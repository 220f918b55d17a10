"""Makes notices, loaded rule packs and stored files."""

import datetime as dt
import hashlib
import tempfile
import uuid
from pathlib import Path

from peerworks.accounts.models import Membership
from peerworks.files import storage
from peerworks.files.models import StoredFile
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


MADE_UP_PDF = b"%PDF-1.7 made up"
"""Bytes that no parser has seen: what stands in a file does not matter to a test of its record."""


def make_stored_file(
    *, by: Membership, at: dt.datetime, data: bytes = MADE_UP_PDF, **given
) -> StoredFile:
    """A PDF of one page, with its bytes in the folder of files."""
    told = {"purpose": "providers.evidence", "kind": "PDF", "name": "made-up.pdf", "pages": 1}
    stored = StoredFile.objects.create(
        agency_id=by.agency_id,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        uploaded_by=by,
        uploaded_at=at,
        **told | given,
    )
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        storage.put(stored, Path(file.name))
    return stored
