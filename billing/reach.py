"""Whose notes a member may open: of their people, and of those whom they supervise.

The agency's scope needs no rows of its own.
"""

from billing.queries.notes import of_my_team, on_my_people
from peerworks.accounts import reach
from peerworks.accounts.roles import Scope


def register() -> None:
    """Say which notes each scope covers; called once, when the program starts."""
    reach.register("billing.ServiceNote", Scope.CARE_TEAM, on_my_people)
    reach.register("billing.ServiceNote", Scope.TEAM, of_my_team)
