"""What gates know of workers, as of a service day: later events of theirs change no earlier facts."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import fields, replace
from uuid import UUID

from billing.gates.facts.parts import Part
from billing.gates.rules import AssignmentFact, CredentialFact, WorkerFacts
from peerworks.lib.findings import ref
from peerworks.lib.periods import Days
from providers.queries import HeldCredential, WorkerRecord, worker_facts
from providers.rules import first_valid_day
from supervision.queries import Known, supervision_facts, supervisor_facts
from supervision.rules import SupervisorFacts
from training.queries import completion_facts
from training.rules import CompletionFact

_NO_ONE = SupervisorFacts()


class Workers:
    """The files of some workers and of all who may have co-signed for them: 11 queries.

    One more where a duty counts minutes of service. `at` gives the facts of a worker as of a day:
    what began after it is left out, so that a session of tomorrow leaves yesterday's facts alone.
    """

    def __init__(
        self, providers: Collection[UUID], *, cosigners: Iterable[UUID] = (), with_served: bool
    ) -> None:
        self._files = worker_facts(providers)
        self._known = supervision_facts(providers, with_served=with_served)
        self._courses = completion_facts(providers)
        supervising = {each.supervisor for known in self._known.values() for each in known.assigned}
        self._supports = supervisor_facts(supervising | set(cosigners))
        self._at: dict[tuple[UUID, dt.date], Part[WorkerFacts]] = {}
        self._parts: dict[tuple[object, ...], Part[WorkerFacts]] = {}
        self._supports_at: dict[tuple[UUID, dt.date], SupervisorFacts] = {}
        self._supports_by_size: dict[tuple[object, ...], SupervisorFacts] = {}

    def at(self, provider: UUID, day: dt.date) -> Part[WorkerFacts]:
        """The facts of a worker as of a day."""
        key = provider, day
        if key not in self._at:
            facts = self._facts(provider, day)
            self._at[key] = self._parts.setdefault((provider, *_sizes(facts)), Part(facts))
        return self._at[key]

    def record(self, provider: UUID) -> WorkerRecord:
        """The file of a worker: placements too, which are no gate's business."""
        return self._files[provider]

    def supports(self, supervisor: UUID, day: dt.date) -> SupervisorFacts:
        """What speaks for somebody as a supervisor, as of a day."""
        key = supervisor, day
        if key not in self._supports_at:
            facts = _supports_by(self._supports.get(supervisor, _NO_ONE), day)
            by_size = (supervisor, *_sizes(facts))
            self._supports_at[key] = self._supports_by_size.setdefault(by_size, facts)
        return self._supports_at[key]

    def may_cosign(self, provider: UUID, cosigner: UUID, day: dt.date) -> bool:
        """Whether somebody was the worker's supervisor on the service day, or a named delegate."""
        return any(
            cosigner in (each.supervisor, each.delegate) and each.days.contains(day)
            for each in self._known[provider].assigned
        )

    def _facts(self, provider: UUID, day: dt.date) -> WorkerFacts:
        file, known = self._files[provider], self._known[provider]
        return WorkerFacts(
            provider=file.provider,
            employments=tuple(each for each in file.employments if each.days.start <= day),
            credentials=tuple(_credential(e) for e in file.credentials if _begun(e, day)),
            assignments=self._assignments(known, day),
            stages=tuple(each for each in known.stages if each.days.start <= day),
            sessions=tuple(each for each in known.sessions if each.on <= day),
            served=tuple(each for each in known.served if each.on <= day),
            completions=_completed_by(self._courses[provider], day),
        )

    def _assignments(self, known: Known, day: dt.date) -> tuple[AssignmentFact, ...]:
        # Only the supervisor of the day is asked about, so only that one is looked into.
        return tuple(
            AssignmentFact(
                record=each.record,
                supervisor=ref("providers.provider", each.supervisor),
                days=each.days,
                supports=self.supports(each.supervisor, day) if each.days.contains(day) else None,
            )
            for each in known.assigned
            if each.days.start <= day
        )


def _sizes(facts: WorkerFacts | SupervisorFacts) -> Iterator[object]:
    """What tells facts of two days apart: of one person they only grow, so their numbers suffice.

    Of assignments it also counts which is in force, and what then speaks for the supervisor.
    """
    for each in fields(facts):
        value = getattr(facts, each.name)
        yield len(value) if isinstance(value, tuple) else None
    if isinstance(facts, WorkerFacts):
        yield tuple(id(each.supports) for each in facts.assignments or ())


def _begun(credential: HeldCredential, day: dt.date) -> bool:
    first = first_valid_day(credential.dates)
    return first is None or first <= day


def _credential(held: HeldCredential) -> CredentialFact:
    return CredentialFact(
        record=held.record,
        kind=held.kind,
        stage=held.stage,
        dates=held.dates,
        endorsements=held.endorsements,
        verified_on=held.verified_on,
    )


def _completed_by(held: Iterable[CompletionFact], day: dt.date) -> tuple[CompletionFact, ...]:
    return tuple(each for each in held if each.completed_on <= day)


def _begun_days(ranges: Iterable[Days], day: dt.date) -> tuple[Days, ...]:
    return tuple(each for each in ranges if each.start <= day)


def _supports_by(known: SupervisorFacts, day: dt.date) -> SupervisorFacts:
    return replace(
        known,
        credentials=tuple(
            (kind, dates)
            for kind, dates in known.credentials
            if (first_valid_day(dates) or day) <= day
        ),
        licences=tuple((key, days) for key, days in known.licences if days.start <= day),
        peer_days=_begun_days(known.peer_days, day),
        completions=_completed_by(known.completions, day),
        directed_days=_begun_days(known.directed_days, day),
    )
