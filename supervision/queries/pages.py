"""What the pages of supervision show, in words: rows of a team, of sessions, of proofs."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from peerworks.accounts.models import Membership
from peerworks.agencies.models import Program
from peerworks.lib import periods
from peerworks.lib.periods import Days
from peerworks.lib.rulepack import Pack
from peerworks.rulepacks.queries import label_of
from peerworks.rulepacks.vocabulary import CODES
from peerworks.web import words
from providers.models import Provider
from supervision.models import Assignment, Qualification, Session, SessionAttendance, Topic
from supervision.queries.facts import packs_in_force, supervisor_facts
from supervision.queries.owed import OwedRow, owed_rows
from supervision.rules import Mode, Owed, State, asked_keys, qualified

SOON_AT_PERCENT = 80


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A worker in a list: how they stand, as a meter and in words.

    `rule` says what is asked ("Every month"), `done` how far the round is ("18 of 30 days since the
    last session"), `state` how that stands; `value` and `most` are the meter's.
    """

    of: OwedRow
    rule: str
    done: str
    value: int
    most: int
    tone: str
    state: str

    @property
    def meter_tone(self) -> str:
        """The meter's colour; one without a duty has none to warn of."""
        return "ok" if self.tone == "info" else self.tone


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session in a list, in the time of its site."""

    id: UUID
    on: dt.date
    start: dt.time
    end: dt.time
    minutes: int
    format: str
    mode: str
    supervisor: str
    supervisees: str
    topics: tuple[str, ...]
    tone: str
    state: str


@dataclass(frozen=True, slots=True)
class PackAnswer:
    """Whether somebody meets the supervisor rule of one program's pack, and what is missing."""

    program: str
    holds: bool
    missing: str


def team_rows(on: dt.date, workers: "QuerySet[Provider]") -> list[TeamRow]:
    """The rows of these workers as of a day, the most urgent first; those without a duty last."""
    rows = owed_rows(on, workers)
    shown = [row for row in rows if row.standing is not None or row.is_peer]
    return [team_row(row, on) for row in shown]


def team_row(row: OwedRow, on: dt.date) -> TeamRow:
    """One row in the words of the active language."""
    standing = row.standing
    if standing is None:
        return _row_without_duty(row)
    rule, done, value, most = _progress(standing, on)
    return TeamRow(row, rule, done, min(value, most), most, _tone(row), _state_words(row, on))


def _row_without_duty(row: OwedRow) -> TeamRow:
    if row.supervisor_id is None:
        return TeamRow(row, "", "", 0, 1, "late", gettext("No supervisor assigned"))
    return TeamRow(row, "", "", 0, 1, "info", gettext("No rule applies today"))


def _progress(standing: Owed, on: dt.date) -> tuple[str, str, int, int]:
    duty = standing.duty
    if duty.mode is Mode.INTERVAL:
        most = max((standing.window.last or on).toordinal() - standing.counts_from.toordinal(), 1)
        value = (on - standing.counts_from).days
        return (
            _every(duty.every.days, duty.every.months),
            _since(standing, value, most),
            value,
            most,
        )
    rule = (
        gettext("%(length)s each month") % {"length": words.minutes(duty.minutes)}
        if duty.mode is Mode.HOURS_PER_MONTH
        else gettext("%(length)s for each %(service)s of service")
        % {"length": words.minutes(duty.minutes), "service": words.minutes(duty.per_minutes)}
    )
    done = gettext("%(had)s of %(owed)s since %(date)s") % {
        "had": words.minutes(standing.had),
        "owed": words.minutes(standing.owed),
        "date": words.long_day(standing.window.start),
    }
    return rule, done, standing.had, max(standing.owed, 1)


def _every(days: int, months: int) -> str:
    if months:
        return ngettext("Every month", "Every %(count)s months", months) % {"count": months}
    return ngettext("Every day", "Every %(count)s days", days) % {"count": days}


def _since(standing: Owed, passed: int, most: int) -> str:
    told = {"passed": passed, "most": most}
    if standing.last is None:
        return gettext("%(passed)s of %(most)s days, no session yet") % told
    return gettext("%(passed)s of %(most)s days since the last session") % told


def _tone(row: OwedRow) -> str:
    if row.state is State.OVERDUE:
        return "late"
    return "soon" if row.percent >= SOON_AT_PERCENT or row.state is State.DUE else "ok"


def _state_words(row: OwedRow, on: dt.date) -> str:
    if row.due_on is None:
        return gettext("Up to date")
    if row.state is State.OVERDUE:
        late = (on - row.due_on).days
        return ngettext("%(count)s day overdue", "%(count)s days overdue", late) % {"count": late}
    if row.state is State.DUE:
        return gettext("Due today")
    return gettext("Due by %(date)s") % {"date": words.long_day(row.due_on)}


def session_rows(seen: "QuerySet[Session]", member: Membership) -> list[SessionRow]:
    """Sessions as a list shows them, the latest first: two queries.

    Their state is told to `member`: what waits for one's own signature says so.
    """
    told = seen.select_related("supervisor", "site").prefetch_related("attendance__provider")
    return [session_row(each, member) for each in told.order_by("-starts_at", "pk")]


def session_row(session: Session, member: Membership) -> SessionRow:
    """One row. Supervisor, site and attendance with its workers must be loaded."""
    zone = ZoneInfo(session.site.time_zone)
    start, end = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    tone, state = _signatures(session, member)
    return SessionRow(
        id=session.pk,
        on=start.date(),
        start=start.time(),
        end=end.time(),
        minutes=session.minutes,
        format=str(Session.Format(session.format).label),
        mode=str(Session.Mode(session.mode).label),
        supervisor=session.supervisor.name,
        supervisees=", ".join(each.provider.name for each in session.attendance.all()),
        topics=tuple(str(Topic(each).label) for each in session.topics),
        tone=tone,
        state=state,
    )


def _signatures(session: Session, member: Membership) -> tuple[str, str]:
    if session.supervisor_signed_at is None:
        mine = session.supervisor.member_id == member.pk
        waits = gettext("Waits for your signature") if mine else gettext("Not signed yet")
        return "soon", waits
    open_for = [each.provider for each in session.attendance.all() if each.signed_at is None]
    if not open_for:
        return "ok", gettext("Signed by both")
    if any(each.member_id == member.pk for each in open_for):
        return "soon", gettext("Waits for your signature")
    names = ", ".join(each.name for each in open_for)
    return "soon", gettext("Waits for %(name)s") % {"name": names}


def waiting_for(member: Membership) -> "QuerySet[Session]":
    """The sessions that wait for this member's own signature, for their pages and for Today."""
    mine = Q(supervisor__member=member, supervisor_signed_at__isnull=True)
    parts = SessionAttendance.objects.unsigned().filter(provider__member=member)
    return Session.objects.filter(mine | Q(pk__in=parts.values("session")))


def supervisor_answers(supervisor: Provider, on: dt.date) -> list[PackAnswer]:
    """Whether somebody meets the supervisor rule of each program's pack on a day.

    One answer a program, by its name; programs whose pack has no such rule are left out.
    """
    programs = list(Program.objects.order_by("name", "pk"))
    packs = packs_in_force({each.pack for each in programs}, on)
    facts = supervisor_facts([supervisor.pk])[supervisor.pk]
    found = []
    for program in programs:
        workforce = None if program.pack not in packs else packs[program.pack].workforce
        if workforce is None or workforce.supervisor_qualification is None:
            continue
        grace = workforce.supervisor_training_grace_months
        months = 0 if grace is None else grace.limit or 0
        answer = qualified(workforce.supervisor_qualification.tree, facts, on, int(months))
        missing = ", ".join(missing_words(answer.missing, _names_of(packs[program.pack])))
        found.append(PackAnswer(program.name, answer.holds, missing))
    return found


def asked_proofs(on: dt.date) -> list[tuple[str, str]]:
    """All that the supervisor rules of the agency's programs can ask on a day: key and words, each once."""
    packs = packs_in_force(set(Program.objects.values_list("pack", flat=True)), on)
    rules = [packs[name].workforce.supervisor_qualification for name in sorted(packs)]
    keys = dict.fromkeys(key for rule in rules if rule is not None for key in asked_keys(rule.tree))
    names: dict[str, str] = {}
    for pack in packs.values():
        names |= _names_of(pack)
    return list(zip(keys, map(capfirst, missing_words(keys, names)), strict=True))


def _names_of(pack: Pack) -> dict[str, str]:
    return {kind.key: label_of(kind) for kind in pack.workforce.credentials}


def missing_words(keys: Iterable[str], names: Mapping[str, str] = CODES) -> list[str]:
    """What a supervisor lacks, the keys of `supervision.rules.qualified` in words; `names` say more than the codes."""
    known = {**CODES, **names}
    return [_missing(*each.partition(":")[::2], known) for each in keys]


def _missing(kind: str, what: str, names: Mapping[str, str]) -> str:
    said = {
        "credential": gettext("certification “%(what)s”"),
        "licence": gettext("license “%(what)s”"),
        "training": gettext("training “%(what)s”"),
        "years_as_peer": gettext("%(what)s years of work as a peer specialist"),
        "under_licensed_direction": gettext("licensed direction"),
    }
    return said[kind] % {"what": names.get(what, what)} if what else said[kind]


def proof_words(proof: Qualification) -> str:
    """What a proof shows, such as "License LPHA"."""
    return f"{Qualification.Atom(proof.atom).label} {CODES.get(proof.key, proof.key)}".strip()


def qualifications_of(supervisor: Provider) -> "QuerySet[Qualification]":
    """The proofs of one person, the latest first, with who recorded and who verified them."""
    held = Qualification.objects.filter(supervisor=supervisor)
    told = ("supervisor", "recorded_by__user", "verified_by__user")
    return held.select_related(*told).order_by(F("period").desc(), "pk")


@dataclass(frozen=True, slots=True)
class ProofRow:
    """One proof of a supervisor; `verified_by` is "" until another person has checked it."""

    id: UUID
    kind: str
    key: str
    period: str
    evidence: str
    recorded_by: str
    verified_by: str
    goes_on: bool
    counts: bool


def proof_row(proof: Qualification, on: dt.date) -> ProofRow:
    """One row. Who recorded and who verified it must be loaded with their users."""
    verifier = proof.verified_by
    return ProofRow(
        id=proof.pk,
        kind=str(Qualification.Atom(proof.atom).label),
        key=str(CODES.get(proof.key, proof.key)),
        period=days_words(proof.days),
        evidence=proof.evidence,
        recorded_by=proof.recorded_by.user.name,
        verified_by="" if verifier is None else verifier.user.name,
        goes_on=proof.days.last is None,
        counts=verifier is not None and proof.days.contains(on),
    )


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """An assignment in a list."""

    id: UUID
    supervisor_id: UUID
    supervisor: str
    delegate: str
    is_primary: bool
    period: str
    goes_on: bool


def assignment_rows(seen: "QuerySet[Assignment]", provider: Provider) -> list[AssignmentRow]:
    """Who has supervised a worker, the present ones first: one query."""
    held = seen.filter(provider=provider).select_related("supervisor", "delegate")
    return [
        AssignmentRow(
            id=each.pk,
            supervisor_id=each.supervisor_id,
            supervisor=each.supervisor.name,
            delegate="" if each.delegate is None else each.delegate.name,
            is_primary=each.is_primary,
            period=days_words(each.days),
            goes_on=each.days.last is None,
        )
        for each in held.order_by(F("period").desc(), "pk")
    ]


def days_words(days: Days) -> str:
    """A period in words: "since November 3, 2024", or its first and last day."""
    first = words.long_day(days.start)
    if days.last is None:
        return gettext("since %(date)s") % {"date": first}
    return gettext("%(first)s to %(last)s") % {"first": first, "last": words.long_day(days.last)}


def service_day_of(session: Session) -> dt.date:
    """The local day on which a session began. Its site must be loaded."""
    return periods.service_day(session.starts_at, session.site.time_zone)
