"""A browser in plain words: what its session is called on the page of sessions.

Two short names are kept of what a browser tells about itself, and no more: enough to know one's own
devices, too little to follow a person.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

# The first that is found counts: each later one also stands in what earlier ones say.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Device:
    """The name of a browser and of what it runs on; "" where nothing is known."""

    browser: str = ""
    system: str = ""


def device_of(user_agent: str) -> Device:
    """What a browser calls itself, shortened to two names."""
    return Device(_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent))


def _first(known: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for mark, name in known if mark in text), "")


def device_words(browser: str, system: str) -> str:
    """The two names as a person says them."""
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown browser")
