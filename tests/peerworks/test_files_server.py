"""FI-1: 200 MB sent to the web server as `make run` starts it: answered in words, in flat memory."""

import http.client
import os
import socket
import subprocess
import sys
import time
import uuid
from contextlib import contextmanager

import psutil
import pytest
from django.conf import settings
from django.db import connections
from django.urls import reverse

from peerworks.files.limits import MEGABYTE, MOST_BYTES
from peerworks.files.models import StoredFile
from tests.databases import ROOT, named
from tests.factories.providers import make_credential, make_credential_kind
from tests.hostile import form, pdf
from tests.peerworks.test_jobs import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
BOUNDARY = "made-up-boundary"
BLOCK = bytes(64 * 1024)
#: What reading and answering may cost a worker; a file that is held in memory costs its own size.
FLAT = 16 * MEGABYTE


class Server:
    """Gunicorn with one worker, and how much memory it has used at most since `rest`."""

    def __init__(self, port, process, session):
        self.port, self.process, self.session = port, process, session
        self.most = 0

    def memory(self):
        """Bytes in memory of the arbiter, its worker and whatever they started."""
        own = psutil.Process(self.process.pid)
        found = []
        for each in (own, *own.children(recursive=True)):
            try:
                found.append(each.memory_info().rss)
            except psutil.NoSuchProcess:
                continue
        return sum(found)

    def post(self, path, parts, length=None):
        """Stream a form; status and text of the answer. `length` None sends it in chunks."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.putrequest("POST", path)
        connection.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
        connection.putheader("Cookie", f"{self.session}; {settings.CSRF_COOKIE_NAME}={'a' * 32}")
        connection.putheader("Origin", f"http://127.0.0.1:{self.port}")
        if length is None:
            connection.putheader("Transfer-Encoding", "chunked")
        else:
            connection.putheader("Content-Length", str(length))
        connection.endheaders()
        self._send(connection, parts, chunked=length is None)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def _send(self, connection, parts, *, chunked):
        try:
            for number, part in enumerate(parts):
                connection.send(b"%x\r\n%s\r\n" % (len(part), part) if chunked else part)
                if number % 64 == 0:
                    self.most = max(self.most, self.memory())
            if chunked:
                connection.send(b"0\r\n\r\n")
        except (BrokenPipeError, ConnectionResetError):
            return  # the server has heard enough: its answer is there

    def get(self, path):
        """Status and bytes of a page."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request("GET", path, headers={"Cookie": self.session})
        answer = connection.getresponse()
        found = answer.status, answer.read()
        connection.close()
        return found


@contextmanager
def gunicorn(folder, name, session):
    """The web server on a free port, with the database of this test."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        port = listener.getsockname()[1]
        environment = os.environ | {
            "DATABASE_URL": named(os.environ["DATABASE_URL"], name),
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "PEERWORKS_STATE_DIR": str(folder),
        }
        command = [sys.executable, "-m", "gunicorn", "peerworks.wsgi"]
        command += ["--bind", f"fd://{listener.fileno()}", "--workers", "1"]
        command += ["--worker-class", "gthread", "--threads", "4", "--no-control-socket"]
        process = subprocess.Popen(  # noqa: S603 - our own server, fixed words
            command,
            cwd=ROOT,
            env=environment,
            pass_fds=(listener.fileno(),),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield Server(port, process, session)
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture
def held(world):
    """A certificate of Luz."""
    with world.acting("peer") as luz:
        return make_credential(
            by=luz.member,
            provider=luz.provider,
            kind=make_credential_kind(by=luz.member),
            since=world.today,
            until=None,
        )


@pytest.fixture
def server(world, held, tmp_path):
    """The server, warm: the first page and the first file are behind it."""
    cookie = world["peer"].client().cookies[settings.SESSION_COOKIE_NAME].value
    name = connections["default"].settings_dict["NAME"]
    session = f"{settings.SESSION_COOKIE_NAME}={cookie}; {settings.LANGUAGE_COOKIE_NAME}=en"
    with gunicorn(tmp_path, name, session) as running:
        while running.get("/healthz")[0] != 200:
            time.sleep(0.1)
        warm = body(world, [("warm.gif", b"GIF89a")])
        assert running.post(url_of(held), [warm], len(warm))[0] == 422
        running.most = running.memory()
        yield running


def url_of(held):
    """Where files are added."""
    return reverse("providers:evidence-add", args=[held.pk])


def body(world, files):
    """The whole form."""
    hidden = {
        "csrfmiddlewaretoken": "a" * 32,
        "form_agency": str(world.juniper.agency.pk),
        "form_key": str(uuid.uuid4()),
    }
    return form(BOUNDARY, hidden, files)


def streamed(world, megabytes):
    """A form with one big file, in small parts, and its length; the file is never in memory here."""
    whole = body(world, [("big.pdf", b"%PDF-")])
    place = whole.index(b"%PDF-") + 5
    count = megabytes * MEGABYTE // len(BLOCK)
    length = len(whole) + count * len(BLOCK)

    def parts():
        yield whole[:place]
        for _ in range(count):
            yield BLOCK
        yield whole[place:]

    return parts(), length


def left_in(folder):
    """Files that stand in the folder."""
    return [each for each in (folder / "files").rglob("*") if each.is_file()]


def kept(world):
    """Rows of stored files."""
    with world.acting("peer"):
        return StoredFile.objects.count()


def test_fi_1_what_is_too_long_is_answered_in_words_and_flat_memory(world, server, held, tmp_path):
    before, url = server.most, url_of(held)
    parts, length = streamed(world, 200)
    status, text = server.post(url, parts, length)
    assert (status, "That is too much at once" in text) == (413, True)
    parts, length = streamed(world, 49)
    status, text = server.post(url, parts, length)
    assert (status, "big.pdf: The file is larger than 10 MB" in text) == (422, True)
    parts, _length = streamed(world, 200)
    status, _text = server.post(url, parts)  # in chunks, without a length: nothing is read
    assert status in {400, 403, 409, 411, 413}
    assert server.most - before < FLAT
    assert (kept(world), left_in(tmp_path)) == (0, [])


def test_fi_1_a_sender_who_breaks_off_leaves_nothing(world, server, held, tmp_path):
    parts, length = streamed(world, 8)
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
        head = f"POST {url_of(held)} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        head += f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
        line.sendall(f"{head}Cookie: {server.session}\r\nContent-Length: {length}\r\n\r\n".encode())
        for _ in range(40):
            line.sendall(next(parts))
        assert wait_until(lambda: left_in(tmp_path), 60), "nothing of it came in"
    assert wait_until(lambda: not left_in(tmp_path), 60), left_in(tmp_path)
    assert server.get("/healthz")[0] == 200
    assert kept(world) == 0


def test_fi_1_a_good_file_goes_through_the_real_server(world, server, held, tmp_path):
    data = pdf(3)
    whole = body(world, [("card.pdf", data)])
    assert server.post(url_of(held), [whole], len(whole))[0] == 302
    # What came in is cleared away when the answer has left.
    assert wait_until(lambda: len(left_in(tmp_path)) == 1, 60), left_in(tmp_path)
    (place,) = left_in(tmp_path)
    assert place.read_bytes() == data
    with world.acting("peer"):
        evidence = held.evidence.get()
    opened = reverse("providers:evidence-open", args=[evidence.pk])
    assert server.get(opened) == (200, data)
    assert len(data) < MOST_BYTES
