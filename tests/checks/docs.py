"""The pages of `docs/` that are drawn from the code, so that they cannot say something else.

    python -m tests.checks.docs            check that they are current
    python -m tests.checks.docs --write    draw them

Permissions from the matrix of roles, states from the state tables, gates from `GATES` and the text of
their functions, reasons from the words that each app registered.
"""

import argparse
import inspect
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import django
from django.utils import translation

from peerworks.lib.states import StateTable
from peerworks.local.words import say

ROOT = Path(__file__).resolve().parents[2]
_MADE = "<!-- Drawn by `make docs`. Change the code, not this page. -->"
_STATES = ("billing.states", "providers.states", "training.states", "supervision.states")


class Some(dict[str, Any]):
    """The parameters of a reason for a page that has none: two of everything."""

    def __missing__(self, name: str) -> int:
        return 2


def permissions() -> str:
    """Who may do what, in which scope."""
    from peerworks.accounts.permissions import AREAS, SCOPES
    from peerworks.accounts.roles import ROLES, STEP_UP, Permission, Scope

    rows = [
        [
            f"`{permission}`",
            *(
                _cell(role.scopes.get(permission, ()), is_starred=(name, permission) in STEP_UP)
                for name, role in ROLES.items()
            ),
        ]
        for permission in Permission
    ]
    return _page(
        "Permissions",
        "A letter says whose records a role may do this with: "
        + ", ".join(f"{scope.value} {_word(scope.name)}" for scope in Scope)
        + ". A star asks for a second factor given in the last ten minutes.",
        _table(["", *(str(name.label) for name in ROLES)], rows),
        "## The roles",
        _table(["Role", ""], [[str(n.label), str(role.sentence)] for n, role in ROLES.items()]),
        "## The scopes",
        _table(["Scope", ""], [[f"{s.value} {word}", str(t)] for s, (word, t) in SCOPES.items()]),
        "## The permissions",
        _table(["", ""], [[f"`{p}`", str(t)] for told in AREAS.values() for p, t in told.items()]),
    )


def _cell(scopes: Iterable[str], *, is_starred: bool) -> str:
    letters = " ".join(sorted(str(scope) for scope in scopes))
    return f"{letters}*" if is_starred else letters


def states() -> str:
    """Every state table: its drawing and its moves."""
    return _page(
        "States",
        "Operations ask these tables before they write; pages ask them which buttons there are.",
        *(part for table in _state_tables() for part in _state_parts(table)),
    )


def _state_tables() -> Iterator[StateTable]:
    for name in _STATES:
        if (ROOT / f"{name.replace('.', '/')}.py").exists():
            found = vars(import_module(name)).values()
            yield from (value for value in found if isinstance(value, StateTable))


def _state_parts(table: StateTable) -> tuple[str, ...]:
    moves = [[move.source, move.target, move.by, move.note] for move in table.moves]
    return (
        f"## {_word(table.name).capitalize()}",
        f"```mermaid\n{table.drawing()}```",
        _table(["From", "To", "Who", "What it means"], moves),
    )


def gates() -> str:
    """Every gate: what it asks, when, what it stops and the reasons that it gives."""
    from billing.gates.rules import GATES
    from peerworks.web import reasons

    words = reasons.registered()
    parts = [part for gate in GATES for part in _gate_parts(gate, words)]
    return _page(
        "Gates",
        "The conditions that must hold before a visit may be signed or billed, in the order in which "
        "a verdict lists them. Each also gives `NO-RULE` when the rule pack does not say and `NO-FACT` "
        "when something is not known: both hold the claim and never the signature.",
        *parts,
    )


def _gate_parts(gate: Any, words: Mapping[str, Any]) -> Iterator[str]:
    needs = "a worker and a day" if gate.scope == "P" else "a visit"
    stops = " and ".join(sorted(each.value.lower() for each in gate.stops))
    yield f"## {gate.id} {_word(gate.function.__name__).capitalize()}"
    yield _text_of(gate.function, gate.id)
    yield (
        f"Needs {needs}. First asked: {gate.first.value}. Stops: {stops}. "
        f"Where the pack is silent: {gate.default.value}."
    )
    yield _table(
        ["Reason", "Says"],
        [[f"`{code}`", _sentence(words[code]) if code in words else ""] for code in gate.reasons],
    )


def _text_of(function: Callable[..., Any], gate: str) -> str:
    text = " ".join((inspect.getdoc(function) or "").split())
    text = text.removeprefix(f"{gate}: ")
    return text[:1].upper() + text[1:]


def reason_codes() -> str:
    """Every reason code with its words in both languages."""
    from peerworks.web import reasons

    rows = []
    for code, words in sorted(reasons.registered().items()):
        told = [_in(language, _sentence, words) for language in ("en", "es")]
        rows.append([f"`{code}`", *told, str(words.fix), ", ".join(words.who)])
    return _page(
        "Reasons",
        "Why something is not possible or is held. Rules give the code with its values; the sentence "
        "is made when it is shown, in the reader's language.",
        _table(["Code", "English", "Spanish", "What mends it", "Who"], rows),
    )


def _sentence(words: Any) -> str:
    template = words.sentence
    return str(template(Some()) if callable(template) else template)


def _in(language: str, words_of: Callable[[Any], str], given: Any) -> str:
    with translation.override(language):
        return words_of(given)


def _word(name: str) -> str:
    return name.replace("_", " ").lower()


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    cells = ([str(cell).replace("|", "\\|").replace("\n", " ") for cell in line] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def _page(title: str, *parts: str) -> str:
    return "\n\n".join((f"# {title}", _MADE, *parts)) + "\n"


PAGES: Mapping[str, Callable[[], str]] = {
    "docs/permissions.md": permissions,
    "docs/states.md": states,
    "docs/gates.md": gates,
    "docs/reasons.md": reason_codes,
}


def drawn() -> dict[str, str]:
    """The pages by name, in English."""
    with translation.override("en"):
        return {name: draw() for name, draw in PAGES.items()}


def stale(root: Path = ROOT) -> list[str]:
    """The pages that say something else than the code, or are not there."""
    return [
        name
        for name, text in drawn().items()
        if not (root / name).exists() or (root / name).read_text(encoding="utf-8") != text
    ]


def write(root: Path = ROOT) -> None:
    """Draw all pages."""
    for name, text in drawn().items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Answer 0 when the pages are current, and else 1 after naming those that are not."""
    parser = argparse.ArgumentParser(prog="python -m tests.checks.docs")
    parser.add_argument("--write", action="store_true", help="draw the pages")
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    if options.write:
        write()
    old = stale()
    for name in old:
        say(f"{name} is not what the code says; draw it with: make docs")
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main())
