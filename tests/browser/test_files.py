"""FI-1 in a browser: files are chosen, listed, taken back and uploaded; what is too large is said at once."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.test_note_writing import OFFICE, PHONE, visit
from tests.factories.providers import make_credential, make_credential_kind
from tests.hostile import JPEG, pdf

__all__ = ["visit"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
CARD = {"name": "card.pdf", "mimeType": "application/pdf", "buffer": pdf(2)}
PHOTO = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": JPEG}
EMPTY = {"name": "empty.pdf", "mimeType": "application/pdf", "buffer": b""}
BIG = {
    "name": "big.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-" + bytes(10 * 1024 * 1024),
}
GIF = {"name": "card.gif", "mimeType": "image/gif", "buffer": b"GIF89a" + bytes(90)}


@pytest.fixture
def held(world):
    """A certificate of Sam, who reads English."""
    with world.acting("lapsed-peer") as sam:
        return make_credential(
            by=sam.member,
            provider=sam.provider,
            kind=make_credential_kind(by=sam.member),
            since=world.today,
            until=None,
        )


@pytest.mark.parametrize(
    "size",
    [pytest.param(PHONE, id="phone"), pytest.param(OFFICE, id="office", marks=pytest.mark.long)],
)
def test_fi_1_files_are_chosen_taken_back_and_uploaded(visit, world, held, size):
    sam = visit("lapsed-peer", size)
    page = sam.open(reverse("providers:evidence-add", args=[held.pk]))
    sam.check()
    field, lines = page.locator("#id_evidence"), page.locator("ul.files li")
    field.set_input_files([CARD, PHOTO, EMPTY, BIG])
    expect(lines).to_have_count(4)
    said = page.get_by_role("status").filter(has_text="big.pdf")
    expect(said).to_have_text("empty.pdf: This file is empty. big.pdf: Too large: at most 10 MB.")
    expect(page.locator("canvas").first).to_be_hidden()
    expect(page.locator("canvas").nth(1)).to_be_visible()
    sam.check()
    page.get_by_role("button", name="Upload").click()
    expect(field).to_be_focused()
    page.get_by_role("button", name="Remove empty.pdf").click()
    page.get_by_role("button", name="Remove big.pdf").click()
    expect(lines).to_have_count(2)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("The evidence is stored.")).to_be_visible()
    expect(page.get_by_role("link", name="card.pdf", exact=True)).to_be_visible()
    sam.check()


def test_fi_1_a_file_that_is_not_kept_is_said_first_and_with_the_focus(visit, world, held):
    sam = visit("lapsed-peer")
    page = sam.open(reverse("providers:evidence-add", args=[held.pk]))
    page.locator("#id_evidence").set_input_files([GIF])
    page.get_by_role("button", name="Upload").click()
    expect(page.locator("[data-problems]")).to_be_focused()
    expect(page.locator("[data-problems]")).to_contain_text("card.gif: This is a GIF picture.")
    sam.check()


def test_fi_1_the_verifier_opens_a_download(visit, world, held):
    sam = visit("lapsed-peer")
    page = sam.open(reverse("providers:evidence-add", args=[held.pk]))
    page.locator("#id_evidence").set_input_files([CARD])
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("The evidence is stored.")).to_be_visible()
    marisol = visit("administrator", OFFICE)
    page = marisol.open(reverse("providers:credential-verify", args=[held.pk]))
    marisol.check()
    with page.expect_download() as download:
        page.get_by_role("link", name="card.pdf", exact=True).click()
    assert download.value.suggested_filename == "card.pdf"
    assert download.value.path().read_bytes() == CARD["buffer"]


def test_fi_1_without_script_the_field_is_there_and_works(visit, world, held):
    sam = visit("lapsed-peer")
    context = sam.context.browser.new_context(
        java_script_enabled=False, storage_state=sam.context.storage_state(), locale="en-US"
    )
    page = context.new_page()
    page.goto(sam.address + reverse("providers:evidence-add", args=[held.pk]))
    page.locator("#id_evidence").set_input_files([CARD])
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("The evidence is stored.")).to_be_visible()
    context.close()
