"""A note on a phone, in Spanish: few presses, no lost word, the verdict beside it, nothing hidden."""

import os
import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from billing.models import NoteVersion, ServiceNote
from tests.browser import axe
from tests.factories.billing_notes import yesterday

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PHONE = {"width": 390, "height": 844}
OFFICE = {"width": 1280, "height": 900}
MOST_PRESSES = 6
# The second: a verdict that was under way when the page was left.
EXPECTED = ("status of 4", "htmx:afterRequest", "htmx:sendAbort", "htmx:sendError")


class Hand:
    """A finger on the page: counts the presses that do not focus a text field."""

    def __init__(self, page):
        self.page, self.presses = page, 0

    def press(self, target):
        """One press that counts."""
        self.presses += 1
        target.click()

    def chip(self, group, words):
        """Choose a chip of a group."""
        field = self.page.locator(f"#div_id_{group}")
        self.press(field.get_by_label(words, exact=True))

    def fill(self, **texts):
        """Type into fields, as one does after focusing them."""
        for name, text in texts.items():
            self.page.locator(f"#id_{name}").fill(text)


class Visitor:
    """One of the nine at a live server."""

    def __init__(self, context, address, world, who):
        self.world, self.who, self.context = world, who, context
        client, name = world[who].client(), settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": address}
        self.context.add_cookies([cookie])
        self.address, self.complaints = address, []
        self.page = self.new_page()

    def new_page(self):
        """A tab whose complaints are kept."""
        page = self.context.new_page()
        page.on("console", lambda said: self.complaints.append(said.text))
        page.on("pageerror", lambda said: self.complaints.append(str(said)))
        return page

    def open(self, path):
        """Go to an address."""
        self.page.goto(self.address + path)
        return self.page

    def check(self):
        """No rule of accessibility is broken, nothing overflows, the page's script made no complaint."""
        assert axe.violations(self.page) == []
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        shot = os.environ.get("PEERWORKS_SHOTS")
        if shot:
            name = re.sub(r"\W+", "-", self.page.title())[:40]
            width = self.page.viewport_size["width"]
            self.page.screenshot(path=f"{shot}/{name}-{width}.png", full_page=True)


@pytest.fixture
def visit(live_server, transactional_db, world, new_context):
    """Opens a browser as one of the nine."""
    visitors = []

    def visitor(who, size=PHONE):
        context = new_context(viewport=size, locale="en-US")
        visitors.append(Visitor(context, live_server.url, world, who))
        return visitors[-1]

    yield visitor
    said = [text for each in visitors for text in each.complaints]
    assert [text for text in said if not any(word in text for word in EXPECTED)] == []


STORY = {
    "purpose": "Wren quería preparar la primera semana de frío.",
    "what_we_did": "Caminamos a la biblioteca, buscamos los horarios de la pista y practicamos la "
    "respiración que le gusta antes de entrar. Hicimos juntas una tarjeta con su plan.",
    "response": "Se fue tranquila y con ganas.",
    "next_step": "El martes, en la pista.",
}


def notes_of(world):
    """Luz's notes, the newest first."""
    with world.acting("peer"):
        return list(ServiceNote.objects.order_by("-created_at"))


def test_a_visit_is_written_and_signed_with_few_presses(visit, world):
    luz = visit("peer")
    page = luz.open("/notes/write/")
    hand = Hand(page)
    expect(page.locator("html")).to_have_attribute("lang", "es")
    luz.check()
    hand.press(page.get_by_role("link", name="Wren Alder"))
    hand.fill(day=yesterday(world).isoformat())
    hand.fill(start="10:04", end="10:56")
    hand.press(page.locator("#div_id_place input").first)
    hand.press(page.locator("#div_id_goals input").first)
    hand.press(page.locator("#div_id_role_elements input").first)
    hand.fill(**STORY)
    expect(page.locator("#note-minutes")).to_contain_text("52")
    expect(page.locator("#note-minutes")).to_contain_text("3")
    expect(page.locator("#note-verdict .reason-ok")).to_have_count(1)
    luz.check()
    hand.press(page.locator("[data-bar] .btn-pw"))
    expect(page).to_have_url(re.compile("/sign/$"))
    luz.check()
    hand.press(page.locator("[data-bar] .btn-pw"))
    expect(page).to_have_url(re.compile(r"/notes/[\w-]+/$"))
    luz.check()
    assert hand.presses <= MOST_PRESSES
    (note,) = notes_of(world)
    assert note.state == "SIGNED"
    with world.acting("peer"):
        version = NoteVersion.objects.get(note=note)
    assert {part: getattr(version, part) for part in STORY} == STORY


def test_the_first_visit_in_a_second_program_takes_no_more_presses(visit, world):
    """Two services are open, and no visit tells where one usually meets."""
    luz = visit("peer")
    page = luz.open("/notes/write/")
    hand = Hand(page)
    hand.press(page.get_by_role("link", name="Jay Cedar"))
    services = page.locator("#div_id_service > .chips input")
    expect(services).to_have_count(2)
    expect(page.locator("#div_id_service input:checked")).to_have_count(0)
    expect(page.locator("#div_id_place")).to_contain_text("Ninguna visita anterior suya")
    luz.check()
    hand.press(services.first)
    hand.fill(day=yesterday(world).isoformat())
    hand.fill(start="10:04", end="10:56")
    hand.press(page.locator("#div_id_goals input").first)
    hand.press(page.locator("#div_id_role_elements input").first)
    hand.fill(**STORY)
    expect(page.locator("#note-verdict .reason-ok")).to_have_count(1)
    for address in ("/sign/$", r"/notes/[\w-]+/$"):
        hand.press(page.locator("[data-bar] .btn-pw"))
        expect(page).to_have_url(re.compile(address))
    assert hand.presses <= MOST_PRESSES
    (note,) = notes_of(world)
    with world.acting("peer"):
        version = NoteVersion.objects.get(note=note)
    assert (note.state, version.place, version.mode) == ("SIGNED", "11", "IN_PERSON")


def test_a_tab_closed_after_a_pause_loses_nothing(visit, world):
    luz = visit("peer")
    person = world.person("peer").participant.pk
    page = luz.open(f"/notes/for/{person}/")
    page.locator("#id_purpose").press_sequentially("Ni una palabra se pierde.")
    page.wait_for_timeout(6000)
    expect(page.locator("[data-saved-state]")).to_have_attribute("data-state", "saved")
    address = page.url
    assert address.endswith("/write/")
    page.close()
    again = luz.new_page()
    again.goto(address)
    expect(again.locator("#id_purpose")).to_have_value("Ni una palabra se pierde.")
    assert len(notes_of(world)) == 1


def test_what_is_missing_gets_the_focus_and_its_links_lead_to_the_fields(visit, world):
    luz = visit("peer")
    person = world.person("peer").participant.pk
    page = luz.open(f"/notes/for/{person}/")
    Hand(page).fill(start="10:04", **{**STORY, "response": ""})
    page.locator("[data-bar] .btn-pw").click()
    problems = page.locator("[data-problems]")
    expect(problems).to_be_focused()
    luz.check()
    problems.get_by_role("link").first.click()
    expect(page.locator("#id_end")).to_be_focused()
    expect(page.locator("#id_purpose")).to_have_value(STORY["purpose"])


def test_later_is_pressed_while_a_draft_is_under_way(visit, world):
    luz = visit("peer")
    person = world.person("peer").participant.pk
    page = luz.open(f"/notes/for/{person}/")
    page.locator("#id_purpose").fill("Primero.")
    page.locator("#id_what_we_did").fill("Después.")
    page.locator("#id_response").press_sequentially("Y al final.")
    page.locator("[data-bar] .btn-quiet").click()
    expect(page).to_have_url(re.compile("/notes/$"))
    luz.check()
    (note,) = notes_of(world)
    with world.acting("peer"):
        assert NoteVersion.objects.get(note=note).response == "Y al final."


def test_a_lapsed_peer_sees_the_sentence_beside_the_service(visit, world):
    sam = visit("lapsed-peer")
    page = sam.open(f"/notes/for/{world.people['dogwood'].participant.pk}/")
    closed = page.locator("#div_id_service details")
    expect(closed).to_contain_text("ended on")
    sam.check()
