"""Sessions: logged by the supervisor, signed by both, written once into the ledger."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from peerworks.audit.models import AuditEvent
from peerworks.lib.findings import Refused
from providers.models import WorkEntry, WorkSpan
from supervision import operations
from supervision.models import Action, Session, SessionAttendance
from tests.factories.participants import reading_english
from tests.factories.supervision import (
    make_action,
    make_assignment,
    make_session,
    make_session_attendance,
)

pytestmark = pytest.mark.django_db
ONE_DAY = dt.timedelta(days=1)


def yesterday_at_three(world):
    zone = ZoneInfo(world.juniper.sites["mesa"].time_zone)
    day = world.now.astimezone(zone).date() - ONE_DAY
    return dt.datetime.combine(day, dt.time(15), zone)


def logged(world, *, start=None, **given):
    """A session of Andre's with Luz, logged through the operation."""
    start = start or yesterday_at_three(world)
    told = {
        "supervisee": world["peer"].provider,
        "program": world.juniper.programs["mesa"],
        "starts_at": start,
        "ends_at": start + dt.timedelta(minutes=45),
        "mode": "VIDEO",
        "topics": ["ROLE", "ETHICS"],
        "shared_notes": "Made-up words.",
        "by": world["supervisor"].member,
        "at": world.now,
    }
    return operations.log_session(**told | given)


def form_of(world, **given):
    """What the browser sends to log a session."""
    start = yesterday_at_three(world)
    return {
        "form_agency": str(world.juniper.agency.pk),
        "form_key": str(uuid.uuid4()),
        "supervisee": str(world["peer"].provider.pk),
        "program": str(world.juniper.programs["mesa"].pk),
        "day": start.date().isoformat(),
        "start": "15:00",
        "end": "15:45",
        "mode": "VIDEO",
        "format": "INDIVIDUAL",
        "topics": ["ROLE", "ETHICS"],
        "shared_notes": "Made-up words.",
        "action_1": "Read the made-up handbook",
        "owner_1": "SUPERVISEE",
        "due_1": (start.date() + 9 * ONE_DAY).isoformat(),
        "action_2": "Find a made-up course",
        "owner_2": "SUPERVISOR",
        "owner_3": "SUPERVISEE",
    } | given


def posted(world, who, name, args, **given):
    data = {"form_agency": str(world.juniper.agency.pk), **given}
    return world[who].client().post(reverse(f"supervision:{name}", args=args), data)


def events(world, action):
    return AuditEvent.objects.filter(action=action).count()


def refused(code):
    return pytest.raises(Refused, match=f"^{code}$")


class TestLogging:
    def test_the_form_makes_a_session_with_its_actions(self, world):
        answer = (
            world["supervisor"].client().post(reverse("supervision:session-log"), form_of(world))
        )
        with world.acting("supervisor"):
            session = Session.objects.get(supervisor_signed_at__isnull=True)
            assert answer.status_code == 302
            assert answer.url == reverse("supervision:session-detail", args=[session.pk])
            assert session.starts_at == yesterday_at_three(world)
            assert session.minutes == session.attendance.get().minutes == 45
            owners = dict(session.actions.values_list("text", "owner"))
            assert owners == {
                "Read the made-up handbook": world["peer"].provider.pk,
                "Find a made-up course": world["supervisor"].provider.pk,
            }
            assert events(world, "session.logged") == 1

    def test_a_time_that_the_clocks_skipped_is_refused_at_its_field(self, world):
        client = reading_english(world["supervisor"])
        address = reverse("supervision:session-log")
        sent = form_of(world, day="2026-03-08", start="02:30", end="03:30")
        told = client.post(address, sent)
        assert told.status_code == 422
        (said,) = told.context["form"].errors["start"]
        assert said.startswith("There was no 2:30 AM on March 8, 2026: the clocks went forward.")
        assert told.context["form"]["start"].value() == "02:30"
        assert not Session.objects.filter(shared_notes=sent["shared_notes"]).exists()

    def test_the_same_form_twice_makes_one_session(self, world):
        client, sent = world["supervisor"].client(), form_of(world)
        first = client.post(reverse("supervision:session-log"), sent)
        second = client.post(reverse("supervision:session-log"), sent)
        assert first.url == second.url
        with world.acting("supervisor"):
            assert Session.objects.filter(supervisor_signed_at__isnull=True).count() == 1
            assert Action.objects.count() == 2

    def test_the_same_form_with_other_content_is_refused(self, world):
        client, sent = world["supervisor"].client(), form_of(world)
        client.post(reverse("supervision:session-log"), sent)
        other = sent | {"shared_notes": "Other made-up words."}
        assert client.post(reverse("supervision:session-log"), other).status_code == 422

    def test_the_same_form_with_another_person_is_refused(self, world):
        with world.acting("supervisor"):
            key = uuid.uuid4()
            logged(world, form_key=key)
            world.juniper.programs["mesa"].placements.create(
                agency=world.juniper.agency,
                created_by=world.juniper.clerk,
                provider=world["lapsed-peer"].provider,
                period=(world.today - 30 * ONE_DAY, None),
            )
            with refused("FORM-CHANGED"):
                logged(world, form_key=key, supervisee=world["lapsed-peer"].provider)

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"supervisee": ""}, "supervisee"),
            ({"end": "14:00"}, "end"),
            ({"mode": ""}, "mode"),
            ({"format": "GROUP"}, "format"),
        ],
    )
    def test_a_form_that_lacks_something_answers_422_and_names_it(self, world, given, field):
        client = world["supervisor"].client()
        answer = client.post(reverse("supervision:session-log"), form_of(world, **given))
        assert answer.status_code == 422
        assert field in answer.context["form"].errors

    def test_who_is_not_ones_supervisee_is_no_choice(self, world):
        stranger = str(world["trainer"].provider.pk)
        client = world["supervisor"].client()
        answer = client.post(
            reverse("supervision:session-log"), form_of(world, supervisee=stranger)
        )
        assert answer.status_code == 422
        assert "supervisee" in answer.context["form"].errors

    def test_a_session_to_come_is_refused(self, world):
        with world.acting("supervisor"), refused("SUPS-FUTURE"):
            logged(world, start=world.now - dt.timedelta(minutes=20))

    def test_only_a_supervisor_logs(self, world):
        with world.acting("administrator"), refused("SUPS-NOT-SUPERVISOR"):
            logged(world, by=world["administrator"].member)

    def test_the_assignment_counts_as_of_the_day_of_the_session(self, world):
        with world.acting("supervisor"), refused("SUPS-NOT-YOURS"):
            logged(world, start=yesterday_at_three(world) - 800 * ONE_DAY)

    def test_the_delegate_logs_in_the_supervisors_place(self, world):
        with world.acting("supervisor"):
            tom = world["trainer"]
            tom.member.roles = ["SUPERVISOR"]
            tom.member.save()
            held = world["peer"].provider.assignments.get()
            held.delegate = tom.provider
            held.save()
            session = logged(world, by=tom.member)
            assert session.supervisor == tom.provider

    def test_the_program_is_one_of_the_workers(self, world):
        with world.acting("supervisor"), refused("SUPS-NOT-PLACED"):
            logged(world, program=world.juniper.programs["dogwood"])


class TestPages:
    @pytest.mark.parametrize("who", ["peer", "administrator", "biller", "auditor"])
    def test_others_than_supervisors_may_not_open_the_form(self, world, who):
        assert world[who].client().get(reverse("supervision:session-log")).status_code == 403

    def test_the_form_of_somebody_elses_worker_is_not_there(self, world):
        address = reverse("supervision:session-log", args=[world["trainer"].provider.pk])
        assert world["supervisor"].client().get(address).status_code == 404

    def test_the_form_opens_with_the_person_chosen(self, world):
        luz = world["peer"].provider
        answer = world["supervisor"].client().get(reverse("supervision:session-log", args=[luz.pk]))
        assert answer.context["form"]["supervisee"].value() == luz.pk

    @pytest.mark.parametrize(
        ("who", "status"),
        [
            ("supervisor", 200),
            ("peer", 200),
            ("administrator", 200),
            ("auditor", 200),
            ("lapsed-peer", 404),
            ("other-administrator", 404),
            ("biller", 403),
        ],
    )
    def test_who_opens_a_session(self, world, who, status):
        with world.acting("supervisor"):
            session = logged(world)
        address = reverse("supervision:session-detail", args=[session.pk])
        assert world[who].client().get(address).status_code == status

    def test_signing_takes_a_post(self, world):
        with world.acting("supervisor"):
            session = logged(world)
        address = reverse("supervision:session-sign", args=[session.pk])
        assert world["supervisor"].client().get(address).status_code == 405

    def test_the_page_waits_for_the_supervisor_first(self, world):
        with world.acting("supervisor"):
            session = logged(world)
        address = reverse("supervision:session-detail", args=[session.pk])
        answer = world["peer"].client().get(address)
        assert answer.context["waits_for_supervisor"] is True
        assert answer.context["form"] is None


class TestSigning:
    def test_both_sign_and_each_has_the_time_in_the_ledger(self, world):
        with world.acting("supervisor"):
            session = logged(world)
        posted(world, "supervisor", "session-sign", [session.pk])
        posted(
            world,
            "peer",
            "session-sign",
            [session.pk],
            form_key=str(uuid.uuid4()),
            own_words="I see it in the same way.",
            sign="Sign",
        )
        with world.acting("supervisor"):
            session.refresh_from_db()
            part = session.attendance.get()
            assert len(session.sha256) == 64
            assert part.own_words == "I see it in the same way."
            assert list(SessionAttendance.objects.credited()).count(part) == 1
            entries = WorkEntry.objects.filter(span__source_id=session.pk)
            assert set(entries.values_list("span__provider", "activity", "minutes")) == {
                (world["supervisor"].provider.pk, "SUPERVISION_GIVEN", 45),
                (world["peer"].provider.pk, "SUPERVISION_RECEIVED", 45),
            }
            assert {each.funding_source for each in entries} == {world.juniper.funds["STATE"]}
            assert events(world, "session.signed") == events(world, "attendance.signed") == 1

    def test_a_second_press_changes_nothing_and_says_so(self, world):
        with world.acting("supervisor"):
            session = logged(world)
        posted(world, "supervisor", "session-sign", [session.pk])
        with world.acting("supervisor"):
            before = Session.objects.get(pk=session.pk).sha256
        answer = posted(world, "supervisor", "session-sign", [session.pk])
        assert answer.status_code == 302
        with world.acting("supervisor"):
            assert Session.objects.get(pk=session.pk).sha256 == before
            assert WorkSpan.objects.filter(source_id=session.pk).count() == 1

    def test_the_hash_stands_for_what_was_signed(self, world):
        with world.acting("supervisor"):
            one = operations.sign_session(
                session=logged(world), by=world["supervisor"].member, at=world.now
            )
            other = operations.sign_session(
                session=logged(
                    world,
                    start=yesterday_at_three(world) - ONE_DAY,
                    shared_notes="Other made-up words.",
                ),
                by=world["supervisor"].member,
                at=world.now,
            )
            assert one.sha256 != other.sha256

    def test_the_supervisor_signs_first(self, world):
        with world.acting("peer"):
            session = logged(world)
            with refused("SUPS-SUPERVISOR-FIRST"):
                operations.sign_attendance(
                    attendance=session.attendance.get(),
                    own_words="",
                    by=world["peer"].member,
                    at=world.now,
                )

    def test_nobody_signs_for_another(self, world):
        with world.acting("administrator"):
            session = logged(world)
            clerk = world["administrator"].member
            with refused("SUPS-NOT-SUPERVISOR"):
                operations.sign_session(session=session, by=clerk, at=world.now)
            with refused("SUPS-NOT-SUPERVISEE"):
                operations.sign_attendance(
                    attendance=session.attendance.get(), own_words="", by=clerk, at=world.now
                )

    def test_an_administrator_who_presses_gets_a_404(self, world):
        with world.acting("supervisor"):
            session = logged(world)
        assert posted(world, "administrator", "session-sign", [session.pk]).status_code == 404

    def test_other_time_that_overlaps_is_refused_in_words(self, world):
        with world.acting("supervisor"):
            operations.sign_session(
                session=logged(world), by=world["supervisor"].member, at=world.now
            )
            second = logged(world)
        answer = posted(world, "supervisor", "session-sign", [second.pk])
        with world.acting("supervisor"):
            assert Session.objects.get(pk=second.pk).supervisor_signed_at is None
        followed = world["supervisor"].client().get(answer.url)
        assert followed.status_code == 200

    def test_own_words_are_kept_for_later(self, world):
        with world.acting("supervisor"):
            session = logged(world)
        posted(world, "supervisor", "session-sign", [session.pk])
        sent = {"form_key": str(uuid.uuid4()), "own_words": "Half of it.", "later": "Later"}
        posted(world, "peer", "session-sign", [session.pk], **sent)
        with world.acting("peer"):
            part = session.attendance.get()
            assert (part.own_words, part.signed_at) == ("Half of it.", None)
        page = world["peer"].client().get(reverse("supervision:session-detail", args=[session.pk]))
        assert page.context["form"]["own_words"].value() == "Half of it."

    def test_after_ones_signature_words_no_longer_change(self, world):
        with world.acting("supervisor"):
            session = logged(world)
            operations.sign_session(session=session, by=world["supervisor"].member, at=world.now)
            luz = world["peer"].member
            part = operations.sign_attendance(
                attendance=session.attendance.get(), own_words="", by=luz, at=world.now
            )
            with refused("SUPS-SIGNED-BY-YOU"):
                operations.add_own_words(attendance=part, own_words="More.", by=luz)


class TestCorrecting:
    def test_an_unsigned_session_is_corrected_with_its_credit(self, world):
        with world.acting("supervisor"):
            session = logged(world)
        address = reverse("supervision:session-change", args=[session.pk])
        client = world["supervisor"].client()
        assert client.get(address).context["form"]["start"].value() == dt.time(15)
        for end, minutes in (("16:30", 90), ("15:10", 10)):
            assert client.post(address, form_of(world, end=end)).status_code == 302
            with world.acting("supervisor"):
                kept = Session.objects.get(pk=session.pk)
                assert (kept.minutes, kept.attendance.get().minutes) == (minutes, minutes)

    def test_a_signed_one_no_longer_changes(self, world):
        with world.acting("supervisor"):
            session = logged(world)
            operations.sign_session(session=session, by=world["supervisor"].member, at=world.now)
        address = reverse("supervision:session-change", args=[session.pk])
        answer = world["supervisor"].client().post(address, form_of(world, end="16:30"))
        assert answer.status_code == 422

    def test_another_supervisors_session_is_not_there(self, world):
        with world.acting("supervisor"):
            tom = world["trainer"].provider
            session = make_session(
                by=world["trainer"].member,
                supervisor=tom,
                program=world.juniper.programs["mesa"],
                start=yesterday_at_three(world),
            )
            make_session_attendance(session=session, provider=world["peer"].provider)
        address = reverse("supervision:session-change", args=[session.pk])
        assert world["supervisor"].client().get(address).status_code == 404


class TestActions:
    def test_who_agreed_to_do_it_records_it_as_done_once(self, world):
        with world.acting("supervisor"):
            action = make_action(session=logged(world), owner=world["peer"].provider)
        for _ in range(2):
            assert posted(world, "peer", "action-finish", [action.pk]).status_code == 302
        with world.acting("peer"):
            action.refresh_from_db()
            assert action.done_by == world["peer"].member
            assert events(world, "action.finished") == 1

    def test_an_administrator_may_not(self, world):
        with world.acting("supervisor"):
            action = make_action(session=logged(world), owner=world["peer"].provider)
        posted(world, "administrator", "action-finish", [action.pk])
        with world.acting("peer"):
            action.refresh_from_db()
            assert action.done_at is None


def test_earlier_words_stay_with_the_earlier_supervisor(world):
    """A new supervisor sees the sessions since the own assignment began, not those before."""
    with world.acting("supervisor"):
        session = logged(world)
        tom = world["trainer"]
        tom.member.roles = ["SUPERVISOR"]
        tom.member.save()
        make_assignment(
            by=world["administrator"].member,
            provider=world["peer"].provider,
            supervisor=tom.provider,
            since=world.today,
            is_primary=False,
        )
    address = reverse("supervision:session-detail", args=[session.pk])
    assert tom.client().get(address).status_code == 404
