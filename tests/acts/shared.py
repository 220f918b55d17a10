"""What a line of the table says, and what several lines need."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.world import World

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Act:
    """One operation: who does it, the action that its event names, what is given to it.

    `ready` makes what the operation needs, inside the agency as its clerk, and answers the arguments.
    `kind` is what the audit page calls it; `seen_by` reads the event where the actor may not.
    """

    action: str
    who: str
    ready: Callable[[World], dict[str, Any]]
    kind: str = "CHANGE"
    is_about_somebody: bool = False
    seen_by: str = ""


def by(world: World, who: str) -> Any:
    """The membership of one of the nine."""
    return world[who].member


def wren(world: World) -> Any:
    """The person whom Luz serves at Mesa House."""
    return world.people["mesa"].participant
