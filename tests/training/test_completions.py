"""Courses and who has completed them: recorded by a trainer, seen by their owner, revoked once."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.urls import reverse

from peerworks.audit.models import AuditEvent
from peerworks.lib.findings import Refused
from tests.factories.training import make_completion, make_course
from training import operations, queries
from training.models import Completion, Course
from training.rules import has_completed

pytestmark = pytest.mark.django_db
ONE_DAY = dt.timedelta(days=1)


def refused(code):
    return pytest.raises(Refused, match=f"^{code}$")


def post(world, who, name, args=(), **given):
    data = {
        "form_agency": str(world.house_of(who).agency.pk),
        "form_key": str(uuid.uuid4()),
        **given,
    }
    return world[who].client().post(reverse(f"training:{name}", args=args), data)


def sent(world, **given):
    """What the browser sends to record Sam's WRAP Seminar I."""
    return {
        "provider": str(world["lapsed-peer"].provider.pk),
        "completed_on": (world.today - 3 * ONE_DAY).isoformat(),
        "hours": "16",
        "certificate_number": "DEMO-WRAP-9",
    } | given


def record(world, **given):
    told = {
        "provider": world["lapsed-peer"].provider,
        "course": world.juniper.courses["wrap-seminar-1"],
        "completed_on": world.today - 3 * ONE_DAY,
        "hours": Decimal(16),
        "certificate_number": "DEMO-WRAP-9",
        "by": world["trainer"].member,
        "on": world.today,
    }
    return operations.record_completion(**told | given)


class TestRecording:
    @pytest.mark.parametrize("who", ["trainer", "administrator"])
    def test_the_form_records_it_and_it_counts_from_its_day(self, world, who):
        course, sam = world.juniper.courses["wrap-seminar-1"], world["lapsed-peer"].provider
        answer = post(world, who, "completion-add", [course.pk], **sent(world))
        assert answer.url == reverse("training:completion-list", args=[course.pk])
        with world.acting(who):
            facts = queries.completion_facts([sam.pk])[sam.pk]
            assert has_completed(facts, "wrap-seminar-1", world.today - 3 * ONE_DAY)
            assert not has_completed(facts, "wrap-seminar-1", world.today - 4 * ONE_DAY)
            assert AuditEvent.objects.filter(action="completion.recorded").count() == 1

    def test_the_same_form_twice_records_it_once(self, world):
        course, client = world.juniper.courses["wrap-seminar-1"], world["trainer"].client()
        data = sent(world) | {
            "form_agency": str(world.juniper.agency.pk),
            "form_key": str(uuid.uuid4()),
        }
        address = reverse("training:completion-add", args=[course.pk])
        statuses = [client.post(address, data).status_code for _ in range(2)]
        changed = client.post(address, data | {"hours": "15"}).status_code
        assert [*statuses, changed] == [302, 302, 422]
        with world.acting("trainer"):
            assert Completion.objects.filter(certificate_number="DEMO-WRAP-9").count() == 1

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"completed_on": "2999-01-01"}, "completed_on"),
            ({"valid_through": "2000-01-01"}, "valid_through"),
            ({"certificate_number": "DEMO-WRAP-1"}, "certificate_number"),
            ({"provider": ""}, "provider"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(self, world, given, field):
        course = world.juniper.courses["wrap-seminar-1"]
        answer = post(world, "trainer", "completion-add", [course.pk], **sent(world, **given))
        assert answer.status_code == 422
        assert field in answer.context["form"].errors

    def test_nobody_records_their_own(self, world):
        with world.acting("trainer"), refused("TRNG-OWN"):
            record(world, provider=world["trainer"].provider)

    @pytest.mark.parametrize("who", ["peer", "supervisor", "biller", "auditor"])
    def test_others_may_not(self, world, who):
        course = world.juniper.courses["wham"]
        address = reverse("training:completion-add", args=[course.pk])
        assert world[who].client().get(address).status_code == 403
        with world.acting(who), refused("TRNG-NO-ROLE"):
            record(world, by=world[who].member)


class TestRevoking:
    def test_a_revoked_one_counts_on_no_day_and_is_revoked_once(self, world):
        with world.acting("administrator"):
            made = record(world)
        for _ in range(2):
            assert post(world, "trainer", "completion-revoke", [made.pk]).status_code == 302
        with world.acting("administrator"):
            made.refresh_from_db()
            assert made.revoked_by == world["trainer"].member
            assert queries.completion_facts([made.provider_id]) == {made.provider_id: ()}
            assert AuditEvent.objects.filter(action="completion.revoked").count() == 1

    def test_it_takes_a_post(self, world):
        with world.acting("administrator"):
            made = record(world)
        address = reverse("training:completion-revoke", args=[made.pk])
        assert world["trainer"].client().get(address).status_code == 405

    def test_the_page_offers_it_to_trainers_only(self, world):
        with world.acting("administrator"):
            made = record(world)
        address = reverse("training:completion-detail", args=[made.pk])
        told = reverse("training:completion-revoke", args=[made.pk])
        assert told in world["trainer"].client().get(address).content.decode()
        assert told not in world["lapsed-peer"].client().get(address).content.decode()


class TestCourses:
    GIVEN = {
        "key": "wrap-seminar-2",
        "title_en": "WRAP Seminar II",
        "title_es": "Seminario II de WRAP",
        "hours": "40",
        "minimum_meetings": "5",
        "minimum_minutes": "0",
    }

    def test_a_course_is_added_under_its_key(self, world):
        answer = post(world, "trainer", "course-add", **self.GIVEN)
        with world.acting("trainer"):
            course = Course.objects.get(key="wrap-seminar-2")
        assert answer.url == reverse("training:completion-list", args=[course.pk])

    def test_a_key_that_is_taken_is_refused_at_its_field(self, world):
        answer = post(world, "trainer", "course-add", **self.GIVEN | {"key": "wham"})
        assert answer.status_code == 422
        assert "key" in answer.context["form"].errors

    def test_a_course_that_asks_for_nothing_is_refused(self, world):
        answer = post(world, "trainer", "course-add", **self.GIVEN | {"minimum_meetings": "0"})
        assert answer.status_code == 422

    def test_a_peer_may_not(self, world):
        assert post(world, "peer", "course-add", **self.GIVEN).status_code == 403

    def test_the_list_counts_who_has_completed_each(self, world):
        answer = world["trainer"].client().get(reverse("training:course-list"))
        counted = {row.key: row.completed for row in answer.context["courses"]}
        assert (counted["wham"], counted["wrap-seminar-1"]) == (1, 1)

    def test_a_peer_sees_the_own_ones(self, world):
        answer = world["peer"].client().get(reverse("training:course-list"))
        assert [row.certificate_number for row in answer.context["completions"]] == ["DEMO-WHAM-1"]
        counted = {row.key: row.completed for row in answer.context["courses"]}
        assert (counted["wham"], counted["wrap-seminar-1"]) == (1, 0)

    def test_titles_are_in_the_readers_language(self, world):
        with world.acting("trainer"):
            rows = queries.course_rows(Completion.objects.all(), world.today, "es-us")
        assert "Seminario I de WRAP" in [row.title for row in rows]


class TestScope:
    @pytest.mark.parametrize(
        ("who", "status"),
        [
            ("peer", 200),
            ("supervisor", 200),
            ("trainer", 200),
            ("auditor", 200),
            ("lapsed-peer", 404),
            ("other-administrator", 404),
            ("biller", 403),
        ],
    )
    @pytest.mark.parametrize("name", ["completion-detail", "provider-section"])
    def test_who_opens_a_workers_training(self, world, who, status, name):
        with world.acting("administrator"):
            luz = world["peer"].provider
            which = Completion.objects.get(provider=luz).pk
        args = [which if name == "completion-detail" else luz.pk]
        answer = world[who].client().get(reverse(f"training:{name}", args=args))
        assert answer.status_code == status

    def test_another_agencys_course_is_not_there(self, world):
        course = world.juniper.courses["wham"]
        address = reverse("training:completion-list", args=[course.pk])
        assert world["other-administrator"].client().get(address).status_code == 404

    def test_any_number_of_rows_costs_one_query(self, world, django_assert_num_queries):
        with world.acting("administrator"):
            clerk = world["administrator"].member
            course = make_course(by=clerk)
            for who in ("peer", "supervisor", "lapsed-peer"):
                make_completion(by=clerk, provider=world[who].provider, course=course)
            with django_assert_num_queries(1):
                rows = queries.completion_rows(Completion.objects.all(), world.today, "en")
            assert len(rows) >= 3
