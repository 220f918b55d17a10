"""What a worker's certificates say together: valid through when, since when not, and why.

Certificates of one kind follow each other. A renewal that begins on the day after the old end makes
one run of valid days with it; one that begins later leaves a gap, in which nothing is billed.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from uuid import UUID

from django.utils.translation import get_language, gettext, ngettext, pgettext

from peerworks.lib.periods import Days, gaps, merge
from peerworks.web import words
from providers.models import Credential, Stage, Verification
from providers.queries.facts import REMINDED_BEFORE
from providers.rules import first_valid_day, last_valid_day

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class KindStatus:
    """How a worker stands with one kind of certification on a day.

    `tone` is that of a status (ok, soon, late, info) and `words` say it; `left` says how many days
    are left, or "". `newest` is the certificate that would be renewed.
    """

    label: str
    tone: str
    words: str
    left: str
    days_left: int | None
    is_verified: bool
    newest: UUID


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One line of the timeline; `on` sorts, `at` is shown."""

    on: dt.date
    at: str
    words: str
    kind: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One certificate as its card shows it; `rows` are (term, value) pairs."""

    credential: Credential
    title: str
    tone: str
    words: str
    rows: tuple[tuple[str, str], ...]
    is_verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KindHistory:
    """All certificates of one kind, the newest first, and what happened."""

    status: KindStatus
    body: str
    certificates: tuple[Certificate, ...]
    events: tuple[TimelineEvent, ...]


def certified_days(credentials: Iterable[Credential]) -> list[Days]:
    """The days on which these certificates make their holder certified, in the fewest ranges."""
    return merge(days for each in credentials if (days := _valid_days(each)) is not None)


def _valid_days(credential: Credential) -> Days | None:
    first, last = first_valid_day(credential.dates), last_valid_day(credential.dates)
    if first is None or (last is None and not credential.never_ends):
        return None
    # One that was retired as a mistake was valid on no day.
    return None if last is not None and last < first else Days.through(first, last)


def statuses(credentials: Iterable[Credential], on: dt.date) -> list[KindStatus]:
    """One status for each kind that is not given up, by its name.

    The certificates come with their kind and verifications loaded.
    """
    by_kind = _by_kind(credentials)
    kept = [held for held in by_kind if held[-1].stage != Stage.RETIRED]
    return sorted((_status(held, on) for held in kept), key=lambda each: each.label)


def _by_kind(credentials: Iterable[Credential]) -> list[list[Credential]]:
    kinds: dict[UUID, list[Credential]] = {}
    for each in sorted(credentials, key=_order):
        kinds.setdefault(each.kind_id, []).append(each)
    return list(kinds.values())


def _order(credential: Credential) -> tuple[bool, dt.date, str]:
    # A retired certificate is never the one that counts, so it stands before all others.
    return credential.stage != Stage.RETIRED, credential.valid_from, str(credential.pk)


def _status(held: Sequence[Credential], on: dt.date) -> KindStatus:
    runs = certified_days(held)
    newest = held[-1]
    run = next((each for each in runs if each.contains(on)), None)
    tone, said, left = _said_of_run(run, on) if run is not None else _said_without(newest, runs, on)
    return KindStatus(
        label=newest.kind.label(get_language() or "en"),
        tone=tone,
        words=said,
        left="" if left is None else _left(left),
        days_left=left,
        is_verified=any(each.verifications.all() for each in _in_question(held, on)),
        newest=newest.pk,
    )


def _in_question(held: Sequence[Credential], on: dt.date) -> list[Credential]:
    valid = [each for each in held if (days := _valid_days(each)) and days.contains(on)]
    return valid or [held[-1]]


def _said_of_run(run: Days, on: dt.date) -> tuple[str, str, int | None]:
    if run.last is None:
        return "ok", gettext("Valid, without an end"), None
    left = run.last - on
    tone = "soon" if left <= REMINDED_BEFORE else "ok"
    return tone, gettext("Valid through {date}").format(date=words.long_day(run.last)), left.days


def _said_without(
    newest: Credential, runs: Sequence[Days], on: dt.date
) -> tuple[str, str, int | None]:
    if newest.inactive_on is not None and newest.inactive_on <= on:
        return "late", _stopped(newest, newest.inactive_on), None
    ended = [each.last for each in runs if each.last is not None and each.last < on]
    if ended:
        said = gettext("Ended on {date}").format(date=words.long_day(max(ended)))
        return "late", said, None
    begins = gettext("Valid from {date}").format(date=words.long_day(newest.valid_from))
    return "info", begins, None


def _stopped(credential: Credential, since: dt.date) -> str:
    told = {
        Stage.SUSPENDED: gettext("Suspended since {date}"),
        Stage.RETIRED: gettext("Retired since {date}"),
    }
    sentence = told.get(Stage(credential.stage), gettext("Not in force since {date}"))
    return sentence.format(date=words.long_day(since))


def _left(days: int) -> str:
    if not days:
        return gettext("last day today")
    return ngettext("%(count)s day left", "%(count)s days left", days) % {"count": days}


def histories(credentials: Iterable[Credential], on: dt.date) -> list[KindHistory]:
    """Each kind with its certificates and timeline, by name; a kind given up stands there, too.

    The certificates come with kind, verifications and enterer loaded.
    """
    told = [_history(held, on) for held in _by_kind(credentials)]
    return sorted(told, key=lambda each: each.status.label)


def _history(held: Sequence[Credential], on: dt.date) -> KindHistory:
    in_order = sorted(_events(held, on), key=lambda each: each.on)
    return KindHistory(
        status=_status(held, on),
        body=held[-1].kind.body,
        certificates=tuple(_certificate(each, on) for each in reversed(held)),
        events=tuple(in_order[::-1]),
    )


def _certificate(credential: Credential, on: dt.date) -> Certificate:
    days = _valid_days(credential)
    runs = [] if days is None else [days]
    is_valid = days is not None and days.contains(on)
    said = _said_of_run(runs[0], on) if is_valid else _said_without(credential, runs, on)
    label = credential.kind.label(get_language() or "en")
    return Certificate(
        credential=credential,
        title=gettext("{kind}, number {number}").format(kind=label, number=credential.number)
        if credential.number
        else label,
        tone=said[0],
        words=said[1],
        rows=tuple((term, value) for term, value in _rows(credential) if value),
        is_verified=bool(credential.verifications.all()),
    )


def _rows(credential: Credential) -> Iterator[tuple[str, str]]:
    yield gettext("Number"), credential.number
    yield gettext("Stage"), credential.get_stage_display()
    yield gettext("Issued on"), words.long_day(credential.issued_on)
    yield gettext("Valid from"), words.long_day(credential.valid_from)
    yield gettext("Valid through"), _end(credential)
    yield gettext("End shown by the registry"), _day(credential.registry_on)
    yield gettext("Renewal opens on"), _day(credential.renewal_opens_on)
    yield gettext("Renewal to be filed by"), _day(credential.file_by)
    yield gettext("Late renewal until"), _day(credential.grace_until)
    yield gettext("Endorsements"), ", ".join(endorsement(each) for each in credential.endorsements)
    yield gettext("States"), ", ".join(credential.states)
    yield gettext("Entered by"), credential.entered_by.user.name
    for each in _in_order(credential):
        yield gettext("Verified"), _verified(each)


def _end(credential: Credential) -> str:
    return gettext("No end") if credential.expires_on is None else _day(credential.expires_on)


def _day(value: dt.date | None) -> str:
    return "" if value is None else words.long_day(value)


def endorsement(code: str) -> str:
    """The words of an endorsement; those of packs that nobody worded read like their code."""
    known = {
        "MENTAL_HEALTH": gettext("mental health"),
        "RECOVERY_SUPPORT": gettext("recovery support"),
        "SUBSTANCE_USE": gettext("substance use"),
    }
    return known.get(code, code.replace("_", " ").lower())


def _in_order(credential: Credential) -> list[Verification]:
    """Its verifications by the day of the check. They are loaded already, so they are sorted here."""
    by_day = attrgetter("checked_on", "verified_at", "pk")
    return sorted(credential.verifications.all(), key=by_day)


def _verified(check: Verification) -> str:
    return gettext("{date}, {method}: {source}, by {name}").format(
        date=words.long_day(check.checked_on),
        method=check.get_method_display(),
        source=check.source,
        name=check.verified_by.user.name,
    )


def _events(held: Sequence[Credential], on: dt.date) -> Iterator[TimelineEvent]:
    for each in held:
        yield from _events_of(each, on)
    yield from _lapses(held, on)


def _events_of(credential: Credential, on: dt.date) -> Iterator[TimelineEvent]:
    days = _valid_days(credential)
    if days is None:
        yield _event(credential.valid_from, gettext("Entered by mistake, retired"), "info")
        return
    said = gettext("Renewed") if credential.replaces_id else gettext("Earned")
    yield _event(days.start, said, "ok", _through(days))
    for check in _in_order(credential):
        yield _event(check.checked_on, gettext("Verified"), "ok", check.source)
    if credential.inactive_on is not None and credential.inactive_on <= on:
        said = {Stage.SUSPENDED: gettext("Suspended"), Stage.RETIRED: gettext("Retired")}.get(
            Stage(credential.stage), gettext("No longer in force")
        )
        yield _event(credential.inactive_on, said, "late")
    elif days.last is not None and days.last < on:
        yield _event(days.last, pgettext("a certificate", "Ended"), "soon")


def _through(days: Days) -> str:
    if days.last is None:
        return gettext("without an end")
    return gettext("through {date}").format(date=words.long_day(days.last))


def _lapses(held: Sequence[Credential], on: dt.date) -> Iterator[TimelineEvent]:
    runs = certified_days(held)
    if not runs or held[-1].stage == Stage.RETIRED or runs[0].start > on:
        return
    for gap in gaps(runs, Days.through(runs[0].start, on)):
        yield _event(gap.start, _lapse(gap, on), "late")


def _lapse(gap: Days, on: dt.date) -> str:
    if gap.last is None or gap.last >= on:
        return gettext("Not certified since {start}").format(start=words.long_day(gap.start))
    return gettext("Not certified {start} – {end}").format(
        start=words.long_day(gap.start), end=words.long_day(gap.last)
    )


def _event(on: dt.date, said: str, kind: str, detail: str = "") -> TimelineEvent:
    return TimelineEvent(on, words.long_day(on), said, kind, detail)
