"""Proves the worked examples of a pack that speak of a gate, each by one difference to a clean visit.

A clean visit is one to which no gate of its pack objects: an hour in person, by an employee with an
accepted, verified certification and a qualified supervisor, with all that the pack asks. The tests
of the gates start from it, too.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

from billing.gates.rules.resolving import terms_of
from billing.gates.rules.shapes import (
    AssignmentFact,
    ConsentFact,
    CosignatureFact,
    CoverageFact,
    CredentialFact,
    DiagnosisFact,
    Facts,
    LiveLineFact,
    OtherVisitFact,
    PeriodFact,
    PersonFacts,
    PlanFact,
    SignatureFact,
    SpanFact,
    Terms,
    VisitFacts,
    WorkerFacts,
)
from billing.gates.rules.table import GATES
from billing.gates.rules.units import modifiers_for
from peerworks.lib.findings import Moment, RecordRef
from peerworks.lib.periods import Days, add_months
from peerworks.lib.rulepack import NONE, Atom, Example, ExampleResult, Pack, Qualification
from peerworks.lib.rulepack.examples import Given, result_of
from peerworks.lib.units import minutes_for
from providers.rules import CredentialDates, EmploymentFact, EmploymentKind, dates_by_rule
from supervision.rules import SessionFact, StageFact, SupervisorFacts
from training.rules import CompletionFact

Words = Mapping[str, Any]

_A_DAY: Final = dt.date(2026, 3, 10)
_YEARS: Final = 60
_PEER: Final = RecordRef("providers.provider", "peer")
_SUPERVISOR: Final = RecordRef("providers.provider", "supervisor")
_VISIT: Final = RecordRef("billing.servicenote", "visit")
_SUPERVISOR_WORDS: Final = (
    "supervisor_credentials",
    "supervisor_licences",
    "supervisor_trainings",
    "supervisor_years_as_peer",
    "supervisor_directed",
)


def run_gate_example(pack: Pack, example: Example) -> ExampleResult:
    """One GATE example: outcome and reason that it expects against the gate's answer at the claim.

    A gate that this version does not have proves nothing, and the result says so. A word of `given`
    that makes no fact below fails the example: it would prove something else than it says.
    """
    gate = next((each for each in GATES if each.id == example.gate), None)
    if gate is None:
        said = f"{example.gate} is not checked by this version"
        return ExampleResult(example, said, not_checked=True)
    terms = terms_of(pack, example.service)
    given = Given(example.given)
    finding = gate.ask(visit_of(pack, terms, given), terms, Moment.BATCH)
    reason = None if finding.because is None else finding.because.reason
    found = {"outcome": finding.outcome.value, "reason": reason}
    wrong = [
        f"{key} is {found[key]}" for key, value in example.expect.items() if found[key] != value
    ]
    return result_of(example, given, wrong)


def visit_of(pack: Pack, terms: Terms, given: Words) -> Facts:
    """A clean visit of this service with the differences `given`, in the words of an example."""
    day = given.get("service_day", max(_A_DAY, pack.effective_from))
    return Facts(
        service=terms.service,
        service_day=day,
        worker=_worker(pack, terms, given, day),
        person=_person(terms, given, day),
        visit=_visit(terms, given, day),
    )


def _ref(kind: str) -> RecordRef:
    return RecordRef(kind, kind.partition(".")[2])


def _long(day: dt.date) -> Days:
    return Days(add_months(day, -_YEARS), add_months(day, _YEARS))


def _worker(pack: Pack, terms: Terms, given: Words, day: dt.date) -> WorkerFacts:
    supports = supervisor_of(terms, given, day)
    days = Days(given.get("assigned_on", _long(day).start))
    stage = given.get("credential_stage", "FULL")
    assignment = AssignmentFact(
        record=_ref("supervision.assignment"), supervisor=_SUPERVISOR, days=days, supports=supports
    )
    kind = given.get("employment", "EMPLOYEE")
    employed = (
        ()
        if kind == NONE
        else (EmploymentFact(EmploymentKind(kind), _long(day), _ref("providers.employment")),)
    )
    trained = given.get("trainings", terms.trainings.value if terms.trainings else ())
    return WorkerFacts(
        provider=_PEER,
        employments=employed,
        credentials=_credentials(pack, terms, given, day),
        assignments=(assignment,) if given.get("supervisor", True) else (),
        stages=(StageFact(stage, Days(given.get("stage_from", _long(day).start))),),
        sessions=_sessions(terms, given, day),
        completions=tuple(
            CompletionFact(course, day, _ref("training.certificate")) for course in trained
        ),
    )


def _credentials(
    pack: Pack, terms: Terms, given: Words, day: dt.date
) -> tuple[CredentialFact, ...]:
    kind = given.get("credential", terms.accepted.value[0])
    if kind == NONE:
        return ()
    wanted = terms.endorsements.value if terms.endorsements else ()
    return (
        CredentialFact(
            record=_ref("providers.credential"),
            kind=kind,
            stage=given.get("credential_stage", "FULL"),
            dates=_dates(pack, kind, given.get("credential_ends", day)),
            endorsements=frozenset(given.get("credential_endorsements", wanted)),
            verified_on=day if given.get("credential_verified", True) else None,
        ),
    )


def _dates(pack: Pack, kind: str, ends: dt.date) -> CredentialDates:
    first = _long(ends).start
    described = next((each for each in pack.workforce.credentials if each.key == kind), None)
    if described is None:
        return CredentialDates(valid_from=first, expires_on=ends)
    return dates_by_rule(described, issued_on=first, valid_from=first, ends_on=ends)


def _sessions(terms: Terms, given: Words, day: dt.date) -> tuple[SessionFact, ...]:
    last = given.get("last_supervision", day)
    formats = {each for term in terms.supervision for each in term.duty.formats}
    if last == NONE:
        return ()
    return tuple(
        SessionFact(on=last, minutes=60, format=each, mode="IN_PERSON") for each in sorted(formats)
    )


def supervisor_of(terms: Terms, given: Words, day: dt.date) -> SupervisorFacts:
    """What speaks for the supervisor of an example: everything that the pack's rule names, or, once
    the example says anything about it, only what it says."""
    silent = not any(word in given for word in _SUPERVISOR_WORDS)
    atoms = tuple(_atoms(terms.qualification.value)) if silent and terms.qualification else ()
    named = {
        kind: tuple(str(atom.value) for atom in atoms if atom.kind == kind)
        for kind in ("credential", "licence", "training")
    }
    years = max((int(a.value) for a in atoms if a.kind == "years_as_peer"), default=0)
    years = given.get("supervisor_years_as_peer", years)
    ends = _long(day).end
    valid = CredentialDates(valid_from=_long(day).start, expires_on=ends)
    return SupervisorFacts(
        credentials=tuple(
            (k, valid) for k in given.get("supervisor_credentials", named["credential"])
        ),
        licences=tuple((k, _long(day)) for k in given.get("supervisor_licences", named["licence"])),
        peer_days=(Days(add_months(day, -12 * years), ends),),
        completions=tuple(
            CompletionFact(course, day, _ref("training.certificate"))
            for course in given.get("supervisor_trainings", named["training"])
        ),
        directed_days=(_long(day),) if given.get("supervisor_directed", silent) else (),
    )


def _atoms(tree: Qualification) -> Iterator[Atom]:
    if isinstance(tree, Atom):
        yield tree
        return
    for part in tree.parts:
        yield from _atoms(part)


def _person(terms: Terms, given: Words, day: dt.date) -> PersonFacts:
    days = _long(day)
    families = given.get("diagnosis_families", terms.families.value if terms.families else ())
    signers = terms.plan_signed_by.value if terms.plan_signed_by else ()
    plan = PlanFact(
        record=_ref("billing.planversion"),
        days=days,
        goals=_goals(max(given.get("goals", 1), 1)),
        signatures=tuple(SignatureFact(r, day) for r in given.get("plan_signed_by", signers)),
    )
    payer = _ref("billing.payer")
    coverage = CoverageFact(record=_ref("billing.coverage"), payer=payer, order=1, days=days)
    consent = ConsentFact(record=_ref("participants.consent"), days=days, payer=payer)
    enrolment = PeriodFact(record=_ref("participants.enrolment"), days=days)
    return PersonFacts(
        participant=_ref("participants.participant"),
        program=_ref("agencies.program"),
        is_part2=True,
        enrolments=(enrolment,) if given.get("enrolled", True) else (),
        diagnoses=tuple(
            DiagnosisFact(record=_ref("billing.diagnosis"), family=each, days=days)
            for each in families
        ),
        coverages=(coverage,) if given.get("coverage", True) else (),
        consents=(consent,) if given.get("consent", True) else (),
        plans=(plan,) if given.get("plan", True) else (),
    )


def _goals(count: int) -> frozenset[str]:
    return frozenset(f"goal-{number}" for number in range(count))


def _visit(terms: Terms, given: Words, day: dt.date) -> VisitFacts:
    start = dt.datetime.combine(day, dt.time(15), dt.UTC)
    end = start + dt.timedelta(minutes=given.get("minutes", 60))
    other = SpanFact(
        record=_ref("providers.workspan"), start=start, end=end + dt.timedelta(hours=1)
    )
    line = LiveLineFact(_ref("billing.claim"), frozenset({_VISIT.id}))
    signed = given.get("signed", True)
    return VisitFacts(
        record=_VISIT,
        start=start,
        end=end,
        mode=given.get("mode", "IN_PERSON"),
        place=given.get("place", "11"),
        goals=_goals(given.get("goals", 1)),
        state="SIGNED" if signed else "DRAFT",
        signed_on=day if signed else None,
        cosignatures=_cosignatures(terms, given, day),
        spans=(other,) if given.get("overlap", False) else (),
        other_visits=_earlier_visits(terms, given, day),
        live_lines=(line,) if given.get("billed", False) else (),
    )


def _cosignatures(terms: Terms, given: Words, day: dt.date) -> tuple[CosignatureFact, ...]:
    if not given.get("cosigned", True):
        return ()
    return (
        CosignatureFact(
            record=_ref("billing.cosignature"),
            by=_PEER if given.get("cosigned_by_author", False) else _SUPERVISOR,
            on=day,
            was_assigned=True,
            supports=supervisor_of(terms, given, day),
        ),
    )


def _earlier_visits(terms: Terms, given: Words, day: dt.date) -> tuple[OtherVisitFact, ...]:
    """Visits before the judged one: those of its own unit group, and one of another worker."""
    minutes = [(_PEER.id, each) for each in given.get("minutes_before", ())]
    units = given.get("units_same_day", 0)
    if units:
        fewest = minutes_for(
            units, engine=terms.engine.value, unit_minutes=terms.unit_minutes.value
        )
        minutes.append(("another-peer", fewest))
    midnight = dt.datetime.combine(day, dt.time(0), dt.UTC)
    codes = modifiers_for(
        terms, mode=given.get("mode", "IN_PERSON"), place=given.get("place", "11")
    )
    return tuple(
        OtherVisitFact(
            id=f"earlier-{number}",
            provider=provider,
            service=terms.service,
            day=day,
            start=midnight + dt.timedelta(minutes=number),
            minutes=each,
            code=terms.code.value,
            modifiers=codes,
        )
        for number, (provider, each) in enumerate(minutes)
    )
