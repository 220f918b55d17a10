"""What is not started, as values that a page shows and an operation raises."""

from peerworks.accounts.models import Membership
from peerworks.accounts.roles import Permission
from peerworks.jobs.kinds import is_registered, kind_of
from peerworks.jobs.models import Job
from peerworks.lib.findings import Refusal, refuse


def refusal_to_start_by_hand(kind: str, *, by: Membership) -> Refusal | None:
    """An administrator starts a kind that says so: others need something that a page has to give."""
    if not by.may(Permission.VIEW_JOBS):
        return refuse("JOB-ROLE")
    if is_registered(kind) and kind_of(kind).by_hand:
        return None
    return refuse("JOB-KIND")


def refusal_while_live(*, is_live: bool) -> Refusal | None:
    """One run of a kind, and of a subject, at a time."""
    return refuse("JOB-RUNNING") if is_live else None


def refusal_to_start(kind: str, subject: str = "") -> Refusal | None:
    """The same, asked inside the agency for one kind."""
    live = Job.objects.live().filter(kind=kind, subject=subject)
    return refusal_while_live(is_live=live.exists())
