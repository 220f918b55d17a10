"""A working day of each role, through the pages, in the filled demonstration."""

import re

import pytest
from django.urls import reverse

from billing.models import Batch, Claim, Payer, ServiceNote
from peerworks.home.demo.cast import JUNIPER
from peerworks.participants.models import Participant
from providers.models import Credential, Provider
from training.models import Course

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def returned_note(people):
    """Luz's note that came back."""
    with people.looking():
        return ServiceNote.objects.get(state="RETURNED")


def sign(peer, note_id):
    """Read the note as it will stand, and press the button."""
    shown = peer.open(reverse("billing:note-sign", args=[note_id]))
    number = re.search(r'name="draft_number" value="(\d+)"', shown.content.decode())
    answer = peer.send(
        reverse("billing:note-sign", args=[note_id]), draft_number=number.group(1) if number else ""
    )
    assert answer["Location"] == reverse("billing:note-detail", args=[note_id])


def correct(peer, note_id, **changes):
    """Change what was written and sign."""
    path = reverse("billing:note-write", args=[note_id])
    answer = peer.send_form(path, do="review", **changes)
    assert answer["Location"] == reverse("billing:note-sign", args=[note_id])
    sign(peer, note_id)


def texas(people):
    """The id of the payer in Texas."""
    with people.looking():
        return str(Payer.objects.get(code="TXMCD").pk)


def test_a_peer_mends_what_came_back(people):
    luz, note = people("peer"), returned_note(people)
    assert reverse("billing:note-write", args=[note.pk]) in luz.text("/today/")
    correct(luz, note.pk, what_we_did="Rode the bus one stop, for the goal to visit her sister.")
    assert reverse("billing:note-write", args=[note.pk]) not in luz.text("/today/")
    assert "10 notes wait for your review" in people("supervisor").text("/today/")


def test_a_peer_finishes_yesterdays_draft(people):
    luz = people("peer")
    with people.looking():
        draft = ServiceNote.objects.get(state="DRAFT", provider__given_name="Luz")
    sent = luz.send_form(reverse("billing:note-write", args=[draft.pk]), do="review")
    assert luz.client.get(sent["Location"])["Location"].endswith("?check=1")
    correct(luz, draft.pk, response="She laughed and tried again.", next_step="Again on Tuesday.")
    with people.looking():
        assert ServiceNote.objects.get(pk=draft.pk).state == "SIGNED"


def approve(supervisor, note_id):
    """Open a note, and co-sign the text that was read."""
    page = supervisor.open(reverse("billing:review-note", args=[note_id]))
    read = page.context["shown"].current.sha256
    return supervisor.send(reverse("billing:note-cosign", args=[note_id]), sha256=read)


def test_a_supervisor_reviews_and_returns(people):
    andre = people("supervisor")
    queue = andre.open(reverse("billing:review-list")).context["rows"]
    assert len(queue) == 9
    first, second = queue[0].id, queue[1].id
    assert approve(andre, first).status_code == 302
    sent = andre.send_form(
        reverse("billing:note-return", args=[second]), words="Please name the goal."
    )
    assert sent.status_code == 302
    assert "Seven notes wait for your review" in andre.text("/today/")
    with people.looking():
        states = dict(ServiceNote.objects.filter(pk__in=[first, second]).values_list("pk", "state"))
    assert states == {first: "COSIGNED", second: "RETURNED"}


def test_an_administrator_verifies_and_one_person_can_bill_again(people):
    marisol = people("administrator")
    assert "Three people cannot bill today" in marisol.text("/today/")
    with people.looking():
        pending = Credential.objects.get(provider__given_name="Jo", verifications__isnull=True)
    answer = marisol.send_form(
        reverse("providers:credential-verify", args=[pending.pk]),
        method="REGISTRY",
        source="Public registry (made up)",
        checked_on=pending.valid_from.isoformat(),
    )
    assert answer.status_code == 302
    page = marisol.text("/today/")
    assert "Two people cannot bill today" in page
    assert "One document waits to be verified" in page


def test_a_biller_builds_what_is_ready_and_takes_the_file(people):
    priya = people("biller")
    assert "is ready to bill" in priya.text("/today/")
    path = reverse("billing:batch-build")
    built = priya.send_form(path, payer=texas(people), do="build")
    with people.looking():
        batch = Batch.objects.latest("created_at")
        assert batch.notes_count > 0
    assert built["Location"] == reverse("billing:batch-detail", args=[batch.pk])
    file = priya.send(reverse("billing:batch-download", args=[batch.pk]))
    assert file.content.startswith(b"ISA")
    assert "Nothing is ready to bill" in priya.text("/today/")


def test_an_auditor_follows_a_paid_claim_to_the_rules(people):
    ines = people("auditor")
    today = ines.open("/today/").content.decode()
    claim = re.search(r'href="(/claims/[^"]+)"', today).group(1)
    assert "PROV-02" in ines.text(claim)
    pack = re.search(r'href="(/rules/[a-z-]+/[^"]+/)"', today).group(1)
    assert ines.open(pack).status_code == 200
    assert ines.send(reverse("billing:batch-build")).status_code == 403


def test_a_trainer_records_a_completion(people):
    tom = people("trainer")
    with people.looking():
        wham = Course.objects.get(key="wham")
        devon = Provider.objects.get(given_name="Devon")
    answer = tom.send_form(
        reverse("training:completion-add", args=[wham.pk]),
        provider=str(devon.pk),
        completed_on="2026-01-15",
        certificate_number="DEMO-WHAM-9",
    )
    assert answer.status_code == 302
    assert "Devon Marsh" in tom.text("/today/")


def test_a_privacy_officer_knows_a_number_and_no_name(people):
    dana = people("privacy-officer")
    with people.looking():
        sealed = Participant.objects.get(is_sealed=True)
    page = dana.text("/today/")
    assert "person's record is sealed" in page.replace("&#x27;", "'")
    assert sealed.shown_name not in page
    detail = reverse("participants:participant-detail", args=[sealed.pk])
    assert dana.client.get(detail).status_code == 404
    assert people("supervisor").client.get(detail).status_code == 200


def test_a_lapsed_peer_reads_why_a_note_is_held(people):
    sam = people("lapsed-peer")
    assert "Ended on" in sam.text("/today/")
    with people.looking():
        held = ServiceNote.objects.filter(provider__given_name="Sam", state="COSIGNED").latest(
            "service_day"
        )
    page = sam.text(reverse("billing:note-detail", args=[held.pk]))
    assert "Registered Peer Recovery Specialist" in page


def test_the_other_agency_finds_nobody_of_the_first(people):
    beth = people("other-administrator")
    with people.looking(JUNIPER):
        person = Participant.objects.filter(is_sealed=False).first()
        paths = [
            reverse("participants:participant-detail", args=[person.pk]),
            reverse("providers:provider-detail", args=[Provider.objects.first().pk]),
            reverse("billing:claim-detail", args=[Claim.objects.first().pk]),
            reverse("billing:batch-detail", args=[Batch.objects.first().pk]),
        ]
    assert [beth.client.get(path).status_code for path in paths] == [404] * 4
    for path in ("/today/", "/participants/", "/providers/", "/worklist/"):
        assert "Luz" not in beth.text(path)
        assert person.shown_name not in beth.text(path)


def test_one_visit_from_the_first_word_to_the_auditor(people):
    luz, andre, priya, ines = (people(who) for who in ("peer", "supervisor", "biller", "auditor"))
    note = returned_note(people)
    correct(luz, note.pk, what_we_did="Practiced the bus ride toward the goal of visiting.")
    andre.open(reverse("billing:review-note", args=[note.pk]))
    sent_back = andre.send_form(
        reverse("billing:note-return", args=[note.pk]), words="Almost: how did it go for her?"
    )
    assert sent_back.status_code == 302
    assert "Almost: how did it go for her?" in luz.text("/today/")
    correct(luz, note.pk, response="She was proud, and said so to the driver.")
    assert approve(andre, note.pk).status_code == 302
    built = priya.send_form(reverse("billing:batch-build"), payer=texas(people), do="build")
    assert built.status_code == 302
    with people.looking():
        claim = Claim.objects.get(lines__line_notes__note=note)
    page = ines.text(reverse("billing:claim-detail", args=[claim.pk]))
    assert "NOTE-02" in page
    assert reverse("billing:note-detail", args=[note.pk]) in page
    story = ines.text(reverse("billing:note-detail", args=[note.pk]))
    assert "She was proud, and said so to the driver." in story
    assert "Almost: how did it go for her?" in story
