"""The record of what ran: one `Job` for each piece of due work, with figures and codes and no words."""

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.cache.backends.db import DatabaseCache
from django.db import (
    DatabaseError,
    IntegrityError,
    OperationalError,
    connection,
    connections,
    transaction,
)

from peerworks.audit.models import AuditEvent
from peerworks.jobs import beats, kinds, operations, progress, reasons
from peerworks.jobs.due import AskedTask, DueTask, claimed
from peerworks.jobs.kinds import Worked
from peerworks.jobs.models import DueWork, Job
from peerworks.jobs.tasks import due_work_published
from peerworks.lib.findings import Because, Refused, ref, refuse
from peerworks.web.errors import short_reference
from providers.notices import TASK as EXPIRY
from providers.tasks import certification_expiry_reminders_raised
from supervision.notices import TASK as OVERDUE
from supervision.tasks import supervision_overdue_reminders_raised
from tests.factories.jobs import make_job

pytestmark = pytest.mark.django_db(databases=["default", "apart"])

PAST = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)


class Counted(DueTask):
    """A task that tells its figures and how far it is."""

    name = "tests.counted"
    error: Exception | None = None

    def run(self, *, agency_id, due_work_id, slot, **_):
        if not claimed(due_work_id):
            return None
        progress.tell(2, 3)
        if self.error is not None:
            raise self.error
        return Worked({"rows": 7}, uuid.UUID(int=1))


def due(world, kind="tests.counted", slot="1"):
    """One due row of the first agency."""
    operations.plan(kind=kind, slots=[(world.juniper.agency.pk, slot)], at=PAST)
    return DueWork.objects.get(kind=kind, slot=slot)


def call(task, row):
    """As Celery calls it."""
    return task(agency_id=row.agency_id, due_work_id=row.pk, slot=row.slot)


def job_of(world, row):
    """The record of a due row."""
    with world.acting("administrator"):
        return Job.objects.get(kind=row.kind, slot=row.slot)


def failing(error):
    """The task, with something that goes wrong in it."""
    task = Counted()
    task.error = error
    return task


# What is kept.


def test_a_run_keeps_when_how_many_and_what_it_made(world):
    row = due(world)
    call(Counted(), row)
    job = job_of(world, row)
    assert (job.state, job.tries, job.reason) == ("DONE", 1, "")
    assert job.started_at <= job.finished_at
    assert (job.counts, job.record_id) == ({"rows": 7}, uuid.UUID(int=1))
    assert (job.done, job.total) == (3, 3)
    assert (job.asked_by, job.asked_at) == (None, None)


def test_a_second_delivery_changes_nothing(world):
    row = due(world)
    call(Counted(), row)
    first = job_of(world, row)
    call(Counted(), row)
    again = job_of(world, row)
    assert (again.tries, again.finished_at) == (first.tries, first.finished_at)


@pytest.mark.parametrize(
    ("task", "kind"),
    [
        (certification_expiry_reminders_raised, EXPIRY),
        (supervision_overdue_reminders_raised, OVERDUE),
    ],
)
def test_the_reminders_are_recorded_and_twice_is_as_once(world, task, kind):
    house, today = world.juniper, world.today.isoformat()
    found = []
    for slot in (today, f"{today} {uuid.uuid4().hex}"):
        row = due(world, kind, slot)
        call(task, row)
        found.append(job_of(world, row).counts)
    first, again = found
    assert first.keys() == again.keys() == {"raised", "closed", "superseded", "already"}
    assert again["raised"] == again["closed"] == again["superseded"] == 0
    assert again["already"] == first["raised"] + first["already"]
    with world.acting("other-administrator"):
        assert not Job.objects.exists(), house


def test_what_fails_says_why_and_is_tried_again(world):
    row = due(world)
    with pytest.raises(ZeroDivisionError):
        call(failing(ZeroDivisionError("Wren Alder")), row)
    job = job_of(world, row)
    assert (job.state, job.reason, job.finished_at) == ("QUEUED", "JOB-FAULT", None)
    call(Counted(), row)
    job = job_of(world, row)
    assert (job.state, job.tries, job.reason) == ("DONE", 2, "")


def test_five_failures_are_the_end_of_it_and_the_next_slot_runs(world):
    row = due(world)
    for _ in range(5):
        with pytest.raises(ValueError, match="a name"):
            call(failing(ValueError("a name")), row)
    assert call(failing(ValueError("a name")), row) is None
    job = job_of(world, row)
    assert (job.state, job.tries, job.reason) == ("FAILED", 5, "JOB-FAULT")
    following = due(world, slot="2")
    call(Counted(), following)
    assert job_of(world, following).state == "DONE"


def test_a_refusal_is_an_answer_and_not_tried_again(world):
    row = due(world)
    payer = uuid.uuid4()
    refusal = refuse("BATCH-EMPTY", payer=ref("billing.payer", payer), told="Wren Alder")
    assert call(failing(Refused(refusal)), row) is None
    job = job_of(world, row)
    row.refresh_from_db()
    assert (job.state, job.reason, job.tries) == ("FAILED", "BATCH-EMPTY", 1)
    assert job.because == {"payer": f"billing.payer:{payer}"}
    assert (row.state, row.error) == ("PARKED", "Refused")


def test_a_log_names_the_reference_and_no_value(world, caplog):
    row = due(world)
    with pytest.raises(ValueError, match="Wren"):
        call(failing(ValueError("Wren Alder")), row)
    job = job_of(world, row)
    assert short_reference(str(job.pk)) in caplog.text
    assert "Wren" not in caplog.text


def test_what_a_run_writes_has_its_id_as_reference(world):
    row = due(world, EXPIRY, world.today.isoformat())
    call(certification_expiry_reminders_raised, row)
    job = job_of(world, row)
    with world.acting("privacy-officer"):
        (event,) = AuditEvent.objects.filter(action="reminders.raised")
    assert event.reference == str(job.pk)


def test_a_worker_that_died_five_times_is_named(world):
    row = due(world)
    for _ in range(5):
        operations.note_start(row.pk)
    assert job_of(world, row).state == "RUNNING"
    assert operations.note_start(row.pk) is None
    job = job_of(world, row)
    assert (job.state, job.reason) == ("FAILED", "JOB-LOST")


def test_work_that_no_task_does_is_parked_and_what_is_behind_it_is_sent(world, monkeypatch):
    sent = []
    task = due_work_published.app.tasks[EXPIRY]
    monkeypatch.setattr(task, "apply_async", lambda **given: sent.append(given))
    unknown = due(world, "gone.forever")
    due(world, EXPIRY, "2026-01-02")
    for _ in range(5):
        DueWork.objects.update(enqueued_at=None)
        due_work_published()
    assert len(sent) == 5
    unknown.refresh_from_db()
    assert unknown.state == "PARKED"
    assert job_of(world, unknown).reason == "JOB-UNKNOWN"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (SoftTimeLimitExceeded(), "JOB-TIME"),
        (OperationalError(), "JOB-DATABASE"),
        (DatabaseError(), "JOB-DATABASE"),
        (ConnectionRefusedError(), "JOB-OUTSIDE"),
        (KeyError(), "JOB-FAULT"),
    ],
)
def test_an_error_is_a_reason_without_its_text(error, reason):
    assert reasons.reason_of(error).reason == reason


@pytest.mark.django_db
def test_a_statement_that_took_too_long_is_told_from_a_database_that_is_away():
    with pytest.raises(OperationalError) as raised, transaction.atomic():
        connection.cursor().execute("SET LOCAL statement_timeout = 10; SELECT pg_sleep(5)")
    assert reasons.reason_of(raised.value).reason == "JOB-TIME"


def test_values_of_a_reason_come_back_as_they_were():
    given = {
        "payer": ref("billing.payer", uuid.uuid4()),
        "today": dt.date(2026, 1, 2),
        "count": 7,
        "problem": "TAXONOMY",
    }
    kept = reasons.stored(Because("X", given | {"name": "Wren Alder", "at": PAST}))
    assert kept.keys() == given.keys()
    assert dict(reasons.read("X", kept).params) == given


# One at a time.


def test_a_kind_that_runs_alone_waits_for_its_other_run(world):
    one, two = due(world, EXPIRY), due(world, EXPIRY, "2")
    assert operations.note_start(one.pk)
    assert operations.note_start(two.pk) is None
    two.refresh_from_db()
    assert (two.state, two.tries) == ("DUE", 0)


def test_a_kind_that_may_run_beside_itself_does(world):
    one, two = due(world), due(world, slot="2")
    assert operations.note_start(one.pk)
    assert operations.note_start(two.pk)


def test_agencies_do_not_wait_for_each_other(world):
    for house in (world.juniper, world.lantern):
        operations.plan(kind="tests.counted", slots=[(house.agency.pk, "1")], at=PAST)
    assert all(operations.note_start(each.pk) for each in DueWork.objects.all())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, databases=["default", "apart"])
def test_a_row_that_somebody_works_on_is_left_to_them(world):
    """A second delivery while the first one works is no try: five would park work that is being done."""

    def delivered_again():
        try:
            return operations.note_start(row.pk)
        finally:
            connections.close_all()

    row = due(world)
    with transaction.atomic(), ThreadPoolExecutor() as others:
        assert operations.claim(row.pk)
        assert others.submit(delivered_again).result(20) is None
    row.refresh_from_db()
    assert (row.state, row.tries) == ("DONE", 0)


# Asked for by hand.


def start(world, who="administrator", kind=EXPIRY, form_key=None):
    """Start a kind by hand."""
    with world.acting(who) as player:
        return operations.start_now(
            kind=kind,
            by=player.member,
            on=world.today,
            at=world.now,
            form_key=form_key or uuid.uuid4(),
        )


def test_a_run_by_hand_is_a_due_row_a_waiting_job_and_one_event(world):
    job = start(world)
    assert (job.state, job.asked_by) == ("QUEUED", world["administrator"].member)
    row = DueWork.objects.get()
    assert (row.kind, row.slot, row.state) == (EXPIRY, job.slot, "DUE")
    with world.acting("privacy-officer"):
        (event,) = AuditEvent.objects.filter(object_id=str(job.pk))
    assert event.action == "job.started"
    call(certification_expiry_reminders_raised, row)
    with world.acting("administrator"):
        job.refresh_from_db()
    assert (job.state, job.asked_by_id) == ("DONE", world["administrator"].member.pk)


def test_the_same_form_again_is_the_same_run(world):
    key = uuid.uuid4()
    assert start(world, form_key=key) == start(world, form_key=key)
    assert DueWork.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "kind", "code"),
    [
        ("peer", EXPIRY, "JOB-ROLE"),
        ("administrator", "tests.counted", "JOB-KIND"),
        ("administrator", "jobs.worker_alive", "JOB-KIND"),
    ],
)
def test_who_may_not_and_what_may_not_be_started(world, who, kind, code):
    with pytest.raises(Refused) as refused:
        start(world, who, kind)
    assert refused.value.refusal.code == code
    assert not DueWork.objects.exists()


def test_a_second_press_while_it_runs_is_refused(world):
    start(world)
    with pytest.raises(Refused) as refused:
        start(world)
    assert refused.value.refusal.code == "JOB-RUNNING"
    assert DueWork.objects.count() == 1


def test_work_that_somebody_asked_for_is_done_as_that_member(world):
    class Asked(AskedTask):
        name = "tests.asked"

        def run(self, *, agency_id, due_work_id, slot, **_):
            claimed(due_work_id)
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_setting('peerworks.user_id')")
                self.user = cursor.fetchone()[0]

    with world.acting("biller") as biller:
        operations.start_job(kind="tests.asked", slot="1", by=biller.member, at=world.now)
    task = Asked()
    call(task, DueWork.objects.get())
    assert task.user == str(biller.user.pk)
    call(task, due(world, "tests.asked", "2"))
    assert task.user == str(world.juniper.service.user_id)


# Progress.


def test_progress_is_told_apart_from_the_transaction(world):
    row = due(world)
    with pytest.raises(ValueError, match="undone"):
        call(failing(ValueError("undone")), row)
    assert progress.told(job_of(world, row).pk) == (2, 3)


def test_progress_outside_of_a_job_does_nothing():
    progress.tell(1, 2)
    assert progress.current() is None


def test_progress_is_told_at_most_some_times_a_second_and_always_at_the_end(monkeypatch):
    told = []
    monkeypatch.setattr(DatabaseCache, "set", lambda self, key, value, timeout: told.append(value))
    with progress.running(progress.Current(uuid.uuid4())):
        for number in range(1, 1001):
            progress.tell(number, 1000)
    assert told[0] == (1, 1000)
    assert told[-1] == (1000, 1000)
    assert len(told) < 100


# Signs of life.


@pytest.fixture
def signs(monkeypatch):
    """What is written, without giving back the connection of the test."""
    said = []
    monkeypatch.setattr(beats, "_said", {})
    monkeypatch.setattr(DatabaseCache, "set", lambda self, key, value, timeout: said.append(key))
    monkeypatch.setattr(type(connections["apart"]), "close", lambda self: None)
    return said


def test_a_sign_of_life_comes_at_most_every_ten_seconds(signs):
    for _ in range(5):
        beats.say_alive(beats.WORKER)
        beats.say_alive(beats.CLOCK)
    assert signs == ["jobs.alive.worker", "jobs.alive.clock"]


def test_nobody_dies_of_a_database_that_is_away(signs, monkeypatch, caplog):
    def away(self, key, value, timeout):
        raise OperationalError("away")

    monkeypatch.setattr(DatabaseCache, "set", away)
    beats.say_alive(beats.WORKER)
    with progress.running(progress.Current(uuid.uuid4())):
        progress.tell(1, 2)
    assert "sign of life of the worker could not be written" in caplog.text
    assert "progress of a job could not be written" in caplog.text


# What the database refuses.


@pytest.mark.parametrize(
    ("constraint", "given"),
    [
        ("jobs_job_nobody", {"counts": {"raised": "Wren Alder"}}),
        ("jobs_job_nobody", {"counts": {"raised": [1]}}),
        ("jobs_job_nobody", {"counts": [1]}),
        ("jobs_job_nobody", {"given": {"person": "Wren Alder"}}),
        ("jobs_job_nobody", {"given": {"payer": 7}}),
        ("jobs_job_nobody", {"because": {"name": "Wren Alder"}}),
        ("jobs_job_nobody", {"because": {"name": "Alder"}}),
        ("jobs_job_reason", {"state": "FAILED", "reason": "Wren fell ill"}),
        ("jobs_job_reason", {"state": "FAILED", "reason": ""}),
        ("jobs_job_reason", {"reason": "JOB-FAULT"}),
        ("jobs_job_moments", {"finished_at": None}),
        ("jobs_job_moments", {"state": "RUNNING", "started_at": None}),
        ("jobs_job_asked", {"asked_at": PAST}),
        ("jobs_job_progress", {"done": 4, "total": 3}),
    ],
)
def test_the_database_refuses(world, constraint, given):
    with world.acting("administrator"):
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            make_job(agency=world.juniper.agency, **given)
        assert refused.value.__cause__.diag.constraint_name == constraint


def test_a_job_of_another_agency_is_not_made(world):
    with world.acting("administrator"):
        with pytest.raises(DatabaseError), transaction.atomic():
            make_job(agency=world.lantern.agency)


# Kinds.


def test_two_apps_cannot_take_one_kind(monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", {})
    kinds.register(kinds.JobKind("tests.a", "A"))
    kinds.register(kinds.JobKind("tests.a", "A"))
    with pytest.raises(kinds.KindTaken):
        kinds.register(kinds.JobKind("tests.a", "B"))


def test_every_task_that_does_due_work_has_its_words():
    app = due_work_published.app
    silent = [
        name
        for name, task in app.tasks.items()
        if isinstance(task, DueTask) and not name.startswith("tests.")
        if not kinds.is_registered(name)
    ]
    assert silent == [], "say in the app's ready() what the page of jobs calls them: jobs.kinds"
    assert {EXPIRY, OVERDUE} <= app.tasks.keys()


def test_a_slot_by_hand_has_its_day():
    key = uuid.uuid4()
    slot = kinds.slot_by_hand(dt.date(2026, 1, 2), key)
    assert kinds.day_of(slot) == kinds.day_of("2026-01-02") == dt.date(2026, 1, 2)
    assert key.hex in slot
    with pytest.raises(ValueError, match="Invalid"):
        kinds.day_of("a slot of another kind")
