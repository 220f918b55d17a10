"""How gates answer: one function for each outcome, so that all answer alike.

What a BLOCK stops is the gate's (TIME-01 stops the signature, all others the claim); how severe it
is may be the pack's. UNKNOWN stops the claim and never the signature.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from billing.gates.rules.shapes import Terms
from peerworks.lib.findings import (
    Authority,
    Because,
    Evidence,
    Finding,
    Outcome,
    Param,
    RecordRef,
    Remedy,
    Stop,
)

NEVER: Final = "NEVER"
"""Stands for a day in a reason where there is none: never checked, no session yet."""

_BILL = frozenset({Stop.BILL})
_STOPS: Final[Mapping[str, frozenset[Stop]]] = MappingProxyType({"TIME-01": frozenset({Stop.SIGN})})
_DEFAULT: Final[Mapping[str, Outcome]] = MappingProxyType({"SUPV-03": Outcome.WARN})


def stops_of(rule: str) -> frozenset[Stop]:
    """What a BLOCK of this gate prevents."""
    return _STOPS.get(rule, _BILL)


def default_of(rule: str) -> Outcome:
    """How severe a failure is where the pack does not say."""
    return _DEFAULT.get(rule, Outcome.BLOCK)


def passes(rule: str, *evidence: Evidence, authority: Authority | None = None) -> Finding:
    """The condition holds, by this evidence."""
    return Finding(rule, Outcome.PASS, evidence=evidence, authority=authority)


def not_applicable(rule: str, authority: Authority | None = None) -> Finding:
    """The gate has nothing to ask here: the pack says NONE, or another gate has told already."""
    return Finding(rule, Outcome.NOT_APPLICABLE, authority=authority)


def fails(
    rule: str,
    reason: str,
    params: Mapping[str, Param],
    *,
    terms: Terms,
    remedy: Remedy,
    evidence: tuple[Evidence, ...] = (),
    authority: Authority | None = None,
    at_most: Outcome = Outcome.BLOCK,
) -> Finding:
    """The condition does not hold: as severe as the pack, else the gate says, and `at_most`."""
    outcome = terms.severity.get(rule, default_of(rule))
    outcome = Outcome.WARN if at_most is Outcome.WARN else outcome
    return Finding(
        rule,
        outcome,
        because=Because(reason, MappingProxyType(dict(params))),
        stops=stops_of(rule) if outcome is Outcome.BLOCK else frozenset(),
        evidence=evidence,
        remedy=remedy,
        authority=authority,
    )


def no_rule(rule: str, key: str, terms: Terms) -> Finding:
    """The pack has no value for `key`, the last part of its path: nobody can judge."""
    params = {"rule": key, "service": terms.service, "pack": terms.pack.pack}
    return Finding(
        rule,
        Outcome.UNKNOWN,
        because=Because("NO-RULE", MappingProxyType(params)),
        stops=_BILL,
        remedy=Remedy("ask-for-rule", "rulepacks:pack-list", (), ("ADMINISTRATOR",)),
    )


def no_fact(rule: str, record: RecordRef | str, *who: str) -> Finding:
    """A fact is missing: `record` is the incomplete record, or the kind of which none was given."""
    return Finding(
        rule,
        Outcome.UNKNOWN,
        because=Because("NO-FACT", MappingProxyType({"record": record, "rule": rule})),
        stops=_BILL,
        remedy=Remedy("add-record", who=who),
    )
