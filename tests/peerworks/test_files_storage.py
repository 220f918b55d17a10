"""FI-1: the folder of files. Rows and bytes stay or go together, whatever falls when."""

import datetime as dt
import hashlib
import os
import stat
import threading

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.db import DatabaseError, IntegrityError, connections, transaction

from peerworks.agencies.context import acting_for
from peerworks.files import owners, storage
from peerworks.files.fields import FilesField
from peerworks.files.models import StoredFile
from peerworks.files.operations import Swept, store_file, sweep_files, withdraw_file
from peerworks.files.sniff import Examined
from peerworks.files.tasks import orphans_removed
from peerworks.lib.findings import Refused
from tests.factories.shared import make_stored_file

WORDS = b"made-up words"
ALL_AGES = -1


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder of files for one test."""
    monkeypatch.setattr(settings, "FILES_ROOT", tmp_path / "state" / "files")
    return tmp_path / "state" / "files"


@pytest.fixture
def examined(tmp_path):
    """A file as the form gives it."""
    path = tmp_path / "received"
    path.write_bytes(WORDS)
    digest = hashlib.sha256(WORDS).hexdigest()
    return Examined(path, "card.pdf", StoredFile.Kind.PDF, len(WORDS), digest, pages=1)


def store(world, examined, who="peer"):
    """Store it inside of a transaction of its own."""
    with world.acting(who) as player:
        return store_file(file=examined, purpose="tests", by=player.member, at=world.now)


def bytes_in(folder):
    """The files that stand there."""
    return sorted(each for each in folder.rglob("*") if each.is_file())


def test_fi_1_bytes_stand_apart_under_a_name_that_says_nothing(world, examined, folder):
    stored = store(world, examined)
    (place,) = bytes_in(folder)
    assert place.read_bytes() == WORDS
    assert place.parts[-3] == str(world.juniper.agency.pk)
    assert place.name == stored.stored_as
    assert len(stored.stored_as) == 64
    for word in ("card", str(stored.pk), stored.sha256):
        assert word not in str(place)
    assert not place.is_relative_to(settings.STATIC_ROOT)


def test_fi_1_nobody_else_on_the_machine_reads_them(world, examined, folder):
    before = os.umask(0)
    try:
        store(world, examined)
    finally:
        os.umask(before)
    for place in [folder, *folder.rglob("*")]:
        mode = stat.S_IMODE(place.stat().st_mode)
        assert mode == (0o600 if place.is_file() else 0o700), place


def test_a_folder_that_is_open_to_others_is_closed(world, examined, folder):
    folder.mkdir(parents=True, mode=0o777)
    folder.chmod(0o777)
    store(world, examined)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_other_bytes_than_those_examined_are_never_kept(world, examined, folder):
    examined.path.write_bytes(b"other")
    with pytest.raises(storage.Unreadable), storage.tidied():
        store(world, examined)
    assert bytes_in(folder) == []


def test_without_room_nothing_is_stored_and_it_is_said(world, examined, folder):
    folder.parent.mkdir()
    folder.write_text("a file stands where the folder should be")
    with world.acting("peer") as luz, pytest.raises(Refused) as refused, transaction.atomic():
        store_file(file=examined, purpose="tests", by=luz.member, at=world.now)
    assert refused.value.refusal.code == "UPLOAD-ROOM"
    with world.acting("peer"):
        assert not StoredFile.objects.exists()


def test_fi_1_changed_or_missing_bytes_are_never_served(world, examined, folder):
    stored = store(world, examined)
    assert storage.content(stored) == WORDS
    (place,) = bytes_in(folder)
    for wrong in (WORDS[:-1], WORDS + b"!", b""):
        place.write_bytes(wrong)
        with pytest.raises(storage.Unreadable):
            storage.content(stored)
    place.unlink()
    with pytest.raises(storage.Unreadable):
        storage.content(stored)
    place.symlink_to(examined.path)
    with pytest.raises(storage.Unreadable):
        storage.content(stored)


# Together or not at all. These commit.


def count(world):
    """The rows of the first agency."""
    with world.acting("administrator"):
        return StoredFile.objects.count()


class Falls(Exception):
    """Something that goes wrong after the file was written."""


def stores_and_falls(world, examined, player):
    """Write a file, then go wrong."""
    stored = store_file(file=examined, purpose="tests", by=player.member, at=world.now)
    assert storage.content(stored) == WORDS
    raise Falls


@pytest.mark.django_db(transaction=True)
def test_fi_1_bytes_go_with_a_transaction_that_falls(world, examined, folder):
    with pytest.raises(Falls), storage.tidied(), world.acting("peer") as luz:
        stores_and_falls(world, examined, luz)
    assert (count(world), bytes_in(folder)) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_fi_1_bytes_go_with_a_savepoint_that_falls(world, examined, folder):
    with storage.tidied(), world.acting("peer") as luz:
        kept = store_file(file=examined, purpose="tests", by=luz.member, at=world.now)
        with pytest.raises(Falls), transaction.atomic():
            stores_and_falls(world, examined, luz)
    assert count(world) == 1
    assert [each.name for each in bytes_in(folder)] == [kept.stored_as]


@pytest.mark.django_db(transaction=True)
def test_bytes_stay_with_a_transaction_that_holds(world, examined, folder):
    with storage.tidied():
        stored = store(world, examined)
    assert count(world) == 1
    assert storage.content(stored) == WORDS


@pytest.mark.django_db(transaction=True)
def test_fi_1_the_sweep_removes_what_a_killed_process_left_and_nothing_else(
    world, examined, folder
):
    kept = [store(world, examined, who) for who in ("peer", "other-administrator")]
    with pytest.raises(Falls), world.acting("peer") as luz:
        stores_and_falls(world, examined, luz)  # and nobody tidies
    part = storage.place_of(kept[0].agency_id, f"{kept[0].stored_as}.part")
    part.write_bytes(b"half")
    (storage.incoming() / "upload-x").write_bytes(b"half")
    assert sweep_files() == Swept(0, 0), "what is young may belong to somebody"
    assert sweep_files(older_than=ALL_AGES) == Swept(3, 0)
    assert sweep_files(older_than=ALL_AGES) == Swept(0, 0)
    assert {each.name for each in bytes_in(folder)} == {each.stored_as for each in kept}
    storage.place_of(kept[0].agency_id, kept[0].stored_as).unlink()
    assert sweep_files(older_than=ALL_AGES) == Swept(0, 1)


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_are_harmless(world, examined, folder):
    kept = store(world, examined)
    lost = folder / str(kept.agency_id) / "00"
    lost.mkdir()
    for number in range(200):
        (lost / f"00{number:062d}").write_bytes(b"x")
    found, wrong = [], []

    def sweep():
        try:
            found.append(sweep_files(older_than=ALL_AGES).removed)
        except Exception as error:
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=sweep) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert wrong == []
    assert sum(found) == 200
    assert storage.content(kept) == WORDS


def test_the_task_runs_twice(world, examined, folder, caplog):
    store(world, examined)
    orphans_removed()
    orphans_removed()
    assert len(bytes_in(folder)) == 1
    bytes_in(folder)[0].unlink()
    orphans_removed()
    assert "0 without a row removed, 1 missing" in caplog.text


# What the database refuses.


@pytest.mark.parametrize(
    "wrong",
    [
        {"size": 0},
        {"size": 10 * 1024 * 1024 + 1},
        {"pages": None},
        {"pages": 0},
        {"pages": 51},
        {"width": 10, "height": 10},
        {"kind": "PNG"},
        {"kind": "PNG", "pages": None, "width": 8000, "height": 5001},
        {"kind": "PNG", "pages": None, "width": 2_000_000_000, "height": 2_000_000_000},
        {"kind": "PNG", "pages": None, "width": 0, "height": 10},
        {"kind": "GIF"},
        {"name": ""},
        {"purpose": ""},
        {"stored_as": "../../etc/passwd"},
        {"sha256": "A" * 64},
        {"withdrawn_why": "half a withdrawal"},
    ],
    ids=str,
)
def test_fi_1_the_database_refuses_a_row_that_cannot_be(world, wrong):
    told = {"purpose": "tests", "kind": "PDF", "name": "a.pdf", "pages": 1, "size": 9}
    with world.acting("peer") as luz, pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.create(
            agency_id=luz.member.agency_id,
            uploaded_by=luz.member,
            uploaded_at=world.now,
            **{"sha256": "a" * 64} | told | wrong,
        )


@pytest.mark.parametrize(
    "changed",
    [{"name": "b.pdf"}, {"size": 1}, {"sha256": "b" * 64}, {"stored_as": "c" * 64}],
    ids=str,
)
def test_fi_1_a_stored_file_never_changes(world, changed):
    with world.acting("peer") as luz:
        stored = make_stored_file(by=luz.member, at=world.now)
        row = StoredFile.objects.filter(pk=stored.pk)
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(**changed)
        with pytest.raises(DatabaseError), transaction.atomic():
            row.delete()


def test_a_file_is_withdrawn_once_and_closed_to_all(world, monkeypatch):
    monkeypatch.setitem(owners._owners, "tests", lambda member, stored, on: True)
    with world.acting("peer") as luz:
        stored = make_stored_file(by=luz.member, at=world.now, purpose="tests")
        assert owners.may_open(luz.member, stored, world.today)
        held = withdraw_file(stored=stored, why="the wrong one", by=luz.member, at=world.now)
        assert not owners.may_open(luz.member, held, world.today)
        with pytest.raises(Refused, match="FILE-WITHDRAWN"):
            withdraw_file(stored=stored, why="again", by=luz.member, at=world.now)
        with pytest.raises(IntegrityError), transaction.atomic():
            StoredFile.objects.filter(pk=stored.pk).update(withdrawn_why="another reason")


def test_a_purpose_that_nobody_registered_is_opened_by_nobody(world):
    with world.acting("administrator") as marisol:
        stored = make_stored_file(by=marisol.member, at=world.now, purpose="nobody's")
        assert not owners.may_open(marisol.member, stored, world.today)


def test_the_bytes_of_an_agency_are_found_by_nobody_else(world):
    with world.acting("peer") as luz:
        stored = make_stored_file(by=luz.member, at=world.now)
    beth = world["other-administrator"].member
    with acting_for(beth.agency_id, beth.user_id), transaction.atomic():
        assert not StoredFile.objects.filter(pk=stored.pk).exists()


# Start and programming mistakes.


@pytest.mark.parametrize("where", ["", "inside", ".."])
def test_fi_1_uploads_inside_of_what_is_served_do_not_start(monkeypatch, where):
    monkeypatch.setattr(settings, "FILES_ROOT", f"{settings.STATIC_ROOT}/{where}")
    assert "files.E001" in {each.id for each in run_checks(tags=["security"])}


def test_uploads_beside_what_is_served_start():
    assert "files.E001" not in {each.id for each in run_checks(tags=["security"])}


def test_a_view_that_forgot_its_mark_fails_loudly():
    with pytest.raises(TypeError, match="takes_files"):
        FilesField().clean(["a file of Django's own"])


def test_the_moment_is_the_callers(world, examined):
    at = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
    with world.acting("peer") as luz:
        stored = store_file(file=examined, purpose="tests", by=luz.member, at=at)
        stored.refresh_from_db()
        assert (stored.uploaded_at, stored.uploaded_by_id) == (at, luz.member.pk)
