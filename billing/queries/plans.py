"""What a plan of care asks for, by the rule pack, and what its pages show."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.models import Goal, PlanOfCare, PlanSignature, PlanVersion
from billing.queries.payers import pack_name_for
from peerworks.agencies.models import Program
from peerworks.lib.findings import Authority
from peerworks.lib.periods import add_months
from peerworks.lib.rulepack import Pack, Service
from peerworks.participants.models import Participant
from peerworks.rulepacks.queries import NoPackInForce, label_of, pack_on
from peerworks.web import reasons

REVIEW_SOON = dt.timedelta(days=30)


def pack_for(participant: Participant, program: Program, on: dt.date) -> Pack | None:
    """The pack that answers for this person in this program, or None where none is in force."""
    try:
        return pack_on(pack_name_for(participant, program, on), on)
    except NoPackInForce:
        return None


def services_of(pack: Pack | None) -> list[tuple[str, str]]:
    """The services of a pack as (key, label in the reader's language)."""
    if pack is None:
        return []
    return [(each.key, label_of(each)) for each in pack.services]


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that the pack asks of a plan: a role that signs, or months until the review."""

    value: str | int
    authority: Authority


def signers_asked(pack: Pack | None, services: Iterable[str]) -> list[Asked]:
    """The roles that sign a plan with these services, each once, in the pack's order."""
    asked: dict[str, Asked] = {}
    for service in _listed(pack, services):
        rule = service.plan.signed_by
        for role in rule.members if rule is not None else ():
            asked.setdefault(role, Asked(role, pack.authority(rule)))  # type: ignore[union-attr,arg-type]
    return list(asked.values())


def review_asked(pack: Pack | None, services: Iterable[str]) -> Asked | None:
    """After how many months the plan is reviewed: the shortest time of its services."""
    asked = [
        Asked(int(service.plan.review_months.limit), pack.authority(service.plan.review_months))  # type: ignore[union-attr]
        for service in _listed(pack, services)
        if service.plan.review_months is not None and service.plan.review_months.limit
    ]
    return min(asked, key=lambda each: int(each.value), default=None)


def _listed(pack: Pack | None, services: Iterable[str]) -> list[Service]:
    wanted = set(services)
    return [each for each in pack.services if each.key in wanted] if pack is not None else []


@dataclass(frozen=True, slots=True)
class CheckItem:
    """A line of the checklist: what the plan needs, whether it has it, and what asks for it.

    `tone` is ok for "have", soon for what comes due, late for "need".
    """

    words: str | Promise
    tone: str
    detail: str = ""
    rests_on: str = ""
    is_confirmed: bool = True

    @property
    def state(self) -> str | Promise:
        """The word beside the shape."""
        return {"ok": _("Have"), "soon": _("Soon")}.get(self.tone, _("Need"))


@dataclass(frozen=True, slots=True)
class ShownGoal:
    """A goal as the page shows it."""

    number: int
    text: str
    measure: str
    starts_on: dt.date | None
    target_on: dt.date | None
    status: str
    tone: str


@dataclass(frozen=True, slots=True)
class ShownSignature:
    """Who signed, in which role and when; or who chose not to, and why."""

    role: str
    name: str
    signed_on: dt.date
    declined_reason: str


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """A version of a plan; `state` and `tone` say how it stands on the day asked."""

    id: UUID
    number: int
    state: str
    tone: str
    is_draft: bool
    is_now: bool
    first: dt.date | None
    last: dt.date | None
    summary: str
    reason: str
    services: tuple[str, ...]
    goals: tuple[ShownGoal, ...]
    signatures: tuple[ShownSignature, ...]


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A plan with all its versions, the latest first, and the checklist of the one to look at."""

    id: UUID
    person: Participant
    program: str
    is_current: bool
    versions: tuple[ShownVersion, ...]
    shown: ShownVersion
    checklist: tuple[CheckItem, ...]
    missing_roles: tuple[str, ...]

    @property
    def draft(self) -> ShownVersion | None:
        """The draft, where there is one."""
        return next((each for each in self.versions if each.is_draft), None)

    @property
    def earlier(self) -> tuple[ShownVersion, ...]:
        """All but the version that is shown in full."""
        return tuple(each for each in self.versions if each.id != self.shown.id)


def plan_page(plan: PlanOfCare, on: dt.date) -> PlanPage:
    """What a plan's page shows: the draft if there is one, else what is in force, else the latest."""
    pack = pack_for(plan.participant, plan.program, on)
    labels = dict(services_of(pack))
    rows = list(plan.versions.prefetch_related("goals", "signatures").order_by("-number"))
    shown = [_shown_version(each, labels, on) for each in rows]
    chosen = next((each for each in shown if each.is_draft), None)
    chosen = chosen or next((each for each in shown if each.is_now), shown[0])
    row = next(each for each in rows if each.pk == chosen.id)
    return PlanPage(
        id=plan.pk,
        person=plan.participant,
        program=plan.program.name,
        is_current=plan.is_current,
        versions=tuple(shown),
        shown=chosen,
        checklist=tuple(checklist(row, pack, on)),
        missing_roles=tuple(roles_missing(row, pack)),
    )


def _shown_version(version: PlanVersion, labels: dict[str, str], on: dt.date) -> ShownVersion:
    state, tone = _standing(version, on)
    period = version.period
    return ShownVersion(
        id=version.pk,
        number=version.number,
        state=state,
        tone=tone,
        is_draft=version.activated_at is None,
        is_now=version.activated_at is not None and on in period,
        first=period.lower if period else None,
        last=period.upper - dt.timedelta(days=1) if period and period.upper else None,
        summary=version.summary,
        reason=version.reason,
        services=tuple(labels.get(each, each) for each in version.services),
        goals=tuple(_shown_goal(each) for each in _by_number(version.goals.all())),
        signatures=tuple(_shown_signature(each) for each in _in_order(version)),
    )


def _standing(version: PlanVersion, on: dt.date) -> tuple[str, str]:
    if version.activated_at is None:
        return gettext("Draft"), "info"
    if on in version.period:
        return gettext("In force"), "ok"
    if on < version.period.lower:
        return gettext("Begins later"), "info"
    return gettext("Ended"), "soon"


def _by_number(goals: Iterable[Goal]) -> list[Goal]:
    return sorted(goals, key=lambda each: each.number)


def _shown_goal(goal: Goal) -> ShownGoal:
    tones = {Goal.Status.MET: "ok", Goal.Status.ACTIVE: "info"}
    return ShownGoal(
        number=goal.number,
        text=goal.text,
        measure=goal.measure,
        starts_on=goal.starts_on,
        target_on=goal.target_on,
        status=goal.get_status_display(),
        tone=tones.get(Goal.Status(goal.status), "soon"),
    )


def _in_order(version: PlanVersion) -> list[PlanSignature]:
    return sorted(version.signatures.all(), key=lambda each: (each.signed_at, str(each.pk)))


def _shown_signature(signature: PlanSignature) -> ShownSignature:
    return ShownSignature(
        role=signature.get_role_display(),
        name=signature.name_typed,
        signed_on=signature.signed_on,
        declined_reason=signature.declined_reason,
    )


def roles_signed(version: PlanVersion) -> set[str]:
    """The roles in which a version is signed; who chose not to sign did not."""
    return {each.role for each in version.signatures.all() if not each.is_declined}


def roles_missing(version: PlanVersion, pack: Pack | None) -> list[str]:
    """The roles that the pack asks for and that have not signed a version."""
    signed = roles_signed(version)
    asked = signers_asked(pack, version.services)
    return [str(each.value) for each in asked if each.value not in signed]


def checklist(version: PlanVersion, pack: Pack | None, on: dt.date) -> list[CheckItem]:
    """What a version needs, have or need: what an audit of a plan looks at, from the rule pack."""
    goals = list(version.goals.all())
    items = [
        _plain(_("A goal in the person's words"), bool(goals)),
        _plain(_("A way to know, for each goal"), bool(goals) and all(g.measure for g in goals)),
        _plain(_("Each service that will be billed"), bool(version.services)),
        _plain(_("In force today"), version.activated_at is not None and on in version.period),
    ]
    items += [_signature_item(version, each) for each in signers_asked(pack, version.services)]
    review = review_asked(pack, version.services)
    if review is not None and version.activated_at is not None:
        items.append(_review_item(version, review, on))
    if pack is None:
        items.append(CheckItem(_("The rules of the payer"), "late", gettext("No rule pack")))
    return items


def _plain(words: Promise, is_have: bool) -> CheckItem:
    return CheckItem(words, "ok" if is_have else "late")


def _signature_item(version: PlanVersion, asked: Asked) -> CheckItem:
    role = PlanSignature.Role(str(asked.value))
    told = [each for each in _in_order(version) if each.role == role]
    signed = next((each for each in told if not each.is_declined), None)
    declined = next((each for each in told if each.is_declined), None)
    detail = signed.name_typed if signed else ""
    if signed is None and declined is not None:
        detail = gettext("Chose not to sign: {why}").format(why=declined.declined_reason)
    return CheckItem(
        gettext("Signature: {role}").format(role=role.label),
        "ok" if signed else "late",
        detail,
        *_founded(asked.authority),
    )


def _review_item(version: PlanVersion, asked: Asked, on: dt.date) -> CheckItem:
    due = add_months(version.period.lower, int(asked.value))
    tone = "late" if due < on else "soon" if due - on <= REVIEW_SOON else "ok"
    words = gettext("Review by {day}").format(day=reasons.value_text(due))
    return CheckItem(words, tone, "", *_founded(asked.authority))


def _founded(authority: Authority) -> tuple[str, bool]:
    return reasons.rests_on(authority), authority.is_confirmed


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan in a person's page: where it stands, its goals, and what is missing."""

    id: UUID
    program: str
    state: str
    tone: str
    first: dt.date | None
    last: dt.date | None
    goals: tuple[ShownGoal, ...]
    needs: int
    has_draft: bool


def plan_rows(participant: Participant, on: dt.date) -> list[PlanRow]:
    """The current plans of a person, by program."""
    plans = participant.plans.filter(is_current=True).select_related("participant", "program")
    pages = [plan_page(each, on) for each in plans.order_by("program__name", "pk")]
    return [_plan_row(each) for each in pages]


def _plan_row(page: PlanPage) -> PlanRow:
    now = next((each for each in page.versions if each.is_now), page.shown)
    return PlanRow(
        id=page.id,
        program=page.program,
        state=now.state,
        tone=now.tone,
        first=now.first,
        last=now.last,
        goals=now.goals,
        needs=sum(each.tone == "late" for each in page.checklist),
        has_draft=page.draft is not None,
    )


def draft_of(plan: PlanOfCare) -> PlanVersion | None:
    """The draft of a plan, or None."""
    return plan.versions.filter(activated_at__isnull=True).first()


def version_to_sign(plan: PlanOfCare) -> PlanVersion | None:
    """The latest version that is no draft: the one whose signatures are gathered."""
    return plan.versions.filter(activated_at__isnull=False).order_by("-number").first()


def services_for(
    participant: Participant, programs: Sequence[Program], on: dt.date
) -> list[tuple[str, str]]:
    """The services that a plan of this person can list, over these programs, each once."""
    found: dict[str, str] = {}
    for each in programs:
        for key, label in services_of(pack_for(participant, each, on)):
            found.setdefault(key, label)
    return list(found.items())
