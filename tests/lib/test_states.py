"""State tables: what they allow, what they refuse, and how they are drawn."""

from enum import StrEnum

import pytest

from peerworks.lib.states import Move, MoveRefused, StateTable


class Door(StrEnum):
    OPEN = "OPEN"
    SHUT = "SHUT"
    LOCKED = "LOCKED"
    GONE = "GONE"


MOVES = (
    Move(Door.SHUT, Door.OPEN, "anyone"),
    Move(Door.OPEN, Door.SHUT),
    Move(Door.SHUT, Door.LOCKED, "owner", "needs: the key; once"),
    Move(Door.LOCKED, Door.SHUT, note="unlocked"),
    Move(Door.SHUT, Door.GONE),
)
DOORS = StateTable("Door", MOVES)


class TestMoves:
    def test_allows_what_stands_in_the_table_and_nothing_else(self) -> None:
        allowed = {(a, b) for a in Door for b in Door if DOORS.allows(a, b)}
        assert allowed == {(move.source, move.target) for move in MOVES}

    def test_targets_stand_in_the_order_of_the_moves(self) -> None:
        assert DOORS.targets("SHUT") == ("OPEN", "LOCKED", "GONE")
        assert DOORS.targets("GONE") == ()

    def test_final_states_are_left_by_no_move(self) -> None:
        assert DOORS.final == {"GONE"}

    def test_enforce_lets_an_allowed_move_pass(self) -> None:
        DOORS.enforce(Door.SHUT, Door.LOCKED)

    def test_enforce_refuses_any_other(self) -> None:
        with pytest.raises(MoveRefused, match="Door: LOCKED does not become OPEN") as caught:
            DOORS.enforce(Door.LOCKED, Door.OPEN)
        refused = caught.value
        assert (refused.table, refused.source, refused.target) == ("Door", "LOCKED", "OPEN")

    def test_an_unknown_state_is_a_mistake_and_not_a_refusal(self) -> None:
        for ask in (
            lambda: DOORS.allows("SHUT", "AJAR"),
            lambda: DOORS.targets("AJAR"),
            lambda: DOORS.enforce("AJAR", "SHUT"),
        ):
            with pytest.raises(ValueError, match="'AJAR' is no state of this table"):
                ask()


class TestMaking:
    def test_begins_at_the_source_of_the_first_move(self) -> None:
        assert DOORS.initial == "SHUT"
        assert DOORS.states == ("SHUT", "OPEN", "LOCKED", "GONE")

    def test_begins_where_it_is_told(self) -> None:
        assert StateTable("Door", MOVES[:2], initial="OPEN").initial == "OPEN"

    def test_takes_moves_and_states_from_any_sequence(self) -> None:
        table = StateTable("Door", list(MOVES), states=list(Door))
        assert table.states == tuple(Door)
        assert hash(table) == hash(StateTable("Door", MOVES, states=tuple(Door)))

    @pytest.mark.parametrize(
        ("moves", "more", "message"),
        [
            ((), {}, "at least one move"),
            ((Move("A", "A"),), {}, "itself changes nothing"),
            ((Move("A", "B"), Move("A", "B", "another")), {}, "stands there twice"),
            ((Move("A", "B"),), {"states": ("A",)}, "'B' is no state"),
            ((Move("A", "B"),), {"initial": "C"}, "'C' is no state"),
            ((Move("A", "B"),), {"states": ("A", "B", "C")}, "nothing leads to C"),
            ((Move("A", "B"), Move("C", "B"), Move("D", "C")), {}, "nothing leads to C, D"),
            ((Move("A", "B"),), {"initial": "B"}, "nothing leads to A"),
        ],
    )
    def test_refuses_a_table_that_makes_no_sense(
        self, moves: tuple[Move, ...], more: dict[str, str], message: str
    ) -> None:
        with pytest.raises(ValueError, match=f"^Table: .*{message}"):
            StateTable("Table", moves, **more)


class TestDrawing:
    def test_shows_begin_moves_and_ends(self) -> None:
        assert DOORS.drawing().splitlines() == [
            "stateDiagram-v2",
            "    [*] --> SHUT",
            "    SHUT --> OPEN: anyone",
            "    OPEN --> SHUT",
            "    SHUT --> LOCKED: owner (needs, the key, once)",
            "    LOCKED --> SHUT: unlocked",
            "    SHUT --> GONE",
            "    GONE --> [*]",
        ]
        assert DOORS.drawing().endswith("\n")
