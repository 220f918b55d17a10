"""Today: true, for each role, of one agency, with a fixed number of queries."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from billing.operations import notes, review
from billing.queries.notes import Content
from peerworks.accounts.models import Membership
from peerworks.accounts.roles import RoleName
from peerworks.audit.models import AuditEvent
from peerworks.home.demo.cast import LANTERN, Person
from peerworks.home.demo.founding import add_file, add_member, certify
from peerworks.home.demo.standing import add_person
from peerworks.lib.periods import week_of
from providers.models import RoleElement
from tests.world import World

pytestmark = pytest.mark.django_db


def page_of(world: World, who: str) -> str:
    """The text of somebody's Today."""
    answer = world[who].client().get("/today/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def visit(world: World, hours_ago: int = 30, **more) -> Content:
    """What a note of Luz's person says of a visit so many hours ago."""
    served = world.person("peer")
    start = (world.now - dt.timedelta(hours=hours_ago)).replace(minute=0, second=0, microsecond=0)
    given = {
        "starts_at": start,
        "ends_at": start + dt.timedelta(minutes=45),
        "mode": "IN_PERSON",
        "place": "11",
        "role_elements": (str(RoleElement.HOPE),),
        "purpose": "Talked about the week.",
        "what_we_did": "Wrote a list of three small steps.",
        "response": "Chose the first one.",
        "next_step": "Will try it on Sunday.",
        "goals": frozenset([served.goal.pk]),
    }
    return Content(**{**given, **more})


def write(world: World, content: Content, *, is_signed: bool = True):
    """Luz's note of a visit, as a draft or signed."""
    served, luz = world.person("peer"), world["peer"]
    with world.acting("peer"):
        note = notes.start_note(
            participant=served.participant,
            provider=luz.provider,
            program=served.program,
            service_key="mh-individual",
            by=luz.member,
        )
        notes.save_draft(
            note=note, content=content, draft_number=0, by=luz.member, at=content.ends_at
        )
        if is_signed:
            at = content.ends_at + dt.timedelta(minutes=5)
            notes.sign_note(note=note, by=luz.member, at=at, on=at.date())
    return note


@pytest.mark.parametrize("path", ["/today/"])
def test_visitors_sign_in_first(path):
    assert Client().get(path)["Location"].startswith("/accounts/sign-in/")


def test_refuses_post(world):
    agency = str(world["peer"].member.agency_id)
    assert world["peer"].client().post("/today/", {"form_agency": agency}).status_code == 405


def test_a_member_of_two_agencies_chooses_first(world):
    with world.acting("other-administrator"):
        Membership.objects.create(
            agency=world.lantern.agency, user=world["peer"].user, roles=[RoleName.PEER]
        )
    assert world["peer"].client().get("/today/")["Location"] == "/accounts/agencies/"


class TestPeer:
    """Whom I see, what I left unfinished, how I stand."""

    def test_people_not_seen_for_a_week(self, world):
        page = page_of(world, "lapsed-peer")
        assert "One person you have not seen for a week" in page
        assert world.person("lapsed-peer").participant.shown_name in page

    def test_whom_i_saw_yesterday_does_not_wait(self, world):
        world.people.pop("peachtree")
        write(world, visit(world))
        page = page_of(world, "peer")
        assert "One person you have not seen" in page or "Una persona" in page

    def test_a_draft_and_a_returned_note_with_its_words(self, world):
        draft = write(world, visit(world, 50), is_signed=False)
        note = write(world, visit(world))
        with world.acting("supervisor") as andre:
            review.return_note(note=note, words="Which goal was it?", by=andre.member, at=world.now)
        page = page_of(world, "peer")
        assert "Which goal was it?" in page
        assert page.count(f"/notes/{note.pk}/write/") == 1
        assert page.index("Which goal was it?") < page.index(f"/notes/{draft.pk}/write/")

    def test_minutes_of_the_week_come_from_the_ledger(self, world):
        """At one in the night of Monday, the visit of two hours ago was last week's."""
        assert "45 min" not in page_of(world, "peer")
        content = visit(world, 2)
        write(world, content)
        day = content.starts_at.astimezone(ZoneInfo(world["peer"].member.agency.time_zone)).date()
        is_this_week = day >= week_of(world.today).start
        assert ("45 min" in page_of(world, "peer")) == is_this_week

    def test_a_certification_that_ended(self, world):
        assert "st-late" in page_of(world, "lapsed-peer")

    def test_the_people_shown_are_kept_in_the_trail(self, world):
        page_of(world, "lapsed-peer")
        with world.acting("privacy-officer"):
            event = AuditEvent.objects.get(action="participant.listed")
        assert event.participants == [world.person("lapsed-peer").participant.pk]
        assert event.actor_name == "Sam Whitfield"


class TestSupervisor:
    """What waits for review, whom to meet."""

    def test_nothing_waits(self, world):
        assert "No note waits for your review" in page_of(world, "supervisor")

    def test_notes_to_review_and_the_oldest(self, world):
        write(world, visit(world, 80))
        write(world, visit(world, 30))
        page = page_of(world, "supervisor")
        assert "Two notes wait for your review" in page
        assert "signed 3 days ago" in page

    def test_a_returned_note_is_with_its_author(self, world):
        note = write(world, visit(world))
        with world.acting("supervisor") as andre:
            review.return_note(note=note, words="Which goal?", by=andre.member, at=world.now)
        page = page_of(world, "supervisor")
        assert "No note waits for your review" in page
        assert "One note you returned is with its author." in page

    def test_supervision_is_up_to_date_and_endings_are_told(self, world):
        page = page_of(world, "supervisor")
        assert "Supervision is up to date" in page
        assert "Sam Whitfield" in page.partition("Certifications that end within 90 days")[2]

    def test_a_supervisor_who_is_a_peer_sees_own_people_below(self, world):
        page = page_of(world, "supervisor")
        assert page.index("Supervision is up to date") < page.index("How I stand")


class TestAdministrator:
    """Who cannot bill and what that holds up."""

    def test_sam_cannot_bill_and_why(self, world):
        page = page_of(world, "administrator")
        assert "Sam Whitfield" in page.partition("cannot bill today")[2]
        assert "ended on" in page
        assert "0 visits, $0.00" in page

    def test_a_certificate_to_verify(self, world):
        assert "No document waits to be verified" in page_of(world, "administrator")
        with world.acting("administrator"):
            certify(
                world.juniper,
                world["lapsed-peer"].provider,
                "va-prs",
                since=world.today - dt.timedelta(days=3),
                until=world.today + dt.timedelta(days=362),
                now=world.now,
                number="DEMO-NEW",
                is_verified=False,
            )
        page = page_of(world, "administrator")
        assert "One document waits to be verified" in page
        assert "has not been verified yet" in page

    def test_without_rules_nothing_is_claimed(self, world):
        ada = Person(
            *("harbor-peer", "Ada", "Quill", "en", LANTERN, (RoleName.PEER,)),
            *("Peer specialist", "PEER", ("harbor",), "", ()),
        )
        with world.acting("other-administrator"):
            add_member(world.lantern, ada)
            add_file(world.lantern, ada, 30, world.today)
        page = page_of(world, "other-administrator")
        assert "Sam Whitfield" not in page
        assert "Who can bill today is not known" in page
        assert "One person works in a program whose rules are not loaded" in page


class TestBiller:
    """Held and ready."""

    def test_a_note_in_review_is_held(self, world):
        write(world, visit(world))
        page = page_of(world, "biller")
        assert "$64.50 on hold, 1 visit" in page
        assert "NOTE-REVIEW" in page
        assert "Nothing is ready to bill" in page

    def test_a_cosigned_note_is_ready(self, world):
        note = write(world, visit(world))
        with world.acting("supervisor") as andre:
            review.cosign_note(note=note, by=andre.member, at=world.now, on=world.today)
        page = page_of(world, "biller")
        assert "Nothing is on hold" in page
        assert "$64.50 is ready to bill, 1 visit" in page


def test_trainer_sees_who_completed_what(world):
    page = page_of(world, "trainer")
    assert "completed by 1 person" in page
    assert "Luz Ortega" in page


def test_privacy_officer_sees_denials_and_no_name(world):
    assert "Nothing was denied since yesterday" in page_of(world, "privacy-officer")
    assert world["trainer"].client().get("/worklist/").status_code == 403
    page = page_of(world, "privacy-officer")
    assert "One request was denied since yesterday" in page
    assert "Visits to bill" in page
    assert "kind=DENIAL&amp;since=" in page
    assert world["trainer"].user.name in page


def test_auditor_sees_the_rules_in_force(world):
    page = page_of(world, "auditor")
    assert "No claim has been paid yet." in page
    assert "/rules/tx-medicaid-peer/" in page


@pytest.mark.parametrize("who", ["peer", "supervisor", "administrator", "biller"])
def test_more_people_and_notes_cost_no_more_queries(world, who):
    def queries():
        client = world[who].client()
        client.get("/today/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/today/")
        return len(asked)

    write(world, visit(world, 30))
    write(world, visit(world, 54), is_signed=False)
    before = queries()
    with world.acting("administrator"):
        for number in range(50, 56):
            add_person(
                world.juniper,
                "mesa",
                given="Robin",
                family="Willow",
                number=number,
                team=(world["peer"].member, world["supervisor"].member),
                today=world.today,
                now=world.now,
            )
    for hours in (78, 102, 126):
        write(world, visit(world, hours))
        write(world, visit(world, hours + 3), is_signed=False)
    assert queries() == before
