"""Writing many signed notes at once: the records of 14 months, as if each had been signed in its time.

Set-based, since two thousand notes through the operations would take minutes: rows go in in bulk and
end in the same state that `billing.operations` leaves: version frozen with the hash of its canonical
form, judged at SIGNING by the engine, minutes in the ledger, co-signature under it. Two things are
left out. Audit events: they tell what was done in this program, and this was not. The run of SIGNING
of visits older than `RUNS_KEPT_DAYS`: the gates judge and keep those for their claim.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.db import connection

from billing.gates import engine
from billing.models import (
    ClaimLineNote,
    CoSignature,
    Deduction,
    Goal,
    NoteGoal,
    NoteVersion,
    Payer,
    ServiceNote,
)
from billing.models.notes import BREAK
from billing.queries.notes import Content, hash_of
from peerworks.accounts.models import Membership
from peerworks.agencies.models import Program
from peerworks.home.demo.founding import House
from peerworks.lib.findings import Moment, Verdict
from peerworks.lib.periods import Stretch, month_of, service_day
from peerworks.participants.models import Participant
from providers.models import Activity, Credential, Provider, WorkEntry, WorkSpan

AT_ONCE = 500
RUNS_KEPT_DAYS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One visit of the past: who, whom, what and when; `cosigner` None leaves it waiting for review.

    `signed_after` is the time between its end and the signature, `reviewed_after` between signature
    and co-signature.
    """

    provider: Provider
    participant: Participant
    program: Program
    service: str
    content: Content
    cosigner: Provider | None
    signed_after: dt.timedelta = dt.timedelta(minutes=25)
    reviewed_after: dt.timedelta = dt.timedelta(hours=20)
    id: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def start(self) -> dt.datetime:
        """Its beginning; a visit of the past has one."""
        if self.content.starts_at is None:
            raise ValueError("a visit of the past has a start")
        return self.content.starts_at

    @property
    def end(self) -> dt.datetime:
        """Its end."""
        if self.content.ends_at is None:
            raise ValueError("a visit of the past has an end")
        return self.content.ends_at

    @property
    def day(self) -> dt.date:
        """Its service day at the site."""
        return service_day(self.start, self.program.site.time_zone)

    @property
    def signed_at(self) -> dt.datetime:
        """When its author signed."""
        return self.end + self.signed_after


def write(house: House, visits: Sequence[Visit], *, now: dt.datetime) -> dict[uuid.UUID, Verdict]:
    """Write these visits as signed notes of one agency; answer what the gates said of the newest.

    Asked inside the agency, as its service member, in a transaction. None is in the future. Their
    time is not in the ledger yet: see `record_time`.
    """
    members = _members(visits)
    versions = _begin(house, visits, members)
    _sign(house, visits, versions, members)
    verdicts = _judge(house, visits, now)
    _cosign(house, visits, versions, members, now)
    return verdicts


def _members(visits: Iterable[Visit]) -> dict[uuid.UUID, Membership]:
    providers = {each.provider.pk for each in visits}
    providers |= {each.cosigner.pk for each in visits if each.cosigner is not None}
    held = Membership.objects.filter(provider__pk__in=providers).select_related("provider")
    return {each.provider.pk: each for each in held}


def _begin(
    house: House, visits: Sequence[Visit], members: Mapping[uuid.UUID, Membership]
) -> dict[uuid.UUID, NoteVersion]:
    notes = [_note(house, each, members[each.provider.pk]) for each in visits]
    ServiceNote.objects.bulk_create(notes, batch_size=AT_ONCE)
    versions = {
        note.pk: _version(note, each, members[each.provider.pk])
        for note, each in zip(notes, visits, strict=True)
    }
    NoteVersion.objects.bulk_create(versions.values(), batch_size=AT_ONCE)
    NoteGoal.objects.bulk_create(
        (
            NoteGoal(
                agency=house.agency,
                version=versions[each.id],
                goal_id=goal,
                participant=each.participant,
            )
            for each in visits
            for goal in sorted(each.content.goals)
        ),
        batch_size=AT_ONCE,
    )
    Deduction.objects.bulk_create(
        (
            Deduction(
                agency=house.agency,
                version=versions[each.id],
                participant=each.participant,
                activity=activity,
                minutes=minutes,
            )
            for each in visits
            for activity, minutes in sorted(each.content.deductions.items())
        ),
        batch_size=AT_ONCE,
    )
    return versions


def _note(house: House, visit: Visit, author: Membership) -> ServiceNote:
    return ServiceNote(
        id=visit.id,
        agency=house.agency,
        created_by=author,
        created_at=visit.end,
        participant=visit.participant,
        provider=visit.provider,
        program=visit.program,
        site=visit.program.site,
        service_key=visit.service,
    )


def _version(note: ServiceNote, visit: Visit, author: Membership) -> NoteVersion:
    return NoteVersion(
        agency_id=note.agency_id,
        note=note,
        participant=visit.participant,
        number=1,
        opened_by=author,
        created_at=visit.end,
        saved_at=visit.end,
        draft_number=1,
        **visit.content.columns(),
    )


_FREEZE = """UPDATE billing_noteversion AS v
  SET signed_at = u.signed_at, signed_by_id = u.signed_by, signer_title = u.title,
      signer_credential = u.credential, sha256 = u.sha256
  FROM unnest(%s::uuid[], %s::timestamptz[], %s::uuid[], %s::text[], %s::text[], %s::text[])
    AS u (id, signed_at, signed_by, title, credential, sha256)
  WHERE v.id = u.id"""

_PUT_IN_FORCE = """UPDATE billing_servicenote AS n
  SET state = u.state, version_in_force_id = u.version, service_day = u.day,
      in_force_period = tstzrange(u.starts_at, u.ends_at), first_signed_at = u.signed_at
  FROM unnest(%s::uuid[], %s::text[], %s::uuid[], %s::date[], %s::timestamptz[],
              %s::timestamptz[], %s::timestamptz[])
    AS u (id, state, version, day, starts_at, ends_at, signed_at)
  WHERE n.id = u.id"""


def _sign(
    house: House,
    visits: Sequence[Visit],
    versions: Mapping[uuid.UUID, NoteVersion],
    members: Mapping[uuid.UUID, Membership],
) -> None:
    held = _certificates(visits)
    for each in visits:
        version = versions[each.id]
        version.signed_at, version.signed_by = each.signed_at, members[each.provider.pk]
        version.signer_title = each.provider.title
        version.signer_credential = _number_on(held.get(each.provider.pk, ()), each)
        version.sha256 = hash_of(version, each.content)
    signed = [versions[each.id] for each in visits]
    columns = ("pk", "signed_at", "signed_by_id", "signer_title", "signer_credential", "sha256")
    _run(_FREEZE, [[getattr(each, name) for each in signed] for name in columns])
    _run(
        _PUT_IN_FORCE,
        [
            [each.id for each in visits],
            [str(ServiceNote.State.SIGNED)] * len(visits),
            [each.pk for each in signed],
            [each.day for each in visits],
            [each.start for each in visits],
            [each.end for each in visits],
            [each.signed_at for each in visits],
        ],
    )


def _run(statement: str, columns: list[list[object]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, columns)


def _certificates(visits: Iterable[Visit]) -> dict[uuid.UUID, list[Credential]]:
    found: dict[uuid.UUID, list[Credential]] = {}
    rows = Credential.objects.for_providers({each.provider.pk for each in visits})
    for each in rows.select_related("kind").order_by("valid_from", "pk"):
        found.setdefault(each.provider_id, []).append(each)
    return found


def _number_on(held: Iterable[Credential], visit: Visit) -> str:
    """The number of the certificate that fits the program's pack best, as signing would put it."""
    valid = [
        each for each in held if each.valid_from <= visit.day <= (each.expires_on or visit.day)
    ]
    valid.sort(key=lambda each: each.kind.pack != visit.program.pack)
    return valid[0].number if valid else ""


def _judge(house: House, visits: Sequence[Visit], now: dt.datetime) -> dict[uuid.UUID, Verdict]:
    """The verdicts at signing of the visits that are not old, a day of asking a month."""
    kept_from = now - dt.timedelta(days=RUNS_KEPT_DAYS)
    newest = sorted((each for each in visits if each.end >= kept_from), key=lambda each: each.day)
    verdicts: dict[uuid.UUID, Verdict] = {}
    for _month, held in groupby(newest, key=lambda each: month_of(each.day)):
        notes = list(held)
        asked = max(service_day(each.signed_at, house.agency.time_zone) for each in notes)
        verdicts |= engine.judge(
            [each.id for each in notes], on=asked, moment=Moment.SIGNING, by=house.service
        )
    return verdicts


def record_time(
    house: House, visits: Sequence[Visit], verdicts: Mapping[uuid.UUID, Verdict]
) -> None:
    """Put the time of these visits into the ledger, once the old ones are billed.

    The payer funds what can be billed: by the verdict at signing, of an old visit by its being on a
    claim. The program funds the rest.
    """
    members = _members(visits)
    billed = set(ClaimLineNote.objects.filter(is_live=True).values_list("note", flat=True))
    payers = dict(Payer.objects.values_list("pack", "funding_source_id"))
    spans: list[WorkSpan] = []
    entries: list[WorkEntry] = []
    for each in visits:
        verdict = verdicts.get(each.id)
        is_paid = each.id in billed if verdict is None else verdict.can_bill
        own = each.program.funding_source_id
        span = _span(house, each, members[each.provider.pk])
        spans.append(span)
        entries.extend(_entries(span, each, payers[each.program.pack] if is_paid else own))
    WorkSpan.objects.bulk_create(spans, batch_size=AT_ONCE)
    WorkEntry.objects.bulk_create(entries, batch_size=AT_ONCE)


def _span(house: House, visit: Visit, author: Membership) -> WorkSpan:
    return WorkSpan(
        agency=house.agency,
        created_by=author,
        provider=visit.provider,
        period=(visit.start, visit.end),
        site=visit.program.site,
        program=visit.program,
        source_kind=WorkSpan.Source.INDIVIDUAL_NOTE,
        source_id=visit.id,
        created_at=visit.signed_at,
    )


def _entries(span: WorkSpan, visit: Visit, funding: uuid.UUID) -> Iterable[WorkEntry]:
    taken = visit.content.deductions
    served = Stretch(visit.start, visit.end).minutes - sum(taken.values())
    yield WorkEntry(
        agency_id=span.agency_id,
        span=span,
        activity=Activity.INDIVIDUAL_SUPPORT,
        minutes=served,
        funding_source_id=funding,
        role_elements=list(visit.content.role_elements),
    )
    for activity, minutes in sorted(taken.items()):
        if activity != BREAK:
            yield WorkEntry(
                agency_id=span.agency_id,
                span=span,
                activity=activity,
                minutes=minutes,
                funding_source_id=visit.program.funding_source_id,
            )


def _cosign(
    house: House,
    visits: Sequence[Visit],
    versions: Mapping[uuid.UUID, NoteVersion],
    members: Mapping[uuid.UUID, Membership],
    now: dt.datetime,
) -> None:
    reviewed = [each for each in visits if each.cosigner is not None]
    CoSignature.objects.bulk_create(
        (
            CoSignature(
                agency=house.agency,
                version=versions[each.id],
                note_id=each.id,
                participant=each.participant,
                provider=each.cosigner,
                by=members[each.cosigner.pk],
                at=min(each.signed_at + each.reviewed_after, now),
                sha256=versions[each.id].sha256,
            )
            for each in reviewed
            if each.cosigner is not None
        ),
        batch_size=AT_ONCE,
    )
    ServiceNote.objects.filter(pk__in=[each.id for each in reviewed]).update(
        state=ServiceNote.State.COSIGNED
    )


def goals_of(participants: Iterable[Participant]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """The goals of these people's plans, by person."""
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    rows = Goal.objects.filter(participant__in=list(participants)).order_by("version", "number")
    for person, goal in rows.values_list("participant", "pk"):
        found.setdefault(person, []).append(goal)
    return found
