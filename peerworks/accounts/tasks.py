"""What is cleared away once a day; nothing of it belongs to an agency."""

from celery import shared_task
from django.utils import timezone

from peerworks.accounts import operations


@shared_task(name="accounts.old_sign_ins_forgotten", ignore_result=True)
def old_sign_ins_forgotten(**_):
    """Old counts of tries and sessions that are over are gone. A second run finds nothing more."""
    operations.forget_what_is_over(at=timezone.now())
