"""A verdict's checks as pages list them: every gate, what it said, what it saw, what it rests on."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from billing.gates.rules import GATES
from billing.models import GateRun
from peerworks.lib.findings import Finding, Outcome, Verdict
from peerworks.web import reasons
from peerworks.web.reasons import Names

_TITLES = {gate.id: gate.title for gate in GATES}
_TONES = {
    Outcome.PASS: "ok",
    Outcome.WARN: "soon",
    Outcome.BLOCK: "late",
    Outcome.UNKNOWN: "late",
    Outcome.NOT_APPLICABLE: "info",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a visit in words. `rule` is the spoken id, "" for what the claim itself asks."""

    rule: str
    title: str
    tone: str
    words: str
    sentence: str
    rests_on: str
    is_confirmed: bool
    evidence: tuple[tuple[str, str], ...]


def checks_of(findings: Iterable[Finding], names: Names) -> tuple[Check, ...]:
    """The checks in their order; `names` come from `reasons.names_of`, once for a page."""
    return tuple(_check(each, names) for each in findings)


def _check(finding: Finding, names: Names) -> Check:
    authority, because = finding.authority, finding.because
    title = _TITLES.get(finding.rule, "")
    return Check(
        rule=finding.rule,
        title=reasons.label(title) if title else str(_("The claim itself")),
        tone=_TONES[finding.outcome],
        words=str(GateRun.Outcome(finding.outcome).label),
        sentence=reasons.sentence(because, names=names) if because else "",
        rests_on=reasons.rests_on(authority) if authority else "",
        is_confirmed=authority is None or authority.is_confirmed,
        evidence=tuple(
            (
                reasons.label(each.label),
                reasons.value_text(each.value, param=each.label, names=names),
            )
            for each in finding.evidence
        ),
    )


def not_checked(verdict: Verdict) -> str:
    """What the pack names and this version does not check yet, in words; "" for nothing."""
    return ", ".join(reasons.label(each) for each in verdict.not_checked)
