"""A rule pack as plain statements: what each value means, its value in words, where it comes from.

The words stand here, by the key path of a value without the pack's own keys; so every pack reads
alike, in the reader's language. A path without words shows as itself: new values are never hidden.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from peerworks.lib.findings import Authority, Status
from peerworks.lib.rulepack import AllOf, AnyOf, Atom, Every, Pack, Value
from peerworks.rulepacks.queries import source_title
from peerworks.rulepacks.vocabulary import CODES, SOURCES
from peerworks.web import words

_STATUS: Mapping[Status, tuple[Any, str]] = {
    Status.SOURCED: (_("Read in the source"), "ok"),
    Status.AGENCY: (_("Confirmed by your agency"), "ok"),
    Status.UNVERIFIED: (_("Unverified"), "soon"),
    Status.PROPOSAL: (_("Our proposal"), "info"),
}

_WORDS: Mapping[str, Any] = {
    "activities": _("Activities that are never billed"),
    "volunteers": _("Services of volunteers are never billed"),
    "code": _("Billing code"),
    "modifiers.add": _("Modifier"),
    "unit.minutes": _("Minutes of one unit"),
    "unit.engine": _("How minutes become units"),
    "unit.scope": _("Minutes are added up over"),
    "caps.units": _("Most units"),
    "caps.minutes": _("Most minutes"),
    "group.min": _("Fewest people in a group"),
    "group.max": _("Most people in a group"),
    "group.max_per_facilitator": _("Most people for each facilitator"),
    "authorization.required": _("Needs an authorization"),
    "authorization.start_within_days": _("Days from the recommendation to the first visit"),
    "authorization.recommendation_days": _("Days that a recommendation holds"),
    "credentials.accepted": _("Certifications accepted"),
    "credentials.endorsements": _("Endorsement needed"),
    "credentials.stages": _("Stages of the certification that count"),
    "training.required": _("Training needed"),
    "ages.min": _("Youngest age, in years"),
    "ages.max": _("Oldest age, in years"),
    "diagnoses.families": _("Diagnosis needed, one of"),
    "statuses_barred": _("Not billed while the person is"),
    "relationships_barred": _("Relationships that rule the peer out"),
    "concurrency.barred": _("Not at the same time as"),
    "places.allowed": _("Places allowed, by code"),
    "modes.allowed": _("Ways of meeting allowed"),
    "plan.signed_by": _("The plan of care is signed by"),
    "plan.review_months": _("Months until the plan is reviewed"),
    "note.target_hours": _("A note is on time within, in hours"),
    "note.late_after_hours": _("A note is late after, in hours"),
    "note.hold_after_days": _("A late note is held after, in days"),
    "note.cosign": _("A co-signature is needed"),
    "note.cosign_within_days": _("Days for the co-signature"),
    "note.narrative_min_chars": _("Fewest letters of a note"),
    "note.new_peer_days": _("Days during which a peer is new"),
    "filing.days": _("Days to send the claim"),
    "filing.warn_days_before": _("Warned before that, in days"),
    "cycle.months": _("Months of one certification cycle"),
    "deadlines.opens_days_before": _("Renewal opens before the end, in days"),
    "deadlines.file_by_days_before": _("File before the end, in days"),
    "deadlines.late_window_days": _("Days to renew late"),
    "deadlines.late_window_counts_as_valid": _("Valid while renewing late"),
    "education.hours": _("Hours of continuing education in a cycle"),
    "education.categories.min": _("Fewest hours of this category"),
    "education.categories.max": _("Most hours of this category that count"),
    "education.categories.min_courses": _("Fewest courses of this category"),
    "education.carry_over": _("Hours carry over into the next cycle"),
    "education.accrues_from": _("Hours count from"),
    "stages.months": _("Months that this stage lasts"),
    "stages.supervised_hours": _("Supervised hours to leave this stage"),
    "stages.extensions": _("Times that this stage can be extended"),
    "supervision.every": _("Supervision is owed"),
    "supervision.hours": _("Hours of supervision owed"),
    "supervision.per_service_hours": _("For each so many hours of service"),
    "supervision.modes": _("Ways of supervision that count"),
    "supervisor_qualification": _("Who may supervise"),
    "supervisor_training_grace_months": _("Months that a new supervisor has for the training"),
    "span_max": _("Most people one supervisor supervises"),
    "caseload_max": _("Most participants of one peer"),
    "personnel.every_days": _("Renewed after, in days"),
    "personnel.each_renewal": _("Renewed with the certification"),
}
_KEYED = {"caps", "modifiers", "categories", "stages", "supervision", "personnel"}
_ATOMS: Mapping[str, Any] = {
    "credential": _("certification {value}"),
    "licence": _("licence {value}"),
    "years_as_peer": _("{value} years as a peer"),
    "training": _("training {value}"),
    "under_licensed_direction": _("works under licensed direction"),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One value of a pack as the page shows it; `about` is the cap, category or stage it belongs to."""

    words: str
    about: str
    value: str
    status: str
    tone: str
    source: str
    url: str
    verified_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Chapter:
    """The statements about one service, one certification, or the rest."""

    title: str
    statements: tuple[Statement, ...]


def chapters(pack: Pack) -> list[Chapter]:
    """All values of a pack, in the pack's order, by what they are about."""
    titles = _titles(pack)
    found: dict[str, list[Statement]] = {}
    for value in pack.values:
        head, title, rest = _split(value.path, titles)
        found.setdefault(title or head, []).append(_statement(pack, value, rest))
    return [Chapter(title, tuple(rows)) for title, rows in found.items()]


def _titles(pack: Pack) -> dict[str, str]:
    language = get_language() or "en"
    titles = {
        f"services.{each.key}": each.label.get(language, each.label["en"]) for each in pack.services
    }
    for kind in pack.workforce.credentials:
        label = kind.label.get(language, kind.label["en"])
        titles[f"workforce.credentials.{kind.key}"] = label
    return titles


def _split(path: str, titles: Mapping[str, str]) -> tuple[str, str, str]:
    parts = path.split(".")
    for length in (2, 3):
        head = ".".join(parts[:length])
        if head in titles:
            return head, titles[head], ".".join(parts[length:])
    general = {"never_billable": _("Never billed"), "workforce": _("Supervision and staff")}
    return parts[0], str(general.get(parts[0], parts[0])), ".".join(parts[1:])


def _statement(pack: Pack, value: Value, rest: str) -> Statement:
    pattern, about = _pattern(rest)
    source = pack.sources[value.source]
    status, tone = _STATUS[source.status]
    return Statement(
        words=str(_WORDS.get(pattern, pattern)),
        about=code_words(about) if about else "",
        value=value_words(value, pack),
        status=str(status),
        tone=tone,
        source=source_words(source.title),
        url=source.url,
        verified_on=source.verified_on,
    )


def _pattern(rest: str) -> tuple[str, str]:
    """The path without the pack's own key, and that key; a place in a list is no key."""
    parts, kept, about = iter(rest.split(".")), [], ""
    for part in parts:
        kept.append(part)
        if part in _KEYED:
            about = next(parts, "")
    return ".".join(kept), "" if about.isdigit() else about


def value_words(value: Value, pack: Pack) -> str:
    """The value in words: "no limit", "yes", a number, a list, an interval, who may supervise."""
    if value.is_none:
        return gettext("none")
    return _in_words(value.value, _names(pack))


def _names(pack: Pack) -> dict[str, str]:
    language = get_language() or "en"
    kinds = pack.workforce.credentials
    return {each.key: each.label.get(language, each.label["en"]) for each in kinds}


def _in_words(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, Every):
        return _interval(value)
    if isinstance(value, AnyOf | AllOf | Atom):
        return _qualification(value, names)
    if isinstance(value, tuple):
        return ", ".join(_in_words(each, names) for each in value)
    if isinstance(value, str):
        return names.get(value, code_words(value))
    return words.number(value)


def code_words(code: str) -> str:
    """The words of a code of the packs; a code without words stays as it is."""
    found: str | Promise = CODES.get(code, code)
    return str(found)


def source_words(title: str) -> str:
    """The title of a source in the reader's language, where it is a sentence of ours."""
    return str(SOURCES.get(title, title))


def source_of(authority: Authority) -> str:
    """What a finding rests on, as pages call it: the title of the source, never its key."""
    return source_words(source_title(authority))


def _interval(every: Every) -> str:
    if every.days:
        template = ngettext("every %(count)s day", "every %(count)s days", every.days)
        return template % {"count": every.days}
    template = ngettext("every %(count)s month", "every %(count)s months", every.months)
    return template % {"count": every.months}


def _qualification(node: AnyOf | AllOf | Atom, names: Mapping[str, str]) -> str:
    if isinstance(node, Atom):
        return str(_ATOMS[node.kind]).format(value=_in_words(node.value, names))
    joined = gettext("and") if isinstance(node, AllOf) else gettext("or")
    separator = f" {joined} " if isinstance(node, AllOf) else f"; {joined} "
    return separator.join(_parts(node, names))


def _parts(node: AnyOf | AllOf, names: Mapping[str, str]) -> Iterator[str]:
    return (_qualification(each, names) for each in node.parts)
