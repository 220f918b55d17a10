"""Facts that many visits share, with their canonical form made once."""

from functools import cached_property
from typing import Any, Generic, TypeVar

from peerworks.lib.canonical import Plain, bytes_of_plain, plain

T = TypeVar("T")


class Part(Generic[T]):
    """A value of facts with its plain form and its canonical bytes, each made when first asked."""

    def __init__(self, value: T) -> None:
        self.value = value

    @cached_property
    def plain(self) -> Plain:
        """As a JSON column holds it."""
        return plain(self.value)

    @cached_property
    def text(self) -> bytes:
        """As hashes are taken of it."""
        return bytes_of_plain(self.plain)


def joined(parts: dict[str, Any]) -> bytes:
    """The canonical bytes of a mapping of parts, made from theirs: keys sorted, no white space."""
    members = (b'"%s":%s' % (key.encode(), parts[key]) for key in sorted(parts))
    return b"{" + b",".join(members) + b"}"
