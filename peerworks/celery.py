"""The Celery application: `celery -A peerworks.celery worker` and `… beat`.

The schedule is static and only ticks: each tick plans `DueWork` rows or publishes them, so two
beats, a late one or a missed day change nothing but the time.
"""

import os

from celery import Celery
from celery.signals import beat_init, heartbeat_sent, worker_init, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peerworks.settings")

app = Celery("peerworks")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect(dispatch_uid="celery.worker_start")
@beat_init.connect(dispatch_uid="celery.beat_start")
def refuse_wrong_start(**_):
    """The same questions as the web asks; Celery would only log an ordinary error and go on."""
    from django.core.exceptions import ImproperlyConfigured

    from peerworks.home import starting

    try:
        starting.refuse_wrong_start()
    except ImproperlyConfigured as error:
        raise SystemExit(f"Not started. {error}") from error


@worker_ready.connect(dispatch_uid="celery.beat_at_once")
def beat_at_once(**_):
    """The first heart beat as soon as the worker takes work, instead of at beat's next tick.

    Sent through the broker, so that it says the same as later ones: broker and worker are there.
    """
    app.send_task("jobs.worker_alive")


@heartbeat_sent.connect(dispatch_uid="celery.worker_alive")
def worker_says_alive(**_):
    """The worker's own sign of life, whether beat works or not."""
    from peerworks.jobs import beats

    beats.say_alive(beats.WORKER)
