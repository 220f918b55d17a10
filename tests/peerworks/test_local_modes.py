"""The demonstration or an agency's own data: what is refused before anything starts, and what is asked for."""

import os

import pytest

from peerworks.local import doctor, modes, site
from peerworks.local.paths import Place, open_place
from peerworks.local.words import Problem, in_words

OWN = {"PEERWORKS_DEMO": "0"}


class TestMode:
    @pytest.mark.parametrize(
        ("given", "purpose"), [("", "run"), ("1", "run"), (" 1 ", "run"), ("0", "agency")]
    )
    def test_made_up_and_real_people_never_share_a_folder(self, given, purpose):
        assert modes.purpose_of({"PEERWORKS_DEMO": given}) == purpose

    def test_without_a_word_it_is_the_demonstration(self):
        assert modes.is_demonstration({})

    @pytest.mark.parametrize("given", ["no", "true", "2", "false"])
    def test_another_word_is_named_and_not_guessed(self, given):
        with pytest.raises(Problem, match="PEERWORKS_DEMO is"):
            modes.is_demonstration({"PEERWORKS_DEMO": given})

    @pytest.mark.parametrize(
        ("host", "is_one"),
        [
            ("localhost", True),
            ("127.0.0.1", True),
            ("127.8.9.1", True),
            ("[::1]", True),
            ("::1", True),
            ("0.0.0.0", False),  # noqa: S104
            ("192.0.2.7", False),
            ("demo.example", False),
            ("localhost.demo.example", False),
            ("*", False),
        ],
    )
    def test_what_leads_to_this_machine_only(self, host, is_one):
        assert modes.is_loopback(host) is is_one


class TestRefused:
    @pytest.mark.parametrize(
        ("given", "says"),
        [
            ({"PEERWORKS_HOST": "0.0.0.0"}, "PEERWORKS_DEMO_ANYWHERE=1"),  # noqa: S104
            ({"PEERWORKS_HOST": "demo.example"}, "PEERWORKS_DEMO_ANYWHERE=1"),
            ({"ALLOWED_HOSTS": "localhost, peers.example"}, "peers.example"),
            ({**OWN, "PEERWORKS_HOST": "192.0.2.7"}, "PEERWORKS_TLS=1"),
            (
                {**OWN, "ALLOWED_HOSTS": "peers.example", "PEERWORKS_TLS": "0"},
                "PEERWORKS_TLS=1",
            ),
            ({**OWN, "PEERWORKS_TLS": "yes"}, "PEERWORKS_TLS is yes"),
        ],
    )
    def test_before_anything_is_made(self, tmp_path, given, says):
        env = {"PEERWORKS_STATE_DIR": str(tmp_path), **given}

        with pytest.raises(Problem, match=says):
            site.run(env)
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        "given",
        [
            {},
            {"PEERWORKS_HOST": "::1"},
            {"ALLOWED_HOSTS": "localhost,127.0.0.1"},
            {"PEERWORKS_HOST": "0.0.0.0", "PEERWORKS_DEMO_ANYWHERE": "1"},  # noqa: S104
            {"ALLOWED_HOSTS": "demo.example", "PEERWORKS_DEMO_ANYWHERE": "1"},
            OWN,
            {**OWN, "ALLOWED_HOSTS": "peers.example"},
            {**OWN, "PEERWORKS_HOST": "192.0.2.7", "ALLOWED_HOSTS": "peers.example"},
        ],
    )
    def test_what_is_safe_passes(self, given):
        modes.refuse_what_is_unsafe(given)

    @pytest.mark.parametrize("port", ["http", "0", "-1", "65536", "8000.5"])
    def test_a_port_that_is_none_is_named(self, tmp_path, port):
        with pytest.raises(Problem, match="PEERWORKS_PORT"):
            site.run({"PEERWORKS_STATE_DIR": str(tmp_path), "PEERWORKS_PORT": port})


class TestTold:
    def settings(self, tmp_path, **given):
        return site._settings(Place(tmp_path, "run"), given)

    def test_on_this_machine_alone_nothing_is_sent_to_https(self, tmp_path):
        told = self.settings(tmp_path, PEERWORKS_DEMO="0")

        assert (told["PEERWORKS_TLS"], told["PEERWORKS_DEMO"]) == ("0", "0")
        assert "EMAIL_URL" not in told

    def test_behind_a_name_it_is(self, tmp_path):
        told = self.settings(tmp_path, PEERWORKS_DEMO="0", ALLOWED_HOSTS="peers.example")

        assert told["PEERWORKS_TLS"] == "1"

    def test_the_demonstration_writes_letters_to_files(self, tmp_path):
        assert self.settings(tmp_path)["EMAIL_URL"].startswith("filemail://")

    def test_what_is_given_wins(self, tmp_path):
        told = self.settings(tmp_path, EMAIL_URL="smtp://mail.example", PEERWORKS_PORT="8123")

        assert told["EMAIL_URL"] == "smtp://mail.example"
        assert told["PEERWORKS_PORT"] == "8123"


class TestWords:
    def test_a_full_disk_and_a_closed_file_have_a_sentence(self):
        assert "The disk is full" in in_words(OSError(28, "No space left on device", "/x/y"))
        assert "/x/y may not be read or written" in in_words(PermissionError(13, "denied", "/x/y"))
        assert "The disk is full" in in_words(OSError(27, "File too large"))

    def test_another_fault_is_none_of_these(self):
        assert in_words(FileNotFoundError(2, "No such file", "/x")) is None


class TestFolder:
    def test_one_that_others_may_write_in_is_refused(self, tmp_path):
        place = open_place("run", {"PEERWORKS_STATE_DIR": str(tmp_path)})
        place.folder.chmod(0o777)

        with pytest.raises(Problem, match="Other users may write in"):
            open_place("run", {"PEERWORKS_STATE_DIR": str(tmp_path)})

    def test_one_of_another_user_is_refused(self, tmp_path, monkeypatch):
        place = open_place("run", {"PEERWORKS_STATE_DIR": str(tmp_path)})
        if os.geteuid() == 0:
            os.chown(place.folder, 54321, -1)
        else:
            monkeypatch.setattr("os.geteuid", lambda: 54321)

        with pytest.raises(Problem, match="and this start is by"):
            open_place("run", {"PEERWORKS_STATE_DIR": str(tmp_path)})


class TestDoctor:
    def parts(self, tmp_path, **given):
        env = {"PEERWORKS_STATE_DIR": str(tmp_path), "PATH": os.environ["PATH"], **given}
        return {part.name: part for part in doctor.examine(env)}

    def test_every_part_is_named(self, tmp_path):
        found = self.parts(tmp_path / "state")

        assert {
            *("Python", "venv", "make", "checkout", "packages, run", "packages, dev", "disk"),
            *("PostgreSQL", "Valkey", "Chromium", "mode", "address", "mail"),
            *("SECRET_KEY", "FIELD_KEYS", "files, run", "files, agency", "files, tests"),
            *("sockets, run", "sockets, agency", "sockets, tests"),
        } == found.keys()
        assert not (tmp_path / "state").exists()

    @pytest.mark.parametrize(
        ("given", "name", "fix"),
        [
            ({"DATABASE_URL": "postgresql:///x"}, "PostgreSQL", "set both or none"),
            ({"PEERWORKS_HOST": "192.0.2.7"}, "mode", "PEERWORKS_DEMO_ANYWHERE=1"),
            ({"PEERWORKS_DEMO": "maybe"}, "mode", "Write 1 for the demonstration"),
            ({"PEERWORKS_PORT": "none"}, "address", "from 1 to 65535"),
            ({"PEERWORKS_DEMO": "0"}, "mail", "Set EMAIL_URL"),
            ({"SECRET_KEY_FILE": "/no/such/file"}, "SECRET_KEY", "Correct SECRET_KEY_FILE"),
            ({"CHROMIUM": "/no/such"}, "Chromium", "CHROMIUM is"),
            ({"PATH": "/nowhere"}, "make", "apt-get install -y make"),
        ],
    )
    def test_what_is_wrong_has_its_fix(self, tmp_path, given, name, fix):
        assert fix in self.parts(tmp_path, **given)[name].fix

    def test_services_of_ones_own_are_named(self, tmp_path):
        given = {"DATABASE_URL": "x", "DATABASE_OWNER_URL": "y", "REDIS_URL": "z"}
        found = self.parts(tmp_path, **given)

        assert found["PostgreSQL"].found == "from DATABASE_URL"
        assert found["Valkey"].found == "from REDIS_URL"

    def test_a_folder_in_use_says_by_whom(self, tmp_path):
        place = open_place("run", {"PEERWORKS_STATE_DIR": str(tmp_path)})
        lock = doctor.Lock(place.lock)
        lock.take()
        lock.write("http://localhost:1/")
        try:
            assert "in use: http://localhost:1/" in self.parts(tmp_path)["files, run"].found
        finally:
            lock.release()
        assert "at rest" in self.parts(tmp_path)["files, run"].found

    def test_the_report_ends_with_what_is_missing(self, tmp_path, capsys):
        env = {"PEERWORKS_STATE_DIR": str(tmp_path), "PATH": os.environ["PATH"]}

        assert doctor.report(env | {"PEERWORKS_PORT": "x"}) == 1
        assert "1 missing: address." in capsys.readouterr().out
        assert doctor.report(env) == 0
        assert "Everything that is needed is there." in capsys.readouterr().out
