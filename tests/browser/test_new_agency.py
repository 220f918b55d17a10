"""A new agency: from the empty database to its first signed note, in a browser, by pages alone.

Three people walk it as README and Today tell them: the administrator at a desk, the supervisor and the
peer, each with a password of their own and a second factor. Every page is reached by a first step of
Today, by pressing what the page before shows, by an entry of the menu, or by the link that an invitation
brings. So what this proves is that no step lacks a page.
"""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from peerworks.accounts import factors
from peerworks.accounts.operations import open_setup
from tests.browser.test_sweep import DESK, HEIGHT, PHONE
from tests.peerworks.account_forms import PASSWORD, link_in, send_letters

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "apart"]),
]
ADA, NOOR, SOL = "ada@people.example", "noor@people.example", "sol@people.example"
READY = "domcontentloaded"
ON_CLAIMS = {
    "ein": "12-3456789",
    "street": "12 Made Up Road",
    "city": "Austin",
    "state": "tx",
    "postal_code": "78701-2345",
    "contact_name": "Ada Moreno",
    "contact_phone": "(512) 555-0100",
}
STORY = {
    "purpose": "Alder wanted to ride the bus.",
    "what_we_did": "We read the timetable together and rode two stops, there and back.",
    "response": "Alder was glad.",
    "next_step": "The library on Tuesday.",
}


class Hand:
    """One of the three at a browser of their own: presses and types."""

    def __init__(self, page, address):
        self.page, self.address, self.steps = page, address, []
        page.set_default_timeout(30_000)

    def open(self, path):
        """Go where the menu or a letter leads."""
        assert self.page.goto(self.address + path, wait_until=READY).ok

    def begin(self, href):
        """Go where one of the first steps leads that stand on Today; they are read once."""
        if not self.steps:
            self.open("/today/")
            links = self.page.locator("section[aria-labelledby=first-steps] a").all()
            self.steps = [each.get_attribute("href") for each in links]
        assert href in self.steps
        self.open(href)

    def follow(self, href):
        """Press the first link of the page whose address ends so."""
        link = self.page.locator(f"main a[href$='{href}']").first
        with self.page.expect_navigation(wait_until=READY):
            link.click()

    def choose(self, **values):
        """Choose in lists, by words."""
        for name, words in values.items():
            self.page.locator(f"#id_{name}").select_option(label=words)

    def tick(self, name, *values):
        """Tick boxes, press chips."""
        for value in values:
            self.page.locator(f"main input[name={name}][value='{value}']").check(force=True)

    def send(self, button="main form.form-pw [type=submit]", **texts):
        """Type what is told, press the button, and see that the form was taken."""
        for name, text in texts.items():
            self.page.locator(f"#id_{name}").fill(str(text))
        with self.page.expect_navigation(wait_until=READY) as arrived:
            self.page.locator(button).last.click()
        assert arrived.value.ok, self.page.locator("main").inner_text()

    def enter(self, email):
        """Sign in with the password, and set up the second factor that is asked for."""
        self.send(login=email, password=PASSWORD)
        self.page.locator("main details.later > summary").click()
        seed = self.page.locator("main .code-words").inner_text().replace(" ", "")
        self.send(code=factors.code_at(seed, timezone.now()))
        expect(self.page.locator("main h1")).to_have_text("Your recovery codes")


@pytest.fixture
def hand(empty, live_server, new_context, settings):
    """Opens a browser of one of the three; outside of the demonstration, so that a second factor is asked for."""
    settings.PEERWORKS_DEMO = False
    address = live_server.url.replace("127.0.0.1", "localhost")

    def begin(width=DESK):
        size = {"width": width, "height": HEIGHT}
        context = new_context(viewport=size, locale="en-US", reduced_motion="reduce")
        return Hand(context.new_page(), address)

    return begin


def zone_past_one():
    """A zone where the day is old enough for a session and a visit."""
    zones = ("America/Chicago", "Pacific/Honolulu")
    return next(each for each in zones if timezone.now().astimezone(ZoneInfo(each)).hour > 1)


def set_up(ada, zone):
    """The setup page, the first sign-in, the kinds of certification, the payer and its rate, what claims say."""
    ada.open(f"/accounts/setup/{open_setup()}/")
    ada.choose(pack="Texas Medicaid peer support")
    ada.page.locator("#id_time_zone").select_option(zone)
    told = {
        "name": "Elm Street Peers",
        "site": "Elm House",
        "state": "TX",
        "program": "Elm Peer Support",
    }
    ada.send(**told, person="Ada Moreno", email=ADA, password=PASSWORD, again=PASSWORD)
    ada.enter(ADA)
    ada.begin("/credentials/kinds/")
    for key in ("tx-peer-specialist", "tx-peer-supervisor"):
        ada.tick("kind", f"tx-medicaid-peer/{key}")
        ada.send()
    ada.begin("/payers/")
    ada.follow("/payers/add/")
    ada.choose(funding_source="Medicaid, fee for service")
    ids = {
        "payer_id": "TXM01",
        "submitter_id": "ELM1",
        "receiver_id": "TXR1",
        "receiver_name": "TMHP",
    }
    ada.send(code="TXMCD", name="Texas Medicaid", **ids)
    ada.send(amount_H0038="21.50")
    ada.begin("/agency/claims/")
    expect(ada.page.locator("main .lede")).to_contain_text("Fill it in before the first batch")
    ada.send(**ON_CLAIMS)
    expect(ada.page.locator("main .lede")).to_contain_text("A change holds for what is built")


def invite(ada, other, name, email, *roles):
    """An invitation with its letter, and the person who joins by it."""
    ada.begin("/members/invite/")
    ada.tick("roles", *roles)
    ada.send(email=email)
    (letter,) = send_letters()
    other.open(link_in(letter))
    other.send(name=name, password=PASSWORD, again=PASSWORD)
    other.enter(email)


def employ(ada, today):
    """Both get a file, and the peer a supervisor."""
    for given, family, email, kind in (
        ("Noor", "Haddad", NOOR, "PEER"),
        ("Sol", "Brandt", SOL, "SUPERVISOR"),
    ):
        ada.begin("/providers/add/")
        ada.tick("worker_class", kind)
        ada.tick("employment", "EMPLOYEE")
        ada.page.locator("main input[name=programs]").check(force=True)
        ada.choose(member=f"{given} {family}, {email}")
        ada.send(given_name=given, family_name=family, since=today)
    ada.begin("/supervision/assignments/add/")
    ada.choose(provider="Noor Haddad", supervisor="Sol Brandt")
    ada.send(starts_on=today)


def show_papers(noor, sol, today):
    """Each enters the own certification; the supervisor the license, too."""
    days = {"issued_on": today, "expires_on": today + dt.timedelta(days=700)}
    for who, kind in ((noor, "Texas Peer Specialist"), (sol, "Texas Peer Specialist Supervisor")):
        who.open("/providers/me/")
        who.follow("/credentials/add/")
        who.choose(kind=kind)
        who.tick("states", "TX")
        if who is noor:
            who.tick("endorsements", "MENTAL_HEALTH")
        who.send(number=f"TX-{kind[-4:]}", **days)
    sol.open("/supervision/")
    sol.follow("/supervisor/")
    sol.follow("/qualifications/add/")
    sol.tick("proof", "licence:LPHA")
    sol.send(evidence="License card, seen in the original.")


def verify(ada):
    """The administrator checks all three."""
    for _each in range(2):
        ada.open("/today/")
        ada.follow("/verify/")
        ada.tick("method", "REGISTRY")
        ada.send(source="Register of Texas")
    ada.open("/today/")
    ada.follow("/supervisor/")
    ada.send("main form[action$='/verify/'] button")
    expect(ada.page.locator("main")).to_contain_text("May supervise")


def meet(sol, noor, today):
    """A supervision session that both sign."""
    sol.open("/supervision/")
    sol.follow("/log/")
    sol.choose(supervisee="Noor Haddad", program="Elm Peer Support")
    sol.tick("mode", "IN_PERSON")
    sol.send(day=today, start="00:05", end="00:35")
    sol.send("main form[action$='/sign/'] button")
    noor.open("/today/")
    with noor.page.expect_navigation(wait_until=READY):
        noor.page.locator("main a[href*='/supervision/sessions/']").first.click()
    noor.send("main form button[name=sign]")
    expect(noor.page.locator("main")).to_contain_text("Signed by both")


def receive(ada, sol, today):
    """A person served, with coverage and diagnosis."""
    ada.begin("/participants/add/")
    ada.tick("gender", "F")
    ada.choose(program="Elm Peer Support", worker="Noor Haddad")
    ada.send(record_number="E-001", given_name="Alder", family_name="Birch", born_on="1985-04-12")
    ada.follow("/coverage/")
    ada.follow("/coverage/add/")
    ada.choose(payer="Texas Medicaid")
    ada.send(member_id="123456789", starts_on=today)
    sol.open("/participants/")
    sol.page.locator("main tbody a").first.click()
    sol.follow("/coverage/")
    sol.follow("/diagnoses/add/")
    sol.tick("family", "MENTAL_HEALTH")
    sol.send(code="F33.1", starts_on=today)


def agree(noor, today):
    """Consent, plan with goal, and both signatures."""
    noor.open("/today/")
    noor.page.locator("main a.row-link").click()
    noor.follow("/consents/add/")
    noor.tick("purposes", "PAYMENT")
    noor.send(signed_on=today, starts_on=today)
    noor.follow("/plans/write/")
    noor.choose(program="Elm Peer Support")
    noor.tick("services", "mh-individual")
    noor.send(goal_1_text="I want to ride the bus to the library by myself.")
    noor.follow("/activate/")
    noor.send()
    for role, name in (("PARTICIPANT", "Alder Birch"), ("PEER", "")):
        noor.follow("/sign/")
        noor.tick("role", role)
        noor.send(name=name)


def write(noor, today):
    """The note, its verdict, and the signature."""
    noor.open("/today/")
    with noor.page.expect_navigation(wait_until=READY):
        noor.page.locator("main a[href*='/notes/for/']").first.click()
    for group in ("service", "place", "goals", "role_elements"):
        noor.page.locator(f"#div_id_{group} input").first.check(force=True)
    texts = {"day": today, "start": "00:40", "end": "00:58", **STORY}
    for name, text in texts.items():
        noor.page.locator(f"#id_{name}").fill(str(text))
    for leads_to in (r"/sign/$", r"/notes/[\w-]+/$"):
        noor.page.locator("[data-bar] .btn-pw").click()
        expect(noor.page).to_have_url(re.compile(leads_to))


def test_from_the_empty_database_to_the_first_signed_note(hand, mailoutbox):
    ada, noor, sol = hand(), hand(PHONE), hand()
    zone = zone_past_one()
    today = timezone.localdate(timezone=ZoneInfo(zone))
    set_up(ada, zone)
    invite(ada, noor, "Noor Haddad", NOOR, "PEER")
    invite(ada, sol, "Sol Brandt", SOL, "SUPERVISOR", "PEER")
    employ(ada, today)
    show_papers(noor, sol, today)
    verify(ada)
    meet(sol, noor, today)
    receive(ada, sol, today)
    agree(noor, today)
    write(noor, today)
    told = noor.page.locator("main")
    expect(told).to_contain_text("Signed. Sent to Sol Brandt for review.")
    expect(told).to_contain_text("This visit can be billed.")
    ada.open("/today/")
    expect(ada.page.locator("#first-steps")).to_have_count(0)
