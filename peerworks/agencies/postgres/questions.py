"""Questions that are asked at every request: their SQL is made once a process, their plan once a connection.

To make the SQL of a query takes Django longer than PostgreSQL takes to answer it, and with policies of row-level
security the plan takes longer than the rows. Worth it where the same is asked all the time: see docs/adr/0011.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import CursorMixin
from django.db.backends.utils import CursorWrapper
from django.db.models import Expression, Field, QuerySet, UUIDField
from django.db.models.query import ModelIterable

T = TypeVar("T")


def array(values: Iterable[object]) -> str:
    """Values as one literal of an array, or of a multirange, for a parameter of any length."""
    return "{" + ",".join(map(str, values)) + "}"


class Given(Expression):
    """The place of a value in a `Question`: `filter(user=Given("user"))`, told with `ask(user=…)`."""

    def __init__(self, name: str, output_field: "Field[Any, Any] | None" = None) -> None:
        super().__init__(output_field=output_field or UUIDField())
        self.name = name

    def as_sql(self, *_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """A parameter, which is this place itself until the question is asked."""
        return "%s", [self]

    def told(self, value: Any) -> Any:
        """The value as a parameter of the statement."""
        return value


class GivenIds(Given):
    """The place of any number of ids: `filter(participant__among=GivenIds("people"))`."""

    def told(self, value: Collection[UUID]) -> str:
        """One literal of an array: see `lookups.Among`."""
        return array(value)


def ids(given: Iterable[UUID] | GivenIds) -> set[UUID] | GivenIds:
    """What `among` takes: for the methods of querysets that a question is made of, too."""
    return given if isinstance(given, GivenIds) else set(given)


class Question(Generic[T]):
    """A query with places for values. `make` is called once, at the first asking, when all models are there.

    `ask(people=ids)` answers with what the query would: records, or the rows of `values_list`. Of nothing
    nothing is asked: where one of several ids is to be found and there is none, there are no rows.
    """

    def __init__(self, make: Callable[[], "QuerySet[Any, T]"]) -> None:
        self._make = make
        self._made: _Made | None = None

    def __call__(self, **told: Any) -> list[T]:
        """Ask it with these values, one for each place."""
        # Two threads may make it at once; each then uses a whole one, and the later is kept.
        made = self._made = self._made or _Made.of(self._make())
        if any(not told[name] for name in made.lists):
            return []
        params = [
            each.told(told[each.name]) if isinstance(each, Given) else each for each in made.params
        ]
        with planning_cursor() as cursor:
            cursor.execute(made.sql, params)
            return list(made.shaped(cursor.fetchall()))


@dataclass(frozen=True, slots=True)
class _Made:
    """What is made once: the compiler has been through its query and only shapes rows from now on."""

    compiler: Any
    sql: str
    params: Sequence[Any]
    lists: Sequence[str]
    is_of_records: bool

    @classmethod
    def of(cls, queryset: "QuerySet[Any, Any]") -> "_Made":
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        lists = [each.name for each in params if isinstance(each, GivenIds)]
        return cls(compiler, sql, params, lists, queryset._iterable_class is ModelIterable)

    def shaped(self, rows: list[tuple[Any, ...]]) -> Iterator[Any]:
        if self.is_of_records:
            return iter(ModelIterable(_Answered(self.compiler, rows)))  # type: ignore[arg-type]
        return iter(self.compiler.results_iter([rows], tuple_expected=True))


class _Answered:
    """Rows that are there already, as Django's maker of records takes a queryset and its compiler."""

    db = DEFAULT_DB_ALIAS
    _known_related_objects: dict[Any, Any] = {}

    def __init__(self, compiler: Any, rows: list[tuple[Any, ...]]) -> None:
        self.query, self._compiler, self._rows = self, compiler, rows

    def get_compiler(self, using: str) -> "_Answered":
        return self

    def execute_sql(self, **_: Any) -> list[list[tuple[Any, ...]]]:
        return [self._rows]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._compiler, name)


def planning_cursor() -> CursorWrapper:
    """A cursor that has each statement planned once a connection, and is Django's in all else."""
    wrapper = connections[DEFAULT_DB_ALIAS]
    wrapper.ensure_connection()
    with wrapper.wrap_database_errors:
        cursor = _PlanningCursor(wrapper.connection)
    made: CursorWrapper = wrapper._prepare_cursor(cursor)  # type: ignore[attr-defined]
    return made


class _PlanningCursor(CursorMixin, psycopg.Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """Prepare the statement, or ask what is prepared."""
        return super().execute(query, params, **{**options, "prepare": True})

    def _convert_query(self, query: Any, params: Any = None) -> Any:
        # Django's log of queries shows what stands there, and only cursors that put values in set it.
        self._query = super()._convert_query(query, params)
        return self._query
