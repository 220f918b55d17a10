"""The gates about the worker: on staff, certified, supervised, trained. They need no visit."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from billing.gates.rules.answers import NEVER, fails, no_fact, no_rule, not_applicable, passes
from billing.gates.rules.shapes import AssignmentFact, CredentialFact, Facts, Terms
from peerworks.lib.findings import Evidence, Finding, Param, Remedy
from peerworks.lib.periods import Days
from peerworks.lib.rulepack import Every
from providers.rules import (
    EmploymentKind,
    are_known,
    first_valid_day,
    is_valid_on,
    last_valid_day,
    on_staff,
)
from supervision.rules import (
    Mode,
    Owed,
    State,
    SupervisionFacts,
    owed,
    qualified,
    stages_on,
    strictest,
)
from training.rules import completion_on, missing_courses

_STAGES_THAT_BAR: Final = frozenset({"LAPSED", "SUSPENDED", "RETIRED"})
_MINUTES_OF_HOUR: Final = 60
_CENTIHOUR: Final = Decimal("0.01")


def provider_on_staff_on_service_date(facts: Facts, terms: Terms) -> Finding:
    """PROV-01: the worker was employed on the service day, and not as a volunteer where those are
    never billed (12VAC30-130-5210). A partner, who supervises from outside, is not on staff."""
    rule, worker, day = "PROV-01", facts.worker, facts.service_day
    if worker.employments is None:
        return no_fact(rule, "providers.employment", "ADMINISTRATOR")
    remedy = Remedy(
        "check-employment", "providers:provider-detail", (worker.provider.id,), ("ADMINISTRATOR",)
    )
    params: dict[str, Param] = {"peer": worker.provider, "date": day}
    employment = on_staff(worker.employments, day)
    if employment is None:
        return fails(rule, "STAFF-OFF", params, terms=terms, remedy=remedy)
    seen = Evidence("employment", employment.kind.value, employment.record, day)
    if employment.kind is not EmploymentKind.VOLUNTEER:
        return passes(rule, seen)
    barred = terms.volunteers_barred
    if barred is None:
        return no_rule(rule, "never_billable.volunteers", terms)
    if not barred.value:
        return passes(rule, seen, authority=barred.authority)
    return fails(
        rule,
        "STAFF-VOL",
        params,
        terms=terms,
        remedy=remedy,
        evidence=(seen,),
        authority=barred.authority,
    )


def credential_valid_on_service_date(facts: Facts, terms: Terms) -> Finding:
    """PROV-02: a certification was valid on the service day, its last valid day included.

    Asked of the kinds that the payer accepts where the worker holds one of those, else of all.
    """
    rule, day = "PROV-02", facts.service_day
    if facts.worker.credentials is None:
        return no_fact(rule, "providers.credential", "PEER", "ADMINISTRATOR")
    held = _asked_about(facts.worker.credentials, terms)
    valid = _valid(held, day)
    if valid:
        return passes(rule, *(_end_of(each, day) for each in valid))
    unclear = next((each for each in held if not are_known(each.dates)), None)
    if unclear is not None:
        return no_fact(rule, unclear.record, "PEER", "ADMINISTRATOR")
    return _no_valid_credential(rule, held, facts, terms)


def credential_accepted_by_payer(facts: Facts, terms: Terms) -> Finding:
    """PROV-03: a certification valid on the day is of a kind, stage and endorsement that the payer
    accepts for this service (Texas: service consistent with the endorsement, 1 TAC 354.3203)."""
    rule, day = "PROV-03", facts.service_day
    if facts.worker.credentials is None:
        return no_fact(rule, "providers.credential", "PEER", "ADMINISTRATOR")
    valid = _valid(_asked_about(facts.worker.credentials, terms), day)
    if not valid:
        return not_applicable(rule)
    accepted = [each for each in valid if _is_accepted(each, terms)]
    params: dict[str, Param] = {"service": terms.service, "state": terms.state}
    if not accepted:
        return _not_accepted(rule, "CERT-STATE", {"cert": valid[0].record, **params}, terms)
    wanted = terms.endorsements
    if wanted is None:
        return no_rule(rule, "credentials.endorsements", terms)
    if not any(_is_endorsed(each, terms) for each in accepted):
        params = {
            "cert": accepted[0].record,
            "service": terms.service,
            "endorsement": ",".join(wanted.value),
        }
        return _not_accepted(rule, "CERT-ENDORSE", params, terms)
    seen = (Evidence("credential-kind", each.kind, each.record, day) for each in accepted)
    return passes(rule, *seen, authority=terms.accepted.authority)


def credential_verified(facts: Facts, terms: Terms) -> Finding:
    """PROV-04: a certification that lets this service be billed has been verified by somebody else.

    When it was verified does not matter: proof that comes later proves the same day.
    """
    rule, day = "PROV-04", facts.service_day
    if facts.worker.credentials is None:
        return no_fact(rule, "providers.credential", "PEER", "ADMINISTRATOR")
    valid = _valid(_asked_about(facts.worker.credentials, terms), day)
    usable = [each for each in valid if _is_accepted(each, terms) and _is_endorsed(each, terms)]
    if not usable:
        return not_applicable(rule)
    verified = next((each for each in usable if each.verified_on is not None), None)
    if verified is not None:
        return passes(rule, Evidence("verified", verified.verified_on, verified.record, day))
    record = usable[0].record
    return fails(
        rule,
        "CERT-UNVER",
        {"cert": record},
        terms=terms,
        remedy=Remedy(
            "verify-credential", "providers:credential-verify", (record.id,), ("ADMINISTRATOR",)
        ),
    )


def supervisor_assigned(facts: Facts, terms: Terms) -> Finding:
    """SUPV-01: somebody was assigned to supervise the worker on the service day (SMDL 07-011)."""
    rule, day = "SUPV-01", facts.service_day
    if facts.worker.assignments is None:
        return no_fact(rule, "supervision.assignment", "ADMINISTRATOR")
    assigned = _assigned(facts.worker.assignments, day)
    if assigned:
        return passes(
            rule, *(Evidence("supervisor", each.supervisor, each.record, day) for each in assigned)
        )
    return fails(
        rule,
        "SUP-NONE",
        {"peer": facts.worker.provider, "date": day},
        terms=terms,
        remedy=Remedy("assign-supervisor", "supervision:assignment-add", (), ("ADMINISTRATOR",)),
    )


def supervisor_qualified(facts: Facts, terms: Terms) -> Finding:
    """SUPV-02: a supervisor assigned on the service day met the pack's rule on that day."""
    rule, day = "SUPV-02", facts.service_day
    if facts.worker.assignments is None:
        return no_fact(rule, "supervision.assignment", "ADMINISTRATOR")
    assigned = _assigned(facts.worker.assignments, day)
    if not assigned:
        return not_applicable(rule)
    wanted = terms.qualification
    if wanted is None:
        return no_rule(rule, "workforce.supervisor_qualification", terms)
    grace = terms.grace_months.value if terms.grace_months is not None else 0
    known = [
        (each, qualified(wanted.value, each.supports, day, grace))
        for each in assigned
        if each.supports is not None
    ]
    met = next((each for each, answer in known if answer.holds), None)
    if met is not None:
        seen = Evidence("supervisor", met.supervisor, met.record, day)
        return passes(rule, seen, authority=wanted.authority)
    unknown = next((each for each in assigned if each.supports is None), None)
    if unknown is not None:
        return no_fact(rule, unknown.supervisor, "ADMINISTRATOR")
    nearest, answer = min(known, key=lambda pair: len(pair[1].missing))
    return fails(
        rule,
        "SUP-UNQUAL",
        {"supervisor": nearest.supervisor, "date": day, "missing": ",".join(answer.missing)},
        terms=terms,
        remedy=Remedy(
            "qualify-supervisor",
            "providers:provider-detail",
            (nearest.supervisor.id,),
            ("ADMINISTRATOR",),
        ),
        authority=wanted.authority,
    )


def supervision_current(facts: Facts, terms: Terms) -> Finding:
    """SUPV-03: the worker had the supervision that the pack asks, as of the service day.

    A session on the day itself counts, and nothing is overdue on the due day (1 TAC 354.3103).
    """
    rule, worker, day = "SUPV-03", facts.worker, facts.service_day
    if worker.assignments is None:
        return no_fact(rule, "supervision.assignment", "ADMINISTRATOR")
    if not _assigned(worker.assignments, day):
        return not_applicable(rule)
    stages = () if worker.stages is None else stages_on(worker.stages, day)
    if not stages and _is_told_by_credentials(facts):
        return not_applicable(rule)
    if not stages:
        return no_fact(rule, "providers.credential", "PEER", "ADMINISTRATOR")
    if worker.sessions is None:
        return no_fact(rule, "supervision.session", "SUPERVISOR")
    return _by_standing(rule, facts, terms)


def required_training_complete(facts: Facts, terms: Terms) -> Finding:
    """TRNG-01: the worker had completed, by the service day, all training that the service asks."""
    rule, worker, day, wanted = "TRNG-01", facts.worker, facts.service_day, terms.trainings
    if wanted is None:
        return no_rule(rule, "training.required", terms)
    if not wanted.value:
        return not_applicable(rule, wanted.authority)
    if worker.completions is None:
        return no_fact(rule, "training.certificate", "ADMINISTRATOR", "TRAINER")
    missing = missing_courses(wanted.value, worker.completions, day)
    done = (completion_on(worker.completions, course, day) for course in wanted.value)
    seen = tuple(
        Evidence("training", each.course, each.record, each.completed_on)
        for each in done
        if each is not None
    )
    if not missing:
        return passes(rule, *seen, authority=wanted.authority)
    return fails(
        rule,
        "TRAIN-MISS",
        {
            "service": terms.service,
            "training": ",".join(missing),
            "peer": worker.provider,
            "date": day,
        },
        terms=terms,
        remedy=Remedy("add-training", "training:completion-list", (), ("ADMINISTRATOR", "TRAINER")),
        evidence=seen,
        authority=wanted.authority,
    )


def _is_told_by_credentials(facts: Facts) -> bool:
    # Without a certificate there is no stage and so no duty; PROV-02 says that once for all.
    held = facts.worker.credentials
    return held is not None and not _valid(held, facts.service_day)


def _asked_about(held: Sequence[CredentialFact], terms: Terms) -> list[CredentialFact]:
    accepted = [each for each in held if each.kind in terms.accepted.value]
    return accepted or list(held)


def _valid(held: Sequence[CredentialFact], day: dt.date) -> list[CredentialFact]:
    return [each for each in held if is_valid_on(each.dates, day)]


def _end_of(credential: CredentialFact, day: dt.date) -> Evidence:
    return Evidence("last-valid-day", last_valid_day(credential.dates), credential.record, day)


def _no_valid_credential(
    rule: str, held: Sequence[CredentialFact], facts: Facts, terms: Terms
) -> Finding:
    worker, day = facts.worker, facts.service_day
    ended = [
        (last, each)
        for each in held
        if (last := last_valid_day(each.dates)) is not None
        and (first_valid_day(each.dates) or day) <= day
    ]
    if not ended:
        add = Remedy(
            "add-credential",
            "providers:credential-add",
            (worker.provider.id,),
            ("PEER", "ADMINISTRATOR"),
        )
        params: dict[str, Param] = {"peer": worker.provider, "date": day}
        return fails(rule, "CERT-NONE", params, terms=terms, remedy=add)
    last, credential = max(ended, key=lambda pair: pair[0])
    record = credential.record
    renew = Remedy(
        "renew-credential", "providers:credential-renew", (record.id,), ("PEER", "ADMINISTRATOR")
    )
    of_visit = "date2" if facts.is_about_a_visit else "asked"
    return fails(
        rule,
        "CERT-EXP",
        {"peer": worker.provider, "cert": record, "date": last, of_visit: day},
        terms=terms,
        remedy=renew,
        evidence=tuple(_end_of(each, day) for _, each in ended),
    )


def _is_accepted(credential: CredentialFact, terms: Terms) -> bool:
    if credential.kind not in terms.accepted.value:
        return False
    if terms.stages is not None and terms.stages.value:
        return credential.stage in terms.stages.value
    return credential.stage not in _STAGES_THAT_BAR


def _is_endorsed(credential: CredentialFact, terms: Terms) -> bool:
    wanted = terms.endorsements.value if terms.endorsements is not None else None
    return not wanted or bool(credential.endorsements & set(wanted))


def _not_accepted(rule: str, reason: str, params: dict[str, Param], terms: Terms) -> Finding:
    is_endorsement = reason == "CERT-ENDORSE"
    wanted = terms.endorsements if is_endorsement else terms.accepted
    action = "add-endorsement" if is_endorsement else "choose-another-peer"
    return fails(
        rule,
        reason,
        params,
        terms=terms,
        remedy=Remedy(action, "providers:provider-list", (), ("ADMINISTRATOR",)),
        authority=None if wanted is None else wanted.authority,
    )


def _assigned(assignments: Sequence[AssignmentFact], day: dt.date) -> list[AssignmentFact]:
    return [each for each in assignments if each.days.contains(day)]


def _by_standing(rule: str, facts: Facts, terms: Terms) -> Finding:
    worker, day = facts.worker, facts.service_day
    supervision = SupervisionFacts(
        assigned=tuple(each.days for each in worker.assignments or ()),
        stages=worker.stages or (),
        sessions=worker.sessions or (),
        served=worker.served,
    )
    standing = strictest(owed(term.duty, supervision, day) for term in terms.supervision)
    if standing is None:  # no duty for the stage
        return no_rule(rule, "workforce.supervision", terms)
    authority = next(term.authority for term in terms.supervision if term.duty is standing.duty)
    last = standing.last
    seen = Evidence(
        "last-supervision",
        NEVER if last is None else last.on,
        None if last is None else last.record,
        day,
    )
    if standing.state is not State.OVERDUE:
        return passes(rule, seen, authority=authority)
    reason, params = _what_is_owed(standing, day)
    return fails(
        rule,
        reason,
        {"peer": worker.provider, **params},
        terms=terms,
        remedy=Remedy("log-supervision", "supervision:session-log", (), ("SUPERVISOR",)),
        evidence=(seen,),
        authority=authority,
    )


def _what_is_owed(standing: Owed, day: dt.date) -> tuple[str, dict[str, Param]]:
    if standing.duty.mode is Mode.INTERVAL:
        last = NEVER if standing.last is None else standing.last.on
        return "SUP-LATE", {"date": day, "date2": last, "interval": _iso(standing.duty.every)}
    return "SUP-SHORT", {
        "x": _hours(standing.had),
        "y": _hours(standing.owed),
        "period": _iso_period(standing.window, day),
    }


def _iso(every: Every) -> str:
    # A duration as ISO 8601 writes it, P7D or P1M; the words for it belong to the page.
    return f"P{every.days}D" if every.days else f"P{every.months}M"


def _iso_period(window: Days, day: dt.date) -> str:
    return f"{window.start.isoformat()}/{min(window.last or day, day).isoformat()}"


def _hours(minutes: int) -> Decimal:
    return (Decimal(minutes) / _MINUTES_OF_HOUR).quantize(_CENTIHOUR)
