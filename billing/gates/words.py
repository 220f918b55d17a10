"""What the gates are called, what they looked at, and how the values of their reasons read.

The sentences stand in `billing.reasons`; here are the titles of gates, the labels of evidence, what
is not checked yet, the codes that stand in parameters, and the names of billing's own records.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from billing.gates.rules import GATES, NEVER
from billing.models import Claim, Coverage, Diagnosis, Payer, PlanSignature, PlanVersion
from peerworks.agencies.models import Program
from peerworks.rulepacks.models import PackVersion
from peerworks.rulepacks.queries import loaded_packs
from peerworks.web import reasons, words
from providers.models import Employment
from supervision.queries import missing_words

_GATES = {
    "provider-on-staff-on-service-date": _("On staff on the day"),
    "credential-valid-on-service-date": _("Certification valid on the day"),
    "credential-accepted-by-payer": _("Certification accepted by the payer"),
    "credential-verified": _("Certification verified"),
    "supervisor-assigned": _("Supervisor assigned"),
    "supervisor-qualified": _("Supervisor qualified"),
    "supervision-current": _("Supervision up to date"),
    "required-training-complete": _("Required training complete"),
    "participant-enrolled": _("Enrolled in the program"),
    "diagnosis-accepted": _("Diagnosis accepted"),
    "disclosure-consent-on-file": _("Consent to share on file"),
    "coverage-active": _("Coverage active"),
    "plan-in-force": _("Plan of care in force"),
    "plan-signed": _("Plan of care signed"),
    "goal-cited": _("Goal of the plan cited"),
    "no-overlap-for-provider": _("No other time overlaps"),
    "at-least-one-unit": _("At least one unit"),
    "units-within-day-cap": _("Units within the limit of the day"),
    "note-signed": _("Note signed"),
    "note-cosigned": _("Note co-signed"),
    "not-billed-before": _("Not billed before"),
}
_NOT_CHECKED = {
    "authorization": _("authorization"),
    "period-caps": _("limits of units over longer periods"),
    "worker-caps": _("limits of units for one worker"),
    "group-size": _("group size"),
    "age": _("age"),
    "status": _("hospital, jail or death on the day"),
    "relationship": _("relationships that are barred"),
    "concurrency": _("other services at the same time"),
    "place-and-mode": _("place and way of meeting"),
    "plan-review": _("review of the plan"),
    "timeliness": _("how soon the note was written"),
    "cosign-time": _("how soon the note was co-signed"),
    "filing": _("timely filing"),
    "personnel": _("personnel file"),
    "span": _("number of people supervised"),
    "caseload": _("caseload"),
}
_EVIDENCE = {
    "employment": _("Employment"),
    "last-valid-day": _("Valid through"),
    "credential-kind": _("Kind of certification"),
    "verified": _("Verified on"),
    "supervisor": pgettext_lazy("before a name", "Supervisor"),
    "training": _("Training"),
    "last-supervision": _("Last supervision"),
    "enrolment": _("Enrolled in"),
    "diagnosis-family": _("Family of the diagnosis"),
    "consent": _("Consent since"),
    "coverage": _("Covered by"),
    "coverage-last-day": _("Covered through"),
    "plan-from": _("Plan in force since"),
    "signature": _("Signed by"),
    "goals-cited": _("Goals cited"),
    "overlaps": _("Overlaps with time from"),
    "minutes": _("Minutes"),
    "units": _("Units"),
    "units-that-day": _("Units that day"),
    "signed": _("Note signed on"),
    "cosigned": _("Co-signed by"),
}
_ROLES = {
    PlanSignature.Role.PARTICIPANT: _("the participant"),
    PlanSignature.Role.PEER: _("the peer specialist"),
    PlanSignature.Role.SUPERVISOR: _("the supervisor"),
    PlanSignature.Role.LICENSED: _("a licensed practitioner"),
}
_ENDORSEMENTS = {
    "MENTAL_HEALTH": _("the mental health endorsement"),
    "RECOVERY_SUPPORT": _("the recovery support endorsement"),
}
#: Names of programs of others, which no language translates.
_COURSES = {"wham": "WHAM", "wrap-seminar-1": "WRAP Seminar I", "wrap-seminar-2": "WRAP Seminar II"}
_KINDS = {
    "providers.employment": _("an employment"),
    "providers.workspan": _("the recorded time of the worker"),
    "participants.enrolment": _("an enrollment"),
    "participants.consent": _("a consent"),
    "training.certificate": _("a certificate of training"),
    "training.completion": _("a completed course"),
    "supervision.qualification": _("a proof of qualification"),
    "billing.servicenote": _("a visit"),
    "billing.cosignature": _("a co-signature"),
    "billing.goal": _("a goal"),
    "billing.planofcare": _("a plan of care"),
    "billing.claimline": _("a claim line"),
    "billing.diagnosis": _("a diagnosis"),
}
#: Kinds that another app names, for the case that none is on record.
_KINDS_OF_OTHERS = {
    "providers.credential": _("a certification"),
    "supervision.assignment": _("an assignment of a supervisor"),
    "supervision.session": _("a supervision session"),
    "billing.coverage": _("a coverage"),
}


def register() -> None:
    """Give everything its words; called once, when the program starts."""
    for table in (_GATES, _NOT_CHECKED, _EVIDENCE):
        for key, text in table.items():
            reasons.register_label(key, text)
    untitled = [f"{gate.title} ({gate.id})" for gate in GATES if gate.title not in _GATES]
    if untitled:
        raise LookupError(f"add to _GATES in billing/gates/words.py a title for: {untitled}")
    for gate in GATES:
        reasons.register_label(gate.id, _GATES[gate.title])
    for param, text_of in _CODES.items():
        reasons.register_codes(param, text_of)
    for kind, text in _KINDS.items():
        reasons.register_names(kind, _all_called(text), unnamed=text)
    for kind, (load, unnamed) in _NAMED.items():
        reasons.register_names(kind, load, unnamed=unnamed)


def _all_called(text: Promise | str) -> reasons.NameLoader:
    def names(ids: Sequence[str]) -> Mapping[str, str]:
        return {each: str(text) for each in ids}

    return names


def _from(table: Mapping[Any, Any]) -> Callable[[str], str]:
    def text_of(code: str) -> str:
        return str(table.get(code, code))

    return text_of


def _joined(text_of: Callable[[str], str]) -> Callable[[str], str]:
    def all_of(codes: str) -> str:
        return ", ".join(text_of(each) for each in codes.split(",") if each)

    return all_of


# By key of a service: its words by language. Read again when a key is not there yet, since a pack
# that is loaded never changes.
_services: dict[str, Mapping[str, str]] = {}


def service_words(key: str) -> str:
    """A service in the reader's language, as its rule pack calls it; the key where no pack knows it."""
    if key not in _services:
        names = PackVersion.objects.values_list("pack", flat=True).distinct()
        for pack in loaded_packs(names):
            _services.update({each.key: each.label for each in pack.services})
    label = _services.get(key)
    return key if label is None else label[_language()]


# By key of a kind of certification, as above.
_certifications: dict[str, Mapping[str, str]] = {}


def certification_words(key: str) -> str:
    """A kind of certification as its rule pack calls it; the key where no pack knows it."""
    if key not in _certifications:
        names = PackVersion.objects.values_list("pack", flat=True).distinct()
        for pack in loaded_packs(names):
            _certifications.update({each.key: each.label for each in pack.workforce.credentials})
    label = _certifications.get(key)
    return key if label is None else label[_language()]


def _language() -> str:
    return "es" if (get_language() or "en").startswith("es") else "en"


def _missing(keys: str) -> str:
    own = {
        "own-note": gettext("it is their own note"),
        "not-assigned": gettext("not the assigned supervisor, nor a delegate"),
    }
    return ", ".join(
        own[each] if each in own else missing_words([each])[0] for each in keys.split(",")
    )


def _interval(iso: str) -> str:
    count = int(iso[1:-1])
    if iso.endswith("D"):
        return ngettext("%(n)s day", "%(n)s days", count) % {"n": count}
    return ngettext("%(n)s month", "%(n)s months", count) % {"n": count}


def _period(iso: str) -> str:
    first, _slash, last = iso.partition("/")
    days = (words.short_day(dt.date.fromisoformat(each)) for each in (first, last))
    return "–".join(days)


def _payer(code: str) -> str:
    # Without coverage the program's pack judges, and its name stands where a payer's would.
    return gettext("the payer") if code.islower() and "-" in code else code


def _supervisor(code: str) -> str:
    return gettext("the supervisor") if code == "SUPERVISOR" else code


def _day(code: str) -> str:
    return gettext("never") if code == NEVER else code


def _rule(code: str) -> str:
    """A gate by its title, a value of a pack by its path: "caps.day" has no better name."""
    return f"{code} ({reasons.label(code)})" if reasons.label(code) != code else code


def _record(kind: str) -> str:
    return str((_KINDS | _KINDS_OF_OTHERS).get(kind, kind))


_CODES: dict[str, Callable[[str], str]] = {
    "service": service_words,
    "credential-kind": certification_words,
    "endorsement": _joined(_from(_ENDORSEMENTS)),
    "training": _joined(_from(_COURSES)),
    "missing": _missing,
    "interval": _interval,
    "period": _period,
    "payer": _payer,
    "supervisor": _supervisor,
    "role": _from(_ROLES),
    "signature": _from(_ROLES),
    "date2": _day,
    "last-supervision": _day,
    "rule": _rule,
    "record": _record,
    "employment": _from(dict(Employment.Kind.choices)),
    "diagnosis-family": _from(dict(Diagnosis.Family.choices)),
}


def _programs(ids: Sequence[str]) -> Mapping[str, str]:
    rows = Program.objects.filter(pk__in=ids).values_list("pk", "name")
    return {str(pk): name for pk, name in rows}


def _payers(ids: Sequence[str]) -> Mapping[str, str]:
    rows = Payer.objects.filter(pk__in=ids).values_list("pk", "name")
    return {str(pk): name for pk, name in rows}


def _claims(ids: Sequence[str]) -> Mapping[str, str]:
    rows = Claim.objects.filter(pk__in=ids).values_list("pk", "control_number")
    return {str(pk): number for pk, number in rows}


def _coverages(ids: Sequence[str]) -> Mapping[str, str]:
    rows = Coverage.objects.filter(pk__in=ids).values_list("pk", "payer__name")
    return {str(pk): gettext("coverage by %(payer)s") % {"payer": name} for pk, name in rows}


def _plans(ids: Sequence[str]) -> Mapping[str, str]:
    rows = PlanVersion.objects.filter(pk__in=ids).values_list("pk", "number")
    called = gettext("plan of care, version %(number)s")
    return {str(pk): called % {"number": number} for pk, number in rows}


_NAMED: dict[str, tuple[reasons.NameLoader, Promise | str]] = {
    "agencies.program": (_programs, _("a program")),
    "billing.payer": (_payers, _("the payer")),
    "billing.claim": (_claims, _("a claim")),
    "billing.coverage": (_coverages, _("a coverage")),
    "billing.planversion": (_plans, _("a plan of care")),
}
