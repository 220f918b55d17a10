"""The gates, each once, in the order in which a verdict lists them.

The ids are spoken ("PROV-02") and stored in runs: they never change their meaning.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from billing.gates.rules import person, visit, worker
from billing.gates.rules.answers import default_of, not_applicable, stops_of
from billing.gates.rules.shapes import Facts, Terms
from peerworks.lib.findings import Finding, Moment, Outcome, Stop

GateFunction = Callable[[Facts, Terms], Finding]

_IN_ORDER = (Moment.WRITING, Moment.SIGNING, Moment.BATCH)
_FROM = {first: _IN_ORDER[place:] for place, first in enumerate(_IN_ORDER)}


class Scope(StrEnum):
    """What a gate needs: P only a worker and a day ("can bill today?"), V a visit."""

    P = "P"
    V = "V"


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate. `title` is the key of its words; `moments` are those at which it asks; `reasons` are
    those it may give, besides NO-RULE and NO-FACT; `stops` is what a BLOCK of it prevents, `default`
    its severity where the pack is silent."""

    id: str
    function: GateFunction
    scope: Scope
    moments: tuple[Moment, ...]
    reasons: tuple[str, ...]
    title: str
    stops: frozenset[Stop]
    default: Outcome

    def ask(self, facts: Facts, terms: Terms, moment: Moment) -> Finding:
        """The gate's answer at `moment`: NOT_APPLICABLE before the first moment at which it asks."""
        if moment not in self.moments:
            return not_applicable(self.id)
        return self.function(facts, terms)

    @property
    def first(self) -> Moment:
        """The moment from which on it asks."""
        return self.moments[0]


def _gate(rule: str, function: GateFunction, scope: Scope, first: Moment, *reasons: str) -> Gate:
    return Gate(
        id=rule,
        function=function,
        scope=scope,
        moments=_FROM[first],
        reasons=reasons,
        title=function.__name__.replace("_", "-"),
        stops=stops_of(rule),
        default=default_of(rule),
    )


_P, _V = Scope.P, Scope.V
_W, _S, _B = _IN_ORDER

GATES: tuple[Gate, ...] = (
    _gate("PROV-01", worker.provider_on_staff_on_service_date, _P, _W, "STAFF-OFF", "STAFF-VOL"),
    _gate("PROV-02", worker.credential_valid_on_service_date, _P, _W, "CERT-NONE", "CERT-EXP"),
    _gate("PROV-03", worker.credential_accepted_by_payer, _P, _W, "CERT-STATE", "CERT-ENDORSE"),
    _gate("PROV-04", worker.credential_verified, _P, _W, "CERT-UNVER"),
    _gate("SUPV-01", worker.supervisor_assigned, _P, _W, "SUP-NONE"),
    _gate("SUPV-02", worker.supervisor_qualified, _P, _W, "SUP-UNQUAL"),
    _gate("SUPV-03", worker.supervision_current, _P, _W, "SUP-SHORT", "SUP-LATE"),
    _gate("TRNG-01", worker.required_training_complete, _P, _W, "TRAIN-MISS"),
    _gate("PART-01", person.participant_enrolled, _V, _W, "ENROL-NONE"),
    _gate("PART-04", person.diagnosis_accepted, _V, _W, "DX"),
    _gate("PRIV-01", person.disclosure_consent_on_file, _V, _B, "CONSENT-NONE"),
    _gate("COVG-01", person.coverage_active, _V, _W, "ELIG"),
    _gate("PLAN-01", person.plan_in_force, _V, _W, "PLAN-NONE"),
    _gate("PLAN-02", person.plan_signed, _V, _W, "PLAN-UNSIGNED"),
    _gate("PLAN-04", person.goal_cited, _V, _S, "GOAL-NONE"),
    _gate("TIME-01", visit.no_overlap_for_provider, _V, _W, "TIME-OVER"),
    _gate("UNIT-01", visit.at_least_one_unit, _V, _W, "TIME-SHORT"),
    _gate("UNIT-02", visit.units_within_day_cap, _V, _W, "UNITS-DAY"),
    _gate("NOTE-01", visit.note_signed, _V, _B, "NOTE-DRAFT"),
    _gate("NOTE-02", visit.note_cosigned, _V, _B, "NOTE-REVIEW", "COSIGN-WHO"),
    _gate("CLAM-01", visit.not_billed_before, _V, _B, "BILLED"),
)
"""All gates. Their words stand in `billing.reasons` and `billing.gates.words`."""
