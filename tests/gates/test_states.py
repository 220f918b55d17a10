"""The states of note, claim and batch: what leads where, and what stays for ever."""

import pytest

from billing.states import (
    BATCH,
    CLAIM,
    CLAIM_LIVE,
    NOTE,
    NOTE_IN_FORCE,
    BatchState,
    ClaimState,
    NoteState,
)
from peerworks.lib.states import MoveRefused


@pytest.mark.parametrize(
    ("source", "targets"),
    [
        ("DRAFT", {"SIGNED"}),
        ("SIGNED", {"DRAFT", "RETURNED", "COSIGNED", "CORRECTING", "VOID"}),
        ("RETURNED", {"SIGNED", "VOID"}),
        ("COSIGNED", {"CORRECTING", "VOID"}),
        ("CORRECTING", {"SIGNED"}),
        ("VOID", set()),
    ],
)
def test_moves_of_a_note(source, targets):
    assert set(NOTE.targets(source)) == targets


def test_final_states():
    assert NOTE.final == {NoteState.VOID}
    assert CLAIM.final == {ClaimState.REJECTED, ClaimState.REPLACED, ClaimState.VOIDED}
    assert BATCH.final == {BatchState.ACCEPTED, BatchState.REJECTED}


def test_lines_live_until_their_claim_is_final():
    assert CLAIM_LIVE == frozenset(ClaimState) - CLAIM.final
    assert NoteState.VOID not in NOTE_IN_FORCE
    assert NOTE_IN_FORCE.isdisjoint({NoteState.DRAFT, NoteState.RETURNED})


def test_a_move_that_is_not_there_is_refused():
    with pytest.raises(MoveRefused):
        NOTE.enforce("VOID", "SIGNED")
    with pytest.raises(MoveRefused):
        CLAIM.enforce("REJECTED", "SENT")
