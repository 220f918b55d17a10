"""The components of pages. Each tag's template in templates/components/ says what it takes."""

import datetime as dt
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.template import Context
from django.utils import formats as django_formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from peerworks.agencies.context import acting
from peerworks.lib.findings import Finding, Refusal
from peerworks.web import reasons, words
from peerworks.web.forms import AGENCY_FIELD, ChipChoice, ChipChoices, Problem, problems_of

register = template.Library()

_TONES = frozenset({"ok", "soon", "late", "info"})
_BUTTONS = {"": "btn-pw", "quiet": "btn-quiet", "danger": "btn-danger-pw"}
_BAR_HEIGHT = Decimal(121)


def _tone(kind: str) -> str:
    if kind not in _TONES:
        raise template.TemplateSyntaxError(f"No such kind of status: {kind!r}.")
    return kind


@register.inclusion_tag("components/status.html")
def status(kind: str, words: str) -> dict[str, Any]:
    """A status with word, shape and colour."""
    return {"kind": _tone(kind), "words": words}


@register.inclusion_tag("components/icon.html")
def icon(name: str) -> dict[str, Any]:
    """A picture of the sprite, beside words."""
    return {"name": name}


@register.inclusion_tag("components/reason.html", takes_context=True)
def reason(context: Context, shown: reasons.Explained | Finding, lead: str = "") -> dict[str, Any]:
    """A reason card. Lists give `Explained` values, made in bulk; one Finding alone is explained here.

    The page that mends it is linked for those who are asked to; others would only be turned away.
    """
    explained = reasons.explain([shown])[0] if isinstance(shown, Finding) else shown
    member = getattr(context.get("request"), "member", None)
    is_asked = member is None or not explained.roles or {*explained.roles} & {*member.roles}
    return {"shown": explained, "lead": lead, "url": explained.url if is_asked else ""}


@register.inclusion_tag("components/good.html")
def good(
    words: str, detail: str = "", url: str = "", link: str = "", tone: str = "ok"
) -> dict[str, Any]:
    """A card that says all is well."""
    return {"words": words, "detail": detail, "url": url, "link": link, "tone": _tone(tone)}


@register.inclusion_tag("components/action.html", takes_context=True)
def action(
    context: Context,
    words: str,
    url: str,
    refusal: Refusal | None = None,
    tone: str = "",
    key: str = "",
    name: str = "",
    value: str = "",
) -> dict[str, Any]:
    """A button that posts, or the same button switched off with the sentence of its refusal."""
    return {
        "words": words,
        "url": url,
        "refusal_sentence": reasons.sentence(refusal.because) if refusal else "",
        "css": _BUTTONS[tone],
        "key": key,
        "name": name,
        "value": value,
        # By chance: a count would tell each agency how much all others do.
        "uid": f"why-{secrets.token_hex(4)}",
        "csrf_token": context.get("csrf_token", ""),
    }


@register.inclusion_tag("components/field_list.html")
def field_list(rows: Iterable[tuple[str, Any]], columns: int = 1) -> dict[str, Any]:
    """Facts as terms and descriptions."""
    return {"rows": rows, "columns": columns}


@register.inclusion_tag("components/empty.html")
def empty(words: str, detail: str = "", url: str = "", link: str = "") -> dict[str, Any]:
    """What will appear here, and one way to begin."""
    return {"words": words, "detail": detail, "url": url, "link": link}


@register.inclusion_tag("components/meter.html")
def meter(value: Any, most: Any, words: str, tone: str = "ok") -> dict[str, Any]:
    """How far somebody is: a meter and the same in words. Plain numbers, never localized ones."""
    return {"value": str(value), "most": str(most), "words": words, "tone": _tone(tone)}


@register.inclusion_tag("components/progress.html")
def progress(
    words: str, done: int = 0, total: int | None = None, url: str = "", target: str = "this"
) -> dict[str, Any]:
    """How far work is that goes on elsewhere; with a url it asks again until it is over."""
    most = "" if total is None else str(total)
    return {"words": words, "value": str(done), "most": most, "url": url, "target": target}


@register.inclusion_tag("components/timeline.html")
def timeline(events: Iterable[Any]) -> dict[str, Any]:
    """What happened, in order."""
    return {"events": [_event(each) for each in events]}


def _event(event: Any) -> dict[str, Any]:
    read = (
        event.get if isinstance(event, Mapping) else lambda name, none: getattr(event, name, none)
    )
    names = ("at", "words", "who", "detail", "url")
    return {"kind": read("kind", "info"), **{name: read(name, "") for name in names}}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], name: str = "page") -> dict[str, Any]:
    """Earlier and later pages; every other parameter of the address is kept."""
    return {
        "page": page,
        "previous_url": _with(context, name, page.number - 1),
        "next_url": _with(context, name, page.number + 1),
    }


def _with(context: Context, name: str, number: int) -> str:
    query = context["request"].GET.copy()
    query[name] = str(number)
    return f"?{query.urlencode()}"


@register.inclusion_tag("components/error_summary.html", takes_context=True)
def problems(context: Context) -> dict[str, Any]:
    """The error summary of every form of the page."""
    return {"errors": _problems(context)}


@register.simple_tag(takes_context=True)
def title_prefix(context: Context) -> str:
    """Puts "Error: " before the title of a page that has one, so that it is heard first."""
    heard_first = gettext("Error")
    return f"{heard_first}: " if _problems(context) else ""


def _problems(context: Context) -> list[Problem]:
    given: Sequence[BaseForm] = context.get("forms") or []
    one = context.get("form")
    found = [*([one] if one is not None else []), *given]
    return [problem for form in found for problem in problems_of(form)]


@register.simple_tag
def agency_field() -> SafeString:
    """The hidden field of a hand-made form that says for which agency it was made."""
    return format_html(
        '<input type="hidden" name="{}" value="{}">', AGENCY_FIELD, acting.get().agency_id
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar in the units of the drawing."""

    label: str
    number: int
    kind: str
    x: int
    y: int
    height: int

    @property
    def middle(self) -> int:
        """Where the words are centred."""
        return self.x + 23

    @property
    def above(self) -> int:
        """Where the figure stands."""
        return self.y - 6


@register.inclusion_tag("components/bars.html")
def bars(points: Iterable[tuple[str, int, str]], summary: str) -> dict[str, Any]:
    """A bar chart made on the server, with its table."""
    rows = list(points)
    most = max((number for _, number, _ in rows), default=0) or 1
    drawn = [
        _bar(place, label, number, _tone(kind), most)
        for place, (label, number, kind) in enumerate(rows)
    ]
    return {"bars": drawn, "width": 86 * len(drawn) + 4, "summary": summary}


def _bar(place: int, label: str, number: int, kind: str, most: int) -> Bar:
    height = int(_BAR_HEIGHT * number / most)
    return Bar(label, number, kind, x=20 + 86 * place, y=140 - height, height=height)


@register.filter
def money(value: Decimal | int | None) -> str:
    """Dollars and cents: $1,204.00; "" for None."""
    return "" if value is None else words.money(value)


@register.filter
def minutes(value: int) -> str:
    """A length of time in words: 52 min, 1 h 30 min."""
    return words.minutes(value)


@register.filter
def day(value: dt.date) -> str:
    """A date with its weekday: Saturday, November 21."""
    return words.weekday_and_day(value)


@register.filter
def clock(value: dt.datetime | dt.time) -> str:
    """A time of day in the active time zone: 10:04 AM."""
    return words.clock(value)


@register.filter
def number(value: int | Decimal) -> str:
    """A number with the reader's separators: 3,044.44."""
    return django_formats.number_format(value, use_l10n=True, force_grouping=True)


@register.filter
def days(value: int) -> str:
    """A count of days in words."""
    return ngettext("%(count)s day", "%(count)s days", value) % {"count": value}


@register.filter
def choice_look(field: BoundField) -> str:
    """The class of a group of choices: "chips" for our chip widgets, else "choices"."""
    return "chips" if isinstance(field.field.widget, (ChipChoice, ChipChoices)) else "choices"
