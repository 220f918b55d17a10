"""Personnel files: opened, employed, placed, ended; by operations and by their pages."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from peerworks.audit.models import AuditEvent
from peerworks.lib.findings import Refused
from peerworks.lib.identifiers import made_up_npi
from peerworks.web.operations import constraint_name
from providers.models import Employment, Placement, Provider
from providers.operations import (
    Contact,
    NewPerson,
    add_provider,
    change_contact,
    employ,
    end_employment,
    end_placement,
    link_member,
    place,
)
from tests.at_once import all_at_once
from tests.factories.accounts import make_membership
from tests.factories.providers import (
    make_credential,
    make_credential_kind,
    make_placement,
    make_provider,
    make_verification,
)

DAY = dt.date(2026, 3, 14)
NOW = dt.datetime(2026, 3, 14, 15, tzinfo=dt.UTC)
ONE = dt.timedelta(days=1)
SOMEBODY = NewPerson(given_name="Rowan", family_name="Madeup", worker_class="PEER")


@pytest.fixture
def clerk(world):
    """Inside Juniper Bridge, as its administrator."""
    with world.acting("administrator") as player:
        yield player.member


def periods(queryset):
    """First and last-but-one days, in order."""
    found = queryset.order_by("period")
    return [(each.period.lower, each.period.upper) for each in found]


class TestOperations:
    def add(self, world, by, person=SOMEBODY, form_key=None):
        return add_provider(
            person=person,
            employment="EMPLOYEE",
            since=DAY,
            programs=[world.juniper.programs["mesa"], world.juniper.programs["dogwood"]],
            by=by,
            at=NOW,
            form_key=form_key,
        )

    def test_a_person_joins_with_employment_and_programs(self, world, clerk):
        provider = self.add(world, clerk)
        assert periods(provider.employments) == [(DAY, None)]
        assert {each.program for each in provider.placements.all()} == {
            world.juniper.programs["mesa"],
            world.juniper.programs["dogwood"],
        }
        found = AuditEvent.objects.filter(object_id=str(provider.pk))
        assert [each.action for each in found] == ["provider.added"]

    def test_the_same_form_again_makes_nobody(self, world, clerk):
        key = uuid.uuid4()
        assert self.add(world, clerk, form_key=key) == self.add(world, clerk, form_key=key)
        other = NewPerson(given_name="Robin", family_name="Madeup", worker_class="PEER")
        with pytest.raises(Refused) as refused:
            self.add(world, clerk, other, form_key=key)
        assert refused.value.refusal.code == "FORM-CHANGED"

    def test_a_sign_in_belongs_to_one_file(self, world, clerk):
        taken = NewPerson(
            given_name="R", family_name="M", worker_class="PEER", member=world["peer"].member
        )
        with pytest.raises(Refused) as refused:
            self.add(world, clerk, taken)
        assert refused.value.refusal.code == "MEMBER-TAKEN"

    def test_who_joins_later_is_linked_once(self, world, clerk):
        provider = self.add(world, clerk)
        joined, other = (make_membership(agency=world.juniper.agency) for _ in range(2))
        link_member(provider=provider, member=joined, by=clerk, at=NOW)
        provider.refresh_from_db()
        assert provider.member == joined
        with pytest.raises(Refused, match="FILE-LINKED"):
            link_member(provider=provider, member=other, by=clerk, at=NOW)

    def test_who_verified_a_paper_of_the_file_does_not_become_its_holder(self, world, clerk):
        provider, joined = self.add(world, clerk), make_membership(agency=world.juniper.agency)
        kind = make_credential_kind(by=clerk)
        paper = make_credential(
            by=clerk, provider=provider, kind=kind, since=DAY, until=DAY + 300 * ONE
        )
        make_verification(by=joined, credential=paper, at=NOW)
        with pytest.raises(Refused, match="LINK-VERIFIER"):
            link_member(provider=provider, member=joined, by=clerk, at=NOW)

    def test_a_sign_in_of_another_file_is_not_linked(self, world, clerk):
        with pytest.raises(Refused, match="MEMBER-TAKEN"):
            link_member(
                provider=self.add(world, clerk), member=world["peer"].member, by=clerk, at=NOW
            )

    def test_contact_data_change_once(self, clerk):
        provider = make_provider(by=clerk)
        contact = Contact(phone="555-0199", languages=["es"])
        for _ in range(2):
            change_contact(provider=provider, contact=contact, by=clerk, at=NOW)
        provider.refresh_from_db()
        assert (provider.phone, provider.languages) == ("555-0199", ["es"])
        (event,) = AuditEvent.objects.filter(action="provider.changed")
        assert sorted(event.fields) == ["languages", "phone"]

    def test_a_new_employment_ends_the_one_that_goes_on(self, clerk):
        provider = make_provider(by=clerk, employed_from=dt.date(2024, 1, 1))
        employ(provider=provider, kind="CONTRACTOR", since=DAY, by=clerk, at=NOW)
        assert periods(provider.employments) == [(dt.date(2024, 1, 1), DAY), (DAY, None)]
        assert AuditEvent.objects.filter(action="employment.added").count() == 1

    def test_an_employment_is_recorded_once_a_form(self, clerk):
        provider = make_provider(by=clerk, employed_from=dt.date(2024, 1, 1))
        told = {"provider": provider, "kind": "CONTRACTOR", "since": DAY, "by": clerk, "at": NOW}
        key = uuid.uuid4()
        assert employ(**told, form_key=key) == employ(**told, form_key=key)
        assert provider.employments.count() == 2

    def test_an_employment_before_another_is_refused_by_the_database(self, clerk):
        provider = make_provider(by=clerk, employed_from=DAY)
        with pytest.raises(IntegrityError) as error, transaction.atomic():
            employ(provider=provider, kind="VOLUNTEER", since=DAY - ONE, by=clerk, at=NOW)
        assert constraint_name(error.value) == "providers_employment_one_at_a_time"

    def test_the_end_of_an_employment_ends_its_placements(self, world, clerk):
        provider = make_provider(by=clerk, employed_from=dt.date(2024, 1, 1))
        make_placement(by=clerk, provider=provider, program=world.juniper.programs["mesa"])
        employment = provider.employments.get()
        told = {"employment": employment, "last_day": DAY, "by": clerk, "at": NOW}
        end_employment(**told)
        assert provider.employments.get().period.upper == DAY + ONE
        assert provider.placements.get().period.upper == DAY + ONE
        with pytest.raises(Refused) as refused:
            end_employment(**told)
        assert refused.value.refusal.code == "PERIOD-ENDED"

    def test_nothing_ends_before_it_begins(self, world, clerk):
        provider = make_provider(by=clerk, employed_from=DAY)
        placement = place(
            provider=provider, program=world.juniper.programs["mesa"], since=DAY, by=clerk, at=NOW
        )
        with pytest.raises(Refused) as refused:
            end_placement(placement=placement, last_day=DAY - ONE, by=clerk, at=NOW)
        assert refused.value.refusal.code == "PERIOD-ENDS-BEFORE"
        end_placement(placement=placement, last_day=DAY, by=clerk, at=NOW)
        assert Placement.objects.get(pk=placement.pk).period.upper == DAY + ONE

    def test_a_placement_is_recorded_once_a_form(self, world, clerk):
        provider, key = make_provider(by=clerk), uuid.uuid4()
        told = {
            "provider": provider,
            "program": world.juniper.programs["mesa"],
            "since": DAY,
            "by": clerk,
            "at": NOW,
            "form_key": key,
        }
        assert place(**told) == place(**told)


def post(player, url, **told):
    """Send a form as this person, for their agency."""
    hidden = {"form_agency": player.member.agency_id, "form_key": uuid.uuid4()}
    return player.client().post(url, hidden | told)


PERSON = {
    "given_name": "Rowan",
    "family_name": "Madeup",
    "worker_class": "PEER",
    "employment": "EMPLOYEE",
    "since": "2026-03-14",
}


class TestAddPage:
    url = "/providers/add/"

    def test_works(self, world):
        programs = [world.juniper.programs["mesa"].pk]
        told = PERSON | {"programs": programs, "npi": made_up_npi(4711), "languages": ["es"]}
        answer = post(world["administrator"], self.url, **told)
        with world.acting("administrator"):
            made = Provider.objects.get(family_name="Madeup")
            assert answer.url == reverse("providers:provider-detail", args=[made.pk])
            assert (made.languages, made.placements.count()) == (["es"], 1)

    def test_names_what_is_missing_and_writes_nothing(self, world):
        answer = post(world["administrator"], self.url)
        assert answer.status_code == 422
        assert "“Given name” is missing." in answer.content.decode()

    def test_says_at_the_field_that_an_npi_is_taken(self, world):
        taken = world["peer"].provider.npi
        answer = post(world["administrator"], self.url, **PERSON, npi=taken)
        assert answer.status_code == 422
        assert "Another worker of your agency has this NPI." in answer.content.decode()

    def test_harmless_the_second_time(self, world):
        key = uuid.uuid4()
        answers = {
            post(world["administrator"], self.url, **PERSON, form_key=key).url for _ in range(2)
        }
        assert len(answers) == 1

    @pytest.mark.parametrize("who", ["peer", "supervisor", "biller", "trainer", "auditor"])
    def test_refuses_the_wrong_role(self, world, who):
        assert world[who].client().get(self.url).status_code == 403

    def test_a_form_of_another_agency_is_refused(self, world):
        other = world["other-administrator"].member.agency_id
        answer = post(world["administrator"], self.url, **PERSON, form_agency=other)
        assert answer.status_code == 409


class TestFilePages:
    def test_employment_and_placement_are_recorded_and_ended(self, world):
        player, mesa = world["administrator"], world.juniper.programs["mesa"]
        with world.acting("administrator"):
            worker = make_provider(by=player.member, employed_from=dt.date(2024, 1, 1))
        page = reverse("providers:provider-detail", args=[worker.pk])
        to = {"kind": "CONTRACTOR", "since": "2026-03-14"}
        assert post(player, f"{page}employments/add/", **to).url == page
        to = {"program": mesa.pk, "since": "2026-03-14"}
        assert post(player, f"{page}placements/add/", **to).url == page
        with world.acting("administrator"):
            employment = Employment.objects.get(provider=worker, kind="CONTRACTOR")
            placement = Placement.objects.get(provider=worker)
        for url in (
            reverse("providers:placement-end", args=[placement.pk]),
            reverse("providers:employment-end", args=[employment.pk]),
        ):
            assert post(player, url, last_day="2026-03-13").status_code == 422
            assert post(player, url, last_day="2026-04-30").url == page
            assert "This has ended already" in player.client().get(url).content.decode()
        with world.acting("administrator"):
            assert Placement.objects.get(pk=placement.pk).period.upper == dt.date(2026, 5, 1)

    def test_an_overlap_is_said_at_its_field(self, world):
        player = world["administrator"]
        page = reverse("providers:provider-detail", args=[world["peer"].provider.pk])
        mesa = world.juniper.programs["mesa"]
        answer = post(player, f"{page}placements/add/", program=mesa.pk, since="2026-03-14")
        assert answer.status_code == 422
        assert "This worker is placed in the program already" in answer.content.decode()

    def test_a_file_says_who_signs_in_and_lets_it_be_said_later(self, world):
        client = world["administrator"].client()
        with world.acting("administrator"):
            provider = make_provider(by=world["administrator"].member)
            member = make_membership(agency=world.juniper.agency)
        file = reverse("providers:provider-detail", args=[provider.pk])
        link = reverse("providers:member-link", args=[provider.pk])
        assert f'href="{link}"' in client.get(file).content.decode()
        told = {"form_agency": world.juniper.agency.pk, "form_key": uuid.uuid4()}
        assert client.post(link, told | {"member": member.pk}).status_code == 302
        page = client.get(file).content.decode()
        assert f"Signs in as {member.user.email}" in page
        assert f'href="{link}"' not in page
        assert "Somebody signs in for this file already" in client.get(link).content.decode()
        assert member.user.email not in world["trainer"].client().get(file).content.decode()

    def test_where_everybody_has_a_file_nobody_can_be_chosen(self, world):
        with world.acting("administrator"):
            provider = make_provider(by=world["administrator"].member)
        link = reverse("providers:member-link", args=[provider.pk])
        page = world["administrator"].client().get(link).content.decode()
        assert "Every member of your agency has a file." in page
        assert "<select" not in page

    def test_a_peer_changes_the_own_contact_data_and_nobody_elses(self, world):
        own = reverse("providers:contact-change", args=[world["peer"].provider.pk])
        told = {"phone": "555-0142", "email": "luz@juniper-bridge.example", "languages": ["es"]}
        assert post(world["peer"], own, **told).status_code == 302
        with world.acting("administrator"):
            assert Provider.objects.get(pk=world["peer"].provider.pk).phone == "555-0142"
        others = reverse("providers:contact-change", args=[world["lapsed-peer"].provider.pk])
        assert post(world["peer"], others, **told).status_code == 404
        assert world["trainer"].client().get(own).status_code == 403

    @pytest.mark.parametrize("name", ["employment-add", "placement-add", "contact-change"])
    def test_another_agency_finds_nothing(self, world, name):
        url = reverse(f"providers:{name}", args=[world["peer"].provider.pk])
        assert world["other-administrator"].client().get(url).status_code == 404

    @pytest.mark.parametrize("name", ["employment-end", "placement-end"])
    def test_the_end_of_anothers_record_is_not_found(self, world, name):
        with world.acting("administrator"):
            model = Employment if name.startswith("employment") else Placement
            pk = model.objects.filter(provider=world["peer"].provider).first().pk
        url = reverse(f"providers:{name}", args=[pk])
        assert post(world["other-administrator"], url, last_day="2026-03-14").status_code == 404
        assert world["peer"].client().get(url).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_one_sign_in_linked_with_several_files_at_once_is_linked_with_one(world):
    with world.acting("administrator"):
        files = [make_provider(by=world["administrator"].member) for _ in range(4)]
        member = make_membership(agency=world.juniper.agency)
    clients = [(file, world["administrator"].client()) for file in files]
    told = {"form_agency": world.juniper.agency.pk, "member": member.pk}

    def link(pair):
        file, client = pair
        address = reverse("providers:member-link", args=[file.pk])
        return client.post(address, told | {"form_key": uuid.uuid4()}).status_code

    assert sorted(all_at_once(link, clients, 4)) == [302, 422, 422, 422]
