"""The directory, a file, and the pages of certifications, through the client."""

import datetime as dt
import uuid

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from peerworks.agencies.context import acting_for
from peerworks.audit.models import AuditEvent
from peerworks.lib.findings import Because, Finding, Outcome, Standing, ref
from providers import standing
from providers.models import Credential, CredentialKind, Verification
from tests.factories.accounts import make_membership
from tests.factories.agencies import make_agency
from tests.factories.providers import (
    make_credential,
    make_credential_kind,
    make_provider,
    make_verification,
)

ONE = dt.timedelta(days=1)


def english(player):
    """A client of this person that reads English, whatever language they chose."""
    client = player.client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def page(player, name, *args, **query):
    """The answer to a GET, and its text."""
    answer = english(player).get(reverse(f"providers:{name}", args=args), query)
    return answer.status_code, answer.content.decode()


def post(player, name, *args, **told):
    """Send a form as this person, for their agency."""
    hidden = {"form_agency": player.member.agency_id, "form_key": uuid.uuid4()}
    return english(player).post(reverse(f"providers:{name}", args=args), hidden | told)


@pytest.fixture
def unverified(world):
    """A Virginia certificate of Luz that she entered herself."""
    with world.acting("peer") as luz:
        return make_credential(
            by=luz.member,
            provider=luz.provider,
            kind=world.juniper.kinds["va-prs"],
            since=world.today - 300 * ONE,
            until=world.today + 65 * ONE,
        )


@pytest.fixture
def sources(world, monkeypatch):
    """A registry that knows: Luz can bill, Sam has no certificate, of the others nothing."""
    luz, sam = world["peer"].provider, world["lapsed-peer"].provider
    none = Because("CRED-NUMBER", {"other": ref("providers.provider", luz.pk)})
    finding = Finding("PROV-02", Outcome.BLOCK, none)

    def source(ids, on):
        known = {
            luz.pk: [Standing(str(luz.pk), on, "a", (), can_bill=True)],
            sam.pk: [Standing(str(sam.pk), on, "a", (finding,), can_bill=False)],
        }
        return {key: known[key] for key in ids if key in known}

    monkeypatch.setattr(standing, "_billing", [source])


DIRECTORY_QUERIES = 18
FILE_QUERIES = 22
"""Of these, seven are the request's own: session, user, membership, context, savepoints."""
SENTENCE = "Luz Ortega has a certification of this kind with the same number."


class TestDirectory:
    def test_an_administrator_sees_everybody_with_certification_and_standing(self, world, sources):
        status, text = page(world["administrator"], "provider-list")
        assert status == 200
        for name in ("Luz Ortega", "Andre Rivers", "Sam Whitfield", "Marisol Kent"):
            assert name in text
        assert "Texas Peer Specialist" in text
        assert SENTENCE in text

    def test_who_cannot_bill_and_a_program_are_filters(self, world, sources):
        _status, text = page(world["administrator"], "provider-list", show="cannot-bill")
        assert "1 person" in text
        assert "Sam Whitfield" in text
        dogwood = world.juniper.programs["dogwood"].pk
        _status, text = page(world["administrator"], "provider-list", program=dogwood)
        assert "1 person" in text
        assert "Sam Whitfield" in text

    def test_a_filter_that_is_nonsense_filters_nothing(self, world):
        status, text = page(world["administrator"], "provider-list", program="x", page="99")
        assert status == 200
        assert "Luz Ortega" in text

    def test_names_are_searched_for_without_marks_and_case(self, world):
        with world.acting("administrator") as clerk:
            make_provider(by=clerk.member, given_name="Noé", family_name="Núñez")
        text = post(world["administrator"], "provider-list", text="NUNEZ no").content.decode()
        assert "Noé Núñez" in text
        assert "Luz Ortega" not in text
        text = post(world["administrator"], "provider-list", text="nobody").content.decode()
        assert "Nobody is in this list" in text

    def test_too_long_a_name_is_an_error(self, world):
        answer = post(world["administrator"], "provider-list", text="x" * 500)
        assert answer.status_code == 422
        assert "x" * 500 in answer.content.decode(), "what was typed is kept"

    def test_those_who_left_stand_apart(self, world):
        with world.acting("administrator") as clerk:
            make_provider(by=clerk.member, employed_from=None, family_name="Longgone")
        assert "Longgone" not in page(world["administrator"], "provider-list")[1]
        text = page(world["administrator"], "provider-list", show="former")[1]
        assert "Longgone" in text
        assert "Luz Ortega" not in text

    def test_a_peer_reads_names_and_only_the_own_certification(self, world, sources):
        text = page(world["peer"], "provider-list")[1]
        assert "Sam Whitfield" in text
        assert "Texas Peer Specialist<" in text
        assert "Registered Peer Recovery Specialist" not in text
        assert SENTENCE not in text
        assert (
            reverse("providers:provider-detail", args=[world["lapsed-peer"].provider.pk])
            not in text
        )

    def test_a_biller_knows_who_can_bill_and_no_certification(self, world, sources):
        text = page(world["biller"], "provider-list")[1]
        assert SENTENCE in text
        assert "Texas Peer Specialist" not in text

    def test_a_trainer_and_a_supervisor_open_files(self, world):
        url = reverse("providers:provider-detail", args=[world["peer"].provider.pk])
        assert url in page(world["trainer"], "provider-list")[1]

    def test_a_new_agency_is_led_to_its_first_person(self, db):
        agency = make_agency()
        with acting_for(agency.pk):
            founder = make_membership(agency=agency, roles=("ADMINISTRATOR",))
        client = Client()
        client.force_login(founder.user)
        text = client.get(reverse("providers:provider-list")).content.decode()
        assert "Nobody is on the staff yet" in text
        assert "Show everybody" not in text
        text = client.get(reverse("providers:provider-list"), {"show": "former"}).content.decode()
        assert "Nobody is in this list" in text

    def test_the_other_agency_sees_its_own(self, world):
        text = page(world["other-administrator"], "provider-list")[1]
        assert "Beth Sandoval" in text
        assert "Luz Ortega" not in text

    @pytest.mark.parametrize("count", [3, 30])
    def test_the_number_of_queries_does_not_grow(
        self, world, sources, count, django_assert_num_queries
    ):
        with world.acting("administrator") as clerk:
            kind = make_credential_kind(by=clerk.member)
            for _ in range(count):
                made = make_provider(by=clerk.member)
                make_credential(
                    by=clerk.member, provider=made, kind=kind, since=world.today, until=None
                )
        client = world["administrator"].client()
        with django_assert_num_queries(DIRECTORY_QUERIES):
            text = client.get(reverse("providers:provider-list")).content.decode()
        assert text.count("Madeup") == count

    def test_pages_hold_fifty(self, world):
        with world.acting("administrator") as clerk:
            for _ in range(50):
                make_provider(by=clerk.member)
        assert "Page 1 of 2" in page(world["administrator"], "provider-list")[1]


class TestFile:
    def test_an_administrator_sees_everything(self, world, sources, unverified):
        status, text = page(world["administrator"], "provider-detail", world["peer"].provider.pk)
        assert status == 200
        assert "Texas Peer Specialist, number DEMO-TX-1" in text
        assert reverse("providers:credential-verify", args=[unverified.pk]) in text
        assert "Mesa Peer Support, Mesa House" in text

    def test_reasons_are_shown_as_cards(self, world, sources):
        text = page(world["administrator"], "provider-detail", world["lapsed-peer"].provider.pk)[1]
        assert SENTENCE in text
        assert "Not certified since" in text

    def test_a_peer_sees_the_own_file_and_no_other(self, world, sources):
        status, text = page(world["peer"], "me-detail")
        assert (status, "Luz Ortega" in text) == (200, True)
        assert reverse("providers:work-list") in text
        assert page(world["peer"], "provider-detail", world["peer"].provider.pk)[0] == 200
        assert page(world["peer"], "provider-detail", world["lapsed-peer"].provider.pk)[0] == 404

    def test_a_trainer_reads_and_changes_nothing(self, world, unverified):
        text = page(world["trainer"], "provider-detail", world["peer"].provider.pk)[1]
        assert "Registered Peer Recovery Specialist" in text
        for name in ("credential-verify", "credential-renew", "credential-change"):
            assert reverse(f"providers:{name}", args=[unverified.pk]) not in text

    def test_a_biller_is_denied_and_the_denial_is_kept(self, world):
        assert page(world["biller"], "provider-detail", world["peer"].provider.pk)[0] == 403
        with world.acting("auditor"):
            assert AuditEvent.objects.filter(action="page.denied").exists()

    def test_another_agencys_file_is_like_none(self, world):
        url = reverse("providers:provider-detail", args=[world["peer"].provider.pk])
        none = reverse("providers:provider-detail", args=[uuid.uuid4()])
        client = world["other-administrator"].client()
        assert client.get(url).status_code == client.get(none).status_code == 404

    def test_a_post_is_refused(self, world):
        answer = post(world["administrator"], "provider-detail", world["peer"].provider.pk)
        assert answer.status_code == 405

    @pytest.mark.parametrize("count", [1, 6])
    def test_the_number_of_queries_does_not_grow(
        self, world, sources, count, django_assert_num_queries
    ):
        with world.acting("administrator") as clerk:
            made = make_provider(by=clerk.member)
            for _ in range(count):
                kind = make_credential_kind(by=clerk.member)
                make_credential(
                    by=clerk.member, provider=made, kind=kind, since=world.today, until=None
                )
        client = world["administrator"].client()
        with django_assert_num_queries(FILE_QUERIES):
            client.get(reverse("providers:provider-detail", args=[made.pk]))


FORM = {"number": "DEMO-77", "stage": "FULL"}


class TestCertificationPages:
    def told(self, world, **given):
        dates = {
            "issued_on": world.today - 10 * ONE,
            "expires_on": world.today + 355 * ONE,
            "kind": world.juniper.kinds["va-prs"].pk,
        }
        return FORM | dates | given

    def test_a_peer_adds_the_own(self, world):
        luz = world["peer"]
        answer = post(luz, "credential-add", luz.provider.pk, **self.told(world, states=["VA"]))
        assert answer.url == reverse("providers:provider-detail", args=[luz.provider.pk])
        with world.acting("peer"):
            held = Credential.objects.get(number="DEMO-77")
            assert (held.provider, held.entered_by) == (luz.provider, luz.member)
            assert held.valid_from == held.issued_on
            assert held.states == ["VA"]

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"expires_on": ""}, "Enter the last valid day, or say that it has no end."),
            ({"never_ends": "on"}, "Either a last valid day or no end: choose one."),
            ({"expires_on": "2001-01-01"}, "The last valid day comes before the first."),
            ({"issued_on": "2999-01-01"}, "This day is in the future."),
            ({"endorsements": ["MENTAL_HEALTH"]}, "This certification has no such endorsement."),
            ({"stage": "SUSPENDED"}, "Select a valid choice."),
            ({"number": "DEMO-VA-1"}, "Sam Whitfield has a certification of this kind"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_written(self, world, given, said):
        luz = world["peer"]
        answer = post(luz, "credential-add", luz.provider.pk, **self.told(world, **given))
        assert answer.status_code == 422
        assert said in answer.content.decode()
        with world.acting("peer"):
            assert not Credential.objects.filter(
                provider=luz.provider, kind=world.juniper.kinds["va-prs"]
            ).exists()

    def test_days_that_overlap_are_said_at_the_field(self, world):
        luz, kind = world["peer"], world.juniper.kinds["tx-peer-specialist"].pk
        answer = post(luz, "credential-add", luz.provider.pk, **self.told(world, kind=kind))
        assert "another certification of this kind on these days" in answer.content.decode()

    def test_the_renewal_begins_with_type_and_number_only(self, world, unverified):
        text = page(world["peer"], "credential-renew", unverified.pk)[1]
        assert f'value="{unverified.number}"' in text
        assert f'value="{unverified.expires_on}"' not in text

    def test_a_renewal_is_entered_once(self, world, unverified):
        first = unverified.expires_on + ONE
        told = FORM | {
            "issued_on": world.today - ONE,
            "valid_from": first,
            "expires_on": first + 364 * ONE,
        }
        key = uuid.uuid4()
        answers = [
            post(world["peer"], "credential-renew", unverified.pk, **told, form_key=key)
            for _ in range(2)
        ]
        assert [each.status_code for each in answers] == [302, 302]
        with world.acting("peer"):
            assert Credential.objects.filter(replaces=unverified).count() == 1
        text = page(world["peer"], "credential-renew", unverified.pk)[1]
        assert "The renewal of this certification is entered already." in text

    def test_another_person_verifies(self, world, unverified):
        told = {"method": "REGISTRY", "source": "Made-up registry", "checked_on": world.today - ONE}
        status, text = page(world["administrator"], "credential-verify", unverified.pk)
        assert (status, unverified.number in text) == (200, True)
        answer = post(world["administrator"], "credential-verify", unverified.pk, **told)
        assert answer.status_code == 302
        with world.acting("administrator") as clerk:
            check = Verification.objects.get(credential=unverified)
            assert check.verified_by == clerk.member

    def test_checks_stand_in_the_order_in_which_they_were_made(self, world, unverified):
        with world.acting("administrator") as clerk:
            for hours, source in ((1, "Third look"), (3, "First look"), (2, "Second look")):
                at = world.now - dt.timedelta(hours=hours)
                make_verification(by=clerk.member, credential=unverified, at=at, source=source)
        _status, text = page(world["administrator"], "provider-detail", unverified.provider_id)
        places = [text.index(f"{which} look") for which in ("First", "Second", "Third")]
        assert places == sorted(places)

    def test_a_check_in_the_future_or_before_the_last_is_refused(self, world, unverified):
        told = {"method": "REGISTRY", "source": "R", "checked_on": world.today + 9 * ONE}
        told["next_check_on"] = world.today
        answer = post(world["administrator"], "credential-verify", unverified.pk, **told)
        assert answer.status_code == 422
        assert "This day is in the future." in answer.content.decode()
        assert "The next check comes after this one." in answer.content.decode()

    def test_who_entered_it_reads_why_not_and_cannot(self, world):
        with world.acting("administrator") as clerk:
            held = make_credential(
                by=clerk.member,
                provider=world["peer"].provider,
                kind=make_credential_kind(by=clerk.member),
                since=world.today,
                until=None,
            )
        text = page(world["administrator"], "credential-verify", held.pk)[1]
        assert "You entered this certification. Another person has to verify it." in text
        assert "disabled" in text
        told = {"method": "REGISTRY", "source": "R", "checked_on": world.today - ONE}
        assert post(world["administrator"], "credential-verify", held.pk, **told).status_code == 422
        with world.acting("administrator"):
            assert not Verification.objects.filter(credential=held).exists()

    def test_an_unverified_one_is_corrected(self, world, unverified):
        told = {
            "number": unverified.number,
            "stage": "FULL",
            "issued_on": unverified.issued_on,
            "valid_from": unverified.valid_from,
            "expires_on": unverified.expires_on + ONE,
        }
        assert post(world["peer"], "credential-change", unverified.pk, **told).status_code == 302
        with world.acting("peer"):
            changed = Credential.objects.get(pk=unverified.pk)
            assert changed.expires_on == unverified.expires_on + ONE

    @pytest.mark.parametrize("stage", ["SUSPENDED", "RETIRED"])
    def test_it_is_stopped(self, world, unverified, stage):
        told = {"stage": stage, "since": world.today}
        assert (
            post(world["administrator"], "credential-stop", unverified.pk, **told).status_code
            == 302
        )
        with world.acting("administrator"):
            assert Credential.objects.get(pk=unverified.pk).stage == stage

    def test_its_address_leads_to_its_holder(self, world, unverified):
        answer = (
            world["auditor"]
            .client()
            .get(reverse("providers:credential-detail", args=[unverified.pk]))
        )
        holder = reverse("providers:provider-detail", args=[world["peer"].provider.pk])
        assert answer.url == f"{holder}#certification-{unverified.pk}"

    @pytest.mark.parametrize(
        ("name", "who", "status"),
        [
            ("credential-verify", "peer", 403),
            ("credential-stop", "peer", 403),
            ("credential-renew", "lapsed-peer", 404),
            ("credential-change", "lapsed-peer", 404),
            ("credential-renew", "trainer", 403),
            ("credential-detail", "biller", 403),
            ("credential-verify", "other-administrator", 404),
            ("credential-renew", "other-administrator", 404),
            ("credential-stop", "other-administrator", 404),
            ("credential-detail", "other-administrator", 404),
        ],
    )
    def test_refuses_others(self, world, unverified, name, who, status):
        assert page(world[who], name, unverified.pk)[0] == status

    def test_an_agency_without_kinds_says_so(self, world):
        with world.acting("other-administrator"):
            CredentialKind.objects.all().delete()
        beth = world["other-administrator"]
        text = page(beth, "credential-add", beth.provider.pk)[1]
        assert "Your agency keeps track of no certification yet" in text


class TestNavigation:
    def test_a_supervisor_reads_the_staff(self, world):
        head = page(world["supervisor"], "provider-list")[1].split("<main")[0]
        assert f'<a href="{reverse("providers:provider-list")}"' in head

    @pytest.mark.parametrize(
        ("who", "staff", "me"),
        [
            ("peer", False, True),
            ("administrator", True, False),
            ("trainer", True, False),
            ("auditor", True, False),
            ("biller", False, False),
        ],
    )
    def test_each_role_has_its_entries(self, world, who, staff, me):
        text = page(world[who], "provider-list")[1]
        assert (
            f'<a href="{reverse("providers:provider-list")}"' in text.split("<main")[0]
        ) is staff
        assert (f'<a href="{reverse("providers:me-detail")}"' in text.split("<main")[0]) is me


@pytest.mark.parametrize("month", ["0001-01", "1899-12", "9999-12", "2026-13", "abc", "\0", "²"])
def test_a_month_that_hours_cannot_be_of_shows_this_month(world, month):
    status, text = page(world["peer"], "work-list", month=month)
    assert status == 200
    assert f"{world.today:%B %Y}" in text


def test_a_slip_in_the_year_of_a_stop_is_refused_and_the_staff_list_stays(world, unverified):
    told = {"stage": "SUSPENDED", "since": "0001-01-01"}
    answer = post(world["administrator"], "credential-stop", unverified.pk, **told)
    assert answer.status_code == 422
    assert "Check the year of this day." in answer.content.decode()
    status, _text = page(world["administrator"], "provider-list")
    assert status == 200


@pytest.mark.parametrize(
    "name",
    [
        "providers:provider-list",
        "providers:provider-add",
        "providers:me-detail",
        "providers:work-list",
        "supervision:person-list",
        "supervision:assignment-add",
        "training:course-list",
        "training:course-add",
        "web:form-token",
        "accounts:agency-list",
    ],
)
def test_a_page_answers_head_as_it_answers_get(world, name):
    client = english(world["administrator"])
    got, headed = client.get(reverse(name)), client.head(reverse(name))
    assert (headed.status_code, headed.content) == (got.status_code, b"")
