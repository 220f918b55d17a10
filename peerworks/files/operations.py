"""Storing, withdrawing and sweeping. Called by the operations of the app that a file is for.

That app asks its own policy and writes the one audit event of what was done; see
`providers.operations.evidence`.
"""

import datetime as dt
from dataclasses import dataclass

from peerworks.accounts.access import across_agencies
from peerworks.accounts.models import Membership
from peerworks.files import storage
from peerworks.files.models import StoredFile
from peerworks.files.policies import refusal_to_withdraw_file
from peerworks.files.sniff import Examined
from peerworks.lib.findings import Refused, enforce, refuse

UNTOUCHED_SECONDS = 60 * 60
"""Younger bytes may belong to a transaction that is still open."""


def store_file(*, file: Examined, purpose: str, by: Membership, at: dt.datetime) -> StoredFile:
    """Keep a file that was examined: its row first, then its bytes.

    Both stay or both go: bytes whose row does not come to be are removed when the transaction has
    ended (`storage.tidied`). Refused where the disk has no room.
    """
    stored = StoredFile.objects.create(
        agency_id=by.agency_id,
        purpose=purpose,
        kind=file.kind,
        name=file.name,
        sha256=file.sha256,
        size=file.size,
        pages=file.pages,
        width=file.width,
        height=file.height,
        uploaded_by=by,
        uploaded_at=at,
    )
    try:
        storage.put(stored, file.path)
    except OSError as error:
        raise Refused(refuse("UPLOAD-ROOM")) from error
    return stored


def withdraw_file(*, stored: StoredFile, why: str, by: Membership, at: dt.datetime) -> StoredFile:
    """Close a file to everybody, and keep who did it, when and why; its bytes stay."""
    held = StoredFile.objects.select_for_update(of=("self",), no_key=True).get(pk=stored.pk)
    enforce(refusal_to_withdraw_file(held))
    held.withdrawn_by, held.withdrawn_at, held.withdrawn_why = by, at, why
    held.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_why"])
    return held


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found: bytes removed since no row leads to them, rows whose bytes are not there."""

    removed: int
    missing: int


def sweep_files(*, older_than: float = UNTOUCHED_SECONDS) -> Swept:
    """Remove bytes that no row leads to, in all agencies, and count rows without their bytes.

    What a killed process left behind. A second run finds nothing to remove, and two at the same time
    are harmless: a name is removed only where no row has it, and no row ever gets a name that exists.
    Bytes that changed within the last hour are left alone.
    """
    removed, missing = storage.remove_unfinished(older_than=older_than), 0
    for agency in across_agencies(by=None, reason="bytes without a row are nobody's"):
        names = list(storage.standing(agency.pk, older_than=older_than))
        removed += storage.remove_without_row(agency.pk, names)
        kept = StoredFile.objects.values_list("stored_as", flat=True).iterator()
        missing += sum(not storage.place_of(agency.pk, each).exists() for each in kept)
    return Swept(removed, missing)
