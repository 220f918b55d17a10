"""The folder of files: `FILES_ROOT`, outside of the web root, private to the user who runs PeerWorks.

    FILES_ROOT/incoming/…                     what is just being received
    FILES_ROOT/<agency>/<first two letters>/  the bytes of a `StoredFile`, under its `stored_as`

The database holds the truth. Bytes are written inside the transaction of their row, after the row and
before the commit: to a temporary name, synced, then renamed. A row that came to be so has its bytes,
whatever dies when. Bytes whose row did not come to be are removed at the end of `tidied`, and where
that was cut short by `peerworks.files.operations.sweep_files`.
"""

import hashlib
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, transaction

from peerworks.agencies.context import acting_for
from peerworks.files.models import StoredFile

FOLDER, FILE = 0o700, 0o600
_BLOCK = 1024 * 1024
_PART = ".part"
_written: ContextVar[list[tuple[str, str]] | None] = ContextVar("written", default=None)


class Unreadable(Exception):
    """The bytes of a stored file are not there, or are not those that were stored."""


def root() -> Path:
    """The folder of files, made and closed to others where that is not so."""
    return _folder(Path(settings.FILES_ROOT))


def incoming() -> Path:
    """Where files are received, on the same disk."""
    return _folder(root() / "incoming")


def place_of(agency_id: UUID | str, stored_as: str) -> Path:
    """Where the bytes of a file stand; nothing is made."""
    return root() / str(agency_id) / stored_as[:2] / stored_as


def _folder(folder: Path) -> Path:
    folder.mkdir(mode=FOLDER, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        folder.chmod(FOLDER)
    return folder


def put(stored: StoredFile, source: Path) -> None:
    """Write the bytes of a row that stands in this transaction. On the disk when this returns.

    Raises `Unreadable` where they are not those that were examined, and OSError without room.
    """
    place = place_of(stored.agency_id, stored.stored_as)
    _folder(_folder(place.parents[1]) / place.parent.name)
    remembered = _written.get()
    if remembered is not None:
        remembered.append((str(stored.agency_id), stored.stored_as))
    part = place.with_name(place.name + _PART)
    try:
        if _copied(source, part) != stored.sha256:
            raise Unreadable("other bytes than those that were examined")
        part.rename(place)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    for folder in place.parents[:3]:  # each may be new
        _sync_folder(folder)


def _copied(source: Path, target: Path) -> str:
    digest = hashlib.sha256()
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, FILE)
    with source.open("rb") as reader, os.fdopen(descriptor, "wb") as writer:
        while block := reader.read(_BLOCK):
            digest.update(block)
            writer.write(block)
        writer.flush()
        os.fsync(writer.fileno())
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def content(stored: StoredFile) -> bytes:
    """The bytes as they were stored, checked by their hash. Raises `Unreadable`."""
    place = place_of(stored.agency_id, stored.stored_as)
    try:
        descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW)
        with os.fdopen(descriptor, "rb") as reader:
            data = reader.read(stored.size + 1)
    except OSError as error:
        raise Unreadable(type(error).__name__) from error
    if hashlib.sha256(data).hexdigest() != stored.sha256:
        raise Unreadable("changed")
    return data


# Bytes without a row.


@contextmanager
def tidied() -> Iterator[None]:
    """Around a transaction: bytes that were written inside and have no row at its end are removed.

    The end is asked of the database, so it does not matter why the transaction fell.
    """
    written: list[tuple[str, str]] = []
    token = _written.set(written)
    try:
        yield
    finally:
        _written.reset(token)
        for agency_id in dict.fromkeys(agency for agency, _ in written):
            with suppress(DatabaseError):  # then the sweep does it
                remove_without_row(
                    agency_id, [name for owner, name in written if owner == agency_id]
                )


def remove_without_row(agency_id: UUID | str, names: Iterable[str]) -> int:
    """Remove those of an agency's bytes that no row leads to; how many. A second time there are none."""
    wanted = list(names)
    with acting_for(agency_id), transaction.atomic():
        found = StoredFile.objects.filter(stored_as__in=wanted)
        known = set(found.values_list("stored_as", flat=True))
    removed = 0
    for each in wanted:
        if each not in known:
            with suppress(FileNotFoundError):
                place_of(agency_id, each).unlink()
                removed += 1
    return removed


def standing(agency_id: UUID | str, *, older_than: float) -> Iterator[str]:
    """The names of an agency's bytes, and of unfinished ones, that are older than so many seconds."""
    folder = root() / str(agency_id)
    for place in sorted(folder.glob("??/*")):
        if _age(place) > older_than:
            yield place.name


def remove_unfinished(*, older_than: float) -> int:
    """Remove what was received and never examined to its end, by a process that is no more."""
    old = [place for place in incoming().iterdir() if _age(place) > older_than]
    for place in old:
        place.unlink(missing_ok=True)
    return len(old)


def _age(place: Path) -> float:
    try:
        return time.time() - place.lstat().st_mtime
    except FileNotFoundError:
        return 0
