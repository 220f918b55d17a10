"""The page scripts in a real browser: no word is lost, the focus is never hidden, lists by keyboard."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import expect

from peerworks.accounts.models import User
from tests.browser import axe
from tests.peerworks.web_site import DRAFTS

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.peerworks.web_site"),
]
PHONE = {"width": 390, "height": 844}
EXPECTED = ("status of 4", "ERR_INTERNET_DISCONNECTED")


class Writer:
    """Somebody who writes on a page, and the session that may end under it."""

    def __init__(self, context, address, user):
        self.context, self.address, self.user = context, address, user
        self.page = context.new_page()
        self.complaints = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def sign_in(self, user=None):
        """A session of the user, as a sign-in in another tab would leave it."""
        client = Client()
        client.force_login(user or self.user)
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": self.address}
        self.context.add_cookies([cookie])

    def end_session(self):
        """The server forgets every session."""
        Session.objects.all().delete()

    def open(self):
        """The page with the form."""
        self.page.goto(self.address)
        return self.page

    def write(self, text):
        """Type, and wait until the browser has told the server or has given up."""
        self.page.fill("#id_text", text)
        self.page.locator("#id_own").focus()


@pytest.fixture
def writer(live_server, transactional_db, new_context):
    """A signed-in writer on a phone."""
    DRAFTS.clear()
    user = User.objects.create_user(email="luz@juniper-bridge.example", name="Luz Ortega")
    found = Writer(new_context(viewport=PHONE, locale="en-US"), live_server.url, user)
    found.sign_in()
    yield found
    assert [each for each in found.complaints if not any(word in each for word in EXPECTED)] == []


def state(page):
    """The line that says whether the words are kept."""
    return page.locator("[data-saved-state]")


def test_draft_is_saved_on_leaving_a_field_and_carries_the_version(writer):
    page = writer.open()
    writer.write("We walked.")
    expect(state(page)).to_have_text("Draft saved 10:42")
    writer.write("We walked far.")
    expect(page.locator("form[data-autosave]")).to_have_attribute("data-version", "3")
    assert [(each["text"], each["version"]) for each in DRAFTS.sent] == [
        ("We walked.", "1"),
        ("We walked far.", "2"),
    ]


def test_draft_is_saved_after_a_pause_without_leaving_the_field(writer):
    page = writer.open()
    page.locator("#id_text").press_sequentially("We walked.")
    page.wait_for_timeout(500)
    assert DRAFTS.sent == []
    expect(state(page)).to_have_text("Draft saved 10:42")


def test_words_typed_without_a_connection_are_sent_when_it_is_back(writer):
    page = writer.open()
    writer.context.set_offline(True)
    writer.write("In the tunnel.")
    expect(state(page)).to_have_text("Not saved: no connection")
    writer.context.set_offline(False)
    expect(state(page)).to_have_text("Draft saved 10:42")
    assert DRAFTS.sent[-1]["text"] == "In the tunnel."


def test_older_version_stops_and_keeps_the_words(writer):
    page = writer.open()
    DRAFTS.status = 409
    writer.write("Mine.")
    expect(state(page)).to_contain_text("changed in another window")
    assert page.input_value("#id_text") == "Mine."


def test_session_that_ended_is_renewed_over_the_page_and_the_words_are_sent(writer):
    page = writer.open()
    writer.end_session()
    DRAFTS.status = 401
    writer.write("After the end.")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="I have signed in").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    DRAFTS.status = 200
    writer.sign_in()
    page.get_by_role("button", name="I have signed in").click()
    expect(state(page)).to_have_text("Draft saved 10:42")
    expect(page.get_by_role("dialog")).not_to_be_visible()
    assert DRAFTS.sent[-1]["text"] == "After the end."


def test_words_are_never_sent_under_another_name(writer):
    page = writer.open()
    writer.end_session()
    writer.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)  # as a sign-in elsewhere does
    writer.write("Of Luz.")
    expect(page.get_by_role("dialog")).to_be_visible()
    other = User.objects.create_user(email="sam@juniper-bridge.example", name="Sam Whitfield")
    writer.sign_in(other)
    page.get_by_role("button", name="I have signed in").click()
    expect(page.get_by_text("Somebody else is signed in now")).to_be_visible()
    assert DRAFTS.sent == []


def test_form_sent_after_the_session_ended_waits_for_the_sign_in(writer):
    page = writer.open()
    page.fill("#id_text", "Last words.")
    writer.end_session()
    page.get_by_role("button", name="Review, sign").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.input_value("#id_text") == "Last words."
    writer.sign_in()
    page.get_by_role("button", name="I have signed in").click()
    expect(page.locator("[data-problems]")).to_be_focused()
    assert page.input_value("#id_text") == "Last words."


def test_leaving_with_unsent_words_is_asked_first(writer):
    page = writer.open()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    DRAFTS.status = 502
    writer.write("Unsent.")
    expect(state(page)).to_have_text("Not saved. Trying again.")
    page.goto(writer.address + "/conflict/")
    assert asked == ["beforeunload"]
    writer.complaints[:] = [each for each in writer.complaints if "502" not in each]


def test_summary_has_the_focus_and_leads_to_the_fields(writer):
    page = writer.open()
    page.get_by_role("button", name="Review, sign").click()
    expect(page.locator("[data-problems]")).to_be_focused()
    assert page.title() == "Error: New note - PeerWorks"
    page.get_by_role("link", name="“Where” is missing.").click()
    assert page.evaluate("document.activeElement.id") == "id_place_0"


HIDDEN = """() => {
  const here = document.activeElement;
  if (here === document.body || here.closest(".bar")) return null;
  const box = here.getBoundingClientRect();
  const bar = document.querySelector(".bar").getBoundingClientRect();
  return box.bottom > bar.top + 1 || box.top < -1 ? here.id || here.outerHTML.slice(0, 80) : null;
}"""


def test_focus_is_never_under_the_bar(writer):
    page = writer.open()
    hidden = []
    for _ in range(30):
        page.keyboard.press("Tab")
        hidden.append(page.evaluate(HIDDEN))
    assert [each for each in hidden if each] == []


@pytest.mark.parametrize(("width", "theme"), [(320, "light"), (1280, "dark")])
def test_page_has_no_violations_and_no_sideways_scroll(writer, width, theme):
    check_the_form(writer, width, theme)


@pytest.mark.long
@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_page_has_no_violations_at_any_width_in_any_theme(writer, width, theme):
    check_the_form(writer, width, theme)


def check_the_form(writer, width, theme):
    """The form that a peer writes in: axe, and nothing too wide."""
    page = writer.open()
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("theme => document.documentElement.dataset.bsTheme = theme", theme)
    page.get_by_role("button", name="Review, sign").click()
    expect(page.locator("[data-problems]")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert axe.violations(page) == []


def test_no_word_stays_in_the_browser(writer):
    page = writer.open()
    writer.write("A canary sings.")
    expect(state(page)).to_have_text("Draft saved 10:42")
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "canary" not in kept
    assert page.evaluate("indexedDB.databases().then(all => all.length)") == 0
