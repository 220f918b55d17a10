"""Who may supervise: a pack's tree of demands against what speaks for somebody, on a day."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from peerworks.lib.periods import Days, add_months, merge
from peerworks.lib.rulepack import AllOf, Atom, Qualification
from providers.rules import CredentialDates, is_valid_on
from training.rules import CompletionFact, has_completed

_MONTHS_OF_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorFacts:
    """What speaks for somebody as a supervisor.

    `peer_days` are the days of work as a peer, `directed_days` those under licensed direction,
    `supervising_since` the day of taking the post, from which a grace period counts. Hashed by little,
    since the same facts are looked up for every visit that somebody co-signed.
    """

    credentials: tuple[tuple[str, CredentialDates], ...] = ()
    licences: tuple[tuple[str, Days], ...] = ()
    peer_days: tuple[Days, ...] = ()
    completions: tuple[CompletionFact, ...] = ()
    directed_days: tuple[Days, ...] = ()
    supervising_since: dt.date | None = None

    def __hash__(self) -> int:
        return hash((self.supervising_since, len(self.completions)))


@dataclass(frozen=True, slots=True)
class Qualified:
    """Whether a supervisor met the rule on a day, and what was missing where not.

    `missing` are keys, "training:va-supervisor", "years_as_peer:2", "under_licensed_direction", of
    the way to qualify that lacks least. `by_grace` tells that only the grace period made it hold.
    """

    holds: bool
    missing: tuple[str, ...] = ()
    by_grace: bool = False


@lru_cache(maxsize=4096)
def qualified(
    tree: Qualification, facts: SupervisorFacts, day: dt.date, grace_months: int = 0
) -> Qualified:
    """Whether a supervisor meets a pack's rule on `day`.

    For `grace_months` from taking the post, that day of the last month included, training that the
    rule asks counts as done (Pennsylvania gives six); nothing else is forgiven.
    """
    missing = _missing(tree, facts, day)
    if not missing:
        return Qualified(holds=True)
    if _in_grace(facts, day, grace_months):
        forgiven = _missing(tree, facts, day, forgiven=frozenset({"training"}))
        if not forgiven:
            return Qualified(holds=True, by_grace=True)
    return Qualified(holds=False, missing=missing)


def _in_grace(facts: SupervisorFacts, day: dt.date, grace_months: int) -> bool:
    since = facts.supervising_since
    if since is None or not grace_months:
        return False
    return since <= day <= add_months(since, grace_months)


def _missing(
    tree: Qualification,
    facts: SupervisorFacts,
    day: dt.date,
    forgiven: frozenset[str] = frozenset(),
) -> tuple[str, ...]:
    if isinstance(tree, Atom):
        holds = tree.kind in forgiven or _holds(tree, facts, day)
        return () if holds else (_key(tree),)
    parts = (_missing(part, facts, day, forgiven) for part in tree.parts)
    if isinstance(tree, AllOf):
        return tuple(dict.fromkeys(key for part in parts for key in part))
    return _shortest(parts)


def asked_keys(tree: Qualification) -> tuple[str, ...]:
    """All that a rule can ask, as keys like those of `Qualified.missing`, each once."""
    if isinstance(tree, Atom):
        return (_key(tree),)
    return tuple(dict.fromkeys(key for part in tree.parts for key in asked_keys(part)))


def _shortest(ways: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    # The first that lacks nothing settles it: the others are not looked at.
    found = []
    for each in ways:
        if not each:
            return each
        found.append(each)
    return min(found, key=len)


def _key(atom: Atom) -> str:
    return atom.kind if atom.value is True else f"{atom.kind}:{atom.value}"


def _holds(atom: Atom, facts: SupervisorFacts, day: dt.date) -> bool:
    match atom.kind:
        case "credential":
            return any(
                kind == atom.value and is_valid_on(dates, day) for kind, dates in facts.credentials
            )
        case "licence":
            return any(key == atom.value and days.contains(day) for key, days in facts.licences)
        case "training":
            return has_completed(facts.completions, str(atom.value), day)
        case "years_as_peer":
            return _peer_for(facts, int(atom.value), day)
        case "under_licensed_direction":
            return any(days.contains(day) for days in facts.directed_days)
    raise ValueError(f"nothing of this kind is asked of a supervisor: {atom.kind!r}")


def _peer_for(facts: SupervisorFacts, years: int, day: dt.date) -> bool:
    # Consecutive years (12VAC30-130-5160), at any time before the day.
    return any(
        add_months(run.start, years * _MONTHS_OF_YEAR) <= min(day, run.end or day)
        for run in merge(facts.peer_days)
    )
