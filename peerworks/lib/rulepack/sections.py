"""Hands out the entries of a pack's maps while it is read, and refuses what nobody asked for.

A `Section` never raises: a fault goes to `Problems`, a stand-in is returned, and reading goes on,
so that one reading finds every fault. No pack is made from stand-ins, since the reader raises
`PackErrors` at the end.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from peerworks.lib.rulepack import leaves
from peerworks.lib.rulepack.leaves import Convert
from peerworks.lib.rulepack.nodes import Node, Problems, join
from peerworks.lib.rulepack.values import NONE, Value

_VALUE_KEYS = frozenset({"value", "source"})


@dataclass(slots=True)
class Book:
    """What the whole reading shares: faults, the keys of `sources`, and the values met."""

    problems: Problems
    sources: frozenset[str] = frozenset()
    values: list[Value] = field(default_factory=list)


class Section:
    """One map of the pack. Every entry is asked for once; `close` refuses the others."""

    def __init__(self, node: Node | None, path: str, line: int, book: Book) -> None:
        self.path = path
        self.line = node.line if node else line
        self.book = book
        self.is_given = node is not None
        self._asked: set[str] = set()
        self._entries: dict[str, Node] = {}
        if node is not None and isinstance(node.content, dict):
            self._entries = node.content
        elif node is not None:
            self.fault("a map is wanted here")

    def fault(self, message: str, key: str = "") -> None:
        """Note a fault of this map, or of one of its entries."""
        line = self._entries[key].line if key in self._entries else self.line
        self.book.problems.add(line, join(self.path, key) if key else self.path, message)

    def close(self) -> None:
        """Refuse the entries that nobody asked for."""
        for key in self._entries.keys() - self._asked:
            self.fault("unknown key", key)

    def has(self, key: str) -> bool:
        """Whether the map has that entry."""
        return key in self._entries

    def names(self) -> Iterator[str]:
        """The keys of the map, in order."""
        return iter(self._entries)

    def node(self, key: str) -> Node | None:
        """An entry as it stands, marked as asked for; None where it is missing."""
        self._asked.add(key)
        return self._entries.get(key)

    def take(self, key: str, convert: Convert, stand_in: Any) -> Any:
        """A structure leaf that must be there."""
        if self.node(key) is None:
            self.fault("is missing", key)
            return stand_in
        return self.maybe(key, convert, stand_in)

    def maybe(self, key: str, convert: Convert, stand_in: Any) -> Any:
        """A structure leaf that may be left out: `stand_in` stands for it."""
        node = self.node(key)
        if node is None:
            return stand_in
        try:
            return convert(node.plain())
        except ValueError as error:
            self.fault(str(error), key)
            return stand_in

    def label(self) -> MappingProxyType[str, str]:
        """The entry `label`, in both languages."""
        section = self.section("label")
        if not section.is_given:
            self.fault("is missing", "label")
            return MappingProxyType({})
        label = {code: section.take(code, leaves.text(), "") for code in ("en", "es")}
        section.close()
        return MappingProxyType(label)

    def section(self, key: str) -> "Section":
        """A map inside this one; where it is missing, one without entries."""
        return Section(self.node(key), join(self.path, key), self.line, self.book)

    def sections(self, key: str, name: str = "key") -> list["Section"]:
        """A list of maps, each with a path that ends in its own `name` instead of its number."""
        node = self.node(key)
        if node is None:
            return []
        if not isinstance(node.content, list):
            self.fault("a list is wanted here", key)
            return []
        path = join(self.path, key)
        items = enumerate(node.content)
        return [Section(it, _item_path(it, path, name, n), it.line, self.book) for n, it in items]

    def need(self, key: str, convert: Convert) -> Value:
        """A rule value that every pack must give, and that cannot be NONE."""
        value = self._value(key, convert, may_be_none=False)
        if value is None and not self.has(key):
            self.fault("is missing; the gates cannot do without it", key)
        return value or Value(None, "", join(self.path, key))

    def value(self, key: str, convert: Convert) -> Value | None:
        """A rule value that may be NONE, or be left out."""
        return self._value(key, convert, may_be_none=True)

    def _value(self, key: str, convert: Convert, *, may_be_none: bool) -> Value | None:
        node = self.node(key)
        if node is None:
            return None
        path = join(self.path, key)
        if not isinstance(node.content, dict) or "value" not in node.content:
            self.fault("a rule value is written {value: …, source: …}", key)
            return None
        for extra in node.content.keys() - _VALUE_KEYS:
            self.book.problems.add(node.content[extra].line, join(path, extra), "unknown key")
        source = self._source(node.content.get("source"), path, node.line)
        found = self._converted(node.content["value"], path, convert, may_be_none=may_be_none)
        value = Value(found, source, path)
        self.book.values.append(value)
        return value

    def _source(self, node: Node | None, path: str, line: int) -> str:
        if node is None:
            self.book.problems.add(line, path, "the rule value has no source")
            return ""
        if not isinstance(node.content, str) or node.content not in self.book.sources:
            message = f"{leaves.said(node.plain())} is not in `sources`"
            self.book.problems.add(node.line, join(path, "source"), message)
        return str(node.content)

    def source(self) -> str:
        """The entry `source` of this map itself, where one source covers all of it."""
        return self._source(self.node("source"), self.path, self.line)

    def _converted(self, node: Node, path: str, convert: Convert, *, may_be_none: bool) -> Any:
        plain = node.plain()
        if plain is None:
            message = "null is not a rule value; write NONE for no limit, or leave the key out"
            self.book.problems.add(node.line, path, message)
            return None
        if may_be_none and plain == NONE:
            return NONE
        try:
            return convert(plain)
        except ValueError as error:
            self.book.problems.add(node.line, path, str(error))
            return None


def _item_path(node: Node, path: str, name: str, number: int) -> str:
    own = node.content.get(name) if isinstance(node.content, dict) else None
    return join(path, own.content if own and isinstance(own.content, str) else str(number))
