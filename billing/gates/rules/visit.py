"""The gates about the visit itself: its time, its units, its note, its claim.

They answer NOT_APPLICABLE where no visit is asked about ("can this worker bill today?").
"""

import datetime as dt
from collections.abc import Sequence

from billing.gates.rules.answers import fails, no_fact, no_rule, not_applicable, passes
from billing.gates.rules.shapes import CapTerm, CosignatureFact, Facts, SpanFact, Terms, VisitFacts
from billing.gates.rules.units import minutes_of, unit_group, used_that_day
from billing.states import NOTE_IN_FORCE
from peerworks.lib.findings import Evidence, Finding, Outcome, RecordRef, Remedy
from peerworks.lib.periods import Stretch, in_utc
from peerworks.lib.units import minutes_for
from providers.rules import employed_since
from supervision.rules import qualified


def no_overlap_for_provider(facts: Facts, terms: Terms) -> Finding:
    """TIME-01: the worker has no other recorded time that overlaps this visit by a minute or more.

    Notes of one group session share their time. 10:00 to 10:30 and 10:30 to 11:00 do not overlap.
    Stops the signature, since the ledger would refuse the span.
    """
    rule, visit = "TIME-01", facts.visit
    if visit is None:
        return not_applicable(rule)
    if minutes_of(visit) is None:
        return no_fact(rule, visit.record, "PEER")
    if visit.spans is None:
        return no_fact(rule, "providers.workspan", "PEER")
    clash = _clash(visit, visit.spans)
    if clash is None:
        return passes(rule)
    return fails(
        rule,
        "TIME-OVER",
        {"peer": facts.worker.provider, "start": clash.start, "end": clash.end},
        terms=terms,
        remedy=Remedy("correct-times", "billing:note-write", (visit.id,), ("PEER",)),
        evidence=(Evidence("overlaps", clash.start, clash.record, facts.service_day),),
    )


def at_least_one_unit(facts: Facts, terms: Terms) -> Finding:
    """UNIT-01: the minutes of the whole unit group make at least one unit."""
    rule, visit = "UNIT-01", facts.visit
    if visit is None:
        return not_applicable(rule)
    group = unit_group(facts, terms)
    if group is None:
        return _unknown_minutes(rule, visit)
    seen = (
        Evidence("minutes", group.minutes, visit.record, facts.service_day),
        Evidence("units", group.units, visit.record, facts.service_day),
    )
    if group.units > 0:
        return passes(rule, *seen, authority=terms.engine.authority)
    fewest = minutes_for(1, engine=terms.engine.value, unit_minutes=terms.unit_minutes.value)
    return fails(
        rule,
        "TIME-SHORT",
        {"n": group.minutes, "m": fewest},
        terms=terms,
        remedy=Remedy("check-times", "billing:note-write", (visit.id,), ("PEER",)),
        evidence=seen,
        authority=terms.unit_minutes.authority,
    )


def units_within_day_cap(facts: Facts, terms: Terms) -> Finding:
    """UNIT-02: with this visit the participant's day stays within the service's caps of a day.

    Counted in order of start; the visit that crosses the limit is held whole, and so are later ones,
    until a biller chooses what to bill. A cap in minutes is told in units.
    """
    rule, visit = "UNIT-02", facts.visit
    if visit is None or terms.day_caps == ():
        return not_applicable(rule)
    if terms.day_caps is None:
        return no_rule(rule, "caps.day", terms)
    used = used_that_day(facts, terms)
    if used is None:
        return _unknown_minutes(rule, visit)
    over = [each for each in terms.day_caps if _is_over(each, used)]
    cap = min(over, key=lambda each: each.warns, default=None)
    seen = Evidence("units-that-day", used[0], visit.record, facts.service_day)
    if cap is None:
        return passes(rule, seen, authority=terms.day_caps[0].limit.authority)
    unit = terms.unit_minutes.value
    n, m = used[0], cap.limit.value
    if cap.in_minutes:
        n, m = -(-used[1] // unit), m // unit
    return fails(
        rule,
        "UNITS-DAY",
        {"n": n, "m": m},
        terms=terms,
        remedy=Remedy("choose-lines", "billing:worklist", (), ("BILLER",)),
        evidence=(seen,),
        authority=cap.limit.authority,
        at_most=Outcome.WARN if cap.warns else Outcome.BLOCK,
    )


def note_signed(facts: Facts, terms: Terms) -> Finding:
    """NOTE-01: the author has signed the note, and it was neither returned nor voided since."""
    rule, visit = "NOTE-01", facts.visit
    if visit is None:
        return not_applicable(rule)
    if _is_signed(visit):
        return passes(rule, Evidence("signed", visit.signed_on, visit.record, facts.service_day))
    return fails(
        rule,
        "NOTE-DRAFT",
        {},
        terms=terms,
        remedy=Remedy("finish-note", "billing:note-write", (visit.id,), ("PEER",)),
    )


def note_cosigned(facts: Facts, terms: Terms) -> Finding:
    """NOTE-02: where the pack asks for it, a supervisor has co-signed: another person than the
    author, assigned on the service day or a named delegate, qualified on the day of co-signing.

    NEW_PEERS asks it of those whose employment was younger than `new_peer_days` on the service day.
    """
    rule, visit = "NOTE-02", facts.visit
    if visit is None or not _is_signed(visit):
        return not_applicable(rule)
    if terms.cosign.value == "NEVER":
        return not_applicable(rule, terms.cosign.authority)
    settled = _not_a_new_peer(rule, facts, terms) if terms.cosign.value == "NEW_PEERS" else None
    if settled is not None:
        return settled
    if visit.cosignatures is None:
        return no_fact(rule, "billing.cosignature", "SUPERVISOR")
    return _by_cosignatures(rule, visit, visit.cosignatures, facts, terms)


def not_billed_before(facts: Facts, terms: Terms) -> Finding:
    """CLAM-01: neither the visit nor another of its unit group is on a claim line that lives.

    A group is billed as one line: what joins it later needs that line replaced.
    """
    rule, visit = "CLAM-01", facts.visit
    if visit is None:
        return not_applicable(rule)
    if visit.live_lines is None:
        return no_fact(rule, "billing.claimline", "BILLER")
    group = unit_group(facts, terms)
    together = {visit.id} if group is None else {member for member, _, _ in group.members}
    line = next((each for each in visit.live_lines if together & each.visits), None)
    if line is None:
        return passes(rule)
    return fails(
        rule,
        "BILLED",
        {"claim": line.claim},
        terms=terms,
        remedy=Remedy("open-claim", "billing:claim-detail", (line.claim.id,), ("BILLER",)),
    )


def _clash(visit: VisitFacts, spans: Sequence[SpanFact]) -> SpanFact | None:
    if visit.start is None or visit.end is None or in_utc(visit.end) <= in_utc(visit.start):
        return None
    own = Stretch(visit.start, visit.end)
    others = (
        each
        for each in spans
        if not (visit.group_session and visit.group_session == each.group_session)
        and own.overlaps(Stretch(each.start, each.end))
    )
    return min(others, key=lambda each: in_utc(each.start), default=None)


def _unknown_minutes(rule: str, visit: VisitFacts) -> Finding:
    if minutes_of(visit) is None:
        return no_fact(rule, visit.record, "PEER")
    return no_fact(rule, "billing.servicenote", "BILLER")


def _is_over(cap: CapTerm, used: tuple[int, int]) -> bool:
    units, minutes = used
    return (minutes if cap.in_minutes else units) > cap.limit.value


def _is_signed(visit: VisitFacts) -> bool:
    return visit.state in NOTE_IN_FORCE and visit.signed_on is not None


def _not_a_new_peer(rule: str, facts: Facts, terms: Terms) -> Finding | None:
    """The answer that no co-signature is needed, or cannot be judged; None where one is asked."""
    if terms.new_peer_days is None:
        return no_rule(rule, "note.new_peer_days", terms)
    if facts.worker.employments is None:
        return no_fact(rule, "providers.employment", "ADMINISTRATOR")
    since = employed_since(facts.worker.employments, facts.service_day)
    new_through = dt.timedelta(days=terms.new_peer_days.value)
    if since is not None and facts.service_day >= since + new_through:
        return not_applicable(rule, terms.new_peer_days.authority)
    return None


def _by_cosignatures(
    rule: str,
    visit: VisitFacts,
    cosignatures: Sequence[CosignatureFact],
    facts: Facts,
    terms: Terms,
) -> Finding:
    if not cosignatures:
        return fails(
            rule,
            "NOTE-REVIEW",
            {"supervisor": _reviewer(facts), "date": visit.signed_on or facts.service_day},
            terms=terms,
            remedy=Remedy("review-note", "billing:review-list", (), ("SUPERVISOR",)),
            authority=terms.cosign.authority,
        )
    wrong = [(each, _what_is_wrong(each, facts, terms)) for each in cosignatures]
    right = next((each for each, missing in wrong if missing == ()), None)
    if right is not None:
        seen = Evidence("cosigned", right.by, right.record, right.on)
        return passes(rule, seen, authority=terms.cosign.authority)
    cosignature, missing = wrong[-1]
    if missing is None:
        return _cannot_tell(rule, cosignature, terms)
    return fails(
        rule,
        "COSIGN-WHO",
        {"supervisor": cosignature.by, "date": cosignature.on, "missing": ",".join(missing)},
        terms=terms,
        remedy=Remedy("ask-another-supervisor", "billing:review-list", (), ("SUPERVISOR",)),
        authority=terms.cosign.authority,
    )


def _what_is_wrong(
    cosignature: CosignatureFact, facts: Facts, terms: Terms
) -> tuple[str, ...] | None:
    """Why somebody could not co-sign, as keys; None where rule or facts are missing."""
    if cosignature.by.id == facts.worker.provider.id:
        return ("own-note",)
    if not cosignature.was_assigned:
        return ("not-assigned",)
    if terms.qualification is None or cosignature.supports is None:
        return None
    grace = terms.grace_months.value if terms.grace_months is not None else 0
    tree = terms.qualification.value
    return qualified(tree, cosignature.supports, cosignature.on, grace).missing


def _cannot_tell(rule: str, cosignature: CosignatureFact, terms: Terms) -> Finding:
    if cosignature.supports is None:
        return no_fact(rule, cosignature.by, "ADMINISTRATOR")
    return no_rule(rule, "workforce.supervisor_qualification", terms)


def _reviewer(facts: Facts) -> RecordRef | str:
    """The supervisor of the service day; the role where nobody was assigned, as SUPV-01 tells."""
    assigned = (
        each.supervisor
        for each in facts.worker.assignments or ()
        if each.days.contains(facts.service_day)
    )
    return next(assigned, "SUPERVISOR")
