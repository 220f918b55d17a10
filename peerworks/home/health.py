"""Whether the machine is alive, and whether it is ready to work."""

import time

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from peerworks.accounts.access import public
from peerworks.jobs.tasks import HEARTBEAT, HEARTBEAT_SECONDS
from peerworks.web.pages import by_script


@by_script
@public
@never_cache
@require_safe
def alive(request):
    """The web process answers."""
    return JsonResponse({"ok": True})


@by_script
@public
@never_cache
@require_safe
def ready(request):
    """Database, broker and worker answer: else 503 and the names of what does not."""
    asked = {"database": database_answers, "broker": broker_answers, "worker": worker_beats}
    failed = [name for name, answers in asked.items() if not answers()]
    if failed:
        return JsonResponse({"ok": False, "failed": failed}, status=503)
    return JsonResponse({"ok": True})


def database_answers():
    """Whether a statement comes back."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except DatabaseError:
        return False


def broker_answers():
    """Whether the broker answers a ping within two seconds."""
    import redis  # a sixth of the time that any process takes to start, and few ask the broker

    try:
        with redis.from_url(settings.REDIS_URL, socket_timeout=2) as client:
            return bool(client.ping())
    except (redis.RedisError, OSError):
        return False


def worker_beats():
    """Whether the worker has done its smallest task in the last minute: beat, broker and worker in one."""
    try:
        return time.time() - float(cache.get(HEARTBEAT, 0)) < HEARTBEAT_SECONDS
    except DatabaseError:
        return False
