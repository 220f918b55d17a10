"""The Celery application: `celery -A peerworks.celery worker` and `… beat`.

The schedule is static and only ticks: each tick plans `DueWork` rows or publishes them, so two
beats, a late one or a missed day change nothing but the time.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peerworks.settings")

app = Celery("peerworks")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
