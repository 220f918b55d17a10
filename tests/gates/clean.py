"""A clean visit in the demonstration's Virginia program, and how tests make it differ."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import peerworks
from billing.gates.rules import GATES, Facts, Term, Terms, terms_of, visit_of
from peerworks.lib.findings import Authority, Finding, Moment, RecordRef, Status
from peerworks.lib.rulepack import Pack, read_pack
from peerworks.lib.rulepack.examples import Given

_PACKS = Path(peerworks.__path__[0]) / "rulepacks" / "packs"
VIRGINIA: Pack = read_pack(_PACKS / "va-dmas-peer@2026.1.yaml")
TEXAS: Pack = read_pack(_PACKS / "tx-medicaid-peer@2026.1.yaml")
GEORGIA: Pack = read_pack(_PACKS / "ga-medicaid-peer@2026.1.yaml")
TERMS: Terms = terms_of(VIRGINIA, "sud-individual")
DAY = dt.date(2026, 3, 10)
ONE = dt.timedelta(days=1)
AUTHORITY = Authority("a-pack", "1", "a.path", Status.PROPOSAL, "default")
BY_ID = {gate.id: gate for gate in GATES}


def ref(kind: str, name: str) -> RecordRef:
    return RecordRef(kind, name)


def term(value: Any) -> Term[Any]:
    return Term(value, AUTHORITY)


def clean(terms: Terms = TERMS, pack: Pack = VIRGINIA, **given: Any) -> Facts:
    """The clean visit with differences in the words of a worked example, each of which counts."""
    told = Given(given)
    facts = visit_of(pack, terms, told)
    assert told.unread == ()
    return facts


def having(facts: Facts, part: str, **changes: Any) -> Facts:
    """The facts with other values in `worker`, `person` or `visit`."""
    return replace(facts, **{part: replace(getattr(facts, part), **changes)})


def ask(rule: str, facts: Facts, terms: Terms = TERMS) -> Finding:
    """What a gate answers at the claim, where every gate asks."""
    return BY_ID[rule].ask(facts, terms, Moment.BATCH)


def said(finding: Finding) -> str:
    """The reason of a finding, or its outcome where it gives none."""
    return finding.outcome.value if finding.because is None else finding.because.reason
