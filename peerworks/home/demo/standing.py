"""What lets the made-up workers bill, and a made-up person ready to be served.

Also the clean ground of the tests: with it, a note of yesterday passes every gate.
"""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from billing.models import (
    Coverage,
    Diagnosis,
    Goal,
    PlanOfCare,
    PlanSignature,
    PlanVersion,
)
from peerworks.accounts.models import Membership
from peerworks.agencies.models import Program
from peerworks.home.demo.founding import House, certify, train
from peerworks.lib.canonical import sha256_of
from peerworks.participants.models import CareTeamMember, Consent, Enrolment, Participant
from providers.models import Provider
from supervision.models import Assignment, Qualification, Session, SessionAttendance

YEAR = dt.timedelta(days=365)
SERVICES = {
    "mesa": ("mh-individual",),
    "dogwood": ("sud-individual",),
    "peachtree": ("individual", "whole-health"),
}
DIAGNOSES = {
    "mesa": ("F331", Diagnosis.Family.MENTAL_HEALTH),
    "dogwood": ("F1120", Diagnosis.Family.SUBSTANCE_USE),
    "peachtree": ("F250", Diagnosis.Family.MENTAL_HEALTH),
}


@dataclass
class Served:
    """A made-up person with what a visit needs."""

    participant: Participant
    program: Program
    version: PlanVersion
    goal: Goal
    coverage: Coverage


def staff_can_bill(house: House, today: dt.date, now: dt.datetime) -> None:
    """Certifications, supervision and training of the three who give services; Sam's has lapsed."""
    luz, andre, sam = (house.providers[each] for each in ("peer", "supervisor", "lapsed-peer"))
    _texas(house, luz, andre, today, now)
    _georgia(house, luz, andre, today, now)
    certify(
        house,
        sam,
        "va-prs",
        since=today - dt.timedelta(days=18) - YEAR,
        until=today - dt.timedelta(days=18),
        now=now,
        number="DEMO-VA-1",
    )
    train(house, luz, "wham", today - dt.timedelta(days=400), "DEMO-WHAM-1")
    train(house, andre, "wrap-seminar-1", today - dt.timedelta(days=500), "DEMO-WRAP-1")
    qualify(house, andre, today, now)
    for worker in (luz, sam):
        assign(house, worker, andre, today - 2 * YEAR)


def _texas(house, luz, andre, today, now):
    for number, (provider, kind, endorsements) in enumerate(
        (
            (luz, "tx-peer-specialist", ("MENTAL_HEALTH",)),
            (andre, "tx-peer-specialist", ("MENTAL_HEALTH", "RECOVERY_SUPPORT")),
            (andre, "tx-peer-supervisor", ()),
        ),
        start=1,
    ):
        certify(
            house,
            provider,
            kind,
            since=today - YEAR - dt.timedelta(days=250),
            until=today + dt.timedelta(days=113),
            now=now,
            number=f"DEMO-TX-{number}",
            endorsements=endorsements,
        )


def _georgia(house, luz, andre, today, now):
    for number, provider in enumerate((luz, andre), start=1):
        certify(
            house,
            provider,
            "ga-cps-mh",
            since=dt.date(today.year - 2, 1, 1),
            until=end_of_georgias_term(today),
            now=now,
            number=f"DEMO-GA-{number}",
        )


def end_of_georgias_term(today: dt.date) -> dt.date:
    """The last of December, when Georgia's certificates end; on that day itself of the next year.

    `today` is the agency's, and hours before its midnight the site in Georgia has New Year already.
    """
    return dt.date((today + dt.timedelta(days=1)).year, 12, 31)


ANDRES_PROOFS = (
    (Qualification.Atom.LICENCE, "QPS"),
    (Qualification.Atom.LICENCE, "CREDENTIALED_ADDICTION_PROFESSIONAL"),
    (Qualification.Atom.TRAINING, "va-supervisor"),
    (Qualification.Atom.UNDER_LICENSED_DIRECTION, ""),
    (Qualification.Atom.YEARS_AS_PEER, ""),
)


def qualify(
    house: House,
    supervisor: Provider,
    today: dt.date,
    now: dt.datetime,
    proofs: tuple[tuple[str, str], ...] = ANDRES_PROOFS,
) -> None:
    """What makes somebody a supervisor, verified, since six years ago: by default Andre, in the three states."""
    for atom, key in proofs:
        Qualification.objects.create(
            agency=house.agency,
            supervisor=supervisor,
            atom=atom,
            key=key,
            period=(today - 6 * YEAR, None),
            evidence="Made-up proof on file.",
            recorded_by=house.service,
            recorded_at=now,
            verified_by=house.clerk,
            verified_at=now,
        )


def assign(
    house: House,
    worker: Provider,
    supervisor: Provider,
    since: dt.date,
    until: dt.date | None = None,
) -> Assignment:
    """Who supervises a worker from a day on, up to, and not including, `until`."""
    return Assignment.objects.create(
        agency=house.agency,
        created_by=house.clerk,
        provider=worker,
        supervisor=supervisor,
        is_primary=True,
        period=(since, until),
    )


def supervise(
    house: House, worker: Provider, supervisor: Provider, site: str, day: dt.date
) -> Session:
    """One signed hour of individual supervision on a day at 9 in the morning, signed by both."""
    zone = ZoneInfo(house.sites[site].time_zone)
    start = dt.datetime.combine(day, dt.time(9), zone)
    end = start + dt.timedelta(hours=1)
    session = Session.objects.create(
        agency=house.agency,
        supervisor=supervisor,
        starts_at=start,
        ends_at=end,
        site=house.sites[site],
        program=house.programs[site],
        format="INDIVIDUAL",
        mode="IN_PERSON",
        topics=["ROLE", "SELF_CARE"],
        shared_notes="Made-up session: the role, and what helps.",
        logged_by=supervisor.member or house.clerk,
        supervisor_signed_at=None,
    )
    SessionAttendance.objects.create(
        agency=house.agency,
        session=session,
        provider=worker,
        minutes=60,
        signed_at=end,
        signed_by=worker.member,
    )
    Session.objects.filter(pk=session.pk).update(
        supervisor_signed_at=end,
        supervisor_signed_by=supervisor.member,
        sha256=sha256_of({"session": session.pk, "start": start, "end": end}),
    )
    session.refresh_from_db()
    return session


def add_person(
    house: House,
    site: str,
    *,
    given: str,
    family: str,
    number: int,
    team: tuple[Membership, ...],
    today: dt.date,
    now: dt.datetime,
    chosen: str = "",
) -> Served:
    """A made-up person: enrolled, covered, diagnosed, with consent, a care team and a signed plan."""
    since = today - 2 * YEAR
    program = house.programs[site]
    made = {"agency": house.agency, "created_by": house.clerk}
    participant = Participant.objects.create(
        **made,
        given_name=given,
        family_name=family,
        chosen_name=chosen,
        record_number=f"DEMO-{number:04d}",
        born_on=dt.date(1970 + number % 30, 1 + number % 12, 1 + number % 28),
        gender=("F", "M", "U")[number % 3],
        language="es" if number % 4 == 1 else "en",
        street=f"{100 + number} Made Up Lane",
        city="Demo City",
        state=house.sites[site].state,
        postal_code="787010001",
    )
    Enrolment.objects.create(**made, participant=participant, program=program, period=(since, None))
    for place, member in enumerate(team):
        CareTeamMember.objects.create(
            **made,
            participant=participant,
            member=member,
            is_primary=place == 0,
            period=(since, None),
        )
    Consent.objects.create(
        agency=house.agency,
        participant=participant,
        purposes=["TREATMENT", "PAYMENT", "OPERATIONS"],
        period=(since, None),
        signed_on=since,
        recorded_by=house.clerk,
    )
    coverage = _coverage(house, participant, program, number, since, today)
    code, family_of = DIAGNOSES[site]
    Diagnosis.objects.create(
        **made,
        participant=participant,
        code=code,
        family=family_of,
        rank=1,
        period=(since, None),
    )
    version, goal = sign_plan(house, participant, program, site, team[0], since, now)
    return Served(participant, program, version, goal, coverage)


def _coverage(house, participant, program, number, since, today):
    payer = next(each for each in house.payers.values() if each.pack == program.pack)
    return Coverage.objects.create(
        agency=house.agency,
        created_by=house.clerk,
        participant=participant,
        payer=payer,
        member_id=f"DEMO{number:07d}",
        order=Coverage.Order.PRIMARY,
        period=(since, None),
        checked_on=today - dt.timedelta(days=10),
    )


def sign_plan(
    house: House,
    participant: Participant,
    program: Program,
    site: str,
    peer: Membership,
    since: dt.date,
    now: dt.datetime,
) -> tuple[PlanVersion, Goal]:
    """A plan of care in force since a day, with two goals, signed by the person and the peer."""
    made = {"agency": house.agency, "created_by": peer}
    plan = PlanOfCare.objects.create(**made, participant=participant, program=program)
    version = PlanVersion.objects.create(
        **made,
        plan=plan,
        participant=participant,
        number=1,
        services=list(SERVICES[site]),
        period=(since, None),
    )
    goals = [
        Goal.objects.create(
            agency=house.agency,
            version=version,
            participant=participant,
            number=number,
            text=text,
            starts_on=since,
        )
        for number, text in enumerate(("Walk three mornings a week", "Call my sister"), start=1)
    ]
    PlanVersion.objects.filter(pk=version.pk).update(activated_at=now, activated_by=peer)
    for role, member, name in (
        (PlanSignature.Role.PARTICIPANT, None, participant.name),
        (PlanSignature.Role.PEER, peer, str(peer.user)),
    ):
        PlanSignature.objects.create(
            **made,
            version=version,
            participant=participant,
            role=role,
            signed_on=since,
            signed_at=now,
            member=member,
            name_typed=name,
        )
    return version, goals[0]
