"""Takes the pictures of docs/pictures from a running demonstration.

    python -m tests.pictures http://localhost:8000

Each picture signs in as one of the made-up people, walks to a page as that person would and keeps
what stands on the screen. A picture heavier than 150 kB fails the run, and so does a page that
cannot be reached. Days move with today, so two runs differ. One walk asks to review a note and so
saves it as it stands; nothing else is written.
"""

import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from peerworks.local.browser import find_or_install
from peerworks.local.words import say

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
PHONE, DESK = (390, 844), (1280, 840)
MOST_BYTES = 150_000
Walk = Callable[[Page], None]


@dataclass(frozen=True, slots=True)
class Picture:
    """One file: whose page, where the walk begins, how it goes on, the size of the screen."""

    name: str
    who: str
    path: str
    size: tuple[int, int] = DESK
    language: str = "en"
    is_dark: bool = False
    walk: tuple[Walk, ...] = ()


def follow(href: str) -> Walk:
    """Open the first link of the page whose address matches."""

    def walk(page: Page) -> None:
        links = page.locator("main a[href]")
        links.first.wait_for()
        page.wait_for_function(
            "href => [...document.querySelectorAll('main a[href]')]"
            ".some(each => RegExp(href).test(each.getAttribute('href')))",
            arg=href,
        )
        found = [each.get_attribute("href") or "" for each in links.all()]
        page.goto(next(each for each in found if re.search(href, each)))

    return walk


def press(selector: str) -> Walk:
    """Press a button or open what is closed."""

    def walk(page: Page) -> None:
        page.locator(selector).first.click()

    return walk


_ID = "[0-9a-f-]{36}/"
PICTURES = (
    Picture("first-page", "", "/"),
    Picture("today-peer-phone", "peer", "/today/", PHONE),
    Picture("today-supervisor", "supervisor", "/today/"),
    Picture("today-administrator", "administrator", "/today/"),
    Picture("today-biller", "biller", "/today/"),
    Picture(
        "note-write-phone", "peer", "/notes/write/", PHONE, "es", walk=(follow("/notes/for/"),)
    ),
    Picture(
        "note-sign-phone",
        "peer",
        "/today/",
        PHONE,
        "es",
        walk=(follow(f"/notes/{_ID}(write/|sign/)?$"), press("button[value=review]")),
    ),
    Picture("review", "supervisor", "/review/", (1180, 720), walk=(follow(f"/review/{_ID}"),)),
    Picture("work-list", "biller", "/worklist/"),
    Picture("work-list-phone", "biller", "/worklist/", PHONE),
    Picture("batch", "biller", "/batches/", walk=(follow(f"/batches/{_ID}"),)),
    Picture(
        "claim",
        "auditor",
        "/batches/",
        walk=(follow(f"/batches/{_ID}"), follow(f"/claims/{_ID}")),
    ),
    Picture("provider", "lapsed-peer", "/providers/me/"),
    Picture("team", "supervisor", "/supervision/"),
    Picture("participant-phone", "peer", "/participants/", PHONE, walk=(follow(_ID),)),
    Picture(
        "plan",
        "supervisor",
        "/participants/",
        walk=(follow(f"/participants/{_ID}"), follow(f"/plans/{_ID}$")),
    ),
    Picture("today-supervisor-dark", "supervisor", "/today/", is_dark=True),
    Picture("due-phone-dark", "peer", "/notices/", PHONE, "es", is_dark=True),
    Picture("members", "administrator", "/members/"),
    Picture("audit", "privacy-officer", "/audit/"),
    Picture("jobs", "administrator", "/jobs/"),
    Picture("help-phone", "supervisor", "/help/", PHONE),
    Picture("components", "", "/demo/components/"),
)


def take(browser: Browser, base: str, picture: Picture) -> int:
    """Take one picture; the size of its file in bytes."""
    width, height = picture.size
    context = browser.new_context(
        base_url=base,
        viewport={"width": width, "height": height},
        color_scheme="dark" if picture.is_dark else "light",
    )
    page = context.new_page()
    _sign_in(page, picture)
    page.goto(picture.path)
    for step in picture.walk:
        step(page)
    page.wait_for_load_state("networkidle")
    answer = page.screenshot(path=FOLDER / f"{picture.name}.png", animations="disabled")
    context.close()
    if len(answer) > MOST_BYTES:
        raise SystemExit(f"{picture.name}: {len(answer)} bytes are too many.")
    return len(answer)


def _sign_in(page: Page, picture: Picture) -> None:
    page.goto("/")
    if picture.who:
        page.locator(f'form[action$="/sign-in/{picture.who}/"] button').first.click()
        page.wait_for_load_state()
    if page.locator("html").get_attribute("lang") != picture.language:
        page.locator(f"button[name=language][value={picture.language}]").first.click()
        page.wait_for_load_state()


def main(base: str) -> None:
    """Take all pictures from the demonstration at an address."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=find_or_install(os.environ), args=["--no-sandbox"]
        )
        for picture in PICTURES:
            weight = take(browser, base.rstrip("/"), picture)
            say(f"{picture.name:24} {weight // 1000:4} kB")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
