"""PR-1, CF-5: what `tests.watch` watches during every test, and that it bites."""

import base64
import logging
import os
import re
import socket
import urllib.request

import pytest
import redis
from celery import Task, shared_task
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, connection, transaction

from peerworks.accounts.models import User
from peerworks.celery import app
from peerworks.jobs.kinds import kinds as registered
from peerworks.jobs.operations import plan
from peerworks.jobs.tasks import due_work_published
from peerworks.participants.models import Participant
from peerworks.web.logs import WithoutValues, in_words
from tests.house.sources import name_of, python
from tests.watch import PEOPLE, WayOut, product_handler

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "apart"])]

log = logging.getLogger("peerworks.watched")
ELSEWHERE = "192.0.2.7"  # for documentation: nobody has it


# PR-1


def test_a_name_in_the_log_is_found(watch):
    log.info("opened the record of %s", "Wren Alder")
    log.info("answered %s", 200)
    (found,) = watch.taken()
    assert found.startswith("the log of peerworks.watched says 'Wren'")


def test_a_name_in_a_letter_is_found(watch):
    letter = EmailMultiAlternatives("Today", "Nothing new.", to=["luz@juniper-bridge.example"])
    letter.attach_alternative("<p>Wren Alder waits.</p>", "text/html")
    letter.send()
    (found,) = watch.taken()
    mail.outbox.clear()
    assert found.startswith("a letter says 'Wren'")


@shared_task(name="tests.told")
def told(**_):
    """Answers with a name."""
    return "Wren Alder"


def test_a_name_in_a_message_or_an_answer_of_a_task_is_found(watch, broker):
    told.apply_async(kwargs={"slot": "DEMO-0001"})
    told.apply()
    assert [each.partition(":")[0] for each in watch.taken()] == [
        "a message to the broker says 'DEMO-0001'",
        "the log of celery.app.trace says 'Wren'",
        "the answer of a task says 'Wren'",
    ]
    assert "DEMO-0001" in contents(broker)


@pytest.fixture
def broker(monkeypatch, worker_id):
    """A number of the real broker that nobody else uses, and the program's connection to it."""
    number = 4 + int(worker_id.removeprefix("gw") if worker_id.startswith("gw") else 3)
    url = app.conf.broker_url.rpartition("=")[0] + f"={number}"
    client = redis.from_url(os.environ["REDIS_URL"].rpartition("=")[0] + f"={number}")
    client.flushdb()
    with app.connection_for_write(url) as connected, monkeypatch.context() as patch:
        apply = Task.apply_async

        def there(self, *given, **told):
            return apply(self, *given, **{"connection": connected, **told})

        patch.setattr(Task, "apply_async", there)
        yield client
    client.flushdb()
    client.close()


def contents(client):
    """Everything that the broker holds, as text."""
    found = []
    for key in client.keys("*"):
        kind = client.type(key)
        read = {
            b"list": lambda key: client.lrange(key, 0, -1),
            b"set": client.smembers,
            b"hash": client.hgetall,
            b"zset": lambda key: client.zrange(key, 0, -1),
            b"string": client.get,
        }[kind]
        found.append(f"{key!r} {read(key)!r}")
    text = "\n".join(found)
    bodies = re.findall(r'"body": "([\w+/=]+)"', text)
    return "\n".join([text, *(base64.b64decode(each).decode() for each in bodies)])


def test_all_kinds_of_work_are_asked_for_by_ids_alone(ground, broker):
    """PR-1: every kind of job of both agencies goes through the broker; what it holds names nobody."""
    app.loader.import_default_modules()
    kinds = [each.kind for each in registered() if each.kind in app.tasks]
    agencies = [ground.agency("peer").pk, ground.agency("other-administrator").pk]
    for kind in kinds:
        plan(kind=kind, slots=[(agency, str(ground.world.today)) for agency in agencies])
    due_work_published()
    held = contents(broker)
    assert len(kinds) >= 5
    assert [kind for kind in kinds if held.count(kind) < 2] == []
    assert PEOPLE.search(held) is None


def a_broken_row():
    """The error of a row that a constraint refuses: PostgreSQL repeats its values, where no policy stands before."""
    with pytest.raises(IntegrityError) as raised, transaction.atomic():
        User.objects.create(email=User.objects.get(name="Luz Ortega").email, name="Somebody")
    return raised.value


def test_an_error_of_the_database_is_logged_without_the_row(world):
    """PR-1: which constraint and where, as the product's handler writes it."""
    error = a_broken_row()
    assert world["peer"].user.email in str(error)
    record = logging.LogRecord(
        "x", 40, "", 1, "failed", (), (type(error), error, error.__traceback__)
    )
    line = product_handler().format(record)
    assert isinstance(product_handler().formatter, WithoutValues)
    assert world["peer"].user.email not in line
    assert "DETAIL" not in line
    for word in (
        "accounts_user_email_key",
        "a_broken_row",
        "IntegrityError",
        "psycopg.errors.UniqueViolation",
    ):
        assert word in line


def test_a_row_behind_a_policy_is_not_repeated_at_all(world):
    """PR-1: there PostgreSQL itself says no value, in its own log neither."""
    with world.acting("administrator"):
        rows = Participant.objects.filter(record_number="DEMO-0001")
        with pytest.raises(IntegrityError) as raised, transaction.atomic():
            rows.update(staff_membership=world["peer"].member)
    assert "Alder" not in str(raised.value)


@pytest.mark.parametrize("given", ["an argument", "celery"])
def test_an_error_in_a_line_is_logged_without_the_row(world, given):
    """PR-1: as a value of a line, and as Celery writes that a task failed."""
    error, email = a_broken_row(), world["peer"].user.email
    args = (error,) if given == "an argument" else ({"exc": repr(error)},)
    text = "failed: %s" if given == "an argument" else "failed: %(exc)s"
    record = logging.LogRecord("x", 40, "", 1, text, args, (type(error), error, None))
    assert email not in product_handler().format(record)
    assert "IntegrityError: " in product_handler().format(record)


@pytest.mark.parametrize("line", ["", "at /accounts/reset/SECRET/: %s"])
def test_an_error_that_is_the_line_or_beside_an_address_is_logged_without_the_row(world, line):
    """PR-1: the address loses its token before the line is written, and the error its row with it."""
    error, handler = a_broken_row(), product_handler()
    told, args = (line, (error,)) if line else (error, ())
    record = logging.LogRecord("x", 40, "", 1, told, args, None)
    assert handler.filter(record)
    written = handler.format(record)
    assert world["peer"].user.email not in written
    assert "SECRET" not in written
    assert "IntegrityError: " in written


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("not a number: 'Wren'"), "ValueError"),
        (KeyError("Wren"), "KeyError"),
        (TypeError("two arguments"), "TypeError: two arguments"),
        (RuntimeError(""), "RuntimeError"),
    ],
)
def test_an_error_that_repeats_what_it_was_given_is_logged_by_its_name(error, words):
    assert in_words(error) == words


def test_a_value_that_the_database_could_not_read_is_not_logged(world):
    with world.acting("administrator"), pytest.raises(Exception, match="Wren") as raised:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT %s::uuid", ["Wren Alder"])
    assert "Wren" not in in_words(raised.value)
    assert "Wren" not in in_words(raised.value.__cause__)
    assert "invalid input" in in_words(raised.value)


# CF-5


def test_no_other_machine_is_reached(watch):
    """CF-5: neither by its number nor by its name, nor by a single packet."""
    with socket.socket() as one:
        one.settimeout(1)
        for ask in (
            lambda: one.connect((ELSEWHERE, 443)),
            lambda: one.connect_ex((ELSEWHERE, 443)),
            lambda: socket.create_connection(("pages.example", 443), timeout=1),
            lambda: urllib.request.urlopen("http://pages.example/", timeout=1),
        ):
            with pytest.raises(WayOut):
                ask()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other, pytest.raises(WayOut):
        other.sendto(b"x", (ELSEWHERE, 53))
    assert len(watch.taken()) == 5


def test_this_machine_is_reached(watch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=1).close()
    assert watch.taken() == []


#: Who may speak to another machine at all, or hold a socket: the list of ways out, each with its reason.
WAYS_OUT = {
    "peerworks/local/site.py": "asks the site that it started on this machine whether it answers",
    "peerworks/local/doctor.py": "tries whether the port is free",
}
SPEAKS = re.compile(
    r"^\s*(?:import|from)\s+(?:socket|ssl|http\.client|urllib\.request|urllib3|requests|httpx|aiohttp|ftplib|"
    r"smtplib|telnetlib|xmlrpc|websocket\w*|paramiko)\b",
    re.MULTILINE,
)


def test_nothing_of_the_product_speaks_to_other_machines():
    """CF-5: letters go through Django's mail, work through the broker, rows through the database; no more."""
    speaking = {name_of(path) for path in python() if SPEAKS.search(path.read_text())}
    assert speaking == WAYS_OUT.keys()
