"""The made-up people served: tree surnames, who works with whom, and the gaps that hold a visit."""

import datetime as dt
from dataclasses import dataclass, field

from billing.models import Coverage, Diagnosis, Goal, PlanSignature, PlanVersion
from peerworks.home.demo.founding import House
from peerworks.home.demo.staff import DAY, team_of
from peerworks.home.demo.standing import YEAR, Served, add_person
from peerworks.participants.models import CareTeamMember, Consent, Enrolment, Participant
from peerworks.participants.operations import seal_participant

FAMILIES = (
    *("Alder", "Ash", "Aspen", "Beech", "Birch", "Boxwood", "Cedar", "Cherry", "Chestnut"),
    *("Cypress", "Elder", "Elm", "Fir", "Hawthorn", "Hazel", "Hemlock", "Hickory", "Holly"),
    *("Hornbeam", "Larch", "Laurel", "Linden", "Locust", "Magnolia", "Maple", "Mulberry", "Myrtle"),
    *("Oak", "Olive", "Pecan", "Pine", "Poplar", "Redbud", "Redwood", "Rowan", "Spruce", "Sumac"),
    *("Sycamore", "Tamarack", "Walnut", "Willow"),
)
GIVEN = (
    *("Wren", "Robin", "Jay", "Rosa", "Samuel", "Tanya", "Luis", "Grace", "Omar", "Nell", "Victor"),
    *("Pilar", "Henry", "Dora", "Isaac", "Mina", "Paul", "Elena", "Curtis", "June", "Rafael"),
    *("Bea", "Walter"),
)
#: Who works with the people of a house: (first number, last number, care team, the primary one first).
TEAMS = {
    "mesa": (
        (1, 8, ("peer",)),
        (9, 13, ("initial-peer",)),
        (14, 20, ("supervisor",)),
    ),
    "dogwood": ((21, 30, ("lapsed-peer",)), (31, 40, ("overdue-peer",))),
    "peachtree": (
        (41, 46, ("peer",)),
        (47, 52, ("unverified-peer",)),
        (53, 60, ("supervisor",)),
    ),
}
SEALED = 14
"""The number of the person who works here, too; Nia, whose record is closed but to Andre."""


@dataclass
class Served60:
    """The people of Juniper by number."""

    by_number: dict[int, Served] = field(default_factory=dict)

    def __getitem__(self, number: int) -> Served:
        return self.by_number[number]


def name_of(number: int) -> tuple[str, str]:
    """Given name and tree surname of a number; no two of the first 900 are alike."""
    return GIVEN[number % len(GIVEN)], FAMILIES[number % len(FAMILIES)]


def serve(house: House, today: dt.date, now: dt.datetime) -> Served60:
    """The sixty people of Juniper, each with a plan, and those whose record has a gap."""
    people = Served60()
    for site, groups in TEAMS.items():
        for first, last, team in groups:
            for number in range(first, last + 1):
                given, family = name_of(number)
                people.by_number[number] = add_person(
                    house,
                    site,
                    given=given,
                    family=family,
                    number=number,
                    team=team_of(house, *team),
                    today=today,
                    now=now,
                    chosen="Kit" if number == 7 else "",
                )
    _make_gaps(house, people, today, now)
    return people


def serve_lantern(house: House, today: dt.date) -> None:
    """Twenty people of Lantern Row: enrolled and cared for; no plan, until its rule pack is there."""
    team = [
        *team_of(house, "harbor-peer", "harbor-second", "harbor-third"),
    ]
    for number in range(1, 21):
        given, family = name_of(number + 300)
        person = Participant.objects.create(
            agency=house.agency,
            created_by=house.clerk,
            given_name=given,
            family_name=family,
            record_number=f"DEMO-{number:04d}",
            born_on=dt.date(1965 + number, 1 + number % 12, 1 + number),
            gender=("F", "M", "U")[number % 3],
        )
        whose = {
            "agency": house.agency,
            "created_by": house.clerk,
            "participant": person,
            "period": (today - YEAR, None),
        }
        Enrolment.objects.create(program=house.programs["harbor"], **whose)
        CareTeamMember.objects.create(member=team[number % 3], is_primary=True, **whose)


def _make_gaps(house: House, people: Served60, today: dt.date, now: dt.datetime) -> None:
    """What each of these people's records lacks; `history.odd_visits` has a visit for each."""
    for model in (Enrolment, CareTeamMember):
        _end(model, people[17], today - 40 * DAY)
    _end(Coverage, people[18], today - 45 * DAY)
    _end(Diagnosis, people[40], today - 50 * DAY)
    PlanVersion.objects.filter(pk=people[19].version.pk).update(period=(today - 25 * DAY, None))
    _leave_unsigned(house, people[20], today - 60 * DAY, now)
    Consent.objects.filter(participant=people[39].participant).update(
        revoked_on=today - 50 * DAY, revoked_at=now, revoked_by=house.clerk
    )
    Diagnosis.objects.create(
        agency=house.agency,
        created_by=house.clerk,
        participant=people[3].participant,
        code="F1020",
        family=Diagnosis.Family.SUBSTANCE_USE,
        rank=2,
        period=(today - YEAR, None),
    )


def _end(model: type, served: Served, until: dt.date) -> None:
    rows = model._default_manager.filter(participant=served.participant)  # type: ignore[attr-defined]
    rows.update(period=(until - YEAR, until))


def _leave_unsigned(house: House, served: Served, since: dt.date, now: dt.datetime) -> None:
    """The next version of a plan, in force since a day, which the person has not signed."""
    first = PlanVersion.objects.select_related("plan").get(pk=served.version.pk)
    PlanVersion.objects.filter(pk=first.pk).update(period=(first.period.lower, since))
    peer = house.members["supervisor"]
    made = {"agency": house.agency, "created_by": peer, "participant": served.participant}
    version = PlanVersion.objects.create(
        **made,
        plan=first.plan,
        number=2,
        services=first.services,
        period=(since, None),
        reason="Yearly review",
    )
    goal = Goal.objects.create(
        agency=house.agency,
        version=version,
        participant=served.participant,
        number=1,
        text="Cook for myself twice a week",
        starts_on=since,
    )
    PlanVersion.objects.filter(pk=version.pk).update(activated_at=now, activated_by=peer)
    PlanSignature.objects.create(
        **made,
        version=version,
        role=PlanSignature.Role.PEER,
        signed_on=since,
        signed_at=now,
        member=peer,
        name_typed=str(peer.user),
    )
    served.version, served.goal = version, goal


def seal(house: House, people: Served60, at: dt.datetime) -> None:
    """Close the record of the person who works here, too. Asked as the privacy officer."""
    seal_participant(
        participant=people[SEALED].participant,
        listed=team_of(house, "supervisor"),
        reason="Works here, too.",
        by=house.members["privacy-officer"],
        at=at,
        staff=house.members["initial-peer"],
    )
