"""The keyboard: one table of single keys, from which both the help and the behaviour come.

The help of every page holds these rows, and `keys.js` acts on what stands there and on nothing else. A row
that leads to a page is there for those who may open it; a row that does something on the page is shown
where the page has what it acts on.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from peerworks.accounts.access import may_visit
from peerworks.web.navigation import address_of


@dataclass(frozen=True, slots=True)
class Shortcut:
    """One key, or two pressed one after the other ("g t").

    `url_name` is the page that it leads to. Without `does` it goes there. With it, it is the page on which
    the key acts ("" for several), and `keys.js` does it: "help" opens the help, "next" and "previous" move
    in a list, "press" presses what carries the key as `data-key`.
    """

    keys: str
    words: str | Promise
    url_name: str = ""
    does: str = ""


@dataclass(frozen=True, slots=True)
class ShownShortcut:
    """A shortcut as one person has it: the keys one by one, and where it leads."""

    keys: str
    words: str | Promise
    url: str
    does: str

    @property
    def pressed(self) -> list[str]:
        """The keys one by one, as they stand on the keyboard."""
        return self.keys.split(" ")


SHORTCUTS = (
    Shortcut("?", _("Show these shortcuts"), does="help"),
    Shortcut("/", _("Search on this page"), does="press"),
    Shortcut("j", _("Next row of the list"), does="next"),
    Shortcut("k", _("Row before in the list"), does="previous"),
    Shortcut("a", _("Approve the note and go to the next"), "billing:review-list", does="press"),
    Shortcut("r", _("Return the note with words"), "billing:review-list", does="press"),
    Shortcut("n", _("Write a note"), "billing:note-write"),
    Shortcut("g t", _("Go to Today"), "home:today"),
    Shortcut("g d", _("Go to what is due"), "notices:notice-list"),
    Shortcut("g p", _("Go to the people served"), "participants:participant-list"),
    Shortcut("g n", _("Go to my notes"), "billing:note-list"),
    Shortcut("g r", _("Go to the notes to review"), "billing:review-list"),
    Shortcut("g f", _("Go to the staff"), "providers:provider-list"),
    Shortcut("g s", _("Go to supervision"), "supervision:person-list"),
    Shortcut("g c", _("Go to courses"), "training:course-list"),
    Shortcut("g b", _("Go to the visits to bill"), "billing:worklist"),
    Shortcut("g a", _("Go to the audit trail"), "audit:event-list"),
    Shortcut("g h", _("Go to Help"), "home:help"),
)


def shortcuts_for(request: HttpRequest) -> list[ShownShortcut]:
    """The shortcuts of the person who asks; those of the page first."""
    member = getattr(request, "member", None)
    found = (_shown(each, member) for each in SHORTCUTS)
    return [each for each in found if each is not None]


def _shown(shortcut: Shortcut, member: Any) -> ShownShortcut | None:
    url = address_of(shortcut.url_name)
    if shortcut.url_name and not (url and may_visit(member, shortcut.url_name)):
        return None
    leads_to = "" if shortcut.does else url
    return ShownShortcut(shortcut.keys, shortcut.words, leads_to, shortcut.does)
