"""Numbers as headings say them, and the dialog of the keyboard that stands on each page."""

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from peerworks.home.shortcuts import shortcuts_for
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


@register.inclusion_tag("layout/keyboard_help.html", takes_context=True)
def keyboard_help(context: template.Context) -> dict[str, Any]:
    """The dialog of the keyboard, which also tells `keys.js` what each key does."""
    request = context["request"]
    return {"shortcuts": shortcuts_for(request), "shell": context["shell"]}


@register.filter
def in_words(count):
    """A small number at the beginning of a sentence: "Three"; from ten on in digits."""
    return str(_IN_WORDS.get(count) or words.number(count))
