"""Founding the made-up agencies: houses, members, personnel files and payers.

The demonstration and the tests stand on the same ground. Rows are written directly, as what was
there before the program came; what happened since (notes, signatures, claims) goes through the
operations. All dates hang on one day, `today`.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from billing.models import Payer, Rate
from peerworks.accounts import operations as accounts
from peerworks.accounts.models import Membership, User
from peerworks.agencies.context import acting_for
from peerworks.agencies.models import Agency, FundingSource, Program, Site
from peerworks.home.demo.cast import AGENCIES, PEOPLE, SITES, MadeUpAgency, MadeUpSite, Person
from peerworks.lib.identifiers import made_up_npi
from providers.models import (
    Credential,
    CredentialKind,
    Employment,
    Placement,
    Provider,
    Verification,
)
from training.models import Completion, Course

LONG_AGO = dt.timedelta(days=365 * 4)
FUNDS = (
    ("MEDICAID", "Medicaid", FundingSource.Kind.MEDICAID_FFS),
    ("STATE", "State appropriation", FundingSource.Kind.STATE),
    ("GENERAL", "General funds", FundingSource.Kind.GENERAL),
)
# Invented amounts a unit, by pack: (code, modifiers) -> dollars. Shown as invented wherever they are.
RATES: dict[str, dict[tuple[str, tuple[str, ...]], str]] = {
    "tx-medicaid-peer": {
        ("H0038", ()): "21.50",
        ("H0038", ("95",)): "21.50",
        ("H0038", ("HQ",)): "5.40",
    },
    "va-dmas-peer": {
        ("T1012", ()): "16.25",
        ("T1012", ("GT",)): "16.25",
        ("S9445", ()): "4.10",
        ("H0025", ()): "16.25",
        ("H0024", ()): "4.10",
    },
    "ga-medicaid-peer": {
        ("H0038", ("U4", "U6")): "18.15",
        ("H0038", ("U4", "U7")): "22.14",
        ("H0038", ("U4", "GT")): "18.15",
        ("H0025", ("U4", "U6")): "18.15",
        ("H0025", ("U4", "U7")): "22.14",
        ("H0038", ("HQ", "U4", "U6")): "4.43",
    },
    "mi-pihp-peer": {("H0038", ()): "19.80"},
}
KINDS = (
    ("tx-peer-specialist", "Texas Peer Specialist", "Especialista de apoyo entre pares de Texas"),
    (
        "tx-peer-supervisor",
        "Texas Peer Specialist Supervisor",
        "Supervisión certificada de especialistas entre pares de Texas",
    ),
    (
        "va-prs",
        "Registered Peer Recovery Specialist",
        "Especialista registrado en recuperación entre pares",
    ),
    (
        "ga-cps-mh",
        "Certified Peer Specialist, mental health",
        "Especialista certificado de apoyo entre pares, salud mental",
    ),
)
PACK_OF_KIND = {"tx": "tx-medicaid-peer", "va": "va-dmas-peer", "ga": "ga-medicaid-peer"}
COURSES = (
    ("wham", "Whole Health Action Management (WHAM)", "Whole Health Action Management (WHAM)", 16),
    ("wrap-seminar-1", "WRAP Seminar I", "Seminario I de WRAP", 16),
    (
        "va-supervisor",
        "Virginia supervisor training",
        "Capacitación de supervisión de Virginia",
        8,
    ),
)


@dataclass
class House:
    """One agency as it was founded: its places, people, payers and kinds, by their keys."""

    agency: Agency
    service: Membership
    sites: dict[str, Site] = field(default_factory=dict)
    programs: dict[str, Program] = field(default_factory=dict)
    funds: dict[str, FundingSource] = field(default_factory=dict)
    members: dict[str, Membership] = field(default_factory=dict)
    providers: dict[str, Provider] = field(default_factory=dict)
    payers: dict[str, Payer] = field(default_factory=dict)
    kinds: dict[str, CredentialKind] = field(default_factory=dict)
    courses: dict[str, Course] = field(default_factory=dict)

    @property
    def clerk(self) -> Membership:
        """Who recorded what was there before: the first administrator."""
        return next(each for each in self.members.values() if "ADMINISTRATOR" in each.roles)


def found_all(today: dt.date) -> dict[str, House]:
    """Both agencies with the nine people, by slug. Each in a transaction; the packs are loaded before."""
    return {each.slug: found(each, today) for each in AGENCIES}


def found(made_up: MadeUpAgency, today: dt.date) -> House:
    """One agency: its service member, houses, people, kinds of certification and payers."""
    agency = Agency.objects.create(
        name=made_up.name,
        slug=made_up.slug,
        time_zone=made_up.time_zone,
        is_demo=True,
        npi=made_up_npi(made_up.npi_seed),
        ein=made_up.ein,
        taxonomy="251S00000X",
        street=made_up.street,
        city=made_up.city,
        state=made_up.state,
        postal_code=made_up.postal_code,
        contact_name="Billing Desk",
        contact_phone="5125550100",
    )
    with acting_for(agency.pk), transaction.atomic():
        house = House(agency, accounts.add_service_member(agency=agency))
        for key, name, kind in FUNDS:
            house.funds[key] = FundingSource.objects.create(agency=agency, name=name, kind=kind)
        _sites(house)
        for person in PEOPLE:
            if person.agency == agency.slug:
                add_member(house, person)
        _catalogues(house)
        for number, person in enumerate(PEOPLE):
            if person.agency == agency.slug:
                add_file(house, person, number, today)
        _payers(house, today)
    return house


def _sites(house: House) -> None:
    for made_up in SITES:
        if made_up.agency == house.agency.slug:
            _site(house, made_up)


def _site(house: House, made_up: MadeUpSite) -> None:
    site = Site.objects.create(
        agency=house.agency, name=made_up.name, state=made_up.state, time_zone=made_up.time_zone
    )
    house.sites[made_up.key] = site
    house.programs[made_up.key] = Program.objects.create(
        agency=house.agency,
        name=made_up.program,
        site=site,
        pack=made_up.pack,
        is_part2=made_up.is_part2,
        funding_source=house.funds["STATE"],
    )


def add_member(house: House, person: Person) -> Membership:
    """A user without a password, and their membership with its roles."""
    user = User.objects.create_user(email=person.email, name=person.name, language=person.language)
    member = accounts.add_member(
        agency=house.agency,
        user=user,
        roles=[str(each) for each in person.roles],
        by=house.service.user,
    )
    house.members[person.who] = member
    return member


def add_file(
    house: House,
    person: Person,
    number: int,
    today: dt.date,
    *,
    kind: str = Employment.Kind.EMPLOYEE,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Provider:
    """The personnel file of a member: employment, and where they give or oversee services.

    From `since` (four years ago) up to, and not including, `until`. The office has no placements: a
    placement says that somebody serves in a program and owes what its pack asks.
    """
    begins = since or today - LONG_AGO
    is_office = person.worker_class == Provider.WorkerClass.ADMINISTRATIVE
    provider = Provider.objects.create(
        agency=house.agency,
        created_by=house.clerk,
        member=house.members[person.who],
        given_name=person.given,
        family_name=person.family,
        title=person.title,
        languages=["en", "es"] if person.language == "es" else ["en"],
        worker_class=person.worker_class,
        npi="" if is_office else made_up_npi(1000 + number),
        email=person.email,
        phone=f"555-01{number:02d}",
    )
    house.providers[person.who] = provider
    Employment.objects.create(
        agency=house.agency,
        created_by=house.clerk,
        provider=provider,
        kind=kind,
        period=(begins, until),
    )
    for key in () if is_office else person.sites:
        place(house, provider, key, begins, until)
    return provider


def place(
    house: House, provider: Provider, key: str, since: dt.date, until: dt.date | None = None
) -> Placement:
    """Say that a worker works in a house's program, up to, and not including, `until`."""
    return Placement.objects.create(
        agency=house.agency,
        created_by=house.clerk,
        provider=provider,
        program=house.programs[key],
        period=(since, until),
    )


def _catalogues(house: House) -> None:
    for key, english, spanish in KINDS:
        house.kinds[key] = CredentialKind.objects.create(
            agency=house.agency,
            key=key,
            label_en=english,
            label_es=spanish,
            body="Made-up board",
            pack=PACK_OF_KIND[key[:2]],
            pack_key=key,
        )
    for key, english, spanish, hours in COURSES:
        house.courses[key] = Course.objects.create(
            agency=house.agency,
            created_by=house.clerk,
            key=key,
            title_en=english,
            title_es=spanish,
            hours=Decimal(hours),
        )


def _payers(house: House, today: dt.date) -> None:
    for made_up in SITES:
        if made_up.agency == house.agency.slug:
            _payer(house, made_up, today)


def _payer(house: House, made_up: MadeUpSite, today: dt.date) -> None:
    payer = Payer.objects.create(
        agency=house.agency,
        created_by=house.clerk,
        code=made_up.payer,
        name=f"Made-up Medicaid of {made_up.state}",
        pack=made_up.pack,
        funding_source=house.funds["MEDICAID"],
        payer_id=f"DEMO{made_up.state}",
        submitter_id=f"DEMOSUB{made_up.state}",
        receiver_id=f"DEMORCV{made_up.state}",
        receiver_name=f"Made-up Medicaid of {made_up.state}",
        rendering=Payer.Rendering.RENDERING_NPI,
        part2_notice=made_up.is_part2,
        is_made_up=True,
    )
    house.payers[made_up.payer] = payer
    for (code, modifiers), amount in RATES[made_up.pack].items():
        Rate.objects.create(
            agency=house.agency,
            created_by=house.clerk,
            payer=payer,
            code=code,
            modifiers=list(modifiers),
            amount=Decimal(amount),
            is_invented=True,
            period=(today - LONG_AGO, None),
        )


def certify(
    house: House,
    provider: Provider,
    kind: str,
    *,
    since: dt.date,
    until: dt.date,
    now: dt.datetime,
    number: str,
    stage: str = "FULL",
    endorsements: tuple[str, ...] = (),
    is_verified: bool = True,
) -> Credential:
    """A certification valid from `since` through `until`, entered by its holder, verified by the clerk."""
    credential = Credential.objects.create(
        agency=house.agency,
        provider=provider,
        kind=house.kinds[kind],
        number=number,
        stage=stage,
        endorsements=list(endorsements),
        states=[kind[:2].upper()],
        issued_on=since,
        valid_from=since,
        expires_on=until,
        entered_by=provider.member or house.service,
    )
    if is_verified:
        Verification.objects.create(
            agency=house.agency,
            credential=credential,
            method=Verification.Method.REGISTRY,
            source="Public registry (made up)",
            checked_on=since,
            verified_by=house.clerk,
            verified_at=now,
        )
    return credential


def train(house: House, provider: Provider, course: str, on: dt.date, number: str) -> Completion:
    """A completed course."""
    taught = house.courses[course]
    return Completion.objects.create(
        agency=house.agency,
        provider=provider,
        course=taught,
        completed_on=on,
        hours=taught.hours,
        certificate_number=number,
        recorded_by=house.clerk,
    )
