"""Who may open, begin and read a note: its author, those above, and nobody else."""

import datetime as dt
import uuid

import pytest
from django.db.models.functions import Now
from django.urls import reverse

from billing.models import ServiceNote
from peerworks.accounts.models import SignIn
from peerworks.audit.models import AuditEvent
from tests.billing.test_notes_pages import filled, made, note_of, url

pytestmark = pytest.mark.django_db


def test_a_note_is_its_authors_until_it_is_signed(world):
    note = made(world, state="DRAFT")
    for who in ("supervisor", "administrator", "auditor"):
        assert world[who].client().get(url("note-detail", note.pk)).status_code == 404
    assert world["supervisor"].client().get(url("note-write", note.pk)).status_code == 404


@pytest.mark.parametrize(
    "who", ["administrator", "biller", "auditor", "trainer", "privacy-officer"]
)
def test_only_workers_write_notes(world, who):
    assert world[who].client().get(url("note-write")).status_code == 403


def test_a_note_cannot_be_begun_for_somebody_elses_person(world):
    other = world.people["dogwood"].participant
    assert world["peer"].client().get(url("note-begin", other.pk)).status_code == 404


def test_another_agency_finds_nothing(world):
    note = made(world, state="SIGNED")
    client = world["other-administrator"].client()
    assert client.get(url("note-detail", note.pk)).status_code == 404


def test_the_privacy_officer_reads_the_story_for_ten_minutes_after_her_factor(world):
    """AU-9: the star of VIEW_NARRATIVE."""
    note = made(world, state="SIGNED", what_we_did="A story that is nobody else's.")
    client = world["privacy-officer"].client()
    with world.acting("privacy-officer") as dana:
        SignIn.objects.filter(user=dana.user).update(factor_at=Now() - dt.timedelta(minutes=11))
    path = url("note-detail", note.pk)
    words = client.get(path).content.decode()
    assert "A story that is nobody else" not in words
    assert f"/accounts/step-up/?next={path}" in words
    client.post("/accounts/step-up/", {"next": path})
    assert "A story that is nobody else" in client.get(path).content.decode()


READERS = [
    ("peer", True),
    ("supervisor", True),
    ("auditor", True),
    ("biller", False),
    ("administrator", False),
    ("privacy-officer", True),
]


@pytest.mark.parametrize(("who", "reads"), READERS)
def test_who_reads_the_story_and_who_the_facts_only(world, who, reads):
    note = made(world, state="SIGNED", what_we_did="A story that is nobody else's.")
    page = world[who].client().get(url("note-detail", note.pk))
    words = page.content.decode()
    assert page.status_code == 200
    assert ("A story that is nobody else" in words) is reads
    assert "3" in words
    with world.acting("auditor"):
        seen = AuditEvent.objects.filter(action="note.viewed", object_id=str(note.pk))
        assert seen.count() == 1


def test_a_form_of_another_agency_changes_nothing(world):
    person = world.person("peer").participant
    sent = filled(world, form_agency=str(world.lantern.agency.pk))
    assert world["peer"].client().post(url("note-begin", person.pk), sent).status_code == 409
    assert note_of(world) is None


def test_a_forms_key_never_leads_into_another_persons_note(world):
    """The same form key with another person's address keeps nothing in the first person's note."""
    client, key = world["peer"].client(), str(uuid.uuid4())
    first, second = world.person("peer").participant, world.people["peachtree"].participant
    given = {
        "form_agency": str(world.juniper.agency.pk),
        "form_key": key,
        "version": "0",
        "day": world.today.isoformat(),
        "what_we_did": "Words about the first person.",
    }
    client.post(reverse("billing:note-draft-new", args=[first.pk]), given)
    with world.acting("peer"):
        note = ServiceNote.objects.get(form_key=key)
        version = note.versions.get()
    other = {**given, "version": str(version.draft_number), "what_we_did": "About the second."}
    client.post(reverse("billing:note-draft-new", args=[second.pk]), other)
    with world.acting("peer"):
        assert note.versions.get().what_we_did == "Words about the first person."


def test_an_odd_note_in_the_address_is_not_found(world):
    """What is no id is answered like an id that nobody knows."""
    person = world.person("peer").participant
    address = reverse("billing:note-begin", args=[person.pk])
    assert world["peer"].client().get(f"{address}?note=abc").status_code in (200, 404)
    verdict = reverse("billing:note-verdict", args=[person.pk])
    sent = {"form_agency": str(world.juniper.agency.pk)}
    assert world["peer"].client().post(f"{verdict}?note=abc", sent).status_code < 500
