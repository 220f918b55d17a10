"""What is cleared away once a day; nothing of it belongs to an agency."""

from celery import shared_task
from django.utils import timezone

from peerworks.accounts import operations


@shared_task(name="accounts.what_is_over_forgotten", ignore_result=True)
def what_is_over_forgotten(**_):
    """Old counts of tries and Django's expired sessions are gone. A second run finds nothing more."""
    operations.forget_what_is_over(at=timezone.now())
