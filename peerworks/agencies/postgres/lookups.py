"""Lookups for lists of any length: one parameter, where `in` has one for every value."""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import DateTimeRangeField
from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, ForeignKey, Func, Lookup, UUIDField

from peerworks.agencies.postgres.questions import Given, array
from peerworks.lib.periods import Stretch


class _OneParameter(Lookup, ABC):  # type: ignore[type-arg]
    """Compares the column with one literal of PostgreSQL's, made of all the values."""

    prepare_rhs = False
    template: str

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        if not self.rhs:
            raise EmptyResultSet  # as `in` does: no statement is sent
        column, params = self.process_lhs(compiler, connection)
        told = self.rhs if isinstance(self.rhs, Given) else self.literal(self.rhs)
        return self.template % column, (*params, told)

    @abstractmethod
    def literal(self, values: Any) -> str:
        """All the values as one literal, of the type that the template casts to."""


class Among(_OneParameter):
    """`key__among=ids`: the key is one of these. Of ten thousand ids a tenth of the time of `in`."""

    lookup_name = "among"
    template = "%s = ANY(%%s::uuid[])"

    def literal(self, values: Iterable[UUID]) -> str:
        """An array."""
        return array(values)


class Touches(_OneParameter):
    """`period__touches=stretches`: the period shares some time with at least one of these."""

    lookup_name = "touches"
    template = "%s && %%s::tstzmultirange"

    def literal(self, values: Iterable[Stretch]) -> str:
        """A multirange, in which PostgreSQL joins what overlaps."""
        return array(f"[{each.start},{each.end})" for each in values)


class IsPairAmong(Func):
    """Whether an id and a day are one of these pairs: `filter(IsPairAmong("person", "day", pairs))`."""

    output_field = BooleanField()
    template = "(%(expressions)s) IN (SELECT * FROM unnest(%%s::uuid[], %%s::date[]))"

    def __init__(self, key: Any, day: Any, pairs: Collection[tuple[UUID, dt.date]]) -> None:
        super().__init__(key, day)
        self.pairs = pairs

    def as_sql(self, *given: Any, **options: Any) -> tuple[str, tuple[Any, ...]]:
        if not self.pairs:
            raise EmptyResultSet
        statement, params = super().as_sql(*given, **options)
        return statement, (*params, *map(array, zip(*self.pairs, strict=True)))


def register() -> None:
    """Make them known to the fields that they compare."""
    ForeignKey.register_lookup(Among)
    UUIDField.register_lookup(Among)
    DateTimeRangeField.register_lookup(Touches)
