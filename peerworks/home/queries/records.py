"""Today for who trains, who keeps records private, and who explains claims."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Count
from django.utils.translation import get_language

from billing.models import Claim
from peerworks.accounts import reach
from peerworks.accounts.models import Membership
from peerworks.accounts.roles import Permission
from peerworks.agencies.models import Program
from peerworks.audit.models import AuditEvent
from peerworks.participants.models import SealedAccess
from peerworks.participants.queries import about_people
from peerworks.rulepacks.queries import packs_on
from peerworks.web import navigation
from training.models import Completion
from training.queries import CompletionRow, CourseRow, completion_rows, course_rows

SHOWN = 5


@dataclass(frozen=True, slots=True)
class TrainingToday:
    """The courses with how many have completed them, and the newest completions."""

    courses: tuple[CourseRow, ...]
    newest: tuple[CompletionRow, ...]


def training_today(member: Membership, on: dt.date) -> TrainingToday:
    """The section of a trainer."""
    language = get_language() or "en"
    seen = reach.narrow(Completion.objects.all(), member, Permission.VIEW_TRAINING, on)
    return TrainingToday(
        courses=tuple(course_rows(seen, on, language)),
        newest=tuple(completion_rows(seen, on, language)[:SHOWN]),
    )


@dataclass(frozen=True, slots=True)
class Denied:
    """Who was denied a part of the program, in words, and how often."""

    who: str
    page: str
    times: int


@dataclass(frozen=True, slots=True)
class PrivacyToday:
    """Sealed people by number alone, and what was denied since yesterday: the most frequent first.

    `since` is the local day from which denials are counted.
    """

    sealed: int
    denied: int
    denials: tuple[Denied, ...]
    since: dt.date


def privacy_today(on: dt.date, now: dt.datetime) -> PrivacyToday:
    """The section of a privacy officer; `since yesterday` begins at midnight before the agency's day."""
    listed = SealedAccess.objects.filter(expires_at__gt=now)
    since = on - dt.timedelta(days=1)
    denials = _denials(dt.datetime.combine(since, dt.time(), now.tzinfo))
    return PrivacyToday(
        sealed=listed.values("participant").distinct().count(),
        denied=sum(each.times for each in denials),
        denials=tuple(denials[:SHOWN]),
        since=since,
    )


def _denials(since: dt.datetime) -> list[Denied]:
    denied = AuditEvent.objects.filter(kind=AuditEvent.Kind.DENIAL, at__gte=since)
    found: dict[tuple[str, str], int] = {}
    # Several pages may stand under one entry of the menu.
    for who, page, times in denied.values_list("actor_name", "object_id").annotate(n=Count("pk")):
        key = (who, str(navigation.label_of(page) or page))
        found[key] = found.get(key, 0) + times
    rows = [Denied(who, page, times) for (who, page), times in found.items()]
    return sorted(rows, key=lambda each: (-each.times, each.who, each.page))


@dataclass(frozen=True, slots=True)
class RecentClaim:
    """A claim in the auditor's list."""

    id: UUID
    number: str
    participant: str
    total: Decimal
    state: str
    tone: str
    built_on: dt.datetime | None


@dataclass(frozen=True, slots=True)
class AuditToday:
    """The newest paid claims, and the rule packs that the agency's programs follow."""

    claims: tuple[RecentClaim, ...]
    packs: tuple[tuple[str, str, str], ...]
    participants: tuple[UUID, ...]


_TONES = {Claim.State.PAID: "ok", Claim.State.DENIED: "late", Claim.State.REJECTED: "late"}


def audit_today(member: Membership, on: dt.date) -> AuditToday:
    """The section of an auditor: three queries."""
    built = Claim.objects.filter(built_at__isnull=False, state=Claim.State.PAID)
    seen = about_people(built, member, Permission.VIEW_CLAIM, on).select_related("participant")
    claims = list(seen.order_by("-built_at", "-control_number")[:SHOWN])
    names = sorted(set(Program.objects.values_list("pack", flat=True)))
    packs = packs_on((name, on) for name in names)
    language = "es" if (get_language() or "en").startswith("es") else "en"
    return AuditToday(
        claims=tuple(_claim(each) for each in claims),
        packs=tuple(
            (pack.pack, pack.version, pack.label[language])
            for name in names
            if (pack := packs.get((name, on))) is not None
        ),
        participants=tuple(dict.fromkeys(each.participant_id for each in claims)),
    )


def _claim(claim: Claim) -> RecentClaim:
    return RecentClaim(
        id=claim.pk,
        number=claim.control_number,
        participant=claim.participant.shown_name,
        total=claim.total,
        state=str(claim.get_state_display()),
        tone=_TONES.get(Claim.State(claim.state), "info"),
        built_on=claim.built_at,
    )
