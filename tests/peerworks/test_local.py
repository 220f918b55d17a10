"""The parts of `peerworks.local` that need no service."""

import os
import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from peerworks.local import browser, environment, keys, lockfile
from peerworks.local.locking import Held, Lock
from peerworks.local.paths import CHECKOUT, LONGEST_SOCKET_PATH, Place, open_place, open_sockets
from peerworks.local.words import Problem


@pytest.fixture
def place(tmp_path, tmp_path_factory, monkeypatch) -> Place:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path_factory.mktemp("s")))  # short
    return Place(tmp_path / "state", "run")


class TestPlace:
    def test_stands_in_the_checkout_unless_told_otherwise(self, tmp_path):
        assert open_place("tests", {"PEERWORKS_STATE_DIR": str(tmp_path)}).state == tmp_path
        assert Place(CHECKOUT / ".local", "run").folder == CHECKOUT / ".local/run"

    def test_folders_are_private(self, tmp_path):
        place = open_place("run", {"PEERWORKS_STATE_DIR": str(tmp_path / "new")})

        for folder in (place.state, place.folder, place.keys, place.logs, place.valkey):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700

    def test_a_file_in_the_way_is_named(self, tmp_path):
        (tmp_path / "state").write_text("")

        with pytest.raises(Problem, match="cannot be written"):
            open_place("run", {"PEERWORKS_STATE_DIR": str(tmp_path / "state")})

    def test_a_full_disk_is_named_before_anything_starts(self, tmp_path, monkeypatch):
        monkeypatch.setattr("peerworks.local.paths.SMALLEST_FREE_SPACE", 10**18)

        with pytest.raises(Problem, match="1 GB is needed"):
            open_place("run", {"PEERWORKS_STATE_DIR": str(tmp_path)})


class TestSockets:
    def test_run_and_tests_never_share_a_folder(self, place):
        assert place.sockets != Place(place.state, "tests").sockets

    def test_a_long_temporary_folder_is_passed_over(self, place, tmp_path, monkeypatch):
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path / ("long" * 30)))

        longest = place.sockets / ".s.PGSQL.5432.lock"

        assert len(os.fsencode(longest)) <= LONGEST_SOCKET_PATH

    def test_is_made_private_and_found_again(self, place):
        folder = open_sockets(place, os.geteuid())

        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert open_sockets(place, os.geteuid()) == folder

    def test_a_link_is_refused(self, place, tmp_path):
        (tmp_path / "elsewhere").mkdir(mode=0o700)
        place.sockets.symlink_to(tmp_path / "elsewhere")

        with pytest.raises(Problem, match="is not a folder"):
            open_sockets(place, os.geteuid())

    def test_a_folder_open_to_others_is_refused(self, place):
        place.sockets.mkdir()
        place.sockets.chmod(0o755)

        with pytest.raises(Problem, match="open to other users"):
            open_sockets(place, os.geteuid())


class TestKeys:
    def test_is_made_once_and_readable_by_its_owner_only(self, tmp_path):
        file = tmp_path / "key"

        first = keys.kept(file, keys.password)

        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert keys.kept(file, keys.password) == first
        assert [each.name for each in tmp_path.iterdir()] == ["key"]

    def test_two_are_never_alike(self):
        assert keys.password() != keys.password()
        assert keys.secret_key() != keys.secret_key()

    def test_a_field_key_encrypts(self):
        cipher = Fernet(keys.field_key())

        assert cipher.decrypt(cipher.encrypt(b"word")) == b"word"


class TestLock:
    def test_the_second_reads_the_note_of_the_first(self, tmp_path):
        first, second = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
        first.take()
        first.write("http://localhost:8000/")

        with pytest.raises(Held) as held:
            second.take()
        assert held.value.note == "http://localhost:8000/"

    def test_is_free_after_release(self, tmp_path):
        first, second = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
        first.take()
        first.release()

        second.take()

        assert second.is_held
        assert not first.is_held

    def test_sharing_keeps_the_single_holder_out(self, tmp_path):
        locks = [Lock(tmp_path / "lock") for _ in range(3)]
        locks[0].take(shared=True)
        locks[1].take(shared=True)

        with pytest.raises(Held):
            locks[2].take()
        for lock in locks[:2]:
            lock.release()
        locks[2].take()

    def test_only_the_holder_writes(self, tmp_path):
        with pytest.raises(RuntimeError):
            Lock(tmp_path / "lock").write("note")


class TestEnvironmentFile:
    def test_reads_what_it_wrote(self, tmp_path):
        file = tmp_path / "environment"
        variables = {"A_URL": "postgresql://a:b@/c?host=/tmp/with space", "EMPTY": "", "Q": "it's"}
        file.write_text(environment.as_lines(variables))

        assert environment.read_file(file) == variables

    def test_passes_over_comments_and_a_missing_file(self, tmp_path):
        (tmp_path / "file").write_text("# words\n\nA=1  # more words\n")

        assert environment.read_file(tmp_path / "file") == {"A": "1"}
        assert environment.read_file(tmp_path / "none") == {}

    def test_children_get_it_under_the_own_variables_and_may_keep_compiled_code(self, tmp_path):
        (tmp_path / "file").write_text("A=1\nB=2\n")
        given = {"B": "3", "PYTHONDONTWRITEBYTECODE": "1"}

        assert environment.for_children(tmp_path / "file", given) == {"A": "1", "B": "3"}

    def test_the_example_is_all_comments(self):
        assert environment.read_file(CHECKOUT / ".env.example") == {}

    @pytest.mark.parametrize("line", ["A", "A=1 B=2", "A='1", "1-A=2"])
    def test_names_the_line_it_cannot_read(self, tmp_path, line):
        (tmp_path / "file").write_text(f"OK=1\n{line}\n")

        with pytest.raises(Problem, match="line 2"):
            environment.read_file(tmp_path / "file")


class TestRoles:
    ENV = {
        "DATABASE_URL": "app",
        "DATABASE_OWNER_URL": "owner",
        "MAY_BYPASS_ISOLATION": "1",
        "PATH": "/bin",
    }

    def test_the_application_never_sees_the_owners_way(self):
        assert environment.without_owner(self.ENV) == {"DATABASE_URL": "app", "PATH": "/bin"}

    def test_a_migration_connects_as_the_owner(self):
        assert environment.as_owner(self.ENV) == {
            "DATABASE_URL": "owner",
            "MAY_BYPASS_ISOLATION": "1",
            "PATH": "/bin",
        }


class TestOwnSecrets:
    def test_are_named_as_files(self, place):
        open_place("run", {"PEERWORKS_STATE_DIR": str(place.state)})

        made = environment.with_own_secrets(place, {})

        assert made.keys() == {"SECRET_KEY_FILE", "FIELD_KEYS_FILE"}
        assert all(Path(file).read_text().strip() for file in made.values())

    def test_never_stand_in_for_given_ones(self, place):
        given = {"SECRET_KEY": "x", "FIELD_KEYS_FILE": "/y"}

        assert environment.with_own_secrets(place, given) == {}


class TestBrowser:
    def program(self, file: Path) -> Path:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("#!/bin/sh\n")
        file.chmod(0o755)
        return file

    def test_the_named_one_comes_first(self, tmp_path):
        named = self.program(tmp_path / "mine")
        self.program(tmp_path / "bin/chromium")
        env = {"CHROMIUM": str(named), "PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)}

        assert browser.find(env) == named

    def test_playwrights_own_comes_before_the_path(self, tmp_path):
        self.program(tmp_path / "bin/chromium")
        own = self.program(tmp_path / ".cache/ms-playwright/chromium-1200/chrome-linux64/chrome")

        assert browser.find({"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)}) == own

    def test_the_one_without_a_window_comes_before_the_whole_one(self, tmp_path):
        self.program(tmp_path / "bin/chromium")
        shell = self.program(tmp_path / "bin/chromium-headless-shell")

        assert browser.find({"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)}) == shell

    def test_a_wrong_name_is_told_and_not_passed_over(self, tmp_path):
        self.program(tmp_path / "bin/chromium")

        with pytest.raises(Problem, match="CHROMIUM is"):
            browser.find({"CHROMIUM": "/no/such", "PATH": str(tmp_path / "bin")})

    def test_without_any_the_sentence_names_the_package(self, tmp_path):
        with pytest.raises(Problem, match=r"apt-get install .*chromium-headless-shell"):
            browser.find_or_install({"PATH": str(tmp_path), "HOME": str(tmp_path)})


class TestLockfile:
    @pytest.fixture
    def checkout(self, tmp_path) -> Path:
        for name in ("pyproject.toml", *lockfile.LOCKS):
            (tmp_path / name).write_bytes((CHECKOUT / name).read_bytes())
        return tmp_path

    def edit(self, file: Path, old: str, new: str) -> None:
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new, 1))

    def test_ours_follow_pyproject(self, checkout):
        assert lockfile.differences(checkout) == []

    def test_a_new_dependency_is_missed_in_both(self, checkout):
        self.edit(checkout / "pyproject.toml", "dependencies = [", 'dependencies = ["left-pad>=1",')

        assert lockfile.differences(checkout) == [
            "requirements.txt does not hold left-pad.",
            "requirements-dev.txt does not hold left-pad.",
        ]

    def test_a_pin_outside_the_range_is_named(self, checkout):
        self.edit(checkout / "pyproject.toml", "celery>=5.7,<6", "celery>=6,<7")

        assert len(lockfile.differences(checkout)) == 2
        assert "wanted is" in lockfile.differences(checkout)[0]

    def test_a_line_that_names_an_index_is_refused(self, checkout):
        lock = checkout / "requirements.txt"
        lock.write_text("--index-url https://packages.example/\n" + lock.read_text())

        assert "no pin" in lockfile.differences(checkout)[0]

    def test_two_locks_that_disagree_are_named(self, checkout):
        self.edit(checkout / "requirements-dev.txt", "amqp==", "amqp==99.")

        assert "requirements.txt pins amqp" in lockfile.differences(checkout)[-1]
