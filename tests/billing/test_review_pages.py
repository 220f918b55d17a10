"""The review queue: whose notes, opening, approving, returning with words."""

import uuid

import pytest
from django.urls import reverse

from billing.models import NoteOpening, ServiceNote
from tests.factories.billing_notes import make_note_at_state

pytestmark = pytest.mark.django_db


def url(name, *args):
    """An address of billing."""
    return reverse(f"billing:{name}", args=args)


def made(world, **how):
    """A note of Luz that waits for Andre, unless told otherwise."""
    with world.acting("peer"):
        return make_note_at_state(world, **{"state": "SIGNED"} | how)


def state_of(world, note):
    """Where a note stands."""
    with world.acting("supervisor"):
        return ServiceNote.objects.get(pk=note.pk).state


def sent(world, **fields):
    """A form of the reviewer."""
    own = {"form_agency": str(world.juniper.agency.pk), "form_key": str(uuid.uuid4())}
    return own | fields


def test_the_queue_holds_what_waits_and_says_in_words_what_to_look_at(world):
    good = made(world, hour=8)
    with world.acting("lapsed-peer"):
        held = make_note_at_state(world, "dogwood", state="SIGNED")
    made(world, hour=10, state="COSIGNED")
    made(world, hour=12, state="DRAFT")
    page = world["supervisor"].client().get(url("review-list"))
    flags = {row.id: [words for _kind, words in row.flags] for row in page.context["rows"]}
    assert set(flags) == {good.pk, held.pk}
    assert flags[good.pk] == ["New"]
    assert "Cannot bill" in flags[held.pk]


def test_own_notes_never_appear(world):
    note = made(world)
    with world.acting("supervisor"):
        from supervision.models import Assignment

        line = Assignment.objects.get(provider=note.provider)
        line.delegate = None
        line.save()
    assert [
        row.id for row in world["supervisor"].client().get(url("review-list")).context["rows"]
    ] == [note.pk]
    assert world["peer"].client().get(url("review-list")).status_code == 403


def test_a_list_opens_nothing_and_a_note_is_opened_once(world):
    note = made(world)
    client = world["supervisor"].client()
    client.get(url("review-list"))
    with world.acting("supervisor"):
        assert not NoteOpening.objects.exists()
    for _twice in range(2):
        assert client.get(url("review-note", note.pk)).status_code == 200
    with world.acting("supervisor"):
        assert NoteOpening.objects.filter(note=note).count() == 1


def test_an_auditors_reading_is_no_opening(world):
    note = made(world)
    assert world["auditor"].client().get(url("note-detail", note.pk)).status_code == 200
    with world.acting("supervisor"):
        assert not NoteOpening.objects.exists()


def test_approving_leads_to_the_next(world):
    first, second = made(world, hour=8), made(world, hour=10)
    client = world["supervisor"].client()
    page = client.get(url("review-note", first.pk))
    read = page.context["shown"].current.sha256
    done = client.post(url("note-cosign", first.pk), sent(world, sha256=read))
    assert done["Location"] == url("review-note", second.pk)
    assert state_of(world, first) == "COSIGNED"
    again = client.post(url("note-cosign", first.pk), sent(world, sha256=read))
    assert again.status_code == 302
    unread = client.post(url("note-cosign", second.pk), sent(world))
    assert unread["Location"] == url("review-note", second.pk)
    assert state_of(world, second) == "SIGNED"
    read = client.get(url("review-note", second.pk)).context["shown"].current.sha256
    last = client.post(url("note-cosign", second.pk), sent(world, sha256=read))
    assert last["Location"] == url("review-list")
    assert client.get(url("note-cosign", first.pk)).status_code == 405


def test_another_text_than_the_one_read_is_not_approved(world):
    note = made(world)
    answer = (
        world["supervisor"]
        .client()
        .post(url("note-cosign", note.pk), sent(world, sha256="0" * 64), follow=True)
    )
    assert state_of(world, note) == "SIGNED"
    assert "changed in another window" in answer.content.decode()


def test_returning_needs_words_and_keeps_them_on_an_error(world):
    note = made(world)
    client = world["supervisor"].client()
    empty = client.post(url("note-return", note.pk), sent(world, words=" "))
    assert empty.status_code == 422
    assert "Write a few words." in empty.content.decode()
    with world.acting("supervisor"):
        make_note_at_state(world, state="SIGNED", hour=6)
    done = client.post(url("note-return", note.pk), sent(world, words="Say what she chose."))
    assert done.status_code == 302
    assert state_of(world, note) == "RETURNED"
    late = client.post(url("note-return", note.pk), sent(world, words="Once more, with feeling."))
    assert late.status_code == 422
    assert "Once more, with feeling." in late.content.decode()


def test_the_author_reads_the_words_first(world):
    note = made(world, state="RETURNED")
    page = world["peer"].client().get(url("note-write", note.pk))
    assert "Made-up words that help." in page.content.decode()


@pytest.mark.parametrize("name", ["review-note", "note-cosign", "note-return"])
@pytest.mark.parametrize(
    ("who", "status"), [("peer", 403), ("biller", 403), ("other-administrator", 403)]
)
def test_only_reviewers_review(world, name, who, status):
    note = made(world)
    client = world[who].client()
    form = {"form_agency": str(world.house_of(who).agency.pk)}
    asked = client.post if name == "note-cosign" else client.get
    assert asked(url(name, note.pk), form).status_code == status


def test_a_supervisor_of_others_finds_nothing(world):
    note = made(world)
    with world.acting("administrator"):
        from supervision.models import Assignment

        line = Assignment.objects.get(provider=note.provider)
        line.supervisor = world["administrator"].provider
        line.save()
        for each in note.participant.care_team.filter(member=world["supervisor"].member):
            each.period = (each.period.lower, note.service_day)
            each.save()
    client = world["supervisor"].client()
    assert client.get(url("review-list")).context["rows"] == []
    assert client.get(url("review-note", note.pk)).status_code == 404
