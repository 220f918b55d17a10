"""What a log line never holds."""

import logging
import re
import traceback
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError

_TOKENS = re.compile(r"(/accounts/(?:join|reset|setup)/)[^/\s\"']+")
_OF_THE_DATABASE = ("django.db.", "psycopg.")
_QUOTED = re.compile(r'(: )?".*"', re.DOTALL)
#: Their sentence repeats what was given: `invalid literal for int() with base 10: 'Wren Alder'`.
_REPEAT_VALUES = (ValueError, LookupError, ValidationError)


class WithoutTokens(logging.Filter):
    """Takes the token out of an address that opens an account: a log is read by more people than a letter."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every line passes, those with such an address without its token."""
        if "/accounts/" in record.getMessage():
            # The line is made here, before the formatter sees it: an error in it is safe already.
            record.msg, record.args = _safe(record)
            record.msg, record.args = _TOKENS.sub(r"\1…", record.getMessage()), ()
        return True


class WithoutValues(logging.Formatter):
    """Says of an error which one and where, and not the values that it was about.

    PostgreSQL repeats the whole row ("Failing row contains (…)") and the statement, and some of Python's
    errors what they were given. Of the database's own words the first line stays: it names the constraint.
    """

    def formatException(self, ei: Any) -> str:
        """The traceback with all causes, the first cause first."""
        return "\n".join(_told(ei[1], set())).rstrip("\n")

    def format(self, record: logging.LogRecord) -> str:
        """Not what another handler kept of the error; an error that is the line or in it is safe, too."""
        kept = record.exc_text, record.msg, record.args
        record.exc_text = None
        record.msg, record.args = _safe(record)
        try:
            return super().format(record)
        finally:
            record.exc_text, record.msg, record.args = kept


def _told(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _told(before, seen)
        yield "\nwhich led to:\n"
    yield "Traceback (most recent call last):"
    yield "".join(traceback.format_tb(error.__traceback__)).rstrip("\n")
    yield in_words(error)


def in_words(error: BaseException) -> str:
    """An error as a log may say it: its class, and of its own words what names no value."""
    kind = type(error)
    name = (
        kind.__qualname__
        if kind.__module__ == "builtins"
        else f"{kind.__module__}.{kind.__qualname__}"
    )
    if isinstance(error, _REPEAT_VALUES):
        return name
    words = str(error)
    if kind.__module__.startswith(_OF_THE_DATABASE):
        words = words.partition("\n")[0]
        if any(each.__name__ == "DataError" for each in kind.__mro__):
            words = _QUOTED.sub("", words)
    return f"{name}: {words}" if words else name


def _safe(record: logging.LogRecord) -> tuple[str, Any]:
    line: Any = record.msg
    return in_words(line) if isinstance(line, BaseException) else line, _safe_args(record)


def _safe_args(record: logging.LogRecord) -> Any:
    given = record.args
    if isinstance(given, tuple):
        return tuple(in_words(each) if isinstance(each, BaseException) else each for each in given)
    # Celery's line of a failed task: the error is a text already.
    if isinstance(given, dict) and "exc" in given and record.exc_info and record.exc_info[1]:
        return {**given, "exc": in_words(record.exc_info[1])}
    return given
