"""Plans of care: drafts, coming into force, signatures, versions and the checklist."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import transaction

from billing.models import Goal, PlanSignature, PlanVersion
from billing.operations import notes
from billing.operations import plans as operations
from billing.operations.plans import GivenGoal
from billing.policies import plans as policies
from billing.queries import plans as queries
from billing.queries.notes import Content
from peerworks.audit.models import AuditEvent
from peerworks.lib.findings import Refused
from peerworks.rulepacks.operations import load_shipped_packs
from tests.factories import billing_people as factory
from tests.factories import participants as people

DAY = dt.timedelta(days=1)
ROLE = PlanSignature.Role


@pytest.fixture
def luz(world):
    """Inside the agency as the peer, with the rule packs loaded."""
    load_shipped_packs()
    with world.acting("peer") as player:
        yield player.member


@pytest.fixture
def person(world, luz):
    """A new person of Luz's without a plan."""
    program = world.juniper.programs["mesa"]
    return people.person(luz, world.today - DAY, program=program, worker=luz)


@pytest.fixture
def draft(world, luz, person):
    """A plan with a draft."""
    return factory.draft_plan(luz, person, world.juniper.programs["mesa"], world.today)


@pytest.fixture
def plan(world, luz, person):
    """A plan in force since today, unsigned."""
    program = world.juniper.programs["mesa"]
    return factory.plan_in_force(luz, person, program, world.today, world.now)


def refused(call, **given):
    """The code of a refusal; fails where the operation is done."""
    with pytest.raises(Refused) as told:
        call(**given)
    return told.value.refusal.code


def sign(world, version, role, by, **given):
    """Sign today."""
    told = {"name": "Ash Juniper-Elm", "signed_on": world.today, **given}
    return operations.sign_plan(
        version=version, role=role, by=by, on=world.today, at=world.now, **told
    )


def count(action):
    """How many events of an action there are."""
    return AuditEvent.objects.filter(action=action).count()


def test_a_draft_holds_the_goals_in_their_order(draft):
    version = draft.versions.get()
    texts = [each.text for each in version.goals.order_by("number")]
    assert texts == [each.text for each in factory.GOALS]
    assert (version.activated_at, count("plan.written")) == (None, 1)


def test_a_draft_of_a_form_is_made_once(world, luz, person):
    key = "7b8f1d2e-0000-4000-8000-000000000001"
    program = world.juniper.programs["mesa"]
    made = [factory.draft_plan(luz, person, program, world.today, form_key=key) for _ in range(2)]
    assert made[0] == made[1]
    assert count("plan.written") == 1


def test_a_second_current_plan_in_the_program_is_refused(world, luz, person, draft):
    name = people.refused_in_savepoint(
        factory.draft_plan,
        by=luz,
        participant=person,
        program=world.juniper.programs["mesa"],
        on=world.today,
    )
    assert name == "billing_planofcare_one_current"


def test_a_service_that_the_rules_do_not_know_is_refused(world, luz, person):
    program = world.juniper.programs["mesa"]
    given = {"by": luz, "participant": person, "program": program, "on": world.today}
    assert refused(factory.draft_plan, services=["whole-health"], **given) == "PLAN-SERVICE"


def test_a_draft_is_written_anew(world, luz, draft):
    version = operations.change_plan(
        version=draft.versions.get(),
        summary="Quiet mornings",
        services=[],
        goals=[GivenGoal("Sleep through")],
        by=luz,
        on=world.today,
    )
    assert [each.text for each in version.goals.all()] == ["Sleep through"]
    assert (version.summary, count("plan.changed")) == ("Quiet mornings", 1)


@pytest.fixture
def citing(world, luz, draft):
    """A note's draft that cites the second goal of the plan's draft."""
    goal = draft.versions.get().goals.get(number=2)
    note = notes.start_note(
        participant=draft.participant,
        provider=world["peer"].provider,
        program=draft.program,
        service_key="mh-individual",
        by=luz,
    )
    content = Content(goals=frozenset({goal.pk}))
    return notes.save_draft(note=note, content=content, draft_number=0, by=luz, at=world.now)


def change(world, luz, draft, *goals):
    """Write the draft anew with these goals."""
    return operations.change_plan(
        version=draft.versions.get(),
        summary="Quiet mornings",
        services=[],
        goals=goals,
        by=luz,
        on=world.today,
    )


def test_a_goal_that_a_note_cites_stays_the_same_goal(world, luz, draft, citing):
    first, second = factory.GOALS[:2]
    moved = replace(second, measure="Once a week")
    version = change(world, luz, draft, GivenGoal("Sleep through"), moved, first)
    told = list(version.goals.order_by("number").values_list("number", "text", "measure"))
    assert told == [
        (1, "Sleep through", ""),
        (2, second.text, "Once a week"),
        (3, first.text, first.measure),
    ]
    assert citing.note_goals.get().goal == version.goals.get(number=2)


def test_a_goal_that_a_note_cites_is_not_dropped_and_nothing_is_lost(world, luz, draft, citing):
    first, second = factory.GOALS[:2]
    before = list(draft.versions.get().goals.order_by("number").values_list("pk", "number", "text"))
    for goals in ((first,), (first, replace(second, text=f"{second.text}!"))):
        with pytest.raises(Refused) as told, transaction.atomic():
            change(world, luz, draft, *goals)
        because = told.value.refusal.because
        assert (because.reason, because.params["number"]) == ("PLAN-GOAL-CITED", 2)
    version = draft.versions.get()
    kept = list(version.goals.order_by("number").values_list("pk", "number", "text"))
    assert (kept, version.summary == "Quiet mornings") == (before, False)
    change(world, luz, draft, second)


def test_goals_with_the_same_words_stay_two(world, luz, draft):
    twice = GivenGoal("Walk"), GivenGoal("Walk", "Twice a week")
    version = change(world, luz, draft, *twice)
    first = list(version.goals.order_by("number").values_list("pk", flat=True))
    version = change(world, luz, draft, *twice)
    assert list(version.goals.order_by("number").values_list("pk", flat=True)) == first


@pytest.mark.parametrize(
    ("values", "code"),
    [({"goals": []}, "PLAN-NO-GOAL"), ({"services": []}, "PLAN-NO-SERVICE")],
)
def test_a_plan_in_force_has_a_goal_and_a_service(world, luz, person, values, code):
    program = world.juniper.programs["mesa"]
    plan = factory.draft_plan(luz, person, program, world.today, **values)
    given = {"version": plan.versions.get(), "starts_on": world.today, "by": luz, "at": world.now}
    assert refused(operations.activate_plan, **given) == code


def test_what_is_in_force_never_changes(world, luz, plan):
    version = plan.versions.get()
    given = {"summary": "", "services": [], "goals": [], "by": luz, "on": world.today}
    assert refused(operations.change_plan, version=version, **given) == "PLAN-IN-FORCE"
    version.summary = "Another"
    assert people.refused_in_savepoint(version.save) == "billing_planversion_final"
    goal = Goal.objects.filter(version=version).first()
    goal.text = "Another"
    assert people.refused_in_savepoint(goal.save) == "billing_goal_final"


def test_a_draft_is_not_signed(world, luz, draft):
    version = draft.versions.get()
    with pytest.raises(Refused) as told:
        sign(world, version, ROLE.PEER, luz)
    assert told.value.refusal.code == "PLAN-STILL-DRAFT"


def test_the_participants_name_is_typed_and_the_peers_is_their_own(world, luz, plan):
    version = plan.versions.get()
    participant = sign(world, version, ROLE.PARTICIPANT, luz, name=" Ash Juniper-Elm ")
    peer = sign(world, version, ROLE.PEER, luz, name="Somebody else")
    assert (participant.name_typed, participant.member) == ("Ash Juniper-Elm", None)
    assert (peer.name_typed, peer.member) == (luz.user.name, luz)
    assert count("plan.signed") == 2


def test_all_whom_the_rules_name_have_signed(world, luz, plan):
    version = plan.versions.get()
    page = queries.plan_page(plan, world.today)
    assert set(page.missing_roles) == {"PARTICIPANT", "PEER"}
    sign(world, version, ROLE.PARTICIPANT, luz)
    sign(world, version, ROLE.PEER, luz)
    assert queries.plan_page(plan, world.today).missing_roles == ()


def test_who_chose_not_to_sign_may_sign_later(world, luz, plan):
    version = plan.versions.get()
    sign(world, version, ROLE.PARTICIPANT, luz, declined_reason="Wants to read it at home")
    page = queries.plan_page(plan, world.today)
    assert "PARTICIPANT" in page.missing_roles
    (item,) = [each for each in page.checklist if "home" in each.detail]
    assert item.tone == "late"
    sign(world, version, ROLE.PARTICIPANT, luz)
    assert "PARTICIPANT" not in queries.plan_page(plan, world.today).missing_roles


@pytest.mark.parametrize(
    ("role", "given", "code"),
    [
        (ROLE.SUPERVISOR, {}, "PLAN-SIGN-ROLE"),
        (ROLE.PEER, {"days": -1}, "PLAN-SIGN-TODAY"),
        (ROLE.PARTICIPANT, {"days": 1}, "PLAN-SIGNED-LATER"),
        (ROLE.PARTICIPANT, {"name": "  "}, "PLAN-NO-NAME"),
        (ROLE.LICENSED, {"declined_reason": "No"}, "PLAN-DECLINE-WHO"),
    ],
)
def test_a_signature_that_is_not_right_is_refused(world, luz, plan, role, given, code):
    day = world.today + given.pop("days", 0) * DAY
    with pytest.raises(Refused) as told:
        sign(world, plan.versions.get(), role, luz, signed_on=day, **given)
    assert told.value.refusal.code == code
    assert not PlanSignature.objects.filter(version__plan=plan).exists()


def test_a_role_signs_once(world, luz, plan):
    version = plan.versions.get()
    sign(world, version, ROLE.PARTICIPANT, luz)
    with pytest.raises(Refused) as told:
        sign(world, version, ROLE.PARTICIPANT, luz)
    assert told.value.refusal.code == "PLAN-SIGNED-ALREADY"


def test_peer_and_supervisor_are_two_persons(world, luz, plan):
    version = plan.versions.get()
    andre = world["supervisor"].member
    sign(world, version, ROLE.SUPERVISOR, andre)
    with pytest.raises(Refused) as told:
        sign(world, version, ROLE.PEER, andre)
    assert told.value.refusal.code == "PLAN-SIGN-TWICE"


def test_a_new_version_is_a_copy_and_ends_the_one_before(world, luz, plan):
    first = plan.versions.get()
    goals = list(first.goals.order_by("number"))
    Goal.objects.filter(pk=goals[1].pk).update(status=Goal.Status.MET)
    second = operations.open_version(plan=plan, reason="Yearly review", by=luz)
    assert [each.text for each in second.goals.all()] == [goals[0].text]
    assert (second.number, second.services, second.reason) == (2, first.services, "Yearly review")
    start = world.today + 5 * DAY
    operations.activate_plan(version=second, starts_on=start, by=luz, at=world.now)
    first.refresh_from_db()
    assert first.period.upper == start
    in_force = PlanVersion.objects.filter(plan=plan).in_force_on
    assert [each.number for each in in_force(start - DAY)] == [1]
    assert [each.number for each in in_force(start)] == [2]


def test_one_draft_at_a_time(luz, plan):
    operations.open_version(plan=plan, reason="Review", by=luz)
    assert refused(operations.open_version, plan=plan, reason="Review", by=luz) == "PLAN-DRAFT-OPEN"


def test_a_version_begins_after_the_one_before(world, luz, plan):
    second = operations.open_version(plan=plan, reason="Review", by=luz)
    given = {"version": second, "starts_on": world.today, "by": luz, "at": world.now}
    assert refused(operations.activate_plan, **given) == "PLAN-STARTS-EARLY"


def test_the_checklist_says_have_and_need_with_the_rule_behind(world, luz, plan):
    page = queries.plan_page(plan, world.today)
    told = {str(each.words): each for each in page.checklist}
    assert told["A goal in the person's words"].tone == "ok"
    assert told["A way to know, for each goal"].tone == "late"
    signed = told["Signature: Participant"]
    assert (signed.tone, signed.is_confirmed) == ("late", False)
    assert "tx-medicaid-peer" in signed.rests_on


def test_the_review_comes_due(world, luz, plan):
    def tone(on):
        page = queries.plan_page(plan, on)
        return [each.tone for each in page.checklist if "Review" in str(each.words)]

    assert tone(world.today) == ["ok"]
    assert tone(world.today + 350 * DAY) == ["soon"]
    assert tone(world.today + 380 * DAY) == ["late"]


def test_without_rules_the_plan_says_so(world, luz, plan):
    items = queries.checklist(plan.versions.get(), None, world.today)
    assert [each.tone for each in items if "rules" in str(each.words)] == ["late"]


def test_the_payers_pack_asks_before_the_programs(world, luz):
    person = world.people["mesa"].participant
    dogwood = world.juniper.programs["dogwood"]
    assert queries.pack_for(person, dogwood, world.today).pack == "tx-medicaid-peer"
    bare = people.person(luz, world.today)
    assert queries.pack_for(bare, dogwood, world.today).pack == "va-dmas-peer"


def test_what_would_be_refused_disables_the_button(draft):
    assert policies.refusal_to_open_version(draft).code == "PLAN-DRAFT-OPEN"
