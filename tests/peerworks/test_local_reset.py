"""`make reset`: names what it removes, asks, and removes exactly what was made."""

import os
import pty
import shutil
from pathlib import Path

import pytest

from peerworks.local.paths import Place
from tests.peerworks.test_local_services import PATIENCE, Checkout

pytestmark = pytest.mark.slow


@pytest.fixture
def checkout(tmp_path):
    made = Checkout(tmp_path / "a folder with spaces")
    yield made
    for purpose in ("run", "agency", "tests"):
        shutil.rmtree(Place(made.place.state, purpose).sockets, ignore_errors=True)
    made.clean()


def make(checkout: Checkout, *names: str) -> None:
    """What starts leave behind, and something that they did not make."""
    for name in names:
        (checkout.place.state / name / "deep").mkdir(parents=True)
        (checkout.place.state / name / "deep/file").write_text("x" * 2_000_000)
    checkout.place.state.mkdir(exist_ok=True)
    (checkout.place.state / "mine.txt").write_text("kept")


def left(checkout: Checkout) -> set[str]:
    """What stands in the state folder."""
    return {file.name for file in checkout.place.state.iterdir()}


def reset(checkout: Checkout, **variables: str) -> tuple[int, str]:
    """Exit status and words, where nobody can be asked."""
    process = checkout.start("reset", **variables)
    words = process.communicate(timeout=PATIENCE)[0]
    return process.returncode, words


def answered(checkout: Checkout, answer: str, **variables: str) -> tuple[int, str]:
    """Exit status and words of a reset at a terminal, where somebody types an answer."""
    ours, theirs = pty.openpty()
    try:
        process = checkout.start("reset", stdin=theirs, **variables)
        os.write(ours, f"{answer}\n".encode())
        words = process.communicate(timeout=PATIENCE)[0]
    finally:
        os.close(ours)
        os.close(theirs)
    return process.returncode, words


def test_what_runs_is_not_removed(checkout):
    checkout.start_services()

    status, words = reset(checkout, YES="1")

    assert status == 1
    assert "already runs from this folder" in words
    assert checkout.place.postgres.exists()


def test_it_removes_what_was_made_and_nothing_else(checkout):
    process = checkout.start_services()
    process.terminate()
    process.wait(PATIENCE)
    make(checkout, "tests", "files", "mail", "theirs")
    made = [checkout.place.state / name for name in ("run", "tests", "files", "mail")]

    status, words = reset(checkout)

    assert status == 0
    assert left(checkout) == {"mine.txt", "theirs"}
    assert not checkout.place.sockets.exists()
    for folder in [*made, checkout.place.sockets]:
        assert f"  {folder}   " in words
        assert f"removed {folder}\n" in words
    assert words.index("This removes:") < words.index("removed ")
    assert "2 MB" in words


def test_a_folder_of_its_own_goes_when_it_is_empty(checkout):
    make(checkout, "files")
    (checkout.place.state / "mine.txt").unlink()

    assert reset(checkout)[0] == 0
    assert not checkout.place.state.exists()


def test_a_second_time_there_is_nothing_to_remove(checkout):
    make(checkout, "files")
    reset(checkout)

    status, words = reset(checkout)

    assert status == 0
    assert words.startswith("Nothing to remove")


def test_a_link_is_not_followed(checkout, tmp_path):
    make(checkout)
    (tmp_path / "elsewhere").mkdir()
    (checkout.place.state / "files").symlink_to(tmp_path / "elsewhere")

    assert reset(checkout)[0] == 0
    assert (tmp_path / "elsewhere").exists()
    assert (checkout.place.state / "files").is_symlink()


@pytest.mark.parametrize(("answer", "is_removed"), [("yes", True), ("y", False), ("", False)])
def test_at_a_terminal_it_asks(checkout, answer, is_removed):
    make(checkout, "files")

    status, words = answered(checkout, answer)

    assert status == (0 if is_removed else 1)
    assert "Type yes to remove it:" in words
    assert (checkout.place.state / "files").exists() is not is_removed
    assert ("Nothing was removed." in words) is not is_removed


def test_yes_given_before_asks_nothing(checkout):
    make(checkout, "files")

    status, words = answered(checkout, "no", YES="1")

    assert status == 0
    assert "Type" not in words


class TestRealData:
    def test_are_not_removed_where_nobody_can_be_asked(self, checkout):
        make(checkout, "run", "agency")

        status, words = reset(checkout)

        assert status == 1
        assert "YOUR AGENCY'S OWN DATA" in words
        assert "make reset YES=1" in words
        assert left(checkout) == {"run", "agency", "mine.txt"}

    @pytest.mark.parametrize(("answer", "is_removed"), [("yes", False), ("agency", True)])
    def test_are_asked_for_by_their_own_word(self, checkout, answer, is_removed):
        make(checkout, "agency")

        status, words = answered(checkout, answer)

        assert status == (0 if is_removed else 1)
        assert "Type agency to remove it:" in words
        assert Path(checkout.place.state, "agency").exists() is not is_removed

    def test_are_removed_by_a_plain_yes_of_the_command(self, checkout):
        make(checkout, "agency")

        assert reset(checkout, YES="1")[0] == 0
        assert left(checkout) == {"mine.txt"}
