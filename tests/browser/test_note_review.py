"""The review queue by keyboard: move, open, approve, return with words; both widths, nothing hidden."""

import re

import pytest
from playwright.sync_api import expect

from billing.models import ServiceNote
from tests.browser.test_note_writing import OFFICE, PHONE, visit  # noqa: F401
from tests.factories.billing_notes import make_note_at_state

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def waiting(world):
    """Two notes that wait for Andre."""
    with world.acting("peer"):
        return [make_note_at_state(world, state="SIGNED", hour=hour) for hour in (8, 10)]


def states(world, notes):
    """Where the notes stand."""
    with world.acting("supervisor"):
        return [ServiceNote.objects.get(pk=each.pk).state for each in notes]


def test_the_queue_is_worked_by_keyboard(visit, world, waiting):  # noqa: F811
    andre = visit("supervisor", OFFICE)
    page = andre.open("/review/")
    andre.check()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(str(waiting[0].pk)))
    expect(page.locator("#open-note")).to_contain_text("Wren Alder")
    andre.check()
    page.keyboard.press("a")
    expect(page).to_have_url(re.compile(str(waiting[1].pk)))
    page.keyboard.press("r")
    expect(page).to_have_url(re.compile("/return/$"))
    page.locator("#id_words").fill("Say what she chose herself.")
    andre.check()
    page.locator("#id_words").press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/review/$"))
    assert states(world, waiting) == ["COSIGNED", "RETURNED"]


def test_on_a_phone_the_list_leads_to_the_note(visit, world, waiting):  # noqa: F811
    andre = visit("supervisor", PHONE)
    page = andre.open("/review/")
    andre.check()
    page.get_by_role("link", name="Wren Alder").first.click()
    expect(page.locator("#open-note")).to_be_visible()
    expect(page.locator(".row-link").first).to_be_hidden()
    andre.check()


def test_the_record_is_read_and_its_pages_hold(visit, world, waiting):  # noqa: F811
    andre = visit("supervisor", OFFICE)
    for name in ("", "addend/", "void/"):
        andre.open(f"/notes/{waiting[0].pk}/{name}")
        andre.check()
