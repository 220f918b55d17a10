"""Celery tasks that act for one agency."""

from celery import Task
from django.db import transaction

from peerworks.agencies.context import acting_for


class AgencyTask(Task):
    """A task whose body runs inside `acting_for` and one transaction.

    Called with `agency_id` always; a call without it is a TypeError, so that no task can run outside
    the wall by accident. `acts_as` says which user the database is told: a subclass above `accounts`
    names the agency's service member.
    """

    abstract = True

    def acts_as(self, agency_id):
        """The id of the user that the task acts as; none on this level."""
        return None

    def __call__(self, *, agency_id, **kwargs):
        """Open the context and the transaction, then run the body."""
        who = self.acts_as(agency_id)
        with acting_for(agency_id, who, device="JOB"), transaction.atomic():
            return self.perform(agency_id=agency_id, **kwargs)

    def perform(self, **kwargs):
        """The body, inside the context and the transaction: a subclass may write beside it."""
        return self.run(**kwargs)
