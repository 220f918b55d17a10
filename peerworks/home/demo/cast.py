"""The made-up agencies and people of the demonstration and of the tests, as data.

Nobody here is real: mail domains end in `.example`, telephone numbers are 555-01xx, NPIs begin with
2 (issued ones begin with 1).
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from peerworks.accounts.roles import RoleName

JUNIPER, LANTERN = "juniper-bridge", "lantern-row"


@dataclass(frozen=True, slots=True)
class MadeUpAgency:
    """An agency with what a claim needs of it."""

    slug: str
    name: str
    time_zone: str
    street: str
    city: str
    state: str
    postal_code: str
    ein: str
    npi_seed: int


@dataclass(frozen=True, slots=True)
class MadeUpSite:
    """A site with its one program, the pack that its workers follow, and who pays."""

    key: str
    agency: str
    name: str
    state: str
    time_zone: str
    program: str
    pack: str
    is_part2: bool
    payer: str


@dataclass(frozen=True, slots=True)
class Person:
    """One of the nine: who they are, where they work, and what waits for them."""

    who: str
    given: str
    family: str
    language: str
    agency: str
    roles: tuple[str, ...]
    title: str
    worker_class: str
    sites: tuple[str, ...]
    waits: Promise | str
    tries: tuple[Promise | str, ...]

    @property
    def name(self) -> str:
        """As on a list."""
        return f"{self.given} {self.family}"

    @property
    def email(self) -> str:
        """A made-up address of the agency's made-up domain."""
        return f"{self.given}.{self.family}@{self.agency}.example".lower()


AGENCIES = (
    MadeUpAgency(
        JUNIPER,
        "Juniper Bridge Peer Alliance",
        "America/Chicago",
        "100 Made Up Way",
        "Austin",
        "TX",
        "787010001",
        "990000001",
        11,
    ),
    MadeUpAgency(
        LANTERN,
        "Lantern Row Recovery Network",
        "America/Detroit",
        "200 Invented Street",
        "Lansing",
        "MI",
        "489010001",
        "990000002",
        12,
    ),
)

SITES = (
    MadeUpSite(
        "mesa",
        JUNIPER,
        "Mesa House",
        "TX",
        "America/Chicago",
        "Mesa Peer Support",
        "tx-medicaid-peer",
        is_part2=False,
        payer="TXMCD",
    ),
    MadeUpSite(
        "dogwood",
        JUNIPER,
        "Dogwood House",
        "VA",
        "America/New_York",
        "Dogwood Recovery",
        "va-dmas-peer",
        is_part2=True,
        payer="VADMAS",
    ),
    MadeUpSite(
        "peachtree",
        JUNIPER,
        "Peachtree House",
        "GA",
        "America/New_York",
        "Peachtree Whole Health",
        "ga-medicaid-peer",
        is_part2=False,
        payer="GAMCD",
    ),
    MadeUpSite(
        "harbor",
        LANTERN,
        "Harbor House",
        "MI",
        "America/Detroit",
        "Harbor Peer Support",
        "mi-pihp-peer",
        is_part2=False,
        payer="MIPIHP",
    ),
)

PEOPLE = (
    Person(
        "peer",
        "Luz",
        "Ortega",
        "es",
        JUNIPER,
        (RoleName.PEER,),
        "Peer specialist",
        "PEER",
        ("mesa", "peachtree"),
        _("One note came back with words, yesterday's draft waits, three people to see."),
        (
            _("Write a note on a screen as wide as a phone."),
            _("See at once whether it can be billed, and why."),
            _("Correct the note that came back."),
        ),
    ),
    Person(
        "supervisor",
        "Andre",
        "Rivers",
        "en",
        JUNIPER,
        (RoleName.SUPERVISOR, RoleName.PEER),
        "Peer supervisor",
        "SUPERVISOR",
        ("mesa", "peachtree"),
        _("Nine notes to review, one peer overdue for supervision, one soon."),
        (
            _("Review notes by keyboard."),
            _("Return one with a reason."),
            _("Log a supervision session."),
        ),
    ),
    Person(
        "administrator",
        "Marisol",
        "Kent",
        "en",
        JUNIPER,
        (RoleName.ADMINISTRATOR,),
        "Program administrator",
        "ADMINISTRATIVE",
        ("mesa",),
        _("Three people cannot bill today, two certificates wait to be verified."),
        (
            _("See why three people cannot bill."),
            _("Verify a certification."),
            _("Add a renewal and watch the visits become billable."),
        ),
    ),
    Person(
        "biller",
        "Priya",
        "Shah",
        "en",
        JUNIPER,
        (RoleName.BILLER,),
        "Biller",
        "ADMINISTRATIVE",
        ("mesa",),
        _("Dollars on hold, by reason; one batch is ready."),
        (
            _("Find the reason that holds the most money."),
            _("Build a batch."),
            _("Download the claim file."),
        ),
    ),
    Person(
        "trainer",
        "Tom",
        "Beale",
        "en",
        JUNIPER,
        (RoleName.TRAINER,),
        "Trainer",
        "ADMINISTRATIVE",
        ("peachtree",),
        _("WHAM and WRAP Seminar I, and who has completed them."),
        (
            _("See who is trained in WHAM."),
            _("Record a completion."),
        ),
    ),
    Person(
        "privacy-officer",
        "Dana",
        "Whitlock",
        "en",
        JUNIPER,
        (RoleName.PRIVACY_OFFICER,),
        "Privacy officer",
        "ADMINISTRATIVE",
        ("mesa",),
        _("One sealed record, and what was denied yesterday."),
        (_("Record a consent."), _("See who saw a participant's record.")),
    ),
    Person(
        "auditor",
        "Ines",
        "Calder",
        "en",
        JUNIPER,
        (RoleName.AUDITOR,),
        "Auditor",
        "ADMINISTRATIVE",
        ("mesa",),
        _("A claim to explain: why was it payable?"),
        (_("Open a claim and follow it to the signatures."), _("Read a rule with its source.")),
    ),
    Person(
        "lapsed-peer",
        "Sam",
        "Whitfield",
        "en",
        JUNIPER,
        (RoleName.PEER,),
        "Peer recovery specialist",
        "PEER",
        ("dogwood",),
        _("The certification ended 18 days ago; the notes since then are held."),
        (
            _("See the gap in the certification."),
            _("Read the one sentence on a held note."),
        ),
    ),
    Person(
        "other-administrator",
        "Beth",
        "Sandoval",
        "en",
        LANTERN,
        (RoleName.ADMINISTRATOR, RoleName.BILLER),
        "Program administrator",
        "ADMINISTRATIVE",
        ("harbor",),
        _("The second agency, with its own house."),
        (_("Look for anybody of the first agency and find nobody."),),
    ),
)
