"""How far a job is, in a real browser: the bar moves by itself, stops by itself, and works without script."""

import os
import re

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import expect, sync_playwright

from peerworks.jobs import progress
from peerworks.jobs.models import Job
from tests.factories.jobs import make_job

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "apart"]),
]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def browser_for(live_server, transactional_db, world, monkeypatch):
    """A page of an administrator on a phone, with or without script."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    cookie = world["administrator"].client().cookies[settings.SESSION_COOKIE_NAME].value
    address = live_server.url.replace("127.0.0.1", "localhost")
    with sync_playwright() as tools:
        browser = tools.chromium.launch(
            executable_path=os.environ["CHROMIUM"], args=["--no-sandbox"]
        )

        def opened(*, scripts=True):
            context = browser.new_context(
                viewport=PHONE, locale="en-US", base_url=address, java_script_enabled=scripts
            )
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": cookie, "url": address}])
            return context.new_page()

        yield opened
        connections.close_all()
        browser.close()


@pytest.fixture
def job(world):
    """A run that goes on."""
    with world.acting("administrator"):
        return make_job(agency=world.juniper.agency, state="RUNNING")


def tell(job, done, total):
    """What the job says of itself."""
    with progress.running(progress.Current(job.pk)):
        progress.tell(done, total)


def end(world, job):
    """The job is done."""
    with world.acting("administrator"):
        Job.objects.filter(pk=job.pk).update(
            state="DONE", finished_at=world.now, counts={"raised": 3}
        )


def test_the_bar_moves_and_stops_by_itself(browser_for, world, job):
    page = browser_for()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/jobs/{job.pk}/")
    expect(page.get_by_text("It is running.", exact=True)).to_be_visible()
    tell(job, 1, 4)
    expect(page.locator("progress")).to_have_attribute("value", "1")
    tell(job, 3, 4)
    expect(page.get_by_text("Step 3 of 4")).to_be_visible()
    end(world, job)
    expect(page.get_by_text("Raised: 3")).to_be_visible()
    expect(page.locator("progress")).to_have_count(0)
    expect(page.locator("#job-said")).to_have_text(re.compile(r"Done\."))
    before = len(asked)
    page.wait_for_timeout(2500)
    assert len(asked) == before


def test_without_script_the_link_looks_again(browser_for, world, job):
    page = browser_for(scripts=False)
    tell(job, 1, 4)
    page.goto(f"/jobs/{job.pk}/")
    expect(page.locator("progress")).to_have_attribute("value", "1")
    end(world, job)
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_text("Raised: 3")).to_be_visible()


def test_a_press_starts_a_run_and_a_second_leads_to_it(browser_for):
    one, other = browser_for(), browser_for()
    for page in (one, other):
        page.goto("/jobs/")
    one.get_by_role("button", name="Run now").first.click()
    expect(one.get_by_text("Waiting", exact=True)).to_be_visible()
    other.get_by_role("button", name="Run now").first.click()
    expect(other.get_by_text("It is running already.")).to_be_visible()
    assert other.url == one.url
    other.goto("/jobs/")
    expect(other.get_by_role("button", name="Run now").first).to_be_disabled()
