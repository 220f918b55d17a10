"""Values as words of the active language: dates, times, numbers, money, lengths of time.

English and Spanish both show numbers and short dates in the US forms; long dates are written in the
words of the language (peerworks/web/formats/). Times are shown in the time zone that is active:
pages of a site activate the site's zone.
"""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from django.utils import formats, timezone
from django.utils.dateformat import format as format_date
from django.utils.dateformat import time_format as format_time
from django.utils.translation import gettext, pgettext

_CENT = Decimal("0.01")
_MINUTES_AN_HOUR = 60


def long_day(value: dt.date) -> str:
    """November 3, 2026; 3 de noviembre de 2026."""
    return formats.date_format(value, "DATE_FORMAT")


def short_day(value: dt.date) -> str:
    """11/03/2026 in both languages."""
    return formats.date_format(value, "SHORT_DATE_FORMAT")


def weekday_and_day(value: dt.date) -> str:
    """Saturday, November 21; sábado, 21 de noviembre. The year is left out."""
    weekday = format_date(value, "l")
    return f"{weekday}, {formats.date_format(value, 'MONTH_DAY_FORMAT')}"


def local(value: dt.datetime) -> dt.datetime:
    """A moment in the active time zone. A naive one is a mistake of the caller: ValueError."""
    return timezone.localtime(value)


def moment(value: dt.datetime) -> str:
    """November 3, 2026, 10:04 AM, in the active time zone."""
    return formats.date_format(local(value), "DATETIME_FORMAT")


def clock(value: dt.datetime | dt.time) -> str:
    """10:04 AM, in the active time zone where the value is a moment."""
    shown = local(value) if isinstance(value, dt.datetime) else value
    return format_time(shown, formats.get_format("TIME_FORMAT"))


def number(value: int | Decimal) -> str:
    """3,044.5 without idle zeros after the point."""
    shown = value.normalize() if isinstance(value, Decimal) else value
    if isinstance(shown, Decimal) and shown == shown.to_integral_value():
        shown = int(shown)
    return formats.number_format(shown, use_l10n=True, force_grouping=True)


def money(value: Decimal | int) -> str:
    """$1,204.00, rounded half up to cents; a minus stands before the dollar sign."""
    cents = Decimal(value).quantize(_CENT, rounding=ROUND_HALF_UP)
    amount = formats.number_format(abs(cents), decimal_pos=2, use_l10n=True, force_grouping=True)
    return f"-${amount}" if cents < 0 else f"${amount}"


def minutes(value: int) -> str:
    """52 min; 1 h 30 min; 2 h."""
    hours, rest = divmod(value, _MINUTES_AN_HOUR)
    if not hours:
        return gettext("%(minutes)s min") % {"minutes": rest}
    if not rest:
        return gettext("%(hours)s h") % {"hours": hours}
    return gettext("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}


def any_of(parts: list[str]) -> str:
    """peer, supervisor or administrator."""
    if len(parts) < 2:
        return "".join(parts)
    return pgettext("the last of several", "%(first)s or %(last)s") % {
        "first": ", ".join(parts[:-1]),
        "last": parts[-1],
    }
