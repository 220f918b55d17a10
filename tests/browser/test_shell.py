"""The frame of pages in a real browser: contrast in the dark, what is on paper, the keys and their help."""

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import expect

from tests.browser import axe
from tests.databases import owner_connection

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "apart"]),
]

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 844}
#: Whose pages show what there is in colours: forms, chips, statuses, charts, tables, reasons.
IN_THE_DARK = (
    (None, "/accounts/sign-in/"),
    (None, "/demo/components/"),
    ("peer", "/today/"),
    ("peer", "/accounts/me/"),
    ("peer", "/providers/me/"),
    ("supervisor", "/review/"),
    ("supervisor", "/supervision/sessions/log/"),
    ("administrator", "/today/"),
    ("administrator", "/providers/"),
    ("biller", "/worklist/"),
)
_GROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture
def opened(new_context, server, ground):
    """A page of somebody in English, whose device is dark; a closure, since each test has its people."""

    def open_as(who, viewport=DESK):
        with owner_connection(connections["default"].settings_dict["NAME"]) as owner:
            owner.execute("UPDATE accounts_signin SET acted_at = now(), factor_at = now()")
        context = new_context(
            viewport=viewport, color_scheme="dark", reduced_motion="reduce", base_url=server
        )
        cookies = {settings.LANGUAGE_COOKIE_NAME: "en"}
        if who:
            cookies[settings.SESSION_COOKIE_NAME] = ground.sessions[who]
        context.add_cookies([{"name": n, "value": v, "url": server} for n, v in cookies.items()])
        return context.new_page()

    return open_as


def test_words_can_be_read_in_the_dark(opened):
    pages, found = {}, []
    for who, path in IN_THE_DARK:
        page = pages.get(who) or pages.setdefault(who, opened(who))
        page.goto(path)
        expect(page.locator(".htmx-request")).to_have_count(0)
        assert page.evaluate(_GROUND) == "rgb(20, 25, 26)"
        found += [f"{path}: {each}" for each in axe.violations(page, ["color-contrast"])]
    assert found == []


def test_paper_is_light_and_holds_the_record_alone(opened, ground):
    page = opened("supervisor")
    page.goto(f"/participants/{ground.bags['mine'].known['participants.Participant'].pk}/")
    expect(page.locator(".print-head")).to_be_hidden()
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(_GROUND) == "rgb(255, 255, 255)"
    expect(page.locator(".print-head")).to_contain_text("Printed by Andre Rivers")
    expect(page.locator(".print-head")).to_contain_text("This page contains health information.")
    for part in page.locator("nav, footer, button, .head, .act").all():
        expect(part).to_be_hidden()
    page.set_viewport_size({"width": 720, "height": 900})
    page.goto("/providers/")
    assert (
        page.locator("tbody tr").first.evaluate("e => getComputedStyle(e).display") == "table-row"
    )
    assert page.pdf(format="Letter").startswith(b"%PDF")


def test_the_keys_lead_on_and_never_act_while_one_types(opened):
    page = opened("peer")
    help_ = page.locator("[data-keyboard-help]")
    page.goto("/today/")
    page.keyboard.press("?")
    expect(help_).to_be_visible()
    expect(help_.get_by_role("button")).to_be_focused()
    expect(help_.get_by_text("Write a note")).to_be_visible()
    expect(help_.get_by_text("Next row of the list")).to_be_hidden()
    assert axe.violations(page) == []
    page.keyboard.press("Escape")
    expect(help_).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/participants/")
    page.keyboard.press("/")
    field = page.locator("#id_words")
    expect(field).to_be_focused()
    page.keyboard.type("n?gt")
    expect(field).to_have_value("n?gt")
    expect(help_).to_be_hidden()


def test_the_keys_are_switched_off_on_the_account_page(opened):
    page = opened("trainer", PHONE)
    help_ = page.locator("[data-keyboard-help]")
    page.goto("/accounts/me/")
    page.get_by_role("checkbox", name="Keyboard shortcuts").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your account is updated.")).to_be_visible()
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(help_).to_be_hidden()
    page.locator("[data-keyboard]").click()
    expect(help_).to_contain_text("switched off")
    page.get_by_role("button", name="Close").click()
    page.get_by_role("checkbox", name="Keyboard shortcuts").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("body")).not_to_have_attribute("data-shortcuts", "off")
