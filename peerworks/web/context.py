"""What every page knows without its view saying so: the shell, the agency, the language."""

import datetime as dt
import zoneinfo
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.html import format_html

from peerworks.agencies.context import acting
from peerworks.web import navigation
from peerworks.web.navigation import Menu, Place, ShownItem
from peerworks.web.pages import with_next

_DARK_WHEN = {"LIGHT": "", "DARK": "screen", "DEVICE": "screen and (prefers-color-scheme: dark)"}


class Shell:
    """The frame round a page. Everything is computed only when a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def items(self) -> list[ShownItem]:
        """The list of pages for this person's roles."""
        return navigation.items_for(self._request) if self.is_signed_in else []

    @cached_property
    def phone_items(self) -> list[ShownItem]:
        """The entries that stand in the bottom bar of a phone."""
        return [item for item in self.items if item.on_phone]

    @cached_property
    def more_items(self) -> list[ShownItem]:
        """The entries that a phone shows under "More"."""
        return [item for item in self.items if not item.on_phone]

    @cached_property
    def account_items(self) -> list[ShownItem]:
        """The menu of the person who is signed in."""
        return navigation.items_for(self._request, Menu.ACCOUNT) if self.is_signed_in else []

    @property
    def is_signed_in(self) -> bool:
        """Whether there is somebody to make a menu for."""
        user = getattr(self._request, "user", None)
        return bool(user is not None and user.is_authenticated)

    @property
    def person(self) -> str:
        """The name of the person who is signed in, as the account menu shows it."""
        user = self._request.user
        short = getattr(user, "get_short_name", None)
        return str((short() if short else "") or user)

    @property
    def agency(self) -> Any:
        """The active agency as the middleware put it on the request, or None."""
        return getattr(self._request, "agency", None)

    @property
    def has_several_agencies(self) -> bool:
        """Whether this person may change to another agency: the middleware has found out already."""
        return len(getattr(self._request, "memberships", ())) > 1

    @property
    def agency_id(self) -> str:
        """The active agency's id as the forms carry it; "" without one."""
        return acting.get().agency_id

    @property
    def is_demo(self) -> bool:
        """Whether the strip "Demo data" is shown."""
        return bool(
            getattr(settings, "PEERWORKS_DEMO", False) or getattr(self.agency, "is_demo", False)
        )

    @property
    def other_languages(self) -> list[tuple[str, str]]:
        """(code, own name) of the languages one may switch to."""
        now = translation.get_language()
        return [
            (code, translation.get_language_info(code)["name_local"].capitalize())
            for code, _name in settings.LANGUAGES
            if code != now
        ]

    @property
    def here(self) -> str:
        """Where a switch of language leads back to; after a POST, the page may not be repeatable."""
        return self._request.get_full_path() if self._request.method == "GET" else ""

    @property
    def session(self) -> Any:
        """The session as `accounts.arrival` found it, with the seconds that are left; None for visitors."""
        return getattr(self._request, "sign_in", None)

    @property
    def session_marks(self) -> str:
        """What the page's scripts know of the session: how long it lasts, and where they ask."""
        found = self.session
        if found is None:
            return ""
        places = self.places
        marks = format_html(
            ' data-seconds-left="{}" data-left-url="{}" data-extend-url="{}" data-step-up-url="{}"',
            found.seconds,
            places["left"],
            places["extend"],
            places["step_up"],
        )
        if getattr(self._request, "asks_factor", False):
            marks += format_html(' data-factor-seconds="{}"', max(0, found.factor_seconds))
        return marks

    @property
    def is_one_press(self) -> bool:
        """Whether one press takes the place of the second factor: in the demonstration only."""
        return bool(settings.PEERWORKS_DEMO)

    @property
    def again_url(self) -> str:
        """Where one signs in over a page that is kept, and from there to the page that says so."""
        to = navigation.url_of(Place.SIGN_IN) or "/"
        back = navigation.url_of(Place.AGAIN)
        return with_next(to, back)

    @property
    def theme(self) -> str:
        """LIGHT, DARK or DEVICE: what the person chose, unless the page shows a certain one."""
        user = getattr(self._request, "user", None)
        own = getattr(self._request, "theme", "") or getattr(user, "theme", "")
        return str(own or "DEVICE")

    @property
    def dark_media(self) -> str:
        """When the dark colors hold, as a media query: never on paper. "" for never."""
        return _DARK_WHEN[self.theme]

    @property
    def color_scheme(self) -> str:
        """What the browser paints before it has read a style sheet."""
        return {"LIGHT": "light", "DARK": "dark"}.get(self.theme, "light dark")

    @property
    def has_shortcuts(self) -> bool:
        """Whether single keys lead somewhere; people may switch them off."""
        return bool(getattr(self._request.user, "has_shortcuts", True))

    @property
    def shows_health(self) -> bool:
        """Whether the page tells about participants: it was marked so for the audit trail."""
        seen = getattr(self._request, "seen", ())
        return any(each.participants for each in seen)

    @property
    def local_now(self) -> dt.datetime:
        """The moment in the agency's time zone, for paper."""
        zone = getattr(self.agency, "time_zone", "") or settings.TIME_ZONE
        return timezone.localtime(timezone=zoneinfo.ZoneInfo(zone))

    @cached_property
    def places(self) -> dict[str, str]:
        """Addresses of the fixed places of the header, in lower case: `places.help`."""
        return {place.value.lower(): navigation.url_of(place) for place in Place}


def shell(request: HttpRequest) -> dict[str, Shell]:
    """The context processor."""
    return {"shell": Shell(request)}
