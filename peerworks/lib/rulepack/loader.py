"""Reads the YAML of a rule pack into its dataclasses, section by section.

Format: one file a pack and version. Whatever is wrong is refused with file, line and key path, and
all of it at once. `extends` is refused in this release: a pack stands on its own.
"""

import datetime as dt
import re
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from peerworks.lib.canonical import sha256_of
from peerworks.lib.findings import Status
from peerworks.lib.rulepack import leaves, words
from peerworks.lib.rulepack.checks import check_pack
from peerworks.lib.rulepack.examples import read_example
from peerworks.lib.rulepack.nodes import (
    MAX_BYTES,
    Node,
    PackErrors,
    Problems,
    read_nodes,
)
from peerworks.lib.rulepack.schema import Calendar, NeverBillable, Pack
from peerworks.lib.rulepack.sections import Book, Section
from peerworks.lib.rulepack.services import read_service
from peerworks.lib.rulepack.values import Source
from peerworks.lib.rulepack.workforce import read_workforce

_KEY: Final = leaves.text(leaves.KEY)
_VERSION: Final = re.compile(r"[0-9]{4}\.[1-9][0-9]*")
_STATE: Final = re.compile(r"[A-Z]{2}")
_MONTH_DAY: Final = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9])")
_ADDRESS: Final = re.compile(r"https?://\S+")


def read_pack(source: Path | str, filename: str = "") -> Pack:
    """The pack in a file, or in a text.

    `filename` is how faults name it (the file's own name by default); where it has the form
    `<pack>@<version>.yaml`, it must agree with the head of the pack. Raises `PackErrors` with all
    faults, among them worked examples of the kind UNITS that fail; the other kinds are run by the
    apps that know them.
    """
    name = filename or (source.name if isinstance(source, Path) else "pack.yaml")
    problems = Problems(name)
    text = _text(source, problems)
    root = read_nodes(text, problems) if text is not None else None
    if root is None:
        raise PackErrors(problems.found)
    if not isinstance(root.content, dict):
        problems.add(root.line, "", "a pack is a map")
        raise PackErrors(problems.found)
    pack = _read(root, problems)
    check_pack(pack, root, problems)
    if problems.found:
        raise PackErrors(problems.found)
    return pack


def _text(source: Path | str, problems: Problems) -> str | None:
    content = source.read_bytes() if isinstance(source, Path) else source.encode()
    if len(content) > MAX_BYTES:
        problems.add(1, "", f"larger than {MAX_BYTES} bytes")
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        problems.add(1, "", "not UTF-8")
        return None


def _read(root: Node, problems: Problems) -> Pack:
    book = Book(problems)
    head = Section(root, "", 1, book)
    if head.node("extends"):
        head.fault("a pack cannot extend another in this release", "extends")
    sources = _read_sources(head.section("sources"))
    book.sources = frozenset(sources)
    starts, ends = _read_effective(head.section("effective"))
    pack = Pack(
        pack=head.take("pack", _KEY, ""),
        version=head.take("version", leaves.text(_VERSION), ""),
        kind=head.take("kind", leaves.word(words.KINDS), ""),
        state=head.take("state", leaves.text(_STATE), ""),
        label=head.label(),
        effective_from=starts,
        effective_to=ends,
        replaces=head.maybe("replaces", _version_or_null, ""),
        calendar=_read_calendar(head.section("calendar")),
        sources=sources,
        never_billable=_read_never_billable(head.section("never_billable")),
        services=tuple(read_service(each) for each in head.sections("services")),
        workforce=read_workforce(head.section("workforce")),
        severity=_read_severity(head.section("severity")),
        examples=tuple(filter(None, map(read_example, head.sections("examples", name="name")))),
        sha256=sha256_of(root.plain()),
        values=tuple(book.values),
    )
    head.close()
    return pack


def _version_or_null(value: Any) -> str:
    return "" if value is None else str(leaves.text(_VERSION)(value))


def _read_effective(section: Section) -> tuple[dt.date, dt.date | None]:
    starts: dt.date = section.take("from", leaves.day, dt.date.min)
    ends: dt.date | None = section.maybe("to", _day_or_null, None)
    section.close()
    if ends is not None and ends <= starts:
        section.fault("ends before it starts", "to")
    return starts, ends


def _day_or_null(value: Any) -> dt.date | None:
    return None if value is None else leaves.day(value)


def _read_calendar(section: Section) -> Calendar:
    week_starts = section.take("week_starts", leaves.word(words.WEEK_DAYS), "MONDAY")
    fiscal = section.take("fiscal_year_starts", leaves.text(_MONTH_DAY), "01-01")
    section.close()
    return Calendar(week_starts, fiscal)


def _read_sources(section: Section) -> MappingProxyType[str, Source]:
    if not section.is_given:
        section.fault("is missing")
    return MappingProxyType(
        {key: _read_source(key, section.section(key)) for key in section.names()}
    )


def _read_source(key: str, section: Section) -> Source:
    source = Source(
        key=key,
        status=Status(
            section.take("status", leaves.word(words.SOURCE_STATUSES), Status.UNVERIFIED)
        ),
        title=section.take("title", leaves.text(), ""),
        url=section.maybe("url", leaves.text(_ADDRESS), ""),
        verified_on=section.maybe("verified_on", leaves.day, None),
        verified_by=section.maybe("verified_by", leaves.text(), ""),
    )
    section.close()
    if source.status is Status.SOURCED:
        for name in ("url", "verified_on", "verified_by"):
            if not section.has(name):
                section.fault("is missing, and a SOURCED value needs it", name)
    return source


def _read_never_billable(section: Section) -> NeverBillable:
    activities = leaves.many(leaves.word(words.ACTIVITIES))
    never = NeverBillable(
        activities=section.value("activities", activities),
        volunteers=section.value("volunteers", leaves.truth),
    )
    section.close()
    return never


def _read_severity(section: Section) -> MappingProxyType[str, str]:
    severity: dict[str, str] = {}
    for gate in section.names():
        if gate in words.GATE_REASONS:
            severity[gate] = section.take(gate, leaves.word(words.MISSING), "")
    section.close()
    return MappingProxyType(severity)
