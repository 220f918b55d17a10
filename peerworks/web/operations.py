"""How a page runs an operation: one savepoint, and every expected "no" as words for the reader.

Two things may say no. A policy: the operation raises `Refused`, whose reason has a registered
sentence. The database: PostgreSQL names the constraint that was broken, the model's `Meta` holds its
words. Both become an error of the form, or a message; the savepoint keeps the request usable.
Anything else is a fault of the program and goes on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from django.apps import apps
from django.contrib import messages
from django.db import IntegrityError, connection, transaction
from django.db.models import BaseConstraint
from django.forms import BaseForm
from django.http import HttpRequest

from peerworks.lib.findings import Refusal, Refused
from peerworks.web import reasons

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Result(Generic[T]):
    """What came of an operation: its value, or the reason why nothing was written."""

    value: T | None = None
    refusal: Refusal | None = None
    constraint: str = ""
    message: str = ""

    @property
    def is_done(self) -> bool:
        """Whether the operation wrote what it was asked to write."""
        return not self.message

    def __bool__(self) -> bool:
        return self.is_done


def run_operation(
    operation: Callable[..., T],
    /,
    *,
    form: BaseForm | None = None,
    request: HttpRequest | None = None,
    fields: Mapping[str, str] | None = None,
    **given: Any,
) -> Result[T]:
    """Run one operation in a savepoint, with `given` as its arguments.

    A refusal or a broken constraint is added to `form`, at the field that `fields` names for its code
    or constraint and else to the form as a whole; without a form it becomes a message of `request`.
    An `IntegrityError` that names no constraint of a model is a fault and is raised.
    """
    try:
        with transaction.atomic():
            value = operation(**given)
            _check_what_is_deferred()
            return Result(value=value)
    except Refused as refused:
        refusal = refused.refusal
        said: Result[T] = Result(refusal=refusal, message=reasons.sentence(refusal.because))
    except IntegrityError as error:
        said = _broken(error)
    _tell(said, form, request, fields or {})
    return said


def _check_what_is_deferred() -> None:
    # It would else fail at the commit, when the answer is made. Not `check_constraints()`: that ends
    # with ALL DEFERRED, which also puts off what is to be checked at once.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _broken(error: IntegrityError) -> Result[Any]:
    name = constraint_name(error)
    constraint = _constraints().get(name)
    if constraint is None:
        raise error
    return Result(constraint=name, message=str(constraint.get_violation_error_message()))


def constraint_name(error: IntegrityError) -> str:
    """The constraint that PostgreSQL names, or ""."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""


@lru_cache(maxsize=1)
def _constraints() -> dict[str, BaseConstraint]:
    return {
        constraint.name: constraint
        for model in apps.get_models(include_auto_created=True)
        for constraint in model._meta.constraints
    }


def _tell(
    result: Result[Any],
    form: BaseForm | None,
    request: HttpRequest | None,
    fields: Mapping[str, str],
) -> None:
    if form is not None:
        code = result.refusal.code if result.refusal is not None else result.constraint
        form.add_error(fields.get(code), result.message)
    elif request is not None:
        messages.error(request, result.message)
