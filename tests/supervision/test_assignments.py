"""Who supervises whom, what makes somebody a supervisor, and whose rows that opens."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from peerworks.accounts import reach
from peerworks.accounts.roles import Permission
from peerworks.audit.models import AuditEvent
from peerworks.lib.findings import Refused
from peerworks.participants.models import CareTeamMember, Participant
from providers.models import Credential, Provider
from supervision import operations, queries
from supervision.models import Assignment, Qualification
from tests.factories.providers import make_provider
from tests.factories.supervision import make_qualification
from training.models import Completion

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
    return world[who].client().post(reverse(f"supervision:{name}", args=args), data)


def assign(world, **given):
    told = {
        "provider": world["lapsed-peer"].provider,
        "supervisor": world["trainer"].provider,
        "starts_on": world.today,
        "by": world["administrator"].member,
    }
    return operations.assign_supervisor(**told | given)


class TestAssigning:
    def test_the_form_replaces_the_present_supervisor(self, world):
        sam, tom = world["lapsed-peer"].provider, world["trainer"].provider
        answer = post(
            world,
            "administrator",
            "assignment-add",
            provider=sam.pk,
            supervisor=tom.pk,
            starts_on=world.today.isoformat(),
            is_primary="on",
            replaces="on",
            delegate=world["supervisor"].provider.pk,
        )
        assert answer.url == reverse("supervision:person-detail", args=[sam.pk])
        with world.acting("administrator"):
            now = Assignment.objects.primary().in_force_on(world.today).get(provider=sam)
            before = Assignment.objects.in_force_on(world.today - ONE_DAY).get(provider=sam)
            assert (now.supervisor, now.delegate) == (tom, world["supervisor"].provider)
            assert before.days.last == world.today - ONE_DAY
            assert AuditEvent.objects.filter(action="supervisor.assigned").count() == 1

    def test_without_that_a_second_primary_one_is_refused_at_its_field(self, world):
        answer = post(
            world,
            "administrator",
            "assignment-add",
            [world["lapsed-peer"].provider.pk],
            provider=world["lapsed-peer"].provider.pk,
            supervisor=world["trainer"].provider.pk,
            starts_on=world.today.isoformat(),
            is_primary="on",
        )
        assert answer.status_code == 422
        assert "replaces" in answer.context["form"].errors

    def test_the_same_form_twice_is_one_assignment(self, world):
        with world.acting("administrator"):
            key = uuid.uuid4()
            first = assign(world, replaces=True, form_key=key)
            assert assign(world, replaces=True, form_key=key) == first
            with refused("FORM-CHANGED"):
                assign(world, is_primary=False, form_key=key)

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            (lambda world: {"supervisor": world["lapsed-peer"].provider}, "SUPS-ONESELF"),
            (lambda world: {"starts_on": dt.date(2000, 1, 1)}, "SUPS-NOT-HERE"),
            (lambda world: {"delegate": world["trainer"].provider}, "SUPS-THIRD"),
            (lambda world: {"by": world["supervisor"].member}, "SUPS-NO-ROLE"),
        ],
    )
    def test_what_is_refused(self, world, given, code):
        with world.acting("administrator"), refused(code):
            assign(world, **given(world))

    @pytest.mark.parametrize("who", ["peer", "supervisor", "auditor", "biller"])
    def test_others_than_administrators_get_403(self, world, who):
        assert world[who].client().get(reverse("supervision:assignment-add")).status_code == 403

    def test_another_agencys_worker_is_not_there(self, world):
        address = reverse("supervision:assignment-add", args=[world["peer"].provider.pk])
        assert world["other-administrator"].client().get(address).status_code == 404

    def test_ending_takes_a_last_day_and_is_done_once(self, world):
        with world.acting("administrator"):
            held = world["lapsed-peer"].provider.assignments.get()
        for status in (302, 422):
            answer = post(
                world,
                "administrator",
                "assignment-end",
                [held.pk],
                last_day=world.today.isoformat(),
            )
            assert answer.status_code == status
        with world.acting("administrator"):
            held.refresh_from_db()
            assert held.days.last == world.today

    def test_a_delegate_is_named_and_taken_back(self, world):
        with world.acting("administrator"):
            held = world["lapsed-peer"].provider.assignments.get()
        for chosen in (world["trainer"].provider.pk, ""):
            answer = post(world, "administrator", "assignment-delegate", [held.pk], delegate=chosen)
            assert answer.status_code == 302
            with world.acting("administrator"):
                held.refresh_from_db()
                assert str(held.delegate_id or "") == str(chosen)

    def test_the_supervisor_is_no_delegate(self, world):
        with world.acting("administrator"):
            held = world["lapsed-peer"].provider.assignments.get()
        answer = post(
            world,
            "administrator",
            "assignment-delegate",
            [held.pk],
            delegate=world["supervisor"].provider.pk,
        )
        assert answer.status_code == 422


class TestProof:
    def record(self, world, who="supervisor", **given):
        told = {
            "proof": "licence:LPHA",
            "starts_on": world.today.isoformat(),
            "evidence": "Made-up letter.",
        }
        supervisor = world["supervisor"].provider.pk
        return post(world, who, "qualification-add", [supervisor], **told | given)

    def test_who_holds_it_records_it_and_an_administrator_verifies_it_once(self, world):
        assert self.record(world).status_code == 302
        with world.acting("administrator"):
            proof = Qualification.objects.get(key="LPHA")
            andre = world["supervisor"].provider.pk
            speaks = queries.supervisor_facts([andre])[andre].licences
            assert "LPHA" not in dict(speaks)
        for _ in range(2):
            post(world, "administrator", "qualification-verify", [proof.pk])
        with world.acting("administrator"):
            proof.refresh_from_db()
            assert proof.verified_by == world["administrator"].member
            speaks = queries.supervisor_facts([andre])[andre].licences
            assert "LPHA" in dict(speaks)
            assert AuditEvent.objects.filter(action="qualification.verified").count() == 1

    def test_what_no_rule_asks_is_no_choice(self, world):
        answer = self.record(world, proof="licence:MADE-UP")
        assert answer.status_code == 422
        assert "proof" in answer.context["form"].errors

    def test_whatever_the_rules_of_three_states_ask_is_a_kind_of_proof(self, world):
        with world.acting("supervisor"):
            asked = [key.partition(":")[0].upper() for key, _ in queries.asked_proofs(world.today)]
        assert len(asked) > 3
        assert {*asked} <= {*Qualification.Atom.values}

    def test_a_certification_stands_with_its_name_among_the_choices(self, world):
        with world.acting("supervisor"):
            words = dict(queries.asked_proofs(world.today))
        assert "Registered Peer Recovery Specialist" in words["credential:va-prs"]
        assert words["licence:LPHA"].startswith("License")

    def test_years_of_work_have_no_key(self, world):
        with world.acting("supervisor"):
            offered = dict(queries.asked_proofs(world.today))
        years = next(key for key in offered if key.startswith("years_as_peer"))
        assert self.record(world, proof=years).status_code == 302
        with world.acting("administrator"):
            shown = Qualification.objects.filter(atom="YEARS_AS_PEER", verified_at__isnull=True)
            assert shown.get().key == ""

    def test_where_no_rule_asks_anything_there_is_nothing_to_fill_in(self, world):
        beth = world["other-administrator"]
        page = beth.client().get(f"/supervision/{beth.provider.pk}/qualifications/add/")
        assert "ask nothing of a supervisor" in page.content.decode()

    def test_a_supervisor_is_led_to_the_own_proof(self, world):
        page = world["supervisor"].client().get("/supervision/").content.decode()
        assert f"/supervision/{world['supervisor'].provider.pk}/supervisor/" in page
        assert "My proof" not in world["peer"].client().get("/supervision/").content.decode()

    def test_nobody_verifies_what_they_recorded_or_hold(self, world):
        with world.acting("administrator"):
            clerk, andre = world["administrator"].member, world["supervisor"]
            own = make_qualification(by=clerk, supervisor=andre.provider, at=world.now)
            with refused("SUPS-ENTERER"):
                operations.verify_qualification(qualification=own, by=clerk, at=world.now)
            andre.member.roles = ["ADMINISTRATOR"]
            with refused("SUPS-HOLDER"):
                operations.verify_qualification(qualification=own, by=andre.member, at=world.now)

    def test_a_peer_records_no_proof_for_another(self, world):
        assert self.record(world, who="peer").status_code == 404
        with world.acting("peer"), refused("SUPS-NO-ROLE"):
            operations.record_qualification(
                supervisor=world["supervisor"].provider,
                atom="LICENCE",
                key="LPHA",
                starts_on=world.today,
                last_day=None,
                evidence="Made up.",
                by=world["peer"].member,
                at=world.now,
            )

    def test_a_verified_proof_is_ended_and_keeps_its_days(self, world):
        with world.acting("administrator"):
            proof = Qualification.objects.get(key="QPS")
        answer = post(
            world,
            "administrator",
            "qualification-end",
            [proof.pk],
            last_day=world.today.isoformat(),
        )
        assert answer.status_code == 302
        with world.acting("administrator"):
            proof.refresh_from_db()
            assert proof.days.last == world.today

    def test_verifying_takes_a_post_of_an_administrator(self, world):
        with world.acting("administrator"):
            proof = Qualification.objects.get(key="QPS")
        address = reverse("supervision:qualification-verify", args=[proof.pk])
        assert world["administrator"].client().get(address).status_code == 405
        assert post(world, "supervisor", "qualification-verify", [proof.pk]).status_code == 403


def seen(world, who, queryset, permission, on=None):
    """What one of the nine may see, inside their agency."""
    return set(reach.narrow(queryset, world[who].member, permission, on or world.today))


class TestReach:
    def test_a_supervisor_sees_the_team_and_the_own_file(self, world):
        with world.acting("supervisor"):
            make_provider(by=world["administrator"].member)
            found = seen(world, "supervisor", Provider.objects.all(), Permission.VIEW_PROVIDER)
            team = {world[each].provider for each in ("peer", "lapsed-peer", "supervisor")}
            assert found == team

    def test_an_assignment_that_ended_opens_nothing_any_more(self, world):
        with world.acting("supervisor"):
            sam = world["lapsed-peer"].provider
            held = sam.assignments.get()
            held.period = (held.days.start, world.today)
            held.save()
            andre = "supervisor"
            now = seen(world, andre, Provider.objects.all(), Permission.VIEW_PROVIDER)
            assert sam not in now
            earlier = seen(
                world,
                andre,
                Provider.objects.all(),
                Permission.VIEW_PROVIDER,
                world.today - ONE_DAY,
            )
            assert sam in earlier

    def test_a_delegate_sees_the_team_too(self, world):
        with world.acting("administrator"):
            tom = world["trainer"].member
            tom.roles = ["SUPERVISOR"]
            held = world["peer"].provider.assignments.get()
            held.delegate = world["trainer"].provider
            held.save()
            found = set(
                reach.narrow(Provider.objects.all(), tom, Permission.VIEW_PROVIDER, world.today)
            )
            assert found == {world["peer"].provider, world["trainer"].provider}

    def test_people_of_the_team_are_those_on_its_care_teams(self, world):
        with world.acting("supervisor"):
            CareTeamMember.objects.filter(member=world["supervisor"].member).update(
                period=(world.today - 9 * ONE_DAY, world.today - ONE_DAY)
            )
            andre = world["supervisor"].member
            andre.roles = ["SUPERVISOR"]
            everyone = Participant.objects.all()
            found = set(reach.narrow(everyone, andre, Permission.VIEW_PARTICIPANT, world.today))
            assert found == {each.participant for each in world.people.values()}
            Assignment.objects.filter(provider=world["lapsed-peer"].provider).update(
                period=(world.today - 9 * ONE_DAY, world.today)
            )
            found = set(reach.narrow(everyone, andre, Permission.VIEW_PARTICIPANT, world.today))
            assert world.people["dogwood"].participant not in found

    def test_certificates_and_courses_follow(self, world):
        with world.acting("supervisor"):
            team = {"peer", "lapsed-peer", "supervisor"}
            ids = {world[each].provider.pk for each in team}
            held = seen(world, "supervisor", Credential.objects.all(), Permission.VIEW_CREDENTIAL)
            taken = seen(world, "supervisor", Completion.objects.all(), Permission.VIEW_TRAINING)
            assert {each.provider_id for each in held} == ids
            assert {each.provider_id for each in taken} <= ids
            assert len(taken) == 2
