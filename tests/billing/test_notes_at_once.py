"""Many at once, with real threads and commits: one signature a slot, one note a form, no word lost."""

import uuid

import pytest
from django.urls import reverse

from billing.models import Addendum, CoSignature, NoteVersion, ServiceNote
from providers.models import WorkSpan
from tests.at_once import all_at_once as in_threads
from tests.billing.test_notes_pages import filled
from tests.factories.billing_notes import make_note_at_state

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 8


def url(name, *args):
    """An address of billing."""
    return reverse(f"billing:{name}", args=args)


def all_at_once(work, given):
    """Run `work` for each of `given` in threads of their own, and answer with what came of it."""
    return in_threads(work, given, AT_ONCE)


def test_of_overlapping_notes_exactly_one_is_signed(world):
    with world.acting("peer"):
        notes = [make_note_at_state(world, state="DRAFT") for _each in range(AT_ONCE)]
        numbers = {each.pk: each.versions.get().draft_number for each in notes}
    form = {"form_agency": str(world.juniper.agency.pk)}
    clients = [(note, world["peer"].client()) for note in notes]

    def sign(pair):
        note, client = pair
        own = form | {"draft_number": str(numbers[note.pk])}
        return client.post(url("note-sign", note.pk), own).status_code

    assert set(all_at_once(sign, clients)) == {302}
    with world.acting("peer"):
        assert ServiceNote.objects.filter(state="SIGNED").count() == 1
        assert WorkSpan.objects.filter(source_kind="INDIVIDUAL_NOTE").count() == 1
        assert NoteVersion.objects.filter(signed_at__isnull=False).count() == 1


def test_one_form_sent_many_times_makes_one_note_and_equal_answers(world):
    person, sent = world.person("peer").participant.pk, filled(world)
    clients = [world["peer"].client() for _each in range(AT_ONCE)]

    def send(client):
        answer = client.post(url("note-begin", person), sent)
        return answer.status_code, answer.headers["Location"]

    assert len(set(all_at_once(send, clients))) == 1
    with world.acting("peer"):
        assert ServiceNote.objects.count() == 1


def test_one_note_signed_and_cosigned_many_times_has_one_of_each(world):
    with world.acting("peer"):
        note = make_note_at_state(world, state="DRAFT")
        read = note.versions.get()
    form = {"form_agency": str(world.juniper.agency.pk), "draft_number": str(read.draft_number)}
    writers = [world["peer"].client() for _each in range(AT_ONCE)]
    all_at_once(lambda client: client.post(url("note-sign", note.pk), form), writers)
    with world.acting("peer"):
        form["sha256"] = note.versions.get().sha256
    readers = [world["supervisor"].client() for _each in range(AT_ONCE)]
    said = all_at_once(lambda client: client.post(url("note-cosign", note.pk), form), readers)
    assert {each.status_code for each in said} == {302}
    with world.acting("peer"):
        assert NoteVersion.objects.filter(note=note).count() == 1
        assert CoSignature.objects.filter(note=note).count() == 1
        assert ServiceNote.objects.get(pk=note.pk).state == "COSIGNED"


def test_of_two_editors_none_overwrites_the_other(world):
    with world.acting("peer"):
        note = make_note_at_state(world, state="DRAFT")
    editors = [(str(each), world["peer"].client()) for each in range(AT_ONCE)]

    def save(editor):
        text, client = editor
        sent = filled(world, version="1", purpose=text)
        answer = client.post(url("note-draft", note.pk), sent)
        return answer.status_code, text

    said = all_at_once(save, editors)
    winners = [text for status, text in said if status == 200]
    assert sorted({status for status, _text in said}) == [200, 409]
    assert len(winners) == 1
    with world.acting("peer"):
        assert NoteVersion.objects.get(note=note).purpose == winners[0]


def test_addenda_at_once_are_all_there_in_order(world):
    with world.acting("peer"):
        note = make_note_at_state(world, state="COSIGNED")
    writers = [(str(each), world["peer"].client()) for each in range(AT_ONCE * 2)]

    def add(writer):
        text, client = writer
        own = {"form_agency": str(world.juniper.agency.pk), "form_key": str(uuid.uuid4())}
        return client.post(url("note-addend", note.pk), own | {"text": text, "reason": "Late."})

    assert {each.status_code for each in all_at_once(add, writers)} == {302}
    with world.acting("peer"):
        numbers = Addendum.objects.order_by("n").values_list("n", flat=True)
        assert list(numbers) == list(range(1, AT_ONCE * 2 + 1))
