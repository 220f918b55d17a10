"""State tables: which states a record has, which moves lead between them, and who makes them.

A table is a value, written once beside the model that it belongs to. Operations ask it before they
write, pages ask it which buttons there are, and the documentation draws it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

# Characters that end or change a label in the drawing's own language.
_UNSAFE_IN_LABEL = str.maketrans({":": ",", ";": ",", "#": "", "\n": " "})


class MoveRefused(Exception):
    """The table has no such move; nothing has been written."""

    def __init__(self, table: str, source: str, target: str) -> None:
        super().__init__(f"{table}: {source} does not become {target}")
        self.table = table
        self.source = source
        self.target = target


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed move; `by` says who makes it and `note` what it means, both for the drawing."""

    source: str
    target: str
    by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class StateTable:
    """The moves of one kind of record.

    `initial` is the state in which a record begins: the source of the first move where it is not
    given. `states` names all there are, so that a slip in a move is found: those that the moves name
    where it is not given. A table that makes no sense is refused with `ValueError` when it is made:
    no move, a move to the same state, the same move twice, a state that is not in `states`, one that
    no move leads to from the initial state.
    """

    name: str
    moves: Sequence[Move]
    initial: str = ""
    states: Sequence[str] = ()

    def __post_init__(self) -> None:
        if not self.moves:
            raise ValueError(f"{self.name}: a state table has at least one move")
        named = dict.fromkeys(state for move in self.moves for state in (move.source, move.target))
        object.__setattr__(self, "moves", tuple(self.moves))
        object.__setattr__(self, "initial", self.initial or self.moves[0].source)
        object.__setattr__(self, "states", tuple(self.states) or tuple(named))
        self._check_moves()
        self._check_states(named)

    @property
    def final(self) -> frozenset[str]:
        """The states that no move leaves."""
        return frozenset(self.states) - {move.source for move in self.moves}

    def allows(self, source: str, target: str) -> bool:
        """Whether a record in `source` may become `target`. `ValueError` for an unknown state."""
        self._check_known(target)
        return target in self.targets(source)

    def targets(self, source: str) -> tuple[str, ...]:
        """What a record in `source` may become, in the order of the moves; raises as `allows`."""
        self._check_known(source)
        return tuple(move.target for move in self.moves if move.source == source)

    def enforce(self, source: str, target: str) -> None:
        """Raise `MoveRefused` unless the table allows the move. Operations call this first."""
        if not self.allows(source, target):
            raise MoveRefused(self.name, source, target)

    def drawing(self) -> str:
        """The table as the text of a Mermaid state diagram, for the documentation."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        lines += [f"    {_arrow(move)}" for move in self.moves]
        lines += [f"    {state} --> [*]" for state in self.states if state in self.final]
        return "\n".join(lines) + "\n"

    def _check_moves(self) -> None:
        pairs = [(move.source, move.target) for move in self.moves]
        for source, target in pairs:
            if source == target:
                raise ValueError(f"{self.name}: a move from {source} to itself changes nothing")
            if pairs.count((source, target)) > 1:
                raise ValueError(f"{self.name}: {source} to {target} stands there twice")

    def _check_states(self, named: dict[str, None]) -> None:
        for state in (*named, self.initial):
            self._check_known(state)
        missed = [state for state in self.states if state not in self._reached()]
        if missed:
            raise ValueError(f"{self.name}: nothing leads to {', '.join(missed)}")

    def _check_known(self, state: str) -> None:
        if state not in self.states:
            raise ValueError(f"{self.name}: {state!r} is no state of this table")

    def _reached(self) -> set[str]:
        reached: set[str] = set()
        waiting = [self.initial]
        while waiting:
            state = waiting.pop()
            if state not in reached:
                reached.add(state)
                waiting.extend(self.targets(state))
        return reached


def _arrow(move: Move) -> str:
    label = f"{move.by} ({move.note})" if move.by and move.note else move.by or move.note
    arrow = f"{move.source} --> {move.target}"
    return f"{arrow}: {label.translate(_UNSAFE_IN_LABEL)}" if label else arrow
