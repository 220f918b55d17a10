"""Due work: planned once, claimed once, done once, whatever dies in between."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
import uuid

import pytest
import redis
from django.db import connections, transaction

from peerworks.agencies.context import acting_for
from peerworks.audit.models import AuditEvent
from peerworks.jobs import beats, operations
from peerworks.jobs.models import DueWork, Job
from peerworks.jobs.tasks import DueTask, claimed, due_work_published
from peerworks.notices.kinds import reminder_tasks
from peerworks.notices.models import Notice
from peerworks.notices.tasks import reminders_planned
from tests.databases import ROOT, named
from tests.sweep.work import ACTION, EFFECT, POISON

PAST = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)


# Planning, publishing, claiming.


def plan(world, slots, kind=EFFECT, at=PAST):
    """Plan one kind for the first agency."""
    agency = world.juniper.agency.pk
    return operations.plan(kind=kind, slots=[(agency, slot) for slot in slots], at=at)


def test_work_is_planned_once_for_a_slot_and_an_agency(world):
    assert plan(world, ["1", "2"]) == 2
    assert plan(world, ["2", "3"]) == 1
    assert operations.plan(kind=EFFECT, slots=[(world.lantern.agency.pk, "1")], at=PAST) == 1
    assert plan(world, ["1"], kind="another") == 1


def test_what_is_due_is_published_and_not_again_before_the_delay(world, settings):
    plan(world, ["1"])
    plan(world, ["later"], at=dt.datetime(2999, 1, 1, tzinfo=dt.UTC))
    ((_, agency, kind, slot),) = operations.publish_due()
    assert (agency, kind, slot) == (world.juniper.agency.pk, EFFECT, "1")
    assert operations.publish_due() == []
    DueWork.objects.filter(slot="1").update(enqueued_at=PAST)
    assert len(operations.publish_due()) == 1


def test_work_is_claimed_once(world):
    plan(world, ["1"])
    row = DueWork.objects.get()
    assert operations.claim(row.pk)
    assert not operations.claim(row.pk)
    row.refresh_from_db()
    assert (row.state, row.done_at is not None) == ("DONE", True)
    assert operations.publish_due() == []
    assert not operations.claim(uuid.uuid4())


def test_the_fifth_failed_try_parks_the_work_and_says_why(world):
    plan(world, ["1"])
    row = DueWork.objects.get()
    for number in range(1, 6):
        assert operations.note_start(row.pk)
        operations.note_failure(row.pk, ValueError("a name that must not be kept"))
        row.refresh_from_db()
        assert (row.state, row.tries) == ("PARKED" if number == 5 else "DUE", number)
    assert not operations.note_start(row.pk)
    assert row.error == "ValueError"
    assert not operations.claim(row.pk)


def test_a_try_that_took_its_worker_down_counts(world):
    plan(world, ["1"])
    row = DueWork.objects.get()
    for _ in range(5):
        assert operations.note_start(row.pk)
    assert not operations.note_start(row.pk)
    row.refresh_from_db()
    assert (row.state, row.tries, row.error) == ("PARKED", 5, "")


def test_work_that_is_done_neither_starts_nor_fails(world):
    plan(world, ["1"])
    row = DueWork.objects.get()
    operations.claim(row.pk)
    assert not operations.note_start(row.pk)
    operations.note_failure(row.pk, ValueError())
    row.refresh_from_db()
    assert (row.state, row.tries, row.error) == ("DONE", 0, "")


class Once(DueTask):
    """A task as the apps write them."""

    name = "tests.once"
    ran: list = []

    def run(self, *, agency_id, due_work_id, slot, **_):
        """Note that it ran, or that it found the work done."""
        if claimed(due_work_id):
            self.ran.append((agency_id, slot))


def test_a_task_runs_its_body_once(world):
    plan(world, ["1"])
    row = DueWork.objects.get()
    task = Once()
    task.ran = []
    for _ in range(3):
        task(agency_id=row.agency_id, due_work_id=row.pk, slot="1", added_later=True)
    assert task.ran == [(row.agency_id, "1")]


def test_a_task_without_an_agency_is_a_mistake(world):
    with pytest.raises(TypeError):
        Once()(due_work_id=uuid.uuid4(), slot="1")


def test_a_failed_task_leaves_nothing_but_its_count(world):
    class Fails(Once):
        name = "tests.fails"

        def run(self, *, agency_id, due_work_id, slot, **_):
            claimed(due_work_id)
            raise ValueError("after the claim")

    plan(world, ["1"])
    row = DueWork.objects.get()
    with pytest.raises(ValueError, match="after the claim"):
        Fails()(agency_id=row.agency_id, due_work_id=row.pk, slot="1")
    row.refresh_from_db()
    assert (row.state, row.tries, row.error) == ("DUE", 1, "ValueError")


def test_the_sweeper_sends_ids_only(world, monkeypatch):
    sent = []
    task = due_work_published.app.tasks[EFFECT]
    monkeypatch.setattr(task, "apply_async", lambda **given: sent.append(given))
    plan(world, ["1"])
    due_work_published()
    due_work_published()
    (given,) = sent
    assert given["kwargs"].keys() == {"agency_id", "due_work_id", "slot"}


def test_a_tick_plans_each_reminder_once_a_day_and_agency(world):
    assert "providers.certification_expiry_reminders_raised" in reminder_tasks()
    assert "supervision.supervision_overdue_reminders_raised" in reminder_tasks()
    for _ in range(3):
        reminders_planned()
    assert DueWork.objects.count() == 2 * len(reminder_tasks())
    assert set(DueWork.objects.values_list("kind", flat=True)) == set(reminder_tasks())


# Real workers, a real beat, a real broker.


class Machine:
    """A database and a broker of its own, and the processes that work on them."""

    def __init__(self, database, folder, worker):
        # A broker's number for each test process: two of them must not take each other's work.
        number = 8 + int(worker.removeprefix("gw") if worker.startswith("gw") else 7)
        self.broker_url = os.environ["REDIS_URL"].rpartition("=")[0] + f"={number}"
        self.database, self.folder, self.running = database, folder, []
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.sweep.work_settings",
            "DATABASE_URL": named(os.environ["DATABASE_URL"], database),
            "REDIS_URL": self.broker_url,
            "SWEEP_EVERY": "0.3",
            "REMINDERS_EVERY": "0.5",
            "QUEUE": database,
        }
        self.flush()

    def flush(self):
        """The broker forgets everything."""
        with redis.from_url(self.broker_url) as client:
            client.flushdb()

    def start(self, *command):
        """A process group with one Celery command."""
        with (self.folder / f"{command[0]}-{len(self.running)}.log").open("w") as log:
            process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "celery", "-A", "peerworks.celery", *command],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def worker(self):
        """Two processes that work."""
        return self.start("worker", "--concurrency=2", "--loglevel=WARNING")

    def beat(self):
        """The clock."""
        name = f"beat-{len(self.running)}"
        return self.start("beat", f"--schedule={self.folder / name}", "--loglevel=WARNING")

    def kill(self, process):
        """Kill a whole process group with SIGKILL."""
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def stop(self):
        """Kill what still runs."""
        for each in self.running:
            self.kill(each)
        self.flush()


@pytest.fixture
def machine(transactional_db, databases, tmp_path, worker_id):
    """The world in a database of its own, given back whole; workers and beats die with the test."""
    connections.close_all()
    name = databases.copy_of(databases.source)
    was = connections["default"].settings_dict["NAME"]
    for alias in connections:
        connections[alias].settings_dict["NAME"] = name
    made = Machine(name, tmp_path, worker_id)
    yield made
    made.stop()
    connections.close_all()
    for alias in connections:
        connections[alias].settings_dict["NAME"] = was


def wait_until(is_so, seconds, step=0.1):
    """Wait for something to be true, and say whether it became so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(step)
    return is_so()


def done(kind=EFFECT):
    """How many rows are done."""
    return DueWork.objects.filter(kind=kind, state="DONE").count()


def left():
    """What is not done, for the message of a failure."""
    return list(
        DueWork.objects.exclude(state="DONE").values_list("kind", "slot", "state", "tries", "error")
    )


def effects(house):
    """The slots of the effects that were written, one each time."""
    with acting_for(house.agency.pk, house.service.user_id), transaction.atomic():
        found = AuditEvent.objects.filter(action=ACTION).values_list("object_id", flat=True)
        return sorted(found)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, databases=["default", "apart"])
def test_killed_workers_and_a_flushed_broker_cost_time_and_nothing_else(machine, new_world):
    check_the_killed(machine, new_world().juniper, rows=80, kills=2)


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.django_db(transaction=True, databases=["default", "apart"])
def test_of_200_rows_each_is_done_once_though_workers_are_killed_five_times(machine, new_world):
    check_the_killed(machine, new_world().juniper, rows=200, kills=5)


def check_the_killed(machine, house, *, rows, kills):
    """Each row has one effect, though the worker is killed while it works and the broker forgets everything once."""
    slots = [f"{number:03d}" for number in range(rows)]
    operations.plan(kind=EFFECT, slots=[(house.agency.pk, each) for each in slots], at=PAST)
    beats, worker = [machine.beat(), machine.beat()], machine.worker()
    assert wait_until(lambda: done() > 0, 60), "the worker does nothing"
    for number in range(kills):
        before = done()
        wait_until(lambda before=before: done() >= min(before + 15, rows), 6)
        machine.kill(worker)
        if number == kills // 2:
            machine.flush()
        worker = machine.worker()
    assert all(each.poll() is None for each in beats)
    assert wait_until(lambda: done() == rows, 180), left()
    assert effects(house) == slots
    assert not DueWork.objects.exclude(state="DONE").filter(kind=EFFECT).exists()


@pytest.mark.long
@pytest.mark.django_db(transaction=True, databases=["default", "apart"])
def test_poison_is_parked_after_five_tries_and_the_rest_flows_on(machine, new_world):
    house = new_world().juniper
    operations.plan(kind=POISON, slots=[(house.agency.pk, "bad")], at=PAST)
    slots = [f"{number:02d}" for number in range(20)]
    operations.plan(kind=EFFECT, slots=[(house.agency.pk, each) for each in slots], at=PAST)
    machine.environment["REQUEUE_AFTER"] = "1"  # 20 rows are done within it
    machine.beat()
    machine.worker()
    assert wait_until(lambda: done() == 20, 60)
    assert effects(house) == slots
    parked = DueWork.objects.filter(kind=POISON)
    assert wait_until(lambda: parked.get().state == "PARKED", 90), parked.get().tries
    assert (parked.get().tries, parked.get().error) == (5, "ZeroDivisionError")
    with acting_for(house.agency.pk, house.service.user_id), transaction.atomic():
        job = Job.objects.get(kind=POISON)
    assert (job.state, job.reason, job.tries) == ("FAILED", "JOB-FAULT", 5)
    # Each of the two has said by itself that it lives.
    for who in (beats.WORKER, beats.CLOCK):
        assert wait_until(lambda who=who: beats.last_sign(who) is not None, 60), who


def reminders(world):
    """Every notice of both agencies: what tells one from the next, and its state."""
    found = []
    for house in (world.juniper, world.lantern):
        with acting_for(house.agency.pk, house.service.user_id), transaction.atomic():
            found += Notice.objects.filter(kind__in=KINDS).values_list(
                "kind", "subject_id", "cycle", "step", "recipient_id", "state"
            )
    return found


KINDS = ("credential-expiry", "supervision-overdue")
TASKS = (
    "providers.certification_expiry_reminders_raised",
    "supervision.supervision_overdue_reminders_raised",
)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, databases=["default", "apart"])
def test_reminders_come_once_after_missed_days_and_many_beats(machine, new_world):
    world = new_world()
    first = [
        (house.agency.pk, (world.today - dt.timedelta(days=days)).isoformat())
        for house in (world.juniper, world.lantern)
        for days in (4, 3)  # then nobody works for two days
    ]
    for kind in TASKS:
        operations.plan(kind=kind, slots=first, at=PAST)
    worker = machine.worker()
    machine.beat()
    machine.beat()

    def all_done():
        rows = DueWork.objects.filter(kind__in=TASKS)
        return rows.count() >= 12 and not rows.exclude(state="DONE").exists()

    assert wait_until(all_done, 120), left()
    raised = reminders(world)
    once = {each[:-1] for each in raised}
    assert len(once) == len(raised)
    assert any(each[-1] == "RAISED" for each in raised), "Sam's certification ended 18 days ago"
    # The same days once more, as if nobody had done them, and a worker that dies meanwhile.
    DueWork.objects.filter(kind__in=TASKS).update(state="DUE", done_at=None, enqueued_at=None)
    machine.kill(worker)
    machine.worker()
    assert wait_until(all_done, 120), left()
    assert {each[:-1] for each in reminders(world)} == once
    assert len(reminders(world)) == len(raised)
