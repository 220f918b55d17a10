"""Numbers as headings say them."""

from django import template
from django.utils.translation import gettext_lazy as _

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


@register.filter
def in_words(count):
    """A small number at the beginning of a sentence: "Three"; from ten on in digits."""
    return str(_IN_WORDS.get(count) or words.number(count))
