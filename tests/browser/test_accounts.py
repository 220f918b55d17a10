"""Joining, a new password and the setup page in a real browser: pages that need a link, which the sweep has not.

Each at the width of a phone and of a desk, in both languages, with axe; password managers and paste are
welcome (AU-2).
"""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from peerworks.accounts.models import User
from peerworks.accounts.operations import open_setup
from tests.browser import axe
from tests.browser.test_sweep import DESK, HEIGHT, PHONE, SMALL, Visit, problems_at
from tests.factories.accounts import make_invitation, make_membership, make_user
from tests.peerworks.account_forms import OTHER, PASSWORD, link_in, send_letters

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "apart"]),
]
TOKEN = "a-made-up-token-of-forty-three-characters-x"
NEW = "new.colleague@people.example"
#: The Spanish half is long.
IN_BOTH_LANGUAGES = pytest.mark.parametrize(
    "language", ["en", pytest.param("es", marks=pytest.mark.long)]
)


@pytest.fixture
def visit(new_context, live_server):
    """Opens a new browser as somebody with a language; `user` is signed in."""

    def begin(language="en", user=None):
        context = new_context(
            viewport={"width": PHONE, "height": HEIGHT}, locale=language, reduced_motion="reduce"
        )
        address = live_server.url.replace("127.0.0.1", "localhost")
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if user is not None:
            client = Client()
            client.force_login(user)
            name = settings.SESSION_COOKIE_NAME
            cookies[name] = client.cookies[name].value
        told = [{"name": name, "value": each, "url": address} for name, each in cookies.items()]
        context.add_cookies(told)
        return Visit(context.new_page(), address).listen()

    return begin


def check(visit, language="en"):
    """The page holds at each width, and axe finds nothing."""
    found = [each for width in (SMALL, PHONE, DESK) for each in problems_at(visit, width, language)]
    for width in (PHONE, DESK):
        visit.resize(width)
        found += [f"{width}: {each}" for each in axe.violations(visit.page)]
    visit.resize(PHONE)
    assert found == []


def invited(world, email=NEW):
    """An invitation whose link is known."""
    with world.acting("administrator") as marisol:
        return make_invitation(
            by=marisol.member, token=TOKEN, email=email, roles=["PEER", "BILLER"]
        )


@IN_BOTH_LANGUAGES
def test_joining_on_a_phone(world, visit, language):
    invited(world)
    newcomer = visit(language)
    newcomer.open(f"/accounts/join/{TOKEN}/")
    page = newcomer.page
    assert page.url.endswith("/accounts/join/")
    check(newcomer, language)
    page.locator("#id_name").fill("Noor Haddad")
    page.locator("#id_password").fill("too short")
    page.locator("#id_again").fill("too short")
    page.locator("form.form-pw button").click()
    expect(page.locator("[data-problems]")).to_be_focused()
    check(newcomer, language)
    for field in ("#id_password", "#id_again"):
        page.locator(field).fill(PASSWORD)
    page.locator("form.form-pw button").click()
    page.wait_for_url("**/accounts/sign-in/")
    page.locator("#id_login").fill(NEW)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main form.form-pw button").click()
    page.wait_for_url("**/today/")
    assert newcomer.complaints == []


def test_au2_a_password_is_pasted(world, visit):
    invited(world)
    newcomer = visit()
    newcomer.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    newcomer.open(f"/accounts/join/{TOKEN}/")
    page = newcomer.page
    secret = "  otters 🦦 and kites over town  "
    page.evaluate("text => navigator.clipboard.writeText(text)", secret)
    page.locator("#id_name").fill("Noor Haddad")
    for field in ("#id_password", "#id_again"):
        page.locator(field).focus()
        page.keyboard.press("Control+V")
        assert page.locator(field).input_value() == secret
        assert page.locator(field).get_attribute("autocomplete") == "new-password"
    page.locator("form.form-pw button").click()
    page.wait_for_url("**/accounts/sign-in/")
    assert User.objects.get(email=NEW).check_password(secret)


def test_who_has_an_account_or_another_one(world, visit):
    made = invited(world, world["other-administrator"].user.email)
    visitor = visit()
    visitor.open(f"/accounts/join/{TOKEN}/")
    check(visitor)
    expect(visitor.page.locator("main a.btn-pw")).to_have_attribute(
        "href", "/accounts/sign-in/?next=/accounts/join/"
    )
    other = visit(user=world["supervisor"].user)
    other.open(f"/accounts/join/{TOKEN}/")
    check(other)
    beth = visit(user=world["other-administrator"].user)
    beth.open(f"/accounts/join/{TOKEN}/")
    check(beth)
    beth.page.locator("main form.form-pw button").click()
    beth.page.wait_for_url("**/today/")
    with world.acting("administrator"):
        made.refresh_from_db()
        assert made.accepted_by.user == world["other-administrator"].user


def test_a_dead_link_says_what_to_do(visit):
    visitor = visit()
    visitor.open("/accounts/join/nothing/")
    check(visitor)


@IN_BOTH_LANGUAGES
def test_au7_a_new_password_on_a_phone(world, visit, mailoutbox, language):
    user = world["lapsed-peer"].user
    visitor = visit(language)
    visitor.open("/accounts/sign-in/")
    visitor.page.locator("main a[href='/accounts/reset/']").click()
    visitor.page.locator("#id_email").fill(user.email)
    visitor.page.locator("form.form-pw button").click()
    visitor.page.wait_for_url("**/accounts/reset/sent/")
    check(visitor, language)
    (letter,) = send_letters()
    asked = []
    visitor.page.on("request", lambda each: asked.append(each.headers.get("referer", "")))
    visitor.open(link_in(letter))
    assert visitor.page.url.endswith("/accounts/reset/new/")
    token = link_in(letter).rstrip("/").rsplit(".", 1)[-1]
    assert [each for each in asked if token in each] == []
    check(visitor, language)
    for field in ("#id_password", "#id_again"):
        visitor.page.locator(field).fill(OTHER)
    visitor.page.locator("form.form-pw button").click()
    visitor.page.wait_for_url("**/accounts/sign-in/")
    visitor.open(link_in(letter))
    check(visitor, language)


@IN_BOTH_LANGUAGES
def test_the_setup_page_on_a_phone(empty, visit, language):
    first = visit(language)
    first.open("/accounts/sign-in/")
    check(first, language)
    first.open(f"/accounts/setup/{open_setup()}/")
    page = first.page
    check(first, language)
    filled = {"name": "Elm Street Peers", "site": "Elm House", "state": "TX", "program": "Elm Peer Support",
              "person": "Ada Moreno", "email": "ada@people.example", "password": PASSWORD, "again": PASSWORD}  # fmt: skip
    for name, value in filled.items():
        page.locator(f"#id_{name}").fill(value)
    page.locator("#id_time_zone").select_option("America/Chicago")
    page.locator("#id_pack").select_option("tx-medicaid-peer")
    page.locator("form.form-pw button").click()
    page.wait_for_url("**/accounts/sign-in/")
    assert first.open("/accounts/setup/").status == 404


def test_the_link_of_an_invitation_is_copied_by_one_press(world, visit, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    marisol = visit(user=world["administrator"].user)
    marisol.open("/members/invite/")
    page = marisol.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#id_email").fill(NEW)
    page.locator("input[name=roles][value=PEER]").check(force=True)
    page.get_by_role("button", name="Make the invitation").click()
    link = page.locator("#link").input_value()
    check(marisol)
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == link


def test_a_members_page_with_invitations(world, visit):
    invited(world)
    with world.acting("administrator") as marisol:
        given = {"withdrawn_at": world.now, "withdrawn_by": marisol.member}
        make_invitation(by=marisol.member, email="gone@people.example", **given)
    office = visit(user=world["administrator"].user)
    office.open("/members/")
    check(office)
    office.page.locator("form[action$='/withdraw/'] button").click()
    expect(office.page.locator("form[action$='/reopen/']")).to_have_count(2)
    office.page.locator("form[action$='/reopen/'] button").first.click()
    expect(office.page.locator("form[action$='/reopen/']")).to_have_count(1)
    office.page.locator("details.card-pw > summary").click()
    office.page.locator("#id_words").fill("luz")
    office.page.locator("main details form button").click()
    expect(office.page.locator("table.pw tbody tr")).to_have_count(1)
    check(office)
    office.page.locator("table.pw tbody a").click()
    check(office)
    office.page.locator("form[action$='/disable/'] button").click()
    expect(office.page.locator("form[action$='/enable/']")).to_have_count(1)
    check(office)


def test_changing_the_password_on_the_account_page(world, visit):
    user = make_user(email="ada@people.example", password=PASSWORD)
    with world.acting("administrator"):
        make_membership(agency=world.juniper.agency, user=user)
    ada = visit(user=user)
    ada.open("/accounts/me/")
    check(ada)
    ada.page.locator("main .act a").click()
    check(ada)
    for field, text in (("current", PASSWORD), ("password", OTHER), ("again", OTHER)):
        ada.page.locator(f"#id_{field}").fill(text)
    ada.page.get_by_role("button", name="Change the password", exact=True).click()
    ada.page.wait_for_url("**/accounts/me/")
    assert ada.complaints == []
