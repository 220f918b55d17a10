"""What `tests.browser.axe` reports: a helper that found nothing would pass every page."""

import pytest

from tests.browser import axe

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PAGE = """<!doctype html><html lang="en"><title>Made up</title><main><h1>Made up</h1>
<img src="data:,"><p style="color: #ccc; background: #fff">Pale words</p></main></html>"""


def test_an_image_without_words_and_pale_words_are_found(new_context):
    page = new_context().new_page()
    page.set_content(PAGE)
    rules = [each.partition(":")[0] for each in axe.violations(page)]
    assert sorted(rules) == ["color-contrast", "image-alt"]
    (pale,) = axe.violations(page, ["color-contrast"])
    assert pale.startswith("color-contrast: <p")
