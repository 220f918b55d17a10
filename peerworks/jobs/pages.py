"""What the pages of jobs show: runs and kinds in the reader's words, and whether the machine works."""

import datetime as dt
import time
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peerworks.accounts.models import Membership
from peerworks.jobs import beats, policies, progress, queries, reasons
from peerworks.jobs.kinds import JobKind, kind_of, kinds
from peerworks.jobs.models import Job
from peerworks.jobs.operations import TRIES
from peerworks.lib.findings import Because, Refusal
from peerworks.web import words
from peerworks.web.errors import short_reference
from peerworks.web.reasons import names_of, sentence

_TONES = {
    Job.State.QUEUED: "info",
    Job.State.RUNNING: "info",
    Job.State.DONE: "ok",
    Job.State.FAILED: "late",
}


@dataclass(frozen=True, slots=True)
class Run:
    """One run as a page shows it. `why` and `reference` are empty where nothing failed."""

    id: UUID
    label: str
    tone: str
    state: str
    is_live: bool
    begun: str
    begun_short: str
    lasted: str
    counts: tuple[str, ...]
    why: str
    reference: str
    asked_by: str
    tries: int
    record_url: str

    @property
    def main_count(self) -> str:
        """The most telling of its figures."""
        return self.counts[0] if self.counts else ""


@dataclass(frozen=True, slots=True)
class KindRow:
    """A kind of job with its latest run, when it comes next, and why it cannot be started now."""

    kind: str
    label: str
    last: Run | None
    next: str
    by_hand: bool
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class Part:
    """A process of the machine and whether it gives signs of life."""

    name: str
    tone: str
    state: str
    detail: str


# ------------------------------------------------------------------- runs


def runs(jobs: Iterable[Job], member: Membership) -> list[Run]:
    """Runs in order as a member may see them; names in their reasons are loaded once for all."""
    rows = list(jobs)
    becauses = {each.pk: reasons.read(each.reason, each.because) for each in rows if each.reason}
    names = names_of(becauses.values())
    return [_run(each, becauses.get(each.pk), names, member) for each in rows]


def _sees_figures(job: Job, member: Membership) -> bool:
    return job.asked_by_id == member.pk or not kind_of(job.kind).is_private


def _run(
    job: Job, because: Because | None, names: dict[tuple[str, str], str], member: Membership
) -> Run:
    kind, sees = kind_of(job.kind), _sees_figures(job, member)
    is_again = job.state == Job.State.QUEUED and because is not None
    begun = job.started_at or job.asked_at or job.created_at
    return Run(
        id=job.pk,
        label=str(kind.label),
        tone="soon" if is_again else _TONES[Job.State(job.state)],
        state=_("Tried again soon") if is_again else str(job.get_state_display()),
        is_live=job.state in Job.LIVE,
        begun=words.moment(begun),
        begun_short=f"{words.short_day(words.local(begun).date())}, {words.clock(begun)}",
        lasted=_lasted(job),
        counts=_counts(kind, job) if sees else (),
        why=sentence(because, names=names) if because is not None else "",
        reference=short_reference(str(job.pk)) if because is not None else "",
        asked_by=job.asked_by.user.name if job.asked_by else "",
        tries=job.tries,
        record_url=_record_url(kind, job) if sees else "",
    )


def _counts(kind: JobKind, job: Job) -> tuple[str, ...]:
    named = [
        (str(text), job.counts[name]) for name, text in kind.counts.items() if name in job.counts
    ]
    return tuple(f"{text}: {words.number(figure)}" for text, figure in named)


def _record_url(kind: JobKind, job: Job) -> str:
    if job.record_id is None or not kind.url_name:
        return ""
    try:
        return reverse(kind.url_name, args=[job.record_id])
    except NoReverseMatch:
        return ""


def _lasted(job: Job) -> str:
    if job.finished_at is None or job.started_at is None:
        return ""
    return lasting((job.finished_at - job.started_at).total_seconds())


def lasting(seconds: float) -> str:
    """A length of time in words: less than a second, 12 seconds, 3 min."""
    whole = round(seconds)
    if whole < 1:
        return _("less than a second")
    if whole < 120:
        return ngettext("%(count)s second", "%(count)s seconds", whole) % {"count": whole}
    return words.minutes(whole // 60)


def far(job: Job, member: Membership) -> tuple[int, int | None]:
    """How far a run is: what it told while it runs, else what the row keeps."""
    if not _sees_figures(job, member):
        return 0, None
    return progress.told(job.pk) if job.state == Job.State.RUNNING else (job.done, job.total)


def far_in_words(job: Job, done: int, total: int | None) -> str:
    """What the page says beside the bar while a run waits or goes on."""
    if job.state == Job.State.QUEUED:
        return _waiting(job)
    if total is None:
        return _("It is running.")
    return _("Step %(done)s of %(total)s") % {
        "done": words.number(done),
        "total": words.number(total),
    }


def _waiting(job: Job) -> str:
    if _is_silent(beats.WORKER) or _is_silent(beats.CLOCK):
        return _("It waits until the background process and the clock work again.")
    if job.reason:
        soon = lasting(settings.DUEWORK_REQUEUE_AFTER)
        told = {"number": job.tries, "most": TRIES, "soon": soon}
        return _("Try %(number)s of %(most)s failed. The next one comes within %(soon)s.") % told
    return _("It starts within %(soon)s.") % {"soon": lasting(settings.SWEEP_EVERY + 1)}


# ------------------------------------------------------------------- kinds


def kind_rows(member: Membership, now: dt.datetime) -> list[KindRow]:
    """Every kind that is registered or has run here, by its words. A fixed number of queries."""
    latest = queries.latest_by_kind()
    shown_runs = runs(latest.values(), member)
    last = {each.kind: run for each, run in zip(latest.values(), shown_runs, strict=True)}
    here = timezone.localtime(now).date()
    planned = queries.kinds_planned_on(member.agency_id, here)
    shown = {each.kind: each for each in kinds()} | {each: kind_of(each) for each in latest}
    live = queries.kinds_with_live_runs()
    rows = [
        KindRow(
            kind=each.kind,
            label=str(each.label),
            last=last.get(each.kind),
            next=next_run(each, here, is_planned=each.kind in planned),
            by_hand=each.by_hand,
            refusal=policies.refusal_while_live(is_live=each.kind in live),
        )
        for each in shown.values()
    ]
    return sorted(rows, key=lambda row: (row.label, row.kind))


def next_run(kind: JobKind, today: dt.date, *, is_planned: bool) -> str:
    """When a kind comes next, from the beat schedule: its tick plans it once for each local day."""
    entry = settings.CELERY_BEAT_SCHEDULE.get(kind.planned_by)
    if entry is None:
        return _("when it is asked for")
    if not is_planned:
        return _("today, within %(soon)s") % {"soon": lasting(entry["schedule"])}
    return _("%(day)s, after midnight") % {"day": words.long_day(today + dt.timedelta(days=1))}


# ------------------------------------------------------------------- the machine


def machine() -> list[Part]:
    """Worker and clock (beat), each by its own sign of life."""
    return [
        _part(_("Background process"), beats.WORKER, _("does the work")),
        _part(_("Clock"), beats.CLOCK, _("plans the work of each day and hands it on")),
    ]


def _part(name: str, who: str, does: str) -> Part:
    sign = beats.last_sign(who)
    if sign is None:
        return Part(name, "late", _("Never seen"), does)
    if _is_silent(who):
        since = dt.datetime.fromtimestamp(sign, tz=dt.UTC)
        return Part(
            name, "late", _("Silent since %(moment)s") % {"moment": words.moment(since)}, does
        )
    ago = lasting(max(time.time() - sign, 0))
    return Part(
        name, "ok", _("Works"), _("%(does)s; last sign %(ago)s ago") % {"does": does, "ago": ago}
    )


def _is_silent(who: str) -> bool:
    sign = beats.last_sign(who)
    return sign is None or time.time() - sign > beats.SILENT_AFTER_SECONDS
