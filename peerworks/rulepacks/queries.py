"""Which pack answers on a day, parsed once a process."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language

from peerworks.lib.findings import Authority, Status
from peerworks.lib.rulepack import CredentialKindRule, Pack, Service, read_pack
from peerworks.rulepacks.models import PackVersion

_HEAD = ("id", "pack", "version", "sha256", "period")
# By content hash. A version never changes and there are few, so nothing is ever dropped.
_parsed: dict[str, Pack] = {}
# By pack and version: the titles of its sources by key, of what has been parsed.
_titles: dict[tuple[str, str], dict[str, str]] = {}


class NoPackInForce(LookupError):
    """No loaded version of this pack answers for this day."""

    def __init__(self, name: str, day: dt.date) -> None:
        super().__init__(f"{name} has no version in force on {day}")
        self.name, self.day = name, day


def pack_on(name: str, day: dt.date) -> Pack:
    """The pack of that name as it was in force on a service day.

    Raises `NoPackInForce` where there is none: the rules then have no value, and answer UNKNOWN.
    """
    found = packs_on([(name, day)]).get((name, day))
    if found is None:
        raise NoPackInForce(name, day)
    return found


def packs_on(wanted: Iterable[tuple[str, dt.date]]) -> dict[tuple[str, dt.date], Pack]:
    """For each (name, day) the pack in force; what has none is left out.

    One query, and one more in a process that has not yet read one of the versions. Of versions in
    force on one day the latest answers: loading has made sure that it replaces the others.
    """
    asked = set(wanted)
    heads = _heads({name for name, _ in asked})
    chosen = {
        (name, day): head
        for name, day in asked
        if (head := _latest(heads.get(name, []), day)) is not None
    }
    packs = _read({head.pk: head for head in chosen.values()})
    return {key: packs[head.sha256] for key, head in chosen.items()}


def loaded_packs(names: Iterable[str]) -> list[Pack]:
    """Every loaded version of these packs, parsed, by name and version."""
    versions = [each for heads in _heads(set(names)).values() for each in heads]
    packs = _read({each.pk: each for each in versions})
    return [packs[each.sha256] for each in sorted(versions, key=lambda v: (v.pack, v.order))]


def _heads(names: set[str]) -> dict[str, list[PackVersion]]:
    heads: dict[str, list[PackVersion]] = {}
    for each in PackVersion.objects.filter(pack__in=names).only(*_HEAD):
        heads.setdefault(each.pack, []).append(each)
    return heads


def _latest(versions: list[PackVersion], day: dt.date) -> PackVersion | None:
    in_force = [each for each in versions if day in each.period]
    return max(in_force, key=lambda each: each.order, default=None)


def _read(versions: dict[int, PackVersion]) -> dict[str, Pack]:
    unread = [key for key, each in versions.items() if each.sha256 not in _parsed]
    if unread:
        for each in PackVersion.objects.filter(pk__in=unread):
            pack = read_pack(each.content, f"{each.name}.yaml")
            _parsed[each.sha256] = pack
            _titles[each.pack, each.version] = {k: s.title for k, s in pack.sources.items()}
    return {each.sha256: _parsed[each.sha256] for each in versions.values()}


@dataclass(frozen=True, slots=True)
class PackRow:
    """A loaded version in a list, with how many of its values stand on what."""

    version: PackVersion
    pack: Pack
    is_now: bool
    sourced: int
    unverified: int
    proposed: int


def pack_rows(on: dt.date) -> list[PackRow]:
    """Every loaded version of every pack, by name, the latest first; `is_now` marks what answers."""
    versions = sorted(PackVersion.objects.only(*_HEAD), key=lambda each: each.order, reverse=True)
    versions.sort(key=lambda each: each.pack)
    packs = _read({each.pk: each for each in versions})
    by_name: dict[str, list[PackVersion]] = {}
    for each in versions:
        by_name.setdefault(each.pack, []).append(each)
    now = {latest.pk for heads in by_name.values() if (latest := _latest(heads, on)) is not None}
    return [_pack_row(each, packs[each.sha256], each.pk in now) for each in versions]


def _pack_row(version: PackVersion, pack: Pack, is_now: bool) -> PackRow:
    counts = pack.status_counts()
    return PackRow(
        version=version,
        pack=pack,
        is_now=is_now,
        sourced=counts.get(Status.SOURCED, 0),
        unverified=counts.get(Status.UNVERIFIED, 0),
        proposed=counts.get(Status.PROPOSAL, 0),
    )


def label_of(named: Pack | Service | CredentialKindRule) -> str:
    """What a pack, a service of it or a kind of certification is called in the active language."""
    return named.label.get(get_language() or "en", named.label["en"])


def pack_choices(on: dt.date) -> list[tuple[str, str]]:
    """The packs in force on a day, (name, label in the active language), by label."""
    packs = [row.pack for row in pack_rows(on) if row.is_now]
    named = [(each.pack, label_of(each)) for each in packs]
    return sorted(named, key=lambda each: (each[1], each[0]))


def parsed(version: PackVersion) -> Pack:
    """The pack of a loaded version, parsed once a process."""
    return _read({version.pk: version})[version.sha256]


def source_title(authority: Authority) -> str:
    """What the source of a value is called; its key where that version of the pack is not loaded.

    Asks the database only for a version that this process has not parsed yet.
    """
    version = authority.pack, authority.version
    if version not in _titles:
        loaded = PackVersion.objects.filter(pack=version[0], version=version[1])
        _read({each.pk: each for each in loaded.only(*_HEAD)})
    return _titles.get(version, {}).get(authority.source, authority.source)
