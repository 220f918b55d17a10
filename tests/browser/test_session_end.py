"""SE-3, SE-4, AU-9 in a real browser: the warning, the end under a half-written note, the question, and what stays.

The page's clock is moved by Playwright, the session's row by SQL: both as time would.
"""

import datetime as dt
import os
import re

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from playwright.sync_api import expect

from billing.models import NoteVersion
from peerworks.accounts import factors
from peerworks.accounts.models import RateLimit, SignIn, User
from peerworks.agencies.context import acting_for
from tests.browser import axe
from tests.peerworks.test_accounts import PASSWORD

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "apart"]),
    pytest.mark.browser,
]
PHONE = {"width": 390, "height": 844}
EXPECTED = (
    "status of 4",
    "htmx:afterRequest",
    "htmx:sendAbort",
    "htmx:sendError",
    "Clear-Site-Data header",
    "Response Status Error Code 401",
)
FIRST = "Caminamos hasta la biblioteca y buscamos los horarios de la pista."
MORE = " Después de la pausa larga, escribí también esto, con ñ y acentos: ¡todo!"


class Tab:
    """A browser of one of the nine, whose session can end on the server."""

    def __init__(self, context, address, world):
        self.address, self.world, self.context = address, world, context
        self.complaints = []
        self.page = self.new_page()

    def new_page(self):
        """A page whose complaints are kept."""
        page = self.context.new_page()
        page.on("console", lambda said: self.complaints.append(said.text))
        page.on("pageerror", lambda said: self.complaints.append(str(said)))
        return page

    def be(self, who, page=None):
        """Sign in on the demonstration's first page."""
        page = page or self.page
        page.goto(self.address + "/")
        page.locator(f'form[action="/demo/sign-in/{who}/"] button').click()
        page.wait_for_url("**/today/")

    def open(self, path):
        """Go to an address, with a clock that the test moves."""
        self.page.goto(self.address + path)
        return self.page

    def let_pass(self, who, **time):
        """So much time goes by on the server without an action of somebody."""
        with self.world.acting(who) as player:
            moved = F("acted_at") - dt.timedelta(**time)
            SignIn.objects.filter(user=player.user).update(acted_at=moved)

    def seconds_left(self, who):
        """How long the session of somebody lasts from now, by its row."""
        with self.world.acting(who) as player:
            row = SignIn.objects.annotate(now=Now()).get(user=player.user)
        return 15 * 60 - (row.now - row.acted_at).total_seconds()

    def end(self):
        """The server forgets every session."""
        Session.objects.all().delete()

    def check(self, page=None):
        """No rule of accessibility is broken and nothing overflows."""
        page = page or self.page
        assert axe.violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        self.shoot(page)

    def shoot(self, page):
        """A picture for the eyes, where somebody wants one."""
        if folder := os.environ.get("PEERWORKS_SHOTS"):
            name = re.sub(r"\W+", "-", page.title())[:40]
            page.screenshot(path=f"{folder}/{name}-{len(os.listdir(folder))}.png")


@pytest.fixture
def tab(live_server, transactional_db, world, new_context):
    """A browser, nobody signed in."""
    context = new_context(viewport=PHONE, locale="en-US")
    found = Tab(context, live_server.url.replace("127.0.0.1", "localhost"), world)
    yield found
    said = found.complaints
    assert [text for text in said if not any(word in text for word in EXPECTED)] == []


def stay(page):
    """The note two minutes before the end."""
    return page.locator("[data-stay]")


def warned(tab, path="/notices/"):
    """A page that has stood for thirteen minutes."""
    tab.be("supervisor")
    tab.page.clock.install()
    page = tab.open(path)
    tab.let_pass("supervisor", minutes=13, seconds=5)
    page.clock.fast_forward("13:05")
    expect(stay(page)).to_be_visible()
    return page


def test_two_minutes_before_the_end_a_note_says_so_and_a_key_is_enough(tab):
    page = warned(tab)
    tab.check()
    expect(stay(page)).to_contain_text("Press any key or click anywhere")
    assert tab.seconds_left("supervisor") < 120, "asking extends nothing"
    page.keyboard.press("Shift")
    expect(stay(page)).to_be_hidden()
    assert tab.seconds_left("supervisor") > 890
    expect(page.locator("[data-stay-said]")).to_have_text("You stay signed in.")


def test_a_click_is_enough_too(tab):
    page = warned(tab)
    page.mouse.click(200, 700)
    expect(stay(page)).to_be_hidden()
    assert tab.seconds_left("supervisor") > 890


def test_what_is_typed_while_the_note_stands_is_typed(tab):
    tab.be("administrator")
    tab.page.clock.install()
    page = tab.open("/agency/sign-out/")
    field = page.locator("#id_minutes")
    field.fill("")
    tab.let_pass("administrator", minutes=13, seconds=5)
    page.clock.fast_forward("13:05")
    expect(stay(page)).to_be_visible()
    expect(field).to_be_focused()
    page.keyboard.type("25")
    expect(stay(page)).to_be_hidden()
    expect(field).to_have_value("25")


def test_a_page_does_not_warn_while_another_tab_goes_on(tab):
    tab.be("supervisor")
    tab.page.clock.install()
    page = tab.open("/notices/")
    with page.expect_response("**/session/left/") as asked:
        page.clock.fast_forward("13:05")
    assert asked.value.json()["seconds"] > 120, "the other tab's time counts here, too"
    page.wait_for_timeout(500)
    expect(stay(page)).to_be_hidden()


def test_nobody_presses_and_the_page_is_gone(tab):
    page = warned(tab)
    tab.let_pass("supervisor", minutes=2)
    page.clock.fast_forward("02:05")
    page.wait_for_url("**/accounts/sign-in/?next=**")
    assert "Wren" not in page.content()


def test_the_twelve_hours_are_told_and_no_key_extends_them(tab):
    tab.be("supervisor")
    tab.page.clock.install()
    with tab.world.acting("supervisor") as andre:
        early = dt.timedelta(hours=11, minutes=50)
        SignIn.objects.filter(user=andre.user).update(created_at=F("created_at") - early)
    page = tab.open("/notices/")
    with tab.world.acting("supervisor") as andre:
        SignIn.objects.filter(user=andre.user).update(
            created_at=F("created_at") - dt.timedelta(minutes=8, seconds=5)
        )
    page.clock.fast_forward("08:05")
    expect(stay(page)).to_contain_text("Your twelve hours are nearly over")
    tab.check()
    page.keyboard.press("Shift")
    expect(stay(page)).to_be_visible()


# A session that ends under a half-written note.


def half_written(tab):
    """Luz has begun a note, and its draft is on the server."""
    tab.be("peer")
    person = tab.world.person("peer").participant.pk
    page = tab.open(f"/notes/for/{person}/")
    page.locator("#id_what_we_did").press_sequentially(FIRST)
    page.locator("#id_response").focus()
    expect(page.locator("[data-saved-state]")).to_have_attribute("data-state", "saved")
    return page


def stored(world):
    """What the draft on the server says now."""
    with world.acting("peer"):
        return NoteVersion.objects.latest("saved_at").what_we_did


def type_on(page):
    """Go on at the end of the text: the question waits for a pause, and takes no letter away."""
    page.locator("#id_what_we_did").press("End")
    page.locator("#id_what_we_did").press_sequentially(MORE, delay=20)


def sign_in_over(tab, page):
    """Sign in in the tab that the dialog opens, as Luz."""
    with tab.context.expect_page() as opened:
        page.locator("[data-sign-in-again] a").click()
    second = opened.value
    second.get_by_role("link", name=re.compile("Elija una persona|Choose a made-up")).click()
    second.locator('form[action="/demo/sign-in/peer/"] button').click()
    second.wait_for_url("**/accounts/session/again/")
    tab.check(second)


@pytest.mark.parametrize("how", ["idle", pytest.param("gone", marks=pytest.mark.long)])
def test_not_a_character_is_lost_when_the_session_ends_under_a_note(tab, how):
    page = half_written(tab)
    if how == "idle":
        tab.let_pass("peer", minutes=15, seconds=1)
    else:
        tab.end()
    type_on(page)
    dialog = page.locator("[data-sign-in-again]")
    expect(dialog).to_be_visible()
    tab.check()
    assert stored(tab.world) == FIRST
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    expect(page.locator("#id_what_we_did")).to_have_value(FIRST + MORE)
    sign_in_over(tab, page)
    expect(dialog).to_be_hidden()
    expect(page.locator("[data-saved-state]")).to_have_attribute("data-state", "saved")
    expect(page.locator("#id_what_we_did")).to_have_value(FIRST + MORE)
    assert stored(tab.world) == FIRST + MORE


def test_a_note_that_is_sent_after_the_end_is_sent_after_the_sign_in(tab):
    page = half_written(tab)
    tab.let_pass("peer", minutes=15, seconds=1)
    page.locator("#id_what_we_did").fill(FIRST + MORE)
    page.locator("[data-bar] .btn-quiet").click()
    expect(page.locator("[data-sign-in-again]")).to_be_visible()
    sign_in_over(tab, page)
    expect(page).to_have_url(re.compile("/notes/$"))
    assert stored(tab.world) == FIRST + MORE


def test_any_form_that_was_touched_waits_for_the_sign_in(tab):
    tab.be("administrator")
    page = tab.open("/agency/sign-out/")
    page.locator("#id_minutes").fill("20")
    tab.let_pass("administrator", minutes=15, seconds=1)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-sign-in-again]")).to_be_visible()
    expect(page.locator("#id_minutes")).to_have_value("20")
    second = tab.new_page()
    tab.be("administrator", second)
    page.get_by_role("button", name="I have signed in, go on").click()
    expect(page.get_by_text("The time is changed.")).to_be_visible()


# The second factor once more.


def age_factor(tab, who):
    """Eleven minutes since the factor."""
    with tab.world.acting(who) as player:
        SignIn.objects.filter(user=player.user).update(
            factor_at=F("factor_at") - dt.timedelta(minutes=11)
        )


def test_a_form_of_a_starred_page_asks_over_the_page_and_loses_nothing(tab):
    tab.be("privacy-officer")
    tab.page.clock.install()
    person = tab.world.person("peer").participant.pk
    page = tab.open(f"/participants/{person}/seal/")
    page.locator("#id_reason").fill("A long and careful reason.")
    age_factor(tab, "privacy-officer")
    page.clock.fast_forward("10:05")
    page.locator("main form button.btn-pw").click()
    dialog = page.locator("[data-step-up]")
    expect(dialog).to_be_visible()
    tab.check()
    dialog.get_by_role("button", name="It is me").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("[data-problems]")).to_be_visible()
    expect(page.locator("#id_reason")).to_have_value("A long and careful reason.")


def test_a_part_of_a_page_asks_over_the_page_and_comes_then(tab):
    tab.be("administrator")
    page = tab.open("/today/")
    age_factor(tab, "administrator")
    page.evaluate(
        """() => { const box = document.createElement("div"); box.id = "part";
        box.setAttribute("hx-get", "/members/sessions/"); box.setAttribute("hx-trigger", "click");
        box.setAttribute("hx-select", "table"); box.textContent = "Part";
        document.querySelector("main").append(box); htmx.process(box); }"""
    )
    page.locator("#part").click()
    page.locator("[data-step-up]").get_by_role("button", name="It is me").click()
    expect(page.locator("#part table")).to_contain_text("Luz Ortega")


# With password and factor, outside the demonstration.


@pytest.fixture
def real(world, settings):
    """Everybody has a second factor; Marisol has a password."""
    settings.PEERWORKS_DEMO = False
    RateLimit.objects.all().delete()
    user = world["administrator"].user
    user.set_password(PASSWORD)
    user.save()
    return user


def password(tab):
    """The first step."""
    page = tab.open("/accounts/sign-in/")
    page.get_by_label("E-mail address").fill("marisol.kent@juniper-bridge.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    return page


def test_a_first_sign_in_sets_up_the_factor_and_the_next_asks_for_it(tab, real):
    page = password(tab)
    expect(page.locator("h1")).to_have_text("Set up a second factor")
    tab.check()
    page.get_by_text("I cannot take the picture").click()
    secret = page.locator(".code-words").inner_text().replace(" ", "")
    page.locator("main").get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Set it up").click()
    expect(page.locator(".codes li")).to_have_count(10)
    tab.check()
    recovery = page.locator(".codes li").first.inner_text()
    page.get_by_role("link", name="I have kept them, go on").click()
    page.wait_for_url("**/today/")
    sign_out(page)
    page.wait_for_url("**/accounts/sign-in/")

    page = password(tab)
    expect(page.locator("h1")).to_have_text("Second factor")
    tab.check()
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("[data-problems]")).to_be_focused()
    tab.check()
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/today/")


def code_of(secret):
    """What the app shows."""
    return factors.code_at(secret, dt.datetime.now(dt.UTC))


# SE-4


def sign_out(page):
    """Open the menu of one's own account, and press the button."""
    button = page.locator('form[action="/accounts/sign-out/"] button')
    page.locator("details.menu", has=button).locator("summary").click()
    button.click()


_KEPT = """async () => JSON.stringify([
  {...localStorage}, {...sessionStorage},
  (await indexedDB.databases()).map(each => each.name),
  await caches.keys(),
  (await navigator.serviceWorker.getRegistrations()).length,
  document.cookie])"""


def test_after_signing_out_nothing_is_left_and_back_shows_no_record(tab):
    tab.be("peer")
    person = tab.world.person("peer").participant
    page = tab.open(f"/participants/{person.pk}/")
    expect(page.locator("main")).to_contain_text(person.family_name)
    sign_out(page)
    page.wait_for_url(tab.address + "/")
    # htmx keeps where it is, to tell pages of the history apart: here the first page.
    own = '{"htmx-current-path-for-history":"/"}'
    assert page.evaluate(_KEPT) in (f'[{{}},{own},[],[],0,""]', '[{},{},[],[],0,""]')
    names = {each["name"] for each in tab.context.cookies()}
    assert settings.SESSION_COOKIE_NAME not in names
    page.go_back()
    page.wait_for_url("**/accounts/sign-in/?next=**")
    assert person.family_name not in page.content()
    assert User.objects.get(pk=tab.world["peer"].user.pk).is_active
    with acting_for(None, tab.world["peer"].user.pk), transaction.atomic():
        assert not SignIn.objects.exists()


def test_another_tab_does_not_keep_what_it_showed(tab):
    tab.be("peer")
    person = tab.world.person("peer").participant
    page = tab.open(f"/participants/{person.pk}/")
    second = tab.new_page()
    second.goto(tab.address + "/today/")
    sign_out(second)
    page.wait_for_url("**/accounts/sign-in/?next=**")
    assert person.family_name not in page.content()
