"""Acts about service notes, from the first word to the void."""

from typing import Any

from tests.acts.shared import Act, by, wren
from tests.factories.billing_notes import make_note_at_state
from tests.world import World

_HERE, _REVIEW = "billing.operations.notes", "billing.operations.review"


def _note(state: str, who: str, *given: str, **more: Any) -> Any:
    def ready(world: World) -> dict[str, Any]:
        times = {"at": world.now, "on": world.today}
        note = make_note_at_state(world, state=state)
        told = {name: times[name] for name in given}
        return {"note": note, "by": by(world, who), **told, **more}

    return ready


def _start(world: World) -> dict[str, Any]:
    return {
        "participant": wren(world),
        "provider": world["peer"].provider,
        "program": world.people["mesa"].program,
        "service_key": "mh-individual",
        "by": by(world, "peer"),
    }


def _begin(world: World) -> dict[str, Any]:
    from billing.queries.notes import Content

    return {
        **_start(world),
        "note": None,
        "content": Content(purpose="A made-up purpose."),
        "draft_number": 0,
        "at": world.now,
    }


def _act(action: str, who: str, ready: Any, kind: str = "CHANGE") -> Act:
    return Act(action, who, ready, kind, is_about_somebody=True)


ACTS = {
    f"{_HERE}.start_note": _act("note.started", "peer", _start),
    # The page's own verb: begins the note and keeps its draft; the draft adds no event.
    f"{_HERE}.keep_draft": _act("note.started", "peer", _begin),
    f"{_HERE}.discard_draft": _act("note.discarded", "peer", _note("DRAFT", "peer", "at")),
    f"{_HERE}.sign_note": _act("note.signed", "peer", _note("DRAFT", "peer", "at", "on"), "SIGN"),
    f"{_HERE}.withdraw_note": _act("note.withdrawn", "peer", _note("SIGNED", "peer", "at")),
    f"{_HERE}.correct_note": _act(
        "note.correcting", "peer", _note("COSIGNED", "peer", "on", reason="A made-up reason.")
    ),
    f"{_HERE}.add_addendum": _act(
        "note.added-to",
        "peer",
        _note("COSIGNED", "peer", "at", text="Made-up words.", reason="A made-up reason."),
    ),
    f"{_REVIEW}.cosign_note": _act(
        "note.cosigned", "supervisor", _note("SIGNED", "supervisor", "at", "on"), "SIGN"
    ),
    f"{_REVIEW}.return_note": _act(
        "note.returned", "supervisor", _note("SIGNED", "supervisor", "at", words="Words that help.")
    ),
    f"{_REVIEW}.void_note": _act(
        "note.voided", "supervisor", _note("COSIGNED", "supervisor", "at", reason="A mistake.")
    ),
}
