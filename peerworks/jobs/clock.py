"""Beat's scheduler, as Celery brings it, with a sign of life at each of its steps."""

from celery.beat import PersistentScheduler

from peerworks.jobs import beats


class Clock(PersistentScheduler):
    """Publishes what the schedule says. A loop that hangs falls silent, as a thread beside it would not."""

    def tick(self, *args, **kwargs):
        """One step of the schedule."""
        seconds = super().tick(*args, **kwargs)
        beats.say_alive(beats.CLOCK)
        # It is asked again before it would count as silent, also while nothing is planned.
        return min(seconds, beats.EVERY_SECONDS)
