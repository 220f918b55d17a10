"""Markup that somebody could write into a text, a database whose every text holds some, and what became of it."""

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any

import psycopg
from django.apps import apps
from django.db import models
from psycopg import sql

from peerworks.accounts.models import User
from peerworks.agencies.models import Agency
from tests.databases import copied, drop, owner_connection
from tests.sweep import tables
from tests.sweep.fixtures import connect_to
from tests.sweep.rows import takes_words

MARK = "xq7"
PAYLOADS = (
    '<script>alert("xq7")</script>',
    '<img src=x onerror=alert("xq7")>',
    '"><svg onload=alert("xq7")>',
    "'><xq7 class='",
    '" onmouseover=alert("xq7") x="',
    "' autofocus onfocus=alert('xq7') x='",
    '</title><script>alert("xq7")</script>',
    '</textarea><img src=x onerror=alert("xq7")>',
    '</script><script>alert("xq7")</script>',
    'javascript:alert("xq7")',
    "{{ xq7 }}{% xq7 %}",
    "--><xq7><!--",
    "<a href=\"javascript:alert('xq7')\">xq7</a>",
    "<iframe srcdoc=\"<script>alert('xq7')</script>\">",
    "<style>@import '//xq7.example/'</style>",
    '<base href="//xq7.example/">',
    '<form action="//xq7.example/"><input name=xq7>',
    "&lt;img src=x onerror=alert(&quot;xq7&quot;)&gt;",
    "<details open ontoggle=alert('xq7')>",
    "\\u003cscript\\u003ealert('xq7')\\u003c/script\\u003e",
    '<meta http-equiv=refresh content="0;//xq7.example/">',
    "<xq7",
)
_BEFORE = (
    "",
    '">',
    "'>",
    "</title>",
    "</textarea>",
    "</script>",
    "-->",
    "</select>",
    "</style>",
    "]]>",
    "&#x22;&gt;",
)
#: 200 kinds and more, for `long`: each way out of a place x each thing to do there.
MANY = tuple(
    a + b for a, b in itertools.product(_BEFORE, dict.fromkeys(PAYLOADS[:2] + PAYLOADS[4:]))
)
#: Texts that a program reads: a word more and the row is none.
READ_BY_PROGRAMS = {
    "password", "action", "object_type", "object_id", "actor_id", "device", "reference", "url_name", "error", "state",
}  # fmt: skip


def columns() -> Iterator[tuple[str, models.Field]]:
    """Every column of ours that takes words of people, with its table."""
    for model in [
        *tables.owned(),
        apps.get_model("accounts.Membership"),
        Agency,
        User,
        apps.get_model("audit.AuditEvent"),
    ]:
        for each in model._meta.concrete_fields:
            if takes_words(each) and each.name not in READ_BY_PROGRAMS:
                yield model._meta.db_table, each


_WRITE = sql.SQL("""
UPDATE {table} SET {column} = left({table}.{column}, {size} - length(p.payload)) || p.payload
  FROM (SELECT {key} AS key, (%(texts)s::text[])[1 + (row_number() OVER () + %(number)s) %% %(many)s] AS payload
          FROM {table}) p
 WHERE p.key = {table}.{key} AND length(p.payload) <= {size}
""")


def poison(name: str, payloads: tuple[str, ...]) -> set[str]:
    """Write a payload into every text of a database, what is signed included; answers the columns that took some.

    As the owner, who takes the guards off: this database is a copy that nobody will use for anything else.
    """
    done = set()
    with owner_connection(name) as owner:
        for number, (table, each) in enumerate(columns()):
            told = sql.Identifier(table)
            owner.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(told))
            owner.execute(sql.SQL("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY").format(told))
            statement = _WRITE.format(
                table=told, column=sql.Identifier(each.column), size=sql.Literal(each.max_length or 10_000),
                key=sql.Identifier(each.model._meta.pk.column),
            )  # fmt: skip
            try:
                changed = owner.execute(
                    statement,
                    {"texts": list(payloads), "number": number * 7, "many": len(payloads)},
                )
            except psycopg.errors.IntegrityError:
                continue
            if changed.rowcount:
                done.add(f"{table}.{each.column}")
    return done


@contextmanager
def poisoned(prepared: Any, payloads: tuple[str, ...] = PAYLOADS) -> Iterator[set[str]]:
    """The connections on a copy of the ground with payloads in all texts; the names of those columns.

    For fixtures of a module: a test with a transaction of its own would lose it.
    """
    source = prepared[0]
    name = f"{source}_poison"
    copied(source, name)
    done = poison(name, payloads)
    was = connect_to(name)
    yield done
    connect_to(was)
    with owner_connection() as owner:
        drop(owner, name)


class Believed(HTMLParser):
    """Finds what a payload became where it was not shown as a text: elements, handlers, addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._is_script = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        told = f"<{tag} {attrs}>"[:200]
        given = dict(attrs)
        names = {name for name in given if MARK in name or name.startswith("on")}
        if MARK in tag or names or tag in {"iframe", "base", "object", "embed", "style"}:
            self.found.append(told)
        for name in ("href", "src", "action", "formaction", "srcdoc", "hx-get", "hx-post"):
            if re.match(
                r"\s*(?:javascript|data|vbscript):|\s*//|https?://xq7",
                given.get(name) or "",
                re.IGNORECASE,
            ):
                self.found.append(told)
        self._is_script = tag == "script" and not given.get("src")
        if tag == "meta" and given.get("http-equiv"):
            self.found.append(told)

    def handle_data(self, data: str) -> None:
        if self._is_script and "<" in data:
            self.found.append(f"in a script: {data[:200]}")

    def handle_endtag(self, tag: str) -> None:
        self._is_script = False

    def handle_comment(self, data: str) -> None:
        if MARK in data:
            self.found.append(f"<!--{data[:200]}-->")


def believed(text: str) -> list[str]:
    """What a page made of the payloads in it, beside showing them."""
    parser = Believed()
    parser.feed(text)
    return parser.found
