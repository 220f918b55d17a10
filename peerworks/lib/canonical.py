"""The canonical form: one sequence of bytes for one value, so that its hash can be compared.

Every hash of the product is taken from it: note version, rule pack, gate run, claim as sent. It is
JSON in UTF-8 with sorted keys and no white space; days are `YYYY-MM-DD`, moments
`YYYY-MM-DDTHH:MM:SS.ffffffZ` in UTC, decimals and ids are text, and absent values are left out. What
has no exact form is refused rather than guessed: a float, a moment without a time zone, a key that
is no text. A decimal keeps its places: 1.5 and 1.50 are different texts.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any
from uuid import UUID

from peerworks.lib.periods import in_utc

Plain = None | bool | int | str | list["Plain"] | dict[str, "Plain"]
_Form = Callable[[Any], Plain]

_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def plain(value: Any) -> Plain:
    """The value as JSON can hold it, in the canonical form's terms.

    Takes mappings, dataclasses, lists, tuples, sets (put in a fixed order), enumerations (by value),
    text, whole numbers, truth values, days, aware moments, decimals, UUIDs and None. None is left out
    of mappings and dataclasses and stays in sequences, where places count. Raises `TypeError` for
    any other type and for a key that is no text, `ValueError` for a naive moment and for a decimal
    that is no number; notes on the error say under which keys it stood, never the value.
    """
    kind = type(value)
    form = _FORM_OF.get(kind)
    if form is None:
        form = _FORM_OF[kind] = _form_for(kind)
    return form(value)


def canonical_bytes(value: object) -> bytes:
    """The bytes of the canonical form. Raises as `plain`, and `ValueError` for broken Unicode."""
    return bytes_of_plain(plain(value))


def bytes_of_plain(value: Plain) -> bytes:
    """The canonical bytes of what `plain` answered: nothing is walked through a second time."""
    return _text(value).encode("utf-8")


def sha256_of(value: object) -> str:
    """SHA-256 of the canonical form, in lower-case hex. Raises as `canonical_bytes`."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def _text(value: Plain) -> str:
    return _JSON.encode(value)


def _form_for(kind: type) -> _Form:
    if is_dataclass(kind):
        return _dataclass_form(kind)
    for base, form in _FORMS:
        if issubclass(kind, base):
            return form
    raise TypeError(f"{kind.__name__} has no canonical form")


def _dataclass_form(kind: type) -> _Form:
    names = tuple(field.name for field in fields(kind))

    def form(value: Any) -> Plain:
        return _members((name, getattr(value, name)) for name in names)

    return form


def _mapping(value: Mapping[object, object]) -> Plain:
    return _members((_key(key), member) for key, member in value.items())


def _members(members: Any) -> Plain:
    kept: dict[str, Plain] = {}
    for key, member in members:
        if member is None:
            continue
        try:
            kept[key] = plain(member)
        except (TypeError, ValueError) as error:
            error.add_note(f"under the key {key!r}")
            raise
    return kept


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"a key of the canonical form is text, not {type(key).__name__}")
    return str.__str__(key)


def _sequence(value: list[object] | tuple[object, ...]) -> Plain:
    return [plain(each) for each in value]


def _set(value: set[object] | frozenset[object]) -> Plain:
    return sorted((plain(each) for each in value), key=_text)


def _enum(value: Enum) -> Plain:
    return plain(value.value)


def _as_it_is(value: Plain) -> Plain:
    return value


def _moment(value: dt.datetime) -> Plain:
    return in_utc(value).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _decimal(value: Decimal) -> Plain:
    if not value.is_finite():
        raise ValueError("a decimal that is no number has no canonical form")
    return format(value.copy_abs() if value.is_zero() else value, "f")


# The order counts: an enumeration may be text, a truth value is an int, a moment is a date.
_FORMS: tuple[tuple[type, _Form], ...] = (
    (Enum, _enum),
    (str, str.__str__),
    (int, _as_it_is),
    (NoneType, _as_it_is),
    (dt.datetime, _moment),
    (dt.date, dt.date.isoformat),
    (Decimal, _decimal),
    (UUID, str),
    (Mapping, _mapping),
    (list, _sequence),
    (tuple, _sequence),
    (set, _set),
    (frozenset, _set),
)

# What has been looked up once, since a run hashes thousands of facts of a few types.
_FORM_OF: dict[type, _Form] = {}
