"""The pages of plans of care."""

import uuid
import zoneinfo

import pytest
from django.urls import reverse

from billing.models import PlanOfCare, PlanSignature, PlanVersion
from billing.operations import notes
from billing.queries.notes import Content
from peerworks.audit.models import AuditEvent
from peerworks.rulepacks.operations import load_shipped_packs
from tests.factories import billing_people as factory
from tests.factories import participants as people

pytestmark = pytest.mark.slow

DETAIL = "billing:plan-detail"


@pytest.fixture(autouse=True)
def packs(world):
    """The rule packs are loaded."""
    load_shipped_packs()


@pytest.fixture
def plan(world):
    """The plan of the person at Mesa House: in force and signed."""
    return world.people["mesa"].version.plan


@pytest.fixture
def draft(world):
    """A plan of a new person of Luz's, with a draft alone."""
    program, on = world.juniper.programs["mesa"], world.today - people.DAY
    with world.acting("peer") as luz:
        person = people.person(luz.member, on, program=program, worker=luz.member)
        return factory.draft_plan(luz.member, person, program, on)


@pytest.fixture
def send(world):
    """Send a form as one of the nine: `send(who, name, *args, **data)` gives the answer."""

    def post(who, name, /, *args, key=None, **data):
        told = {"form_agency": str(world[who].member.agency_id), "form_key": key or uuid.uuid4()}
        url = reverse(name, args=args)
        return people.reading_english(world[who]).post(url, {**told, **data})

    return post


def get(world, who, name, *args):
    """Open a page as one of the nine."""
    return people.reading_english(world[who]).get(reverse(name, args=args))


def local_day(world, who="peer"):
    """The agency's local day in ISO form, as the pages take it."""
    zone = zoneinfo.ZoneInfo(world[who].member.agency.time_zone)
    return world.now.astimezone(zone).date()


def test_the_page_shows_goals_checklist_and_signatures(world, plan):
    page = get(world, "peer", DETAIL, plan.pk)
    text = page.content.decode()
    assert page.status_code == 200
    for shown in ("Walk three mornings a week", "Checklist", "Have", "Signed", "unverified"):
        assert shown in text
    with world.acting("auditor"):
        event = AuditEvent.objects.get(action="plan.viewed")
    assert (event.object_id, event.participants) == (str(plan.pk), [plan.participant_id])


def test_a_version_leads_to_its_plan(world, plan):
    version = world.people["mesa"].version
    assert get(world, "peer", DETAIL, version.pk).status_code == 200


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("administrator", 200),
        ("auditor", 200),
        ("supervisor", 200),
        ("biller", 403),
        ("lapsed-peer", 404),
        ("other-administrator", 404),
    ],
)
def test_who_opens_a_plan(world, plan, who, status):
    assert get(world, who, DETAIL, plan.pk).status_code == status


def test_only_who_writes_sees_the_buttons(world, plan):
    assert "New version" in get(world, "peer", DETAIL, plan.pk).content.decode()
    assert "New version" not in get(world, "auditor", DETAIL, plan.pk).content.decode()


def test_the_fragment_lists_the_current_plans(world, plan):
    page = get(world, "peer", "billing:participant-plans", plan.participant_id)
    assert "Call my sister" in page.content.decode()
    assert get(world, "biller", "billing:participant-plans", plan.participant_id).status_code == 403


def test_a_plan_is_written_with_its_goals_once(world, send):
    program, on = world.juniper.programs["mesa"], world.today - people.DAY
    with world.acting("peer") as luz:
        person = people.person(luz.member, on, program=program, worker=luz.member)
    page = get(world, "peer", "billing:plan-write", person.pk)
    assert "Goal 3" in page.content.decode()
    data = {
        "program": program.pk,
        "summary": "To be with people again",
        "services": ["mh-individual"],
        "goal_1_text": "Walk to the library alone",
        "goal_1_target_on": "2027-03-01",
        "goal_2_text": "",
    }
    key = uuid.uuid4()
    answers = [send("peer", "billing:plan-write", person.pk, key=key, **data) for _ in range(2)]
    assert [each.status_code for each in answers] == [302, 302]
    with world.acting("peer"):
        plan = PlanOfCare.objects.get(participant=person)
        assert [each.text for each in plan.versions.get().goals.all()] == [data["goal_1_text"]]


def test_what_stands_beside_an_empty_goal_is_named(send, world, draft):
    data = {"services": [], "goal_1_text": "", "goal_1_measure": "Twice a week"}
    told = send("peer", "billing:plan-change", draft.pk, **data)
    assert told.status_code == 422
    assert "Write the goal in the person&#x27;s words." in told.content.decode()


def test_a_goal_that_a_note_cites_is_named_and_what_was_typed_stays(send, world, draft):
    with world.acting("peer") as luz:
        goal = draft.versions.get().goals.order_by("number").first()
        note = notes.start_note(
            participant=draft.participant,
            provider=luz.provider,
            program=draft.program,
            service_key="mh-individual",
            by=luz.member,
        )
        content = Content(goals=frozenset({goal.pk}))
        notes.save_draft(note=note, content=content, draft_number=0, by=luz.member, at=world.now)
    data = {"summary": "Words just typed", "goal_1_text": "Another goal"}
    told = send("peer", "billing:plan-change", draft.pk, **data)
    assert told.status_code == 422
    for shown in ("A note works on goal 1 as it stands", "Words just typed", "Another goal"):
        assert shown in told.content.decode()


def test_a_target_before_its_first_day_is_named(send, draft):
    data = {
        "goal_1_text": "Walk",
        "goal_1_starts_on": "2027-03-01",
        "goal_1_target_on": "2027-02-01",
    }
    told = send("peer", "billing:plan-change", draft.pk, **data)
    assert told.status_code == 422
    assert "The target day comes after the first day." in told.content.decode()


def test_the_draft_is_put_into_force_and_signed(world, send, draft):
    day = local_day(world).isoformat()
    assert send("peer", "billing:plan-activate", draft.pk, starts_on=day).status_code == 302
    again = send("peer", "billing:plan-activate", draft.pk, starts_on=day)
    assert again["Location"] == reverse(DETAIL, args=[draft.pk])
    signed = {"role": "PARTICIPANT", "name": "", "signed_on": day}
    assert send("peer", "billing:plan-sign", draft.pk, **signed).status_code == 302
    peer = {"role": "PEER", "signed_on": day}
    assert send("peer", "billing:plan-sign", draft.pk, **peer).status_code == 302
    with world.acting("peer"):
        signatures = PlanSignature.objects.filter(version__plan=draft)
        names = dict(signatures.values_list("role", "name_typed"))
        assert sorted(names) == ["PARTICIPANT", "PEER"]
        assert names["PARTICIPANT"] == draft.participant.name, (
            "as on record, where nobody typed another"
        )


def test_a_draft_without_a_goal_says_what_is_missing(world, send, draft):
    send("peer", "billing:plan-change", draft.pk, services=["mh-individual"], goal_1_text="")
    day = local_day(world).isoformat()
    told = send("peer", "billing:plan-activate", draft.pk, starts_on=day)
    assert told.status_code == 422
    assert "The plan needs a goal first" in told.content.decode()


def test_who_chose_not_to_sign_is_asked_why(world, send, plan):
    given = {"role": "PARTICIPANT", "signed_on": local_day(world).isoformat(), "declined": "on"}
    told = send("peer", "billing:plan-sign", plan.pk, **given)
    assert told.status_code == 422
    assert "Write why, in their words." in told.content.decode()


def test_a_signature_in_a_role_one_does_not_hold_is_refused_in_words(world, send, plan):
    given = {"role": "SUPERVISOR", "signed_on": local_day(world).isoformat()}
    told = send("peer", "billing:plan-sign", plan.pk, **given)
    assert told.status_code == 422
    assert "You do not hold the role" in told.content.decode()


def test_a_new_version_opens_as_a_copy(world, send, plan):
    answer = send("peer", "billing:plan-renew", plan.pk, reason="Yearly review")
    assert answer["Location"] == reverse("billing:plan-change", args=[plan.pk])
    page = get(world, "peer", "billing:plan-change", plan.pk).content.decode()
    assert "Walk three mornings a week" in page
    told = send("peer", "billing:plan-renew", plan.pk, reason="Again")
    assert told.status_code == 422
    with world.acting("peer"):
        assert PlanVersion.objects.filter(plan=plan).count() == 2


@pytest.mark.parametrize(
    "name",
    ["billing:plan-change", "billing:plan-renew", "billing:plan-activate", "billing:plan-sign"],
)
def test_the_wrong_role_and_the_other_agency_write_nothing(world, send, plan, name):
    assert send("biller", name, plan.pk).status_code == 403
    assert send("other-administrator", name, plan.pk).status_code == 403
    assert send("lapsed-peer", name, plan.pk).status_code == 404
