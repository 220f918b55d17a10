"""What stands in the shell: the list of pages, the account menu, and the fixed places of the header.

The shell lies below the apps whose pages it names, so it imports none of them: each app registers
its items in `AppConfig.ready()`, together with the question who may see them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.functional import Promise

Text = str | Promise
MAX_ITEMS = 7
MAX_ON_PHONE = 5


class Menu(StrEnum):
    """Where an item stands: in the list of pages, or in the menu of the person who is signed in."""

    MAIN = "MAIN"
    ACCOUNT = "ACCOUNT"


class Place(StrEnum):
    """What the header may link to; a place without a page is left out."""

    HOME = "HOME"
    SEARCH = "SEARCH"
    DUE = "DUE"
    HELP = "HELP"
    STATEMENT = "STATEMENT"  # of accessibility, for visitors too
    AGENCIES = "AGENCIES"  # shown to members of several
    LANGUAGE = "LANGUAGE"  # takes POST `language` and `next`
    SIGN_IN = "SIGN_IN"
    SIGN_OUT = "SIGN_OUT"  # takes POST
    TOKEN = "TOKEN"  # noqa: S105 - answers a script with a fresh form token
    AGAIN = "AGAIN"  # where a sign-in over a kept page ends
    LEFT = "LEFT"  # answers a script with the seconds until the session ends
    EXTEND = "EXTEND"  # takes POST: somebody pressed a key, and the session goes on
    STEP_UP = "STEP_UP"  # takes POST `code` and `next`


def everyone(request: HttpRequest) -> bool:
    """Whether anybody is signed in: the question for items that every role sees."""
    return bool(request.user.is_authenticated)


def no_count(request: HttpRequest) -> str:
    """No figure beside the label."""
    return ""


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of a menu.

    `url_name` takes no arguments. `order` sorts (ten apart leaves room). `is_allowed` is asked with
    the request. `covers` are beginnings of view names that belong to this entry, besides its own
    ("providers:provider-list" always covers "providers:provider-"); the longest match is marked as
    the page one is on. `phone` puts it into the bottom bar, which holds five; the rest of a longer
    list stands there under "More". `count` gives a short figure for the office list, or "".
    """

    url_name: str
    label: Text
    icon: str = "dot"
    order: int = 50
    is_allowed: Callable[[HttpRequest], bool] = everyone
    covers: tuple[str, ...] = ()
    menu: Menu = Menu.MAIN
    phone: bool = True
    count: Callable[[HttpRequest], str] = no_count

    def match(self, view_name: str) -> int:
        """How many characters of a view's name this entry covers; 0 if it does not."""
        own = self.url_name.rpartition("-")[0]
        beginnings = (*self.covers, self.url_name, *([f"{own}-"] if own else []))
        return max((len(each) for each in beginnings if view_name.startswith(each)), default=0)


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An entry as one person sees it now."""

    url: str
    label: Text
    icon: str
    count: str
    is_current: bool
    on_phone: bool


_items: dict[tuple[Menu, str], NavItem] = {}
_places: dict[Place, str] = {}


def register(item: NavItem) -> None:
    """Add an entry; the same entry again replaces itself, so that `ready()` may run twice."""
    _items[(item.menu, item.url_name)] = item


def register_place(place: Place, url_name: str) -> None:
    """Say which page a fixed place of the header leads to."""
    _places[place] = url_name


def url_of(place: Place) -> str:
    """The address of a place, or "" when nothing stands there."""
    return address_of(_places.get(place, ""))


def items_for(request: HttpRequest, menu: Menu = Menu.MAIN) -> list[ShownItem]:
    """The entries that this person may see, in order; the page they are on is marked."""
    allowed = [
        item
        for item in sorted(_items.values(), key=lambda each: (each.order, each.url_name))
        if item.menu is menu and item.is_allowed(request)
    ]
    shown = allowed[:MAX_ITEMS] if menu is Menu.MAIN else allowed
    current = _current(shown, _view_name(request))
    below = _in_the_bottom_bar(shown)
    return [
        ShownItem(
            url=address_of(item.url_name),
            label=item.label,
            icon=item.icon,
            count=item.count(request),
            is_current=item is current,
            on_phone=item in below,
        )
        for item in shown
    ]


def label_of(view_name: str) -> Text:
    """The entry of a menu under which a page stands, whoever may see it; "" for none."""
    best = _current(_items.values(), view_name)
    return "" if best is None else best.label


def _in_the_bottom_bar(items: list[NavItem]) -> list[NavItem]:
    # "More" is itself one of the five, so a list with a rest leaves four places.
    wanted = [item for item in items if item.phone]
    fits = len(items) <= MAX_ON_PHONE and len(wanted) == len(items)
    return wanted if fits else wanted[: MAX_ON_PHONE - 1]


def _current(items: Iterable[NavItem], view_name: str) -> NavItem | None:
    best = max(items, key=lambda item: item.match(view_name), default=None)
    return best if best is not None and best.match(view_name) else None


def _view_name(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.view_name if match is not None else ""


def address_of(url_name: str) -> str:
    """The address of a page without arguments; "" for no name, and for a page that is not routed here.

    Each page asks for some forty of them, so that they are looked up once.
    """
    return _found(url_name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


@lru_cache(maxsize=1000)
def _found(url_name: str, _urlconf: str, _prefix: str) -> str:
    try:
        return reverse(url_name) if url_name else ""
    except NoReverseMatch:
        return ""
