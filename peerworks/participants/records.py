"""What records about people share: a name to sort by, a period in force, who made them, and once.

Abstract bases bring the fields; the functions below bring their constraints, which a model lists in
its `Meta` beside those of `AgencyOwned`. The names of constraints take their table's by themselves.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Self, TypeVar
from uuid import UUID

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import connection, models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from peerworks.accounts.models import Membership
from peerworks.agencies.postgres.questions import GivenIds, ids
from peerworks.lib import names
from peerworks.lib.findings import Because, Refused, refuse
from peerworks.lib.periods import Days

_TABLE = "%(app_label)s_%(class)s"
_ONE_DAY = dt.timedelta(days=1)
_Made = TypeVar("_Made", bound=models.Model)


class PeriodQuerySet(models.QuerySet):
    """Rows that hold for a period of days."""

    def in_force_on(self, day: dt.date) -> Self:
        """Those whose period holds this local day."""
        return self.filter(period__contains=day)

    def in_force_within(self, first: dt.date, last: dt.date) -> Self:
        """Those whose period holds any day from `first` to `last`, both included: facts in bulk."""
        return self.filter(period__overlap=(first, last + _ONE_DAY))

    def for_providers(self, providers: Iterable[UUID] | GivenIds) -> Self:
        """Those of these workers, by id."""
        return self.filter(provider__among=ids(providers))

    def for_participants(self, participants: Iterable[UUID] | GivenIds) -> Self:
        """Those of these people served, by id."""
        return self.filter(participant__among=ids(participants))


class WithPeriod(models.Model):
    """A record in force for a period of local days, half-open; without an end while it goes on."""

    period = DateRangeField(_("period"))

    objects = PeriodQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def days(self) -> Days:
        """The period as rules take it."""
        return Days(self.period.lower, self.period.upper)


class MadeByForm(models.Model):
    """A record made by a member with a form, whose key it keeps: sent twice, it is made once."""

    created_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", db_index=False, editable=False
    )
    form_key = models.UUIDField(null=True, editable=False)

    class Meta:
        abstract = True


class PersonName(models.Model):
    """A person's name, and the key that lists sort by (`by_name`).

    The key is made on saving. The database refuses a row without one, so that a bulk insert has to
    set it.
    """

    given_name = models.CharField(_("given name"), max_length=35)
    family_name = models.CharField(_("family name"), max_length=60)
    sort_key = models.TextField(editable=False)
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the sort key in step with the name."""
        self.sort_key = names.sort_key(self.family_name, self.given_name)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "sort_key"}
        super().save(*args, **kwargs)

    @property
    def name(self) -> str:
        """Given name and family name, as on papers."""
        return f"{self.given_name} {self.family_name}"


def real_period() -> models.CheckConstraint:
    """The period begins on a day and holds at least that one; an empty one would overlap nothing."""
    return models.CheckConstraint(
        name=f"{_TABLE}_period",
        condition=Q(period__isempty=False, period__lower_inf=False),
        violation_error_message=_("The end must come after the beginning."),
    )


def no_overlap(*keys, name, message, condition=None, period="period") -> ExclusionConstraint:
    """Two rows with the same keys never hold at once.

    The agency is part of it, so that a row of another agency cannot be felt through the index.
    """
    equal = [(key, RangeOperators.EQUAL) for key in ("agency", *keys)]
    return ExclusionConstraint(
        name=name,
        expressions=[*equal, (period, RangeOperators.OVERLAPS)],
        condition=condition,
        violation_error_message=message,
    )


def once_per_form(by="created_by") -> models.UniqueConstraint:
    """One record a member and form, however often the form is sent."""
    return models.UniqueConstraint(
        fields=[by, "form_key"],
        name=f"{_TABLE}_form_key",
        violation_error_message=_("This form has been sent already."),
    )


def both_or_neither(decision: str) -> models.CheckConstraint:
    """`<decision>_at` and `<decision>_by` stand together: who and when, or nothing."""
    at, by = f"{decision}_at__isnull", f"{decision}_by__isnull"
    return models.CheckConstraint(
        name=f"{_TABLE}_{decision}",
        condition=Q(**{at: True, by: True}) | Q(**{at: False, by: False}),
        violation_error_message=_("A decision says who made it and when."),
    )


def sortable_name() -> models.CheckConstraint:
    """A person's row always has its sort key."""
    return models.CheckConstraint(
        name=f"{_TABLE}_sort_key",
        condition=~Q(sort_key=""),
        violation_error_message=_("Enter a name."),
    )


def made_before(
    model: type[_Made],
    *,
    by: Membership,
    form_key: UUID | None,
    made_by: str = "created_by",
    **values: Any,
) -> _Made | None:
    """The record that this member made with this form before, or None: what a new record asks first.

    The same form at the same time waits here until the first one is done. Raises `Refused`
    (FORM-CHANGED) where the record has other values than the form now: the form was sent, gone back
    to and changed.
    """
    if form_key is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(form_key)])
    made = model._default_manager.filter(**{made_by: by, "form_key": form_key}).first()
    if made is not None and any(getattr(made, name) != given for name, given in values.items()):
        raise Refused(refuse("FORM-CHANGED"))
    return made


def days_from(first: dt.date, last: dt.date | None = None) -> DateRange:
    """The period from a first day to a last one, both included; open where there is no last one.

    The last day of the calendar, which payers write for "no end", means that too. Raises `Refused`
    (PERIOD-ENDS-BEFORE) where the last day comes before the first.
    """
    if last is not None and last < first:
        raise Refused(refuse("PERIOD-ENDS-BEFORE", first=first))
    days = Days.through(first, last)
    return DateRange(days.start, days.end)


def skipped_time(day: dt.date, time: dt.time) -> Because:
    """Why a typed time is not taken: the clocks skipped it that day (`periods.SkippedTime`)."""
    return Because("TIME-SKIPPED", {"date": day, "clock": time.strftime("%H:%M")})
