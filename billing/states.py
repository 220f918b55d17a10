"""The states of a note, a claim and a batch, and the moves between them.

Operations ask the tables before they write, pages which buttons there are, and the documentation
draws them. What happens to the text of a note at each move stands in the move's note.
"""

from enum import StrEnum
from typing import Final

from peerworks.lib.states import Move, StateTable


class NoteState(StrEnum):
    """Where a service note stands; of a VOID one the text is kept and nothing is billed."""

    DRAFT = "DRAFT"
    SIGNED = "SIGNED"
    RETURNED = "RETURNED"
    COSIGNED = "COSIGNED"
    CORRECTING = "CORRECTING"
    VOID = "VOID"


class ClaimState(StrEnum):
    """Where a claim stands between us and the payer."""

    CREATED = "CREATED"
    SENT = "SENT"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    PAID = "PAID"
    DENIED = "DENIED"
    REPLACED = "REPLACED"
    VOIDED = "VOIDED"


class BatchState(StrEnum):
    """Where a batch stands; what became of its claims is told by these."""

    CREATED = "CREATED"
    SENT = "SENT"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"


NOTE: Final = StateTable(
    name="note",
    initial=NoteState.DRAFT,
    states=tuple(NoteState),
    moves=(
        Move(
            NoteState.DRAFT, NoteState.SIGNED, "author", "version frozen, judged, minutes written"
        ),
        Move(NoteState.SIGNED, NoteState.DRAFT, "author", "withdrawn until a reviewer opened it"),
        Move(NoteState.SIGNED, NoteState.RETURNED, "reviewer", "next version opens as a copy"),
        Move(NoteState.SIGNED, NoteState.COSIGNED, "reviewer"),
        Move(
            NoteState.SIGNED,
            NoteState.CORRECTING,
            "author or supervisor",
            "with a reason, where no co-signature is asked",
        ),
        Move(NoteState.SIGNED, NoteState.VOID, "supervisor", "with a reason"),
        Move(NoteState.RETURNED, NoteState.SIGNED, "author", "next version frozen"),
        Move(NoteState.RETURNED, NoteState.VOID, "supervisor", "with a reason"),
        Move(NoteState.COSIGNED, NoteState.CORRECTING, "author or supervisor", "with a reason"),
        Move(NoteState.COSIGNED, NoteState.VOID, "supervisor", "with a reason"),
        Move(NoteState.CORRECTING, NoteState.SIGNED, "author", "new version replaces the old"),
    ),
)
"""A note from the first word to what is kept for ever."""

NOTE_IN_FORCE: Final = frozenset({NoteState.SIGNED, NoteState.COSIGNED, NoteState.CORRECTING})
"""States in which a signed version is in force: it holds its time and may be billed."""

CLAIM: Final = StateTable(
    name="claim",
    initial=ClaimState.CREATED,
    states=tuple(ClaimState),
    moves=(
        Move(ClaimState.CREATED, ClaimState.SENT, "biller", "with its batch"),
        Move(ClaimState.CREATED, ClaimState.VOIDED, "biller", "withdrawn before it was sent"),
        Move(ClaimState.SENT, ClaimState.ACCEPTED, "payer", "277CA"),
        Move(ClaimState.SENT, ClaimState.REJECTED, "payer", "999 or 277CA"),
        Move(ClaimState.SENT, ClaimState.PAID, "payer", "835"),
        Move(ClaimState.SENT, ClaimState.DENIED, "payer", "835"),
        Move(ClaimState.ACCEPTED, ClaimState.REJECTED, "payer", "277CA"),
        Move(ClaimState.ACCEPTED, ClaimState.PAID, "payer", "835"),
        Move(ClaimState.ACCEPTED, ClaimState.DENIED, "payer", "835"),
        Move(ClaimState.PAID, ClaimState.DENIED, "payer", "reversed by an 835"),
        Move(ClaimState.PAID, ClaimState.REPLACED, "biller", "frequency 7"),
        Move(ClaimState.PAID, ClaimState.VOIDED, "biller", "frequency 8"),
        Move(ClaimState.DENIED, ClaimState.PAID, "payer", "reprocessed in an 835"),
        Move(ClaimState.DENIED, ClaimState.REPLACED, "biller", "frequency 7"),
        Move(ClaimState.DENIED, ClaimState.VOIDED, "biller", "given up"),
    ),
)
"""A claim: a rejected one was never taken in by the payer, so its notes go on a new claim."""

CLAIM_LIVE: Final = frozenset(ClaimState) - {
    ClaimState.REJECTED,
    ClaimState.REPLACED,
    ClaimState.VOIDED,
}
"""States in which the lines of a claim live: none of their notes may stand on another line."""

BATCH: Final = StateTable(
    name="batch",
    initial=BatchState.CREATED,
    states=tuple(BatchState),
    moves=(
        Move(BatchState.CREATED, BatchState.SENT, "biller", "downloaded or sent"),
        Move(BatchState.SENT, BatchState.ACCEPTED, "payer", "999 accepted in whole or part"),
        Move(BatchState.SENT, BatchState.REJECTED, "payer", "999 or TA1"),
    ),
)
"""A batch: one file of claims to one payer."""
