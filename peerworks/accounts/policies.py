"""What is not done with people who sign in, as values that a page shows and an operation raises."""

from peerworks.accounts.models import Membership
from peerworks.lib.findings import Refusal, refuse


def refusal_to_end_sessions(member: Membership, by: Membership) -> Refusal | None:
    """An administrator signs others out; oneself one signs out on the page of one's own sessions."""
    return refuse("SESSION-OWN") if member.user_id == by.user_id else None


def refusal_to_add_factor(*, has_factor: bool) -> Refusal | None:
    """One app at a time: the old one is taken away first."""
    return refuse("FACTOR-THERE") if has_factor else None


def refusal_without_factor(*, has_factor: bool) -> Refusal | None:
    """What is not there is neither renewed nor taken away."""
    return None if has_factor else refuse("FACTOR-NONE")


def refusal_to_reset_factor(
    member: Membership, by: Membership, *, has_factor: bool
) -> Refusal | None:
    """Nobody resets their own second factor without giving it, and none is reset that is not there."""
    if member.user_id == by.user_id:
        return refuse("FACTOR-OWN")
    return None if has_factor else refuse("FACTOR-NONE")
