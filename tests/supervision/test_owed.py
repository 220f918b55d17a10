"""What is owed, for pages and reminders: rows equal the rules, steps are raised once each."""

import datetime as dt
from collections import Counter
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from peerworks.agencies.context import acting_for
from peerworks.jobs.models import DueWork
from peerworks.jobs.operations import plan
from peerworks.lib.findings import ref
from peerworks.lib.periods import Days, add_months
from peerworks.notices.kinds import kind_of
from peerworks.notices.models import Notice
from providers import standing
from providers.models import Provider
from supervision import operations, queries
from supervision.models import Assignment, Session
from supervision.notices import KIND, TASK
from supervision.rules import Duty, Mode, SessionFact, StageFact, State, SupervisionFacts, owed_on
from supervision.tasks import supervision_overdue_reminders_raised
from tests.factories.providers import (
    make_credential,
    make_placement,
    make_provider,
    make_work_entry,
    make_work_span,
)
from tests.factories.supervision import make_assignment, make_credited_session, make_session
from tests.factories.supervision import make_session_attendance as make_part

pytestmark = pytest.mark.django_db
ONE_DAY = dt.timedelta(days=1)
YEAR = dt.timedelta(days=365)


def row_of(who, on):
    """The row of one worker."""
    return next(row for row in queries.owed_rows(on) if row.provider_id == who.pk)


def last_session_of(worker):
    session = Session.objects.filter(attendance__provider=worker).latest("starts_at")
    return queries.service_day_of(session)


def supervised(world, worker, day, **given):
    """An hour with Andre at noon of a day, which counts."""
    start = dt.datetime.combine(day, dt.time(12), ZoneInfo("America/Chicago"))
    told = {
        "by": world["supervisor"].member,
        "supervisor": world["supervisor"].provider,
        "worker": worker,
        "program": world.juniper.programs["mesa"],
        "start": start,
    }
    return make_credited_session(**told | given)


def new_peer(world, site="mesa", kind="tx-peer-specialist", stage="FULL", supervisor=None):
    """A peer of a house with a certificate since two years, supervised for a year."""
    by = world["administrator"].member
    peer = make_provider(by=by)
    make_placement(by=by, provider=peer, program=world.juniper.programs[site])
    make_credential(
        by=by,
        provider=peer,
        kind=world.juniper.kinds[kind],
        stage=stage,
        since=world.today - 2 * YEAR,
        until=world.today + YEAR,
    )
    make_assignment(
        by=by,
        provider=peer,
        supervisor=supervisor or world["supervisor"].provider,
        since=world.today - YEAR,
    )
    return peer


def signs_in(world, peer):
    """Gives a peer without a sign-in the trainer's, with the role of a peer."""
    member = world["trainer"].member
    member.roles = ["PEER"]
    member.save()
    Provider.objects.filter(pk=world["trainer"].provider.pk).update(member=None)
    peer.member = member
    peer.save()
    return peer


class TestRows:
    def test_a_row_equals_what_the_rules_say_of_the_same_facts(self, world):
        with world.acting("supervisor"):
            peer = new_peer(world)
            session = supervised(world, peer, world.today - 10 * ONE_DAY)
            on = world.today
            facts = SupervisionFacts(
                assigned=(Days(on - YEAR),),
                stages=(StageFact("FULL", Days(on - 2 * YEAR, on + YEAR + ONE_DAY)),),
                sessions=(
                    SessionFact(
                        on=on - 10 * ONE_DAY,
                        minutes=60,
                        format="INDIVIDUAL",
                        mode="IN_PERSON",
                        record=ref("supervision.session", session.pk, session.sha256),
                    ),
                ),
            )
            duties = queries.duties_on(["tx-medicaid-peer"], on)["tx-medicaid-peer"]
            row = row_of(peer, on)
            assert row.standing == owed_on(duties, facts, on)
            assert row.due_on == add_months(on - 10 * ONE_DAY, 1)
            assert row.supervisor == "Andre Rivers"

    def test_a_new_peer_owes_weekly(self, world):
        with world.acting("supervisor"):
            peer = new_peer(world, stage="INITIAL")
            supervised(world, peer, world.today - 7 * ONE_DAY)
            assert row_of(peer, world.today).state is State.DUE
            assert row_of(peer, world.today + ONE_DAY).state is State.OVERDUE

    def test_the_strictest_of_the_programs_decides(self, world):
        with world.acting("supervisor"):
            peer = new_peer(world, site="dogwood", kind="va-prs", stage="INITIAL")
            assert row_of(peer, world.today).standing is None
            by = world["administrator"].member
            make_placement(by=by, provider=peer, program=world.juniper.programs["mesa"])
            row = row_of(peer, world.today)
            assert row.standing.duty.every.days == 7
            assert len(row.programs) == 2

    def test_one_signature_alone_does_not_count(self, world):
        with world.acting("supervisor"):
            peer = new_peer(world)
            session = make_session(
                by=world["supervisor"].member,
                supervisor=world["supervisor"].provider,
                program=world.juniper.programs["mesa"],
                start=world.now - ONE_DAY,
            )
            make_part(session=session, provider=peer)
            assert row_of(peer, world.today).standing.last is None

    def test_who_is_not_placed_or_not_employed_owes_nothing(self, world):
        with world.acting("supervisor"):
            on = world.today
            gone = make_provider(by=world["administrator"].member, employed_from=None)
            unplaced = make_provider(by=world["administrator"].member)
            seen = {row.provider_id for row in queries.owed_rows(on)}
            assert not {gone.pk, unplaced.pk} & seen

    def test_the_most_urgent_stand_first(self, world):
        with world.acting("supervisor"):
            late, soon = new_peer(world), new_peer(world)
            supervised(world, late, world.today - 45 * ONE_DAY)
            supervised(world, soon, world.today - 26 * ONE_DAY, start=world.now - 26 * ONE_DAY)
            rows = [row.provider_id for row in queries.owed_rows(world.today)]
            assert rows[:2] == [late.pk, soon.pk]

    def test_any_number_of_workers_costs_the_same(self, world, django_assert_num_queries):
        with world.acting("supervisor"):
            queries.owed_rows(world.today)
            with django_assert_num_queries(7):
                queries.owed_rows(world.today)
            for _ in range(8):
                supervised_peer = new_peer(world)
                assert supervised_peer.pk
            with django_assert_num_queries(7):
                assert len(queries.owed_rows(world.today)) >= 8

    def test_service_is_summed_by_the_local_day_of_its_site(self, world):
        with world.acting("supervisor"):
            luz, program = world["peer"].provider, world.juniper.programs["mesa"]
            start = dt.datetime(2026, 3, 2, 3, 30, tzinfo=dt.UTC)  # the evening before in Texas
            span = make_work_span(
                by=world["peer"].member, provider=luz, program=program, start=start
            )
            fund = world.juniper.funds["MEDICAID"]
            make_work_entry(
                span=span, funding_source=fund, minutes=40, activity="INDIVIDUAL_SUPPORT"
            )
            make_work_entry(span=span, funding_source=fund, minutes=20, activity="DOCUMENTATION")
            known = queries.supervision_facts([luz.pk], with_served=True)[luz.pk]
            assert [(each.on, each.minutes) for each in known.served] == [(dt.date(2026, 3, 1), 40)]


class TestSupervisors:
    def test_verified_proof_speaks_for_a_supervisor(self, world):
        with world.acting("supervisor"):
            answers = queries.supervisor_answers(world["supervisor"].provider, world.today)
            assert [each.holds for each in answers] == [True, True, True]

    def test_without_it_the_page_says_what_is_missing(self, world):
        with world.acting("supervisor"):
            answers = queries.supervisor_answers(world["lapsed-peer"].provider, world.today)
            assert not any(each.holds or not each.missing for each in answers)
        (mesa,) = [each for each in answers if "tx-" in each.missing or "Texas" in each.missing]
        assert "certification “Texas Peer Specialist Supervisor”" in mesa.missing
        assert "license “QCC, qualified credentialed counselor”" in mesa.missing

    def test_facts_of_many_supervisors_cost_four_queries(self, world, django_assert_num_queries):
        with world.acting("supervisor"):
            ids = list(Provider.objects.values_list("pk", flat=True))
            with django_assert_num_queries(4):
                facts = queries.supervisor_facts(ids)
            assert facts.keys() == set(ids)


def raised(world, on):
    """Raise as the daily task does."""
    house = world.juniper
    with acting_for(house.agency.pk, house.service.user_id):
        return operations.raise_overdue_reminders(agency_id=house.agency.pk, on=on)


def notices_of(who, **given):
    told = Notice.objects.filter(kind=KIND, recipient=who.member, **given)
    return Counter(told.values_list("step", "state"))


class TestReminders:
    def test_the_steps_reach_worker_supervisor_and_then_administrators(self, world):
        with world.acting("administrator"):
            luz = world["peer"].provider
            last = last_session_of(luz)
            due_on = add_months(last, 1)
            assert raised(world, last + ONE_DAY).raised == 0
            assert raised(world, due_on - 3 * ONE_DAY).by_step == {"P80": 2}
            assert raised(world, due_on).by_step == {"P100": 3}
            assert raised(world, due_on + 6 * ONE_DAY).raised == 0
            assert raised(world, due_on + 7 * ONE_DAY).by_step == {"W1": 3}
            told = Notice.objects.filter(kind=KIND, recipient=world["administrator"].member)
            assert {each.subject_id for each in told} == {luz.pk}
            assert {each.due_on for each in told} == {due_on}

    def test_twice_is_once(self, world):
        with world.acting("administrator"):
            due_on = add_months(last_session_of(world["peer"].provider), 1)
            first, second = raised(world, due_on), raised(world, due_on)
            assert (first.raised, second.raised, second.already) == (3, 0, 3)

    def test_missed_days_raise_the_nearest_step_only(self, world):
        with world.acting("administrator"):
            due_on = add_months(last_session_of(world["peer"].provider), 1)
            assert raised(world, due_on + 8 * ONE_DAY).by_step == {"W1": 3}
            assert notices_of(world["peer"]) == {
                ("P80", "SUPERSEDED"): 1,
                ("P100", "SUPERSEDED"): 1,
                ("W1", "RAISED"): 1,
            }
            # P80 was not meant for administrators.
            assert notices_of(world["administrator"]) == {
                ("P100", "SUPERSEDED"): 1,
                ("W1", "RAISED"): 1,
            }

    def test_a_session_signed_by_both_closes_them(self, world):
        with world.acting("administrator"):
            peer = signs_in(world, new_peer(world))
            raised(world, world.today)
            about = Notice.objects.filter(kind=KIND, subject_id=peer.pk)
            assert about.filter(state="RAISED").exists()
            andre = world["supervisor"].member
            session = operations.log_session(
                supervisee=peer,
                program=world.juniper.programs["mesa"],
                starts_at=world.now - dt.timedelta(hours=3),
                ends_at=world.now - dt.timedelta(hours=2),
                mode="IN_PERSON",
                by=andre,
                at=world.now,
            )
            operations.sign_session(session=session, by=andre, at=world.now)
            assert about.filter(state="RAISED").exists()
            operations.sign_attendance(
                attendance=session.attendance.get(), own_words="", by=peer.member, at=world.now
            )
            assert not about.filter(state="RAISED").exists()

    def test_a_session_that_does_not_count_closes_nothing(self, world):
        with world.acting("administrator"):
            peer = signs_in(world, new_peer(world))
            raised(world, world.today)
            andre = world["supervisor"].member
            session = operations.log_session(
                supervisee=peer,
                program=world.juniper.programs["mesa"],
                starts_at=world.now - dt.timedelta(hours=3),
                ends_at=world.now - dt.timedelta(hours=2),
                mode="IN_PERSON",
                format="ADMINISTRATIVE",
                by=andre,
                at=world.now,
            )
            operations.sign_session(session=session, by=andre, at=world.now)
            operations.sign_attendance(
                attendance=session.attendance.get(),
                own_words="",
                by=peer.member,
                at=world.now,
            )
            assert Notice.objects.filter(subject_id=peer.pk, state="RAISED").exists()

    def test_what_is_due_no_longer_is_closed_by_the_next_day(self, world):
        with world.acting("administrator"):
            luz = world["peer"].provider
            due_on = add_months(last_session_of(luz), 1)
            raised(world, due_on)
            Assignment.objects.filter(provider=luz).update(
                period=(world.today - YEAR, due_on + ONE_DAY)
            )
            assert raised(world, due_on + ONE_DAY).closed == 3

    def test_the_task_raises_once_a_slot(self, world):
        agency, slot = world.juniper.agency, (world.today + 60 * ONE_DAY).isoformat()
        with world.acting("administrator"):
            plan(kind=TASK, slots=[(agency.pk, slot)], at=world.now)
            work = DueWork.objects.get(kind=TASK, slot=slot)
        told = {"agency_id": str(agency.pk), "due_work_id": str(work.pk), "slot": slot}
        for _ in range(2):
            supervision_overdue_reminders_raised(**told)
        with world.acting("administrator"):
            work.refresh_from_db()
            assert work.state == DueWork.State.DONE
            assert notices_of(world["peer"], state="RAISED").total() == 1

    def test_any_number_of_workers_costs_the_same(self, world, django_assert_num_queries):
        with world.acting("administrator"):
            on = world.today + 60 * ONE_DAY
            list(kind_of(KIND).due(on))
            for _ in range(5):
                new_peer(world)
            with django_assert_num_queries(9):
                assert len(list(kind_of(KIND).due(on))) > 5

    def test_supervisors_hear_of_certificates_too(self, world):
        with world.acting("administrator"):
            luz = world["peer"].provider.pk
            told = standing.supervisors_on([luz], world.today)
            assert told == {luz: {world["supervisor"].member.pk}}


class TestPages:
    def test_the_list_says_who_is_overdue_in_words(self, world):
        with world.acting("supervisor"):
            late = new_peer(world)
            supervised(world, late, world.today - 45 * ONE_DAY)
        answer = world["supervisor"].client().get(reverse("supervision:person-list"))
        rows = {row.of.provider_id: row for row in answer.context["page"]}
        assert rows[late.pk].tone == "late"
        assert "overdue" in rows[late.pk].state
        assert rows[late.pk].rule == "Every month"
        assert answer.context["overdue"] == 1

    def test_a_peer_sees_only_the_own_row(self, world):
        answer = world["peer"].client().get(reverse("supervision:person-list"))
        assert [row.of.name for row in answer.context["page"]] == ["Luz Ortega"]

    def test_the_owed_list_leaves_out_who_is_up_to_date(self, world):
        answer = world["administrator"].client().get(reverse("supervision:owed-list"))
        names = [row.of.name for row in answer.context["page"]]
        assert "Luz Ortega" not in names
        assert "Sam Whitfield" in names

    @pytest.mark.parametrize("name", ["person-list", "owed-list"])
    @pytest.mark.parametrize("who", ["biller", "trainer", "privacy-officer"])
    def test_who_has_no_part_in_supervision_gets_403(self, world, name, who):
        assert world[who].client().get(reverse(f"supervision:{name}")).status_code == 403

    @pytest.mark.parametrize("name", ["person-detail", "supervisor-detail", "provider-section"])
    @pytest.mark.parametrize(
        ("who", "status"),
        [
            ("peer", 200),
            ("supervisor", 200),
            ("administrator", 200),
            ("auditor", 200),
            ("lapsed-peer", 404),
            ("other-administrator", 404),
            ("biller", 403),
        ],
    )
    def test_who_opens_a_worker(self, world, name, who, status):
        address = reverse(f"supervision:{name}", args=[world["peer"].provider.pk])
        assert world[who].client().get(address).status_code == status

    def test_the_lists_take_no_post(self, world):
        data = {"form_agency": str(world.juniper.agency.pk)}
        answer = world["supervisor"].client().post(reverse("supervision:person-list"), data)
        assert answer.status_code == 405


def queries_of(client, address):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize("name", ["person-list", "person-detail"])
def test_a_page_costs_the_same_for_any_number(world, name):
    luz = world["peer"].provider
    address = reverse(f"supervision:{name}", args=[] if name == "person-list" else [luz.pk])
    client = world["supervisor"].client()
    client.get(address)
    before = queries_of(client, address)
    with world.acting("supervisor"):
        for number in range(6):
            new_peer(world)
            supervised(world, luz, world.today - (40 + number) * ONE_DAY)
    assert queries_of(client, address) == before


def test_the_part_of_a_workers_page_is_no_page_of_its_own(world):
    address = reverse("supervision:provider-section", args=[world["peer"].provider.pk])
    told = world["administrator"].client().get(address).content.decode()
    assert "<html" not in told
    assert "Every month" in told


@pytest.mark.parametrize(
    ("mode", "given", "rule", "done"),
    [
        (
            Mode.HOURS_PER_MONTH,
            {"minutes": 120},
            "2 h each month",
            "0 min of 2 h since March 1, 2026",
        ),
        (
            Mode.RATIO,
            {"minutes": 60, "per_minutes": 1800, "over": "MONTH"},
            "1 h for each 30 h of service",
            "0 min of 0 min since March 1, 2026",
        ),
    ],
)
def test_hours_are_shown_as_had_and_owed(world, mode, given, rule, done):
    on = dt.date(2026, 3, 10)
    duty = Duty(stage="FULL", mode=mode, formats=frozenset({"INDIVIDUAL"}), **given)
    facts = SupervisionFacts(
        assigned=(Days(dt.date(2026, 3, 1)),), stages=(StageFact("FULL", Days(on - YEAR)),)
    )
    with world.acting("supervisor"):
        row = replace(row_of(new_peer(world), world.today), standing=owed_on([duty], facts, on))
        shown = queries.team_row(row, on)
    assert (shown.rule, shown.done) == (rule, done)
