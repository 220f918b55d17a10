"""One personnel file as its page shows it, and what its forms offer to choose from."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext, ngettext

from peerworks.accounts.models import Membership
from peerworks.agencies.models import Site
from peerworks.notices.kinds import because_of
from peerworks.notices.models import Notice
from peerworks.rulepacks.queries import packs_on
from peerworks.web import reasons, words
from providers.models import Credential, CredentialKind, Employment, Placement, Provider
from providers.queries.certificates import KindHistory, endorsement, histories
from providers.queries.evidence import with_evidence
from providers.queries.facts import EXPIRY_REMINDER

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRow:
    """An employment or a placement: what, from when, through when ("" while it goes on)."""

    id: UUID
    what: str
    since: str
    until: str
    is_current: bool
    may_end: bool


@dataclass(frozen=True, slots=True)
class RaisedReminder:
    """A step of a reminder that stands open, the day it was raised, and who was told."""

    sentence: str
    step: str
    raised: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderFile:
    """What stands in a file; `kinds` and `reminders` are empty where the reader may not know them."""

    facts: tuple[tuple[str, str], ...]
    employments: tuple[PeriodRow, ...]
    placements: tuple[PeriodRow, ...]
    kinds: tuple[KindHistory, ...]
    reminders: tuple[RaisedReminder, ...]


def provider_file(provider: Provider, on: dt.date, *, with_certificates: bool) -> ProviderFile:
    """The file of one worker on a day. A fixed number of queries, whatever is in it."""
    held = _held(provider) if with_certificates else []
    return ProviderFile(
        facts=tuple(_facts(provider)),
        employments=_employments(provider, on),
        placements=_placements(provider, on),
        kinds=tuple(histories(held, on)),
        reminders=tuple(_reminders(held)),
    )


def _held(provider: Provider) -> list[Credential]:
    found = Credential.objects.filter(provider=provider).select_related(
        "kind", "provider", "entered_by__user"
    )
    loaded = ("verifications__verified_by__user", "replaced_by", with_evidence())
    return list(found.prefetch_related(*loaded))


def _facts(provider: Provider) -> Iterable[tuple[str, str]]:
    rows = (
        (gettext("Kind of worker"), provider.get_worker_class_display()),
        (gettext("Pronouns"), provider.pronouns),
        (gettext("Languages"), ", ".join(_language(each) for each in provider.languages)),
        (gettext("NPI"), provider.npi),
        (gettext("E-mail address"), provider.email),
        (gettext("Telephone"), provider.phone),
    )
    return ((term, value) for term, value in rows if value)


def _language(code: str) -> str:
    return str(translation.get_language_info(code)["name_translated"])


def _employments(provider: Provider, on: dt.date) -> tuple[PeriodRow, ...]:
    found = Employment.objects.filter(provider=provider).order_by("-period", "pk")
    return tuple(_row(each, str(each.get_kind_display()), on) for each in found)


def _placements(provider: Provider, on: dt.date) -> tuple[PeriodRow, ...]:
    found = Placement.objects.filter(provider=provider).select_related("program__site")
    return tuple(
        _row(each, f"{each.program.name}, {each.program.site.name}", on)
        for each in found.order_by("-period", "pk")
    )


def _row(held: Employment | Placement, what: str, on: dt.date) -> PeriodRow:
    ends = held.period.upper
    return PeriodRow(
        id=held.pk,
        what=what,
        since=words.long_day(held.period.lower),
        until="" if ends is None else words.long_day(ends - _ONE_DAY),
        is_current=held.days.contains(on),
        may_end=ends is None,
    )


def _reminders(held: Iterable[Credential]) -> Iterable[RaisedReminder]:
    open_ones = Notice.objects.open().filter(
        kind=EXPIRY_REMINDER, subject_id__in=[each.pk for each in held]
    )
    found = list(open_ones.select_related("recipient__user").order_by("raised_on", "step", "pk"))
    names = reasons.names_of(because_of(each) for each in found)
    told: dict[tuple[UUID, str, dt.date], list[Notice]] = {}
    for each in found:
        told.setdefault((each.subject_id, each.step, each.raised_on), []).append(each)
    for (_subject, step, raised_on), notices in told.items():
        yield RaisedReminder(
            sentence=reasons.sentence(because_of(notices[0]), names=names),
            step=step_words(step),
            raised=words.long_day(raised_on),
            told=", ".join(each.recipient.user.name for each in notices),
        )


def step_words(step: str) -> str:
    """A step of `providers.rules.expiry_steps` in words: D30, D0, W2."""
    count = int(step[1:])
    if step.startswith("W"):
        said = ngettext("%(count)s week after", "%(count)s weeks after", count)
    elif not count:
        return gettext("on the day")
    else:
        said = ngettext("%(count)s day before", "%(count)s days before", count)
    return said % {"count": count}


def kinds_of_agency() -> "QuerySet[CredentialKind]":
    """The kinds of certification that the agency keeps track of."""
    return CredentialKind.objects.order_by("label_en", "pk")


def kind_label(kind: CredentialKind) -> str:
    """The name of a kind in the reader's language."""
    return kind.label(translation.get_language() or "en")


def endorsements_of(kinds: Iterable[CredentialKind], on: dt.date) -> dict[UUID, tuple[str, ...]]:
    """What each kind can be endorsed for, from the pack in force on a day; at most two queries."""
    listed = list(kinds)
    packs = packs_on((each.pack, on) for each in listed)
    found: dict[UUID, tuple[str, ...]] = {}
    for each in listed:
        pack = packs.get((each.pack, on))
        rules = () if pack is None else pack.workforce.credentials
        rule = next((one for one in rules if one.key == each.pack_key), None)
        found[each.pk] = () if rule is None else rule.endorsements
    return found


def endorsement_choices(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Endorsements as a form offers them: code and words."""
    return [(code, endorsement(code)) for code in sorted(set(codes))]


def states_of_agency() -> list[str]:
    """The states in which the agency has a site, by code."""
    return sorted(set(Site.objects.values_list("state", flat=True)))


def members_without_file() -> "QuerySet[Membership]":
    """The members who may sign in and have no personnel file yet, by name."""
    found = Membership.objects.filter(is_active=True, is_service=False, provider__isnull=True)
    return found.select_related("user").order_by("user__name", "pk")
