"""What `supervision.rules` asks, for any number of workers in a fixed number of queries.

Gates, pages and reminders take their facts from here, so that all of them judge the same.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import DateField, DateTimeField, F, Func, Sum
from django.db.models.functions import Cast

from peerworks.agencies.postgres.questions import GivenIds, Question
from peerworks.lib import periods
from peerworks.lib.findings import RecordRef, ref
from peerworks.lib.periods import Days
from peerworks.lib.rulepack import Pack
from peerworks.rulepacks.queries import packs_on
from providers.models import ActivityClass, Credential, WorkEntry
from providers.rules import CredentialDates
from supervision.models import Assignment, Qualification, SessionAttendance
from supervision.rules import (
    Duty,
    Mode,
    ServedFact,
    SessionFact,
    StageFact,
    SupervisionFacts,
    SupervisorFacts,
    duties_of,
    stages_of,
)
from training.queries import completion_facts
from training.rules import CompletionFact

ASSIGNMENT, SESSION = "supervision.assignment", "supervision.session"
PROVIDER, QUALIFICATION = "providers.provider", "supervision.qualification"
_PROVIDERS = GivenIds("providers")
_ASSIGNMENTS = Question(
    lambda: Assignment.objects.for_providers(_PROVIDERS).order_by("period", "pk")
)
_SESSIONS = Question(
    lambda: (
        SessionAttendance.objects.credited()
        .for_providers(_PROVIDERS)
        .select_related("session__site")
        .order_by("session__starts_at", "pk")
    )
)
_STAGES = Question(
    lambda: Credential.objects.for_providers(_PROVIDERS).order_by("valid_from", "pk")
)
_CERTIFICATES = Question(
    lambda: (
        Credential.objects.verified()
        .for_providers(_PROVIDERS)
        .select_related("kind")
        .order_by("valid_from", "pk")
    )
)
_PROOFS = Question(
    lambda: Qualification.objects.verified().for_providers(_PROVIDERS).order_by("period", "pk")
)
_SUPERVISING = Question(
    lambda: Assignment.objects.filter(supervisor__among=_PROVIDERS).values_list(
        "supervisor", "period"
    )
)


@dataclass(frozen=True, slots=True)
class Assigned:
    """An assignment as a fact: its record, its people and its days."""

    record: RecordRef
    provider: UUID
    supervisor: UUID
    delegate: UUID | None
    days: Days
    is_primary: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one worker's supervision, of all days."""

    assigned: tuple[Assigned, ...] = ()
    stages: tuple[StageFact, ...] = ()
    sessions: tuple[SessionFact, ...] = ()
    served: tuple[ServedFact, ...] = ()

    @property
    def facts(self) -> SupervisionFacts:
        """The same as `supervision.rules` takes it."""
        return SupervisionFacts(
            assigned=tuple(each.days for each in self.assigned),
            stages=self.stages,
            sessions=self.sessions,
            served=self.served,
        )


def supervision_facts(providers: Iterable[UUID], *, with_served: bool = False) -> dict[UUID, Known]:
    """What is known of these workers' supervision: three queries, and one more `with_served`.

    Only a duty that is a ratio asks for the minutes of service: see `asks_for_service`.
    """
    wanted = list(providers)
    assigned, stages = assignments_of(wanted), _stages(wanted)
    sessions = sessions_of(wanted)
    served = _served(wanted) if with_served else {}
    return {
        each: Known(
            assigned=tuple(assigned[each]),
            stages=stages_of(stages[each]),
            sessions=tuple(sessions[each]),
            served=tuple(served.get(each, ())),
        )
        for each in wanted
    }


def assignments_of(providers: Iterable[UUID]) -> Mapping[UUID, Sequence[Assigned]]:
    """The assignments of these workers on all days, the oldest first: one query."""
    found: dict[UUID, list[Assigned]] = defaultdict(list)
    for each in _ASSIGNMENTS(providers=set(providers)):
        found[each.provider_id].append(
            Assigned(
                record=ref(ASSIGNMENT, each.pk),
                provider=each.provider_id,
                supervisor=each.supervisor_id,
                delegate=each.delegate_id,
                days=each.days,
                is_primary=each.is_primary,
            )
        )
    return found


def sessions_of(providers: Iterable[UUID]) -> Mapping[UUID, Sequence[SessionFact]]:
    """The credited sessions of these workers, those signed by both sides: one query."""
    found: dict[UUID, list[SessionFact]] = defaultdict(list)
    for each in _SESSIONS(providers=set(providers)):
        session = each.session
        found[each.provider_id].append(
            SessionFact(
                on=periods.service_day(session.starts_at, session.site.time_zone),
                minutes=each.minutes,
                format=session.format,
                mode=session.mode,
                record=ref(SESSION, session.pk, session.sha256),
            )
        )
    return found


def _stages(providers: Iterable[UUID]) -> Mapping[UUID, Sequence[tuple[str, CredentialDates]]]:
    found: dict[UUID, list[tuple[str, CredentialDates]]] = defaultdict(list)
    for each in _STAGES(providers=set(providers)):
        found[each.provider_id].append((each.stage, each.dates))
    return found


def local_day(moment: str, zone: str) -> Cast:
    """The local date of the column `moment` in the time zone named by the column `zone`, in SQL."""
    local = Func(F(zone), F(moment), function="timezone", output_field=DateTimeField())
    return Cast(local, DateField())


def _served(providers: Iterable[UUID]) -> Mapping[UUID, Sequence[ServedFact]]:
    # Summed by the database: a year of service is thousands of entries a worker.
    local = local_day("span__period__startswith", "span__site__time_zone")
    entries = WorkEntry.objects.standing().of_class(ActivityClass.DIRECT)
    rows = (
        entries.filter(span__provider__in=list(providers))
        .values("span__provider", day=local)
        .annotate(total=Sum("minutes"))
        .order_by("span__provider", "day")
    )
    found: dict[UUID, list[ServedFact]] = defaultdict(list)
    for row in rows:
        found[row["span__provider"]].append(ServedFact(row["day"], row["total"]))
    return found


def supervisor_facts(supervisors: Iterable[UUID]) -> dict[UUID, SupervisorFacts]:
    """What speaks for these people as supervisors, of all days: four queries.

    Verified certificates by their key in the rule pack, completed courses, and the verified proofs
    that stand on record here. Nothing that nobody else has checked speaks for anybody.
    """
    wanted = list(supervisors)
    courses, proofs = completion_facts(wanted), _proofs(wanted)
    certificates, since = _certificates(wanted), _supervising_since(wanted)
    return {
        each: _speaking(proofs[each], certificates[each], courses[each], since.get(each))
        for each in wanted
    }


def _certificates(supervisors: Iterable[UUID]) -> Mapping[UUID, list[tuple[str, CredentialDates]]]:
    found: dict[UUID, list[tuple[str, CredentialDates]]] = defaultdict(list)
    for each in _CERTIFICATES(providers=set(supervisors)):
        found[each.provider_id].append((each.kind.pack_key, each.dates))
    return found


def _proofs(supervisors: Iterable[UUID]) -> Mapping[UUID, list[Qualification]]:
    found: dict[UUID, list[Qualification]] = defaultdict(list)
    for each in _PROOFS(providers=set(supervisors)):
        found[each.supervisor_id].append(each)
    return found


def _supervising_since(supervisors: Iterable[UUID]) -> dict[UUID, dt.date]:
    found: dict[UUID, dt.date] = {}
    for supervisor, period in _SUPERVISING(providers=set(supervisors)):
        found[supervisor] = min(period.lower, found.get(supervisor, period.lower))
    return found


def _speaking(
    proofs: Sequence[Qualification],
    certificates: Sequence[tuple[str, CredentialDates]],
    courses: Sequence[CompletionFact],
    since: dt.date | None,
) -> SupervisorFacts:
    by_atom: dict[str, list[Qualification]] = defaultdict(list)
    for each in proofs:
        by_atom[each.atom].append(each)
    atom = Qualification.Atom
    return SupervisorFacts(
        credentials=(*certificates, *((e.key, _dates(e)) for e in by_atom[atom.CREDENTIAL])),
        licences=tuple((each.key, each.days) for each in by_atom[atom.LICENCE]),
        peer_days=tuple(each.days for each in by_atom[atom.YEARS_AS_PEER]),
        completions=(*courses, *(_course(each) for each in by_atom[atom.TRAINING])),
        directed_days=tuple(each.days for each in by_atom[atom.UNDER_LICENSED_DIRECTION]),
        supervising_since=since,
    )


def _dates(proof: Qualification) -> CredentialDates:
    return CredentialDates(
        issued_on=proof.days.start,
        valid_from=proof.days.start,
        expires_on=proof.days.last,
        never_ends=proof.days.last is None,
    )


def _course(proof: Qualification) -> CompletionFact:
    return CompletionFact(
        course=proof.key,
        completed_on=proof.days.start,
        record=ref(QUALIFICATION, proof.pk),
        valid_through=proof.days.last,
    )


def duties_on(packs: Iterable[str], on: dt.date) -> dict[str, tuple[Duty, ...]]:
    """The duties of these rule packs, by name, as they are in force on a day; none without a pack."""
    loaded = packs_in_force(packs, on)
    return {name: tuple(duty for duty, _ in duties_of(pack)) for name, pack in loaded.items()}


def packs_in_force(packs: Iterable[str], on: dt.date) -> dict[str, Pack]:
    """These rule packs by name, as they are in force on a day."""
    return {name: pack for (name, _), pack in packs_on((name, on) for name in packs).items()}


def asks_for_service(duties: Iterable[Duty]) -> bool:
    """Whether any of these duties counts minutes of service."""
    return any(each.mode is Mode.RATIO for each in duties)
