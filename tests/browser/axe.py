"""What axe finds on a page: nothing is allowed, and nothing is passed over."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCRIPT = Axe().axe_script
_RUN = "options => axe.run(document, options).then(found => found.violations)"


def violations(page: Page, rules: list[str] = RULES) -> list[str]:
    """`rule: markup` of each element that breaks a rule, as the page stands now."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(SCRIPT)
    # Other results than violations nobody reads, and they take half of the time.
    found = page.evaluate(_RUN, {"runOnly": rules, "resultTypes": ["violations"]})
    return [f"{each['id']}: {node['html'][:140]}" for each in found for node in each["nodes"]]
