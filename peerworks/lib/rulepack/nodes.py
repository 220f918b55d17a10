"""Reads YAML strictly into a tree of our own, whose every node knows its line.

The plain loader takes the last of two equal keys, reads `012` as 10 and `NO` as false. Here the
tree is built from the parser's events: equal keys, anchors, aliases, tags, merge keys, directives
and second documents are refused, and a plain scalar is `true`, `false`, `null`, a whole number, a
decimal, a date `YYYY-MM-DD`, or text. All faults are collected, not only the first.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import yaml

MAX_BYTES: Final = 256 * 1024
MAX_DEPTH: Final = 24

_WHOLE: Final = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DECIMAL: Final = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]{1,6}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LIKE_NUMBER: Final = re.compile(r"[-+.]?[0-9]")
_CONSTANTS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Plain = str | int | bool | None | Decimal | dt.date


@dataclass(frozen=True, slots=True)
class PackError:
    """One fault: the file, the line (from 1), the key path, and what is wrong in words."""

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}"
        return f"{where}: {self.path}: {self.message}" if self.path else f"{where}: {self.message}"


class PackErrors(Exception):
    """A pack was refused; `errors` holds every fault that was found, in order of lines."""

    def __init__(self, errors: list[PackError]) -> None:
        self.errors = sorted(errors, key=lambda each: (each.file, each.line))
        super().__init__("\n".join(str(each) for each in self.errors))


@dataclass(slots=True)
class Problems:
    """The faults found so far in one file."""

    file: str
    found: list[PackError] = field(default_factory=list)

    def add(self, line: int, path: str, message: str) -> None:
        """Remember a fault."""
        self.found.append(PackError(self.file, line, path, message))


@dataclass(slots=True)
class Node:
    """A value of the file: `content` is a scalar, a list of nodes, or a map of nodes by key."""

    content: "Plain | list[Node] | dict[str, Node]"
    line: int

    def plain(self) -> Any:
        """The content without lines: scalars, tuples and dictionaries."""
        if isinstance(self.content, list):
            return tuple(each.plain() for each in self.content)
        if isinstance(self.content, dict):
            return {key: each.plain() for key, each in self.content.items()}
        return self.content


def join(path: str, key: str) -> str:
    """A key path, one step longer."""
    return f"{path}.{key}" if path else key


def read_nodes(text: str, problems: Problems) -> Node | None:
    """The one document of a file as a tree; None where it cannot be read as YAML at all."""
    try:
        return _Builder(iter(yaml.parse(text, Loader=_LOADER)), problems).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        problems.add(line, "", f"not YAML: {error.problem or error.context}")
    except yaml.YAMLError as error:
        problems.add(1, "", f"not YAML: {error}")
    except _TooDeepError as error:
        problems.add(error.line, "", f"nested deeper than {MAX_DEPTH} levels")
    return None


class _TooDeepError(Exception):
    """Stops the reading before the interpreter's own stack does."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class _Builder:
    """Builds the tree from the parser's events, one method for each kind of event."""

    def __init__(self, events: Iterator[Any], problems: Problems) -> None:
        self._events = events
        self._problems = problems

    def document(self) -> Node | None:
        next(self._events)  # the start of the stream
        start = next(self._events)
        if isinstance(start, yaml.StreamEndEvent):
            self._problems.add(1, "", "the file is empty")
            return None
        if start.version or start.tags:
            self._problems.add(_line(start), "", "directives are not allowed")
        root = self._node(next(self._events), "", 0)
        next(self._events)  # the end of the document
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            self._problems.add(_line(after), "", "a file holds one document")
        return root

    def _node(self, event: Any, path: str, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise _TooDeepError(_line(event))
        if isinstance(event, yaml.AliasEvent):
            self._problems.add(_line(event), path, "aliases are not allowed")
            return Node(None, _line(event))
        self._refuse_marks(event, path)
        if isinstance(event, yaml.MappingStartEvent):
            return self._map(event, path, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(event, path, depth)
        return Node(self._scalar(event, path), _line(event))

    def _refuse_marks(self, event: Any, path: str) -> None:
        if event.anchor:
            self._problems.add(_line(event), path, "anchors are not allowed")
        if event.tag:
            self._problems.add(_line(event), path, "tags are not allowed")

    def _list(self, start: Any, path: str, depth: int) -> Node:
        items: list[Node] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, join(path, str(len(items))), depth + 1))
        return Node(items, _line(start))

    def _map(self, start: Any, path: str, depth: int) -> Node:
        entries: dict[str, Node] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event, path, depth)
            value = self._node(next(self._events), join(path, key), depth + 1)
            if key in entries:
                self._problems.add(_line(event), join(path, key), "the key stands here twice")
            entries.setdefault(key, value)
        return Node(entries, _line(start))

    def _key(self, event: Any, path: str, depth: int) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            self._node(event, path, depth + 1)
            self._problems.add(_line(event), path, "a key must be text")
            return "?"
        self._refuse_marks(event, path)
        if event.value == "<<":
            self._problems.add(_line(event), path, "merge keys are not allowed")
        return str(event.value)

    def _scalar(self, event: Any, path: str) -> Plain:
        text = str(event.value)
        if not event.implicit[0]:
            return text
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if _WHOLE.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return Decimal(text)
        return self._date_or_text(text, event, path)

    def _date_or_text(self, text: str, event: Any, path: str) -> Plain:
        if _DATE.fullmatch(text):
            try:
                return dt.date.fromisoformat(text)
            except ValueError:
                self._problems.add(_line(event), path, f"there is no day {text}")
                return text
        if text in ("", "~"):
            self._problems.add(_line(event), path, "empty; write the value, or null")
        elif _LIKE_NUMBER.match(text):
            self._problems.add(
                _line(event),
                path,
                f"{text} can be read in two ways; put text in quotes",
            )
        return text


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
