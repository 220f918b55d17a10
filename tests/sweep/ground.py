"""The ground of the sweep: four sets of rows in two agencies, each with a word of its own in its texts.

- `mine`: Luz Ortega's, with a person on her care team (Andre Rivers supervises her);
- `loose`: the same agency, of a worker whom none of the nine supervises, and a person of theirs;
- `sealed`: a sealed person on Luz's care team, whose list names none of the nine;
- `foreign`: the other agency's.
"""

import datetime as dt
import time
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.db.models.functions import Now
from django.test import Client

from peerworks.accounts.models import Membership, SignIn, User
from peerworks.accounts.roles import RoleName
from peerworks.agencies.context import acting_for
from peerworks.agencies.models import Agency
from peerworks.audit.models import AuditEvent
from peerworks.home.demo.cast import JUNIPER, PEOPLE, Person
from peerworks.home.demo.founding import House, add_file, add_member
from peerworks.home.demo.standing import Served, add_person, certify
from peerworks.participants.operations import seal_participant
from supervision.models import Assignment, SessionAttendance
from tests.factories.accounts import make_invitation, make_membership
from tests.factories.billing_claims import one_claim
from tests.factories.billing_notes import make_note
from tests.sweep import tables
from tests.sweep.addresses import IN_STATE, Address, hangs_on
from tests.sweep.forms import PASSWORD
from tests.sweep.rows import MEMBER, Bag, put_words
from tests.sweep.states import rows_in_states
from tests.world import World

CANARIES = {"mine": "Mqvarn", "loose": "Lqvarn", "sealed": "Sqvarn", "foreign": "Fqvarn"}
JUDGED = {"billing.GateRun", "billing.Claim", "billing.ClaimLine", "billing.ClaimLineNote"}
#: Who sees what is theirs or their team's alone, in lists as on pages with an id: nothing of Pat, whom none of them leads.
NARROW = {"peer", "supervisor", "lapsed-peer"}
#: Whose session stands in which set.
OWN_SESSION = {"peer": "mine", "other-administrator": "foreign"}
NINE = tuple(each.who for each in PEOPLE)
#: For how long a session of the ground may be taken for a fresh one: far below ten minutes of a factor.
AWAKE_SECONDS = 240
PAT = Person(
    "loose-peer", "Pat", "Sorrel", "en", JUNIPER, (RoleName.PEER,), "Peer specialist", "PEER",
    ("mesa",), "", (),
)  # fmt: skip


@dataclass
class Ground:
    """The world with the four sets in it.

    `sessions` are cookies of signed-in people, by who; `links` the paths of letters, by the page that they lead to;
    `counts` the rows of each table, as built.
    """

    world: World
    bags: dict[str, Bag]
    pat: Membership
    sessions: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    last_event: int = 0
    awake_since: float = float("-inf")
    _hidden: dict[str, set[str]] = field(default_factory=dict)
    _others: dict[str, dict[str, str]] = field(default_factory=dict)

    def client(self, who: str | None, **options: Any) -> Client:
        """A client with the session of one of the nine, or of nobody."""
        client = Client(**options)
        if who is not None:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
            if time.monotonic() - self.awake_since > AWAKE_SECONDS:
                self.wake(who)
        return client

    def wake(self, who: str) -> None:
        """Somebody pressed a key just now, and gave a second factor: a long run would else sign them out."""
        user_id = self.member(who).user_id
        with acting_for(None, user_id), transaction.atomic():
            SignIn.objects.filter(user_id=user_id).update(
                acted_at=Now(), created_at=Now(), factor_at=Now()
            )

    def wake_all(self) -> None:
        """The same for all nine. Commits, so that it need not be said again in each test."""
        for who in self.sessions:
            self.wake(who)
        self.awake_since = time.monotonic()

    def member(self, who: str) -> Membership:
        """The membership of one of the nine."""
        return self.world[who].member

    def agency(self, who: str) -> Agency:
        """The agency of one of the nine."""
        return self.world.house_of(who).agency

    def behind_the_wall(self, who: str) -> dict[str, str]:
        """The words that the database hides from somebody whatever the pages do: of the other agency, and sealed ones."""
        own = {"foreign"} if self.agency(who) == self.world.lantern.agency else {"mine", "loose"}
        return {name: word for name, word in CANARIES.items() if name not in own}

    def hidden_from(self, who: str) -> dict[str, str]:
        """The words that no page may show to somebody: those, and Pat's to who sees their own or their team alone."""
        narrowed = {"loose": CANARIES["loose"]} if who in NARROW else {}
        return self.behind_the_wall(who) | narrowed

    def hidden_ids(self, who: str) -> set[str]:
        """The ids of the rows behind the wall. Pat's stands in the directory of the staff."""
        if who not in self._hidden:
            self._hidden[who] = self._ids_hidden_from(who)
        return self._hidden[who]

    def _ids_hidden_from(self, who: str) -> set[str]:
        hidden = self.behind_the_wall(who).keys()
        open_to = {
            str(row.pk)
            for name, bag in self.bags.items()
            if name not in hidden
            for row in bag.known.values()
        }
        return {str(row.pk) for name in hidden for row in self.bags[name].known.values()} - open_to

    def ids(self, which: str, address: Address) -> dict[str, str]:
        """Ids of one of the four sets for the arguments of an address."""
        return {
            name: str(self._row(which, address, label).pk) for name, label in address.ids.items()
        }

    def _row(self, which: str, address: Address, label: str) -> Any:
        known = self.bags[which].known
        in_state = address.state or IN_STATE.get(address.name, "")
        return (
            known[in_state]
            if in_state.split(" ")[0] == label and in_state in known
            else known[label]
        )

    def rows_of_others(self, who: str) -> dict[str, str]:
        """Hashes of the other agency's tables: what nothing that `who` does may change."""
        house = self.world.juniper if who == "other-administrator" else self.world.lantern
        with acting_for(house.agency.pk, house.service.user_id):
            return tables.hashes()

    def others_as_built(self, who: str) -> dict[str, str]:
        """The same before anybody did anything: each test gives back what it wrote, so it is asked once."""
        if who not in self._others:
            self._others[who] = self.rows_of_others(who)
        return self._others[who]


def build(world: World) -> Ground:
    """Make the four sets and sign everybody in. Commits."""
    juniper, lantern = world.juniper, world.lantern
    with acting_for(juniper.agency.pk, juniper.service.user_id), transaction.atomic():
        pat = _pat(world)
        bags = {
            "mine": _of_luz(world, world.people["mesa"], "mine"),
            "loose": _of_pat(world, pat),
            "sealed": _of_luz(world, _sealed_person(world), "sealed"),
        }
        for name in ("mine", "loose", "sealed"):
            _share(bags["mine"], bags[name])
            fill(bags[name], name)
            _mark_person(bags[name])
    with acting_for(lantern.agency.pk, lantern.service.user_id), transaction.atomic():
        bags["foreign"] = _of_beth(world)
        fill(bags["foreign"], "foreign")
        _activate(bags["foreign"])
        poison(bags["foreign"])
    _seal(world, bags["sealed"], pat)
    ground = Ground(world, bags, pat)
    for who in NINE:
        world[who].user.set_password(PASSWORD)
        world[who].user.save()
        client = world[who].client()
        ground.sessions[who] = client.cookies[settings.SESSION_COOKIE_NAME].value
        if who in OWN_SESSION:
            with acting_for(None, world[who].user.pk), transaction.atomic():
                bags[OWN_SESSION[who]].known["accounts.SignIn"] = SignIn.objects.get()
    _use_it_otherwise(world)
    ground.links = _links(world)
    ground.last_event = max(map(_last_event, (juniper, lantern)))
    return ground


def _use_it_otherwise(world: World) -> None:
    """Dana is signed in on a second device, and has put the cards of help away."""
    dana = world["privacy-officer"]
    dana.client()
    with acting_for(None, dana.user.pk), transaction.atomic():
        User.objects.filter(pk=dana.user.pk).update(shows_help=False)


def _links(world: World) -> dict[str, str]:
    """Of an invitation, and of a new password for somebody who forgot it."""
    token, beth = "a-made-up-token-of-forty-three-characters-x", world["other-administrator"]
    marisol = world["administrator"].member
    with acting_for(marisol.agency_id, marisol.user_id), transaction.atomic():
        make_invitation(by=marisol, token=token)
    key = f"{beth.user.pk}.{default_token_generator.make_token(beth.user)}"
    return {
        "accounts:invitation-accept": f"/accounts/join/{token}/",
        "accounts:reset-new": f"/accounts/reset/{key}/",
    }


def _last_event(house: House) -> int:
    with acting_for(house.agency.pk, house.service.user_id), transaction.atomic():
        newest: int = AuditEvent.objects.latest("id").pk
        return newest


def fill(bag: Bag, which: str) -> None:
    """A row of each model that an agency owns; for the sealed person, of those that hang on them.

    Pat's visit is on no claim: a judgement that was made and not reached would break its page.
    """
    for model in tables.owned():
        label = model._meta.label
        is_judged = which == "loose" and label in JUDGED
        if not is_judged and (which != "sealed" or "person" in hangs_on(label)):
            _ = bag[label]


def _share(one: Bag, other: Bag) -> None:
    """What hangs on nobody (courses, payers, batches) is the agency's, and in each set the same."""
    for label, row in one.known.items():
        if " " not in label and not hangs_on(label):
            other.known.setdefault(label, row)


def _pat(world: World) -> Membership:
    house = world.juniper
    member = add_member(house, PAT)
    provider = add_file(house, PAT, 90, world.today)
    house.members.pop("loose-peer")
    house.providers.pop("loose-peer")
    since, until = world.today - dt.timedelta(days=300), world.today + dt.timedelta(days=300)
    certify(
        house, provider, "tx-peer-specialist",
        since=since, until=until, now=world.now, number="Lqvarn-1",
    )  # fmt: skip
    return member


def _bag(house: House, which: str, author: Membership, **known: Any) -> Bag:
    hours = list(CANARIES).index(which) * 2
    known[MEMBER] = author
    return Bag(
        house.agency, CANARIES[which], house.clerk, author, house.service, known, hours=hours
    )


def _known(*rows: Any) -> dict[str, Any]:
    return {each._meta.label: each for each in rows}


def _places(house: House, key: str) -> list[Any]:
    return [house.sites[key], house.programs[key], next(iter(house.funds.values()))]


def _of_person(served: Served) -> list[Any]:
    person = served.participant
    return [
        person,
        person.enrolments.get(),
        person.care_team.first(),
        person.consents.get(),
        served.coverage,
        served.version.plan,
        served.version,
        served.goal,
        served.coverage.payer,
        *person.diagnoses.all()[:1],
        *served.version.signatures.all()[:1],
    ]


def _of_luz(world: World, served: Served, which: str) -> Bag:
    house = world.juniper
    luz = house.providers["peer"]
    credential = luz.credentials.filter(kind__key="tx-peer-specialist").get()
    attendance = SessionAttendance.objects.filter(provider=luz).select_related("session").first()
    rows = [
        *_places(house, "mesa"), *_of_person(served), luz, credential, credential.kind,
        Assignment.objects.get(provider=luz), attendance, attendance.session,
    ]  # fmt: skip
    bag = _bag(house, which, house.members["peer"], **_known(*rows))
    if which == "mine":
        bag.known |= _billed(world) | rows_in_states(world, bag)
        make_membership(agency=house.agency)
    return bag


def _billed(world: World) -> dict[str, Any]:
    """A co-signed note that is on a claim of a batch: what the pages of money show."""
    biller = world.juniper.members["biller"]
    note, batch, claim = one_claim(world, by=biller, deductions={"TRAVEL": 5})
    line = claim.lines.get()
    told = line.line_notes.get()
    return _known(note, note.version_in_force, batch, claim, line, told, told.gate_run)


def _of_pat(world: World, pat: Membership) -> Bag:
    house = world.juniper
    served = add_person(
        house, "mesa", given="Kit", family="Rowan", number=71, team=(pat,),
        today=world.today, now=world.now,
    )  # fmt: skip
    provider = pat.provider
    credential = provider.credentials.get()
    note = make_note(world, author=provider, person=served, deductions={"TRAVEL": 5})
    rows = [
        *_places(house, "mesa"), *_of_person(served), provider, credential, credential.kind,
        note, note.version_in_force,
    ]  # fmt: skip
    return _bag(house, "loose", pat, **_known(*rows))


def _sealed_person(world: World) -> Served:
    house = world.juniper
    team = (house.members["peer"], house.members["supervisor"])
    return add_person(
        house, "mesa", given="Ash", family="Linden", number=72, team=team,
        today=world.today, now=world.now,
    )  # fmt: skip


def _of_beth(world: World) -> Bag:
    house = world.lantern
    beth = house.members["other-administrator"]
    payer = next(iter(house.payers.values()))
    rows = [*_places(house, "harbor"), house.providers["other-administrator"], payer]
    return _bag(house, "foreign", beth, **_known(*rows))


def _activate(bag: Bag) -> None:
    """The plan is in force: its goals may stand on notes."""
    version = bag["billing.PlanVersion"]
    version.activated_at, version.activated_by = bag.now, bag.author
    version.save()


def _mark_person(bag: Bag) -> None:
    person = bag["participants.Participant"]
    person.family_name = f"{bag.canary} {person.family_name}"
    person.street = f"{bag.canary} Lane 1"
    person.save()


def poison(bag: Bag) -> None:
    """Put the canary into every text of the agency that takes it, those of its founding included."""
    for model in tables.owned():
        for row in model._default_manager.all():
            put_words(row, bag)
    Agency.objects.filter(pk=bag.agency.pk).update(name=f"{bag.canary} House", street=bag.canary)
    for number, user in enumerate(User.objects.filter(memberships__agency=bag.agency)):
        User.objects.filter(pk=user.pk).update(name=f"{bag.canary} Person {number}")


def _seal(world: World, bag: Bag, listed: Membership) -> None:
    dana = world.juniper.members["privacy-officer"]
    with acting_for(dana.agency_id, dana.user_id), transaction.atomic():
        seal_participant(
            participant=bag["participants.Participant"],
            listed=[listed],
            reason="Named for the sweep.",
            by=dana,
            at=world.now,
        )
