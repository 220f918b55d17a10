"""A machine that lacks something: each time one sentence that says what mends it, and nothing half done.

The shell script that makes the environment is run in a folder of its own, with programs of its own on
the path. Root passes every permission, so where a test is about one, the commands run without root's
right to: as an ordinary user would.
"""

import ctypes
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from peerworks.local.paths import CHECKOUT
from tests.peerworks.test_local_services import PATIENCE, Checkout

pytestmark = pytest.mark.slow

SCRIPT = "peerworks/local/environment.sh"
TOOLS = ("sh", "id", "dirname", "df", "awk", "touch", "rm", "cat")
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, PR_CAPBSET_DROP = 1, 2, 24


def without_roots_right():
    """Between fork and exec: root keeps its uid and loses the right to pass every permission."""
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() == 0:
        for right in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
            if libc.prctl(PR_CAPBSET_DROP, right, 0, 0, 0):
                os._exit(99)


class Machine:
    """A checkout with the script in it, and the programs that this machine has."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.bin = folder / "checkout", folder / "bin"
        (self.folder / "peerworks/local").mkdir(parents=True)
        self.bin.mkdir()
        for each in (SCRIPT, "peerworks/local/packages.py"):
            shutil.copy(CHECKOUT / each, self.folder / each)
        (self.folder / "requirements.txt").write_text("")
        for name in TOOLS:
            if found := shutil.which(name):
                self.program(name, f'exec "{found}" "$@"')

    def program(self, name: str, text: str) -> None:
        """A program of this machine's own: never a link, through which the real one would be written."""
        file = self.bin / name
        file.write_text(f"#!/bin/sh\n{text}\n")
        file.chmod(0o755)

    def python(self, answers: str = "", name: str = "python3") -> None:
        """A Python that is the real one, but for what `answers` says: lines of a shell's case."""
        self.program(name, f'case "$*" in\n{answers}\nesac\nexec "{sys.executable}" "$@"')

    def run(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        env = {"PATH": str(self.bin), "HOME": str(self.folder), **variables}
        return subprocess.run(  # noqa: S603
            [str(self.bin / "sh"), SCRIPT, *(words or ("requirements.txt", ".venv/ready-run"))],
            cwd=self.folder,
            env=env,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE * 6,
            preexec_fn=without_roots_right,
        )

    def refused(self, *words: str, **variables: str) -> str:
        """What it said when it stopped, having made nothing."""
        done = self.run(*words, **variables)
        assert done.returncode == 1, done.stderr
        assert not (self.folder / ".venv/ready-run").exists()
        assert "Traceback" not in done.stderr
        return done.stderr


@pytest.fixture
def machine(tmp_path) -> Machine:
    return Machine(tmp_path)


OLD = '*version_info*) exit 1 ;;\n--version) echo "Python 3.9.2" ; exit 0 ;;'
NO_VENV = "*ensurepip*) exit 1 ;;"


def test_no_program_of_the_pretended_machine_is_one_of_the_real_one(machine):
    assert [each for each in machine.bin.iterdir() if each.is_symlink()] == []


class TestPython:
    def test_one_that_is_too_old_is_named_with_the_command(self, machine):
        machine.python(OLD)

        said = machine.refused()

        assert "PeerWorks needs Python 3.11 or later (python3 here is Python 3.9.2)." in said
        assert "sudo apt-get install -y --no-install-recommends python3-venv" in said
        assert not (machine.folder / ".venv").exists()

    def test_none_at_all(self, machine):
        said = machine.refused()

        assert "PeerWorks needs Python 3.11 or later." in said

    def test_one_that_was_named_and_is_too_old(self, machine):
        machine.python(OLD, "python2.7")

        said = machine.refused(PYTHON="python2.7")

        assert (
            said == "PYTHON is python2.7, which is no Python of 3.11 or later. Name another one.\n"
        )

    def test_one_without_venv_names_the_package_of_its_version(self, machine):
        machine.python(NO_VENV)

        said = machine.refused()

        version = ".".join(map(str, sys.version_info[:2]))
        assert "python3 cannot make virtual environments. Run:  sudo apt-get install" in said
        assert f"python{version}-venv" in said
        assert len(said.strip().splitlines()) == 1

    def test_another_one_that_has_venv_is_taken(self, machine):
        machine.python(NO_VENV, "python3.11")
        machine.python("-m) exit 7 ;;\n*'-m venv'*) exit 7 ;;", "python3")

        said = machine.refused()

        assert "Making the virtual environment with Python 3" in said
        assert "could not be made" in said

    @pytest.mark.parametrize(("quick", "taken"), [("python3", "python3"), ("none", "python3.11")])
    def test_one_that_was_built_to_be_quick_goes_before_the_others(self, machine, quick, taken):
        for name in ("python3.11", "python3"):
            is_quick = f"*CONFIG_ARGS*) exit {int(name != quick)} ;;"
            machine.python(f'{is_quick}\n*"-m venv"*) echo "{name} is taken" >&2; exit 7 ;;', name)

        assert f"{taken} is taken" in machine.refused()

    def test_root_installs_what_is_missing_and_goes_on(self, machine):
        machine.python('*ensurepip*) [ -e "$HOME/installed" ] || exit 1 ;;\n*"-m venv"*) exit 7 ;;')
        machine.program("id", "echo 0")
        machine.program("apt-get", 'echo "$@" >> "$HOME/asked"; : > "$HOME/installed"')

        said = machine.refused()

        assert "which the virtual environment needs." in said
        assert "Making the virtual environment" in said
        asked = (machine.folder / "asked").read_text()
        assert asked.startswith("update")
        assert "install -y --no-install-recommends python3" in asked

    def test_packages_that_cannot_be_had_are_tried_again_and_a_whole_environment_leaves_its_stamp(
        self, machine
    ):
        machine.python()
        lock, stamp = machine.folder / "requirements.txt", machine.folder / ".venv/ready-run"
        whole = lock.read_text()
        lock.write_text("no-such-package==1 --hash=sha256:00\n")

        said = machine.refused(PIP_NO_INDEX="1", PIP_CONFIG_FILE=os.devnull)

        assert (
            "could not be installed; the reason stands above. The next start tries again." in said
        )
        assert not stamp.exists()

        lock.write_text(whole)
        assert machine.run().returncode == 0
        assert stamp.exists()

    def test_no_command_is_kept_from_writing_compiled_files(self):
        show = 'shown: ; @echo "[$${PYTHONDONTWRITEBYTECODE-kept}]"'
        done = subprocess.run(  # noqa: S603 - our own Makefile
            ["make", "--no-print-directory", "--eval", show, "shown"],  # noqa: S607
            cwd=CHECKOUT,
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == "[kept]\n"


class TestFolder:
    def test_a_checkout_that_cannot_be_written(self, machine):
        machine.python()
        machine.folder.chmod(0o555)
        try:
            said = machine.refused()
        finally:
            machine.folder.chmod(0o755)

        assert f"The folder {machine.folder} cannot be written by" in said
        assert len(said.strip().splitlines()) == 1

    def test_a_folder_above_that_nobody_else_may_pass(self, machine, tmp_path):
        machine.python()
        tmp_path.chmod(0o600)
        try:
            done = machine_run_from_inside(machine, tmp_path)
        finally:
            tmp_path.chmod(0o700)

        assert done.returncode == 1
        assert f"may not pass through {tmp_path}, where this checkout stands." in done.stderr
        assert "chmod o+x" in done.stderr

    def test_a_disk_that_is_nearly_full(self, machine):
        machine.python()

        said = machine.refused(PEERWORKS_SMALLEST_FREE="99999999999999")

        assert "1 GB is needed. Free some space and start again." in said

    def test_a_file_that_grows_too_large_stops_it_in_words(self, machine):
        machine.python('*"-m venv"*) echo "No space left on device" >&2; exit 1 ;;')

        said = machine.refused()

        assert "No space left on device" in said
        assert "The virtual environment could not be made; the reason stands above." in said


def machine_run_from_inside(machine: Machine, above: Path) -> subprocess.CompletedProcess[str]:
    """The script, started by somebody who is in the folder already: its path alone is closed."""

    def enter():
        os.chdir(machine.folder)
        above.chmod(0o600)
        without_roots_right()

    above.chmod(0o700)
    copy = above.parent / f"{above.name}-bin"
    shutil.copytree(machine.bin, copy, symlinks=True)
    try:
        return subprocess.run(  # noqa: S603
            [str(copy / "sh"), SCRIPT, "requirements.txt", ".venv/ready-run"],
            env={"PATH": str(copy)},
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
            preexec_fn=enter,
        )
    finally:
        shutil.rmtree(copy)


class TestDoctor:
    def test_without_python_it_says_so_and_changes_nothing(self, machine):
        machine.python(OLD)

        assert "PeerWorks needs Python 3.11 or later" in machine.refused("doctor")
        assert not (machine.folder / ".venv").exists()

    def test_before_anything_is_installed_it_names_the_packages(self, tmp_path):
        checkout = Checkout(tmp_path / "checkout")
        bare = [sys.executable, "-I", "-S", "-c", ON_A_BARE_PYTHON, str(checkout.folder)]

        done = subprocess.run(  # noqa: S603
            bare,
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

        assert done.returncode == 1, done.stderr
        assert "the package psycopg is not installed" in done.stdout
        assert "MISSING  PostgreSQL" in done.stdout
        checkout.clean()


#: Isolated and without site packages: what a machine has before the first start.
ON_A_BARE_PYTHON = """
import runpy, sys
sys.path.insert(0, sys.argv[1])
runpy.run_module("peerworks.local.doctor", run_name="__main__")
"""


class TestServices:
    @pytest.fixture
    def checkout(self, tmp_path):
        made = Checkout(tmp_path / "a folder with spaces" / ("and a long name " * 7).strip())
        yield made
        made.clean()

    def test_the_path_of_this_test_is_long_enough(self, checkout):
        assert len(str(checkout.folder)) >= 150

    def test_in_a_private_home_with_a_long_path_and_spaces(self, checkout):
        home = checkout.folder.parents[0]
        home.chmod(0o700)
        before = {each: stat.S_IMODE(each.stat().st_mode) for each in checkout.folder.parents}

        checkout.start_services(preexec_fn=without_roots_right)

        with checkout.connect() as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert before == {each: stat.S_IMODE(each.stat().st_mode) for each in before}

    def test_a_checkout_that_cannot_be_written(self, checkout):
        checkout.folder.chmod(0o555)
        process = checkout.start("services", preexec_fn=without_roots_right)
        words = process.communicate(timeout=PATIENCE)[0]
        checkout.folder.chmod(0o755)

        assert process.returncode == 1
        assert words.startswith(f"The folder {checkout.place.state} cannot be written (Permission")
        assert "set PEERWORKS_STATE_DIR to another folder." in words
        assert len(words.strip().splitlines()) == 1

    def test_a_state_folder_of_another_user(self, checkout, tmp_path):
        closed = tmp_path / "theirs"
        closed.mkdir(mode=0o700)
        (closed / "run").mkdir()
        if os.geteuid() == 0:
            os.chown(closed, 54321, 54321)
        else:
            closed.chmod(0o000)
        process = checkout.start(
            "services", PEERWORKS_STATE_DIR=str(closed), preexec_fn=without_roots_right
        )
        words = process.communicate(timeout=PATIENCE)[0]
        closed.chmod(0o700)

        assert process.returncode == 1
        assert f"The folder {closed} cannot be written" in words
        assert len(words.strip().splitlines()) == 1

    def test_a_disk_that_fills_while_it_starts(self, checkout):
        """A limit on the size of files stands for the disk: the same error, in the same places."""

        def small_files():
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

        process = checkout.start("services", preexec_fn=small_files)
        words = process.communicate(timeout=PATIENCE * 3)[0]

        assert process.returncode == 1
        assert words.startswith("The disk is full: free 1 GB and start again; nothing is lost.\n")
        assert "Traceback" not in words
        assert checkout.processes() == []

        checkout.start_services()  # with room again it starts, from what the first one left

    def test_a_disk_that_takes_not_even_a_key(self, checkout):
        def no_files():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

        process = checkout.start("services", preexec_fn=no_files)
        words = process.communicate(timeout=PATIENCE)[0]

        assert process.returncode == 1
        assert "The disk is full, or a limit is reached" in words
        assert "Traceback" not in words
        checkout.start_services()
