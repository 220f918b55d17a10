"""Numbers as headings say them, and the dialog of the keyboard that stands on each page."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from peerworks.home.shortcuts import ShownShortcut, shortcuts_for
from peerworks.web import words

register = template.Library()

_IN_WORDS = {
    2: _("Two"),
    3: _("Three"),
    4: _("Four"),
    5: _("Five"),
    6: _("Six"),
    7: _("Seven"),
    8: _("Eight"),
    9: _("Nine"),
}


@register.simple_tag(takes_context=True)
def keyboard_help(context: template.Context) -> str:
    """The dialog of the keyboard, which also tells `keys.js` what each key does."""
    is_on = context["shell"].has_shortcuts
    return _dialog(tuple(shortcuts_for(context["request"])), get_language() or "", is_on=is_on)


@lru_cache(maxsize=200)
def _dialog(shortcuts: tuple[ShownShortcut, ...], _language: str, *, is_on: bool) -> SafeString:
    # The same for all who may open the same pages.
    context = {"shortcuts": shortcuts, "has_shortcuts": is_on}
    return render_to_string("layout/keyboard_help.html", context)


@register.filter
def in_words(count):
    """A small number at the beginning of a sentence: "Three"; from ten on in digits."""
    return str(_IN_WORDS.get(count) or words.number(count))
