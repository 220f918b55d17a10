"""The pages of batches and claims: who sees them, what they say, and that they do it once."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from billing.models import Batch, Claim, GateRun, NoteVersion
from billing.operations.batches import discard_batch
from peerworks.audit.models import AuditEvent
from peerworks.participants import operations as participants
from peerworks.participants.models import Participant
from tests.factories.billing_claims import RATE, as_service, build, local_day, served, texas
from tests.factories.billing_notes import make_note

pytestmark = pytest.mark.django_db
BUILD = "billing:batch-build"
ROLES_OUT = ("peer", "supervisor", "trainer", "privacy-officer")


@pytest.fixture
def visits(world):
    """Two people with an hour each, and one visit that waits for review."""
    with as_service(world):
        make_note(world, hour=9)
        make_note(world, person=served(world, 1, family="Quince"), hour=11)
        make_note(world, person=served(world, 2), hour=13, state="SIGNED")
    return world


@pytest.fixture
def batch(visits):
    """A batch of the two."""
    with visits.acting("biller") as player:
        return build(visits, by=player.member)


def get(world, name, *args, who="biller"):
    """A page as somebody sees it."""
    return world[who].client().get(reverse(name, args=args))


def post(world, name, *args, who="biller", **given):
    """A form as somebody sends it, made for their agency."""
    agency = world.house_of(who).agency.pk
    return world[who].client().post(reverse(name, args=args), {"form_agency": agency, **given})


def asked(world, do="preview", **given):
    """What the form of a build holds."""
    values = {"payer": texas(world).pk, "through": local_day(world).isoformat()}
    return values | {"form_key": str(uuid4()), "do": do} | given


class TestBuild:
    """Choose, see, build."""

    def test_the_preview_shows_what_the_batch_will_hold(self, visits):
        answer = post(visits, BUILD, **asked(visits))
        planned = answer.context["batch"]
        assert (planned.claims_count, planned.units, planned.charge) == (2, 8, 8 * RATE)
        assert answer.context["left_out"] == [("NOTE-REVIEW", "Waiting for review", 1)]
        with visits.acting("biller"):
            assert not Batch.objects.exists()
            assert not GateRun.objects.exists()

    def test_the_button_of_the_preview_builds_what_it_showed(self, visits):
        shown = post(visits, BUILD, **asked(visits))
        hidden = dict(
            re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', shown.content.decode())
        )
        answer = post(visits, BUILD, **hidden, do="build")
        with visits.acting("biller"):
            made = Batch.objects.get()
        assert answer.url == reverse("billing:batch-detail", args=[made.pk])
        assert (made.claims_count, made.charge) == (2, shown.context["batch"].charge)

    def test_sent_twice_it_builds_once(self, visits):
        given = asked(visits, do="build")
        first, again = post(visits, BUILD, **given), post(visits, BUILD, **given)
        assert first.url == again.url
        with visits.acting("biller"):
            assert Batch.objects.count() == 1

    def test_nothing_to_bill_is_said_in_words(self, visits):
        given = asked(visits, do="build", payer=visits.juniper.payers["GAMCD"].pk)
        answer = post(visits, BUILD, **given)
        assert answer.status_code == 422
        assert (
            "No visit for Made-up Medicaid of GA is ready to be billed." in answer.content.decode()
        )

    def test_a_preview_of_nothing_shows_what_holds(self, visits):
        answer = post(visits, BUILD, **asked(visits, payer=visits.juniper.payers["GAMCD"].pk))
        assert "No visit is ready to be billed." in answer.content.decode()

    def test_what_the_payer_would_turn_away_stops_the_button(self, visits):
        with as_service(visits):
            Participant.objects.filter(family_name="Quince").update(street="")
        text = post(visits, BUILD, **asked(visits)).content.decode()
        assert "The payer would turn away the claim of Ash1 Quince" in text
        assert 'value="build"' not in text

    def test_a_missing_payer_and_a_day_to_come_are_named(self, visits):
        answer = post(visits, BUILD, **asked(visits, payer="", through="2199-01-01"))
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"payer", "through"}

    def test_a_form_of_another_agency_writes_nothing(self, visits):
        given = asked(visits, do="build", form_agency=visits.lantern.agency.pk)
        assert post(visits, BUILD, **given).status_code == 409
        with visits.acting("biller"):
            assert not Batch.objects.exists()

    def test_the_payer_of_another_agency_is_no_choice(self, visits):
        given = asked(visits, payer=visits.lantern.payers["MIPIHP"].pk)
        assert post(visits, BUILD, **given).status_code == 422

    @pytest.mark.parametrize("who", ["administrator", "auditor", *ROLES_OUT])
    def test_others_may_not(self, visits, who):
        assert get(visits, BUILD, who=who).status_code == 403


class TestBatch:
    """Its page, its file, and taking it back."""

    def test_the_page_says_what_the_file_holds(self, visits, batch):
        answer = get(visits, "billing:batch-detail", batch.pk)
        text = answer.content.decode()
        assert [each.participant for each in answer.context["rows"]] == [
            "Wren Alder",
            "Ash1 Quince",
        ]
        for said in (batch.interchange, batch.reference, batch.sha256, "$172.00"):
            assert said in text

    def test_it_is_in_the_list(self, visits, batch):
        assert batch.interchange in get(visits, "billing:batch-list").content.decode()

    def test_the_file_is_given_to_the_biller(self, visits, batch):
        answer = post(visits, "billing:batch-download", batch.pk)
        assert answer.content.decode() == batch.file
        assert answer["Content-Disposition"] == 'attachment; filename="TXMCD-000000001.837"'
        again = post(visits, "billing:batch-download", batch.pk)
        assert again.content == answer.content
        with visits.acting("biller"):
            assert Batch.objects.get().state == "SENT"
            assert set(Claim.objects.values_list("state", flat=True)) == {"SENT"}

    def test_a_link_gives_no_file(self, visits, batch):
        assert get(visits, "billing:batch-download", batch.pk).status_code == 405

    @pytest.mark.parametrize("who", ["administrator", "auditor", *ROLES_OUT])
    def test_others_take_no_file(self, visits, batch, who):
        assert post(visits, "billing:batch-download", batch.pk, who=who).status_code == 403
        assert post(visits, "billing:batch-discard", batch.pk, who=who).status_code == 403

    def test_taken_back_it_frees_its_visits(self, visits, batch):
        post(visits, "billing:batch-discard", batch.pk)
        text = get(visits, "billing:batch-detail", batch.pk).content.decode()
        assert "Taken back" in text
        assert "This batch was taken back." in text
        answer = post(visits, "billing:batch-discard", batch.pk)
        assert answer.status_code == 302
        with visits.acting("biller") as player:
            assert build(visits, by=player.member).claims_count == 2

    def test_a_batch_that_was_taken_back_gives_no_file(self, visits, batch):
        with visits.acting("biller") as player:
            discard_batch(batch=batch, by=player.member)
        assert post(visits, "billing:batch-download", batch.pk).status_code == 302

    def test_it_is_there_only_for_who_sees_every_person_in_it(self, visits, batch):
        with visits.acting("privacy-officer") as officer:
            participants.seal_participant(
                participant=Participant.objects.get(family_name="Quince"),
                listed=[visits["peer"].member],
                reason="Works here too",
                by=officer.member,
                at=visits.now,
            )
        for name in ("detail", "download", "discard"):
            call = get if name == "detail" else post
            assert call(visits, f"billing:batch-{name}", batch.pk).status_code == 404
        assert batch.interchange not in get(visits, "billing:batch-list").content.decode()

    def test_the_other_agency_finds_nothing(self, visits, batch):
        theirs = {"who": "other-administrator"}
        assert get(visits, "billing:batch-detail", batch.pk, **theirs).status_code == 404
        assert post(visits, "billing:batch-download", batch.pk, **theirs).status_code == 404
        assert batch.interchange not in get(visits, "billing:batch-list", **theirs).content.decode()

    @pytest.mark.parametrize("who", ROLES_OUT)
    def test_peers_and_supervisors_see_no_batches(self, visits, batch, who):
        assert get(visits, "billing:batch-list", who=who).status_code == 403
        assert get(visits, "billing:batch-detail", batch.pk, who=who).status_code == 403


class TestClaim:
    """A claim down to the signatures."""

    def claim(self, world):
        with world.acting("biller"):
            return Claim.objects.get(participant=world.person("peer").participant)

    @pytest.mark.parametrize("who", ["biller", "auditor", "administrator"])
    def test_it_says_what_it_rests_on(self, visits, batch, who):
        claim = self.claim(visits)
        answer = get(visits, "billing:claim-detail", claim.pk, who=who)
        text = answer.content.decode()
        (_line, (billed,)) = answer.context["lines"][0]
        with visits.acting("biller"):
            run = GateRun.objects.get(note_id=billed.line_note.note_id)
            version = NoteVersion.objects.get(pk=billed.line_note.version_id)
        for said in (claim.control_number, claim.sent_sha256, run.sha256, version.sha256):
            assert said in text
        assert "Andre Rivers" in text
        assert "Certification valid on the day" in text
        assert "tx-medicaid-peer@2026.1" in text

    def test_unverified_values_are_told(self, visits, batch):
        answer = get(visits, "billing:claim-detail", self.claim(visits).pk)
        assert answer.context["is_unverified"]
        assert "Some values that this claim rests on are unverified." in answer.content.decode()

    def test_an_administrator_sees_no_diagnosis(self, visits, batch):
        claim = self.claim(visits)
        shown = {
            who: "F331" in get(visits, "billing:claim-detail", claim.pk, who=who).content.decode()
            for who in ("biller", "auditor", "administrator")
        }
        assert shown == {"biller": True, "auditor": True, "administrator": False}

    def test_no_word_of_the_note_is_on_it(self, visits, batch):
        text = get(visits, "billing:claim-detail", self.claim(visits).pk).content.decode()
        assert "Made-up words" not in text
        assert "Made-up purpose" not in text

    def test_opening_it_is_kept(self, visits, batch):
        claim = self.claim(visits)
        get(visits, "billing:claim-detail", claim.pk, who="auditor")
        with visits.acting("auditor"):
            event = AuditEvent.objects.get(action="claim.viewed")
        assert (event.object_id, event.participants) == (str(claim.pk), [claim.participant_id])

    def test_the_other_agency_finds_nothing(self, visits, batch):
        claim = self.claim(visits)
        answer = get(visits, "billing:claim-detail", claim.pk, who="other-administrator")
        assert answer.status_code == 404

    @pytest.mark.parametrize("who", ROLES_OUT)
    def test_others_may_not(self, visits, batch, who):
        answer = get(visits, "billing:claim-detail", self.claim(visits).pk, who=who)
        assert answer.status_code == 403
