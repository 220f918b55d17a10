"""The pages of a note's author: writing, drafts, the live verdict, signing, undoing, lists."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from billing.models import NoteVersion, ServiceNote
from peerworks.audit.models import AuditEvent
from peerworks.home.demo.standing import add_person
from peerworks.web import words
from tests.factories.billing_notes import make_note, make_note_at_state, yesterday
from tests.factories.participants import reading_english

pytestmark = pytest.mark.django_db
LAPSED = "Sam Whitfield's Registered Peer Recovery Specialist ended on"


def agency(world, who="peer"):
    """The value that every form carries."""
    return str(world[who].member.agency_id)


def url(name, *args):
    """An address of billing."""
    return reverse(f"billing:{name}", args=args)


def filled(world, key="mesa", **changes):
    """What the browser sends for an hour of yesterday."""
    served, house = world.people[key], world.juniper
    service = {"mesa": "mh-individual", "dogwood": "sud-individual", "peachtree": "whole-health"}
    told = {
        "form_agency": str(house.agency.pk),
        "form_key": str(uuid.uuid4()),
        "version": "0",
        "service": f"{served.program.pk}:{service[key]}",
        "day": yesterday(world).isoformat(),
        "start": "10:04",
        "end": "10:56",
        "place": "11",
        "mode": "IN_PERSON",
        "goals": [str(served.goal.pk)],
        "role_elements": ["HOPE"],
        "purpose": "Wren wanted to plan for the first cold week.",
        "what_we_did": "We walked to the library and looked up the indoor track.",
        "response": "She wrote her own plan card.",
        "next_step": "Meet at the track on Tuesday.",
        "do": "review",
    }
    return {name: value for name, value in (told | changes).items() if value is not None}


def note_of(world, who="peer"):
    """The newest note of somebody, as they see it."""
    with world.acting(who):
        return ServiceNote.objects.order_by("-created_at").first()


def made(world, who="peer", **how):
    """A note that the operations brought to a state."""
    with world.acting(who):
        return make_note_at_state(world, **how)


def signing(world, note, who="peer"):
    """What the signing page sends: which text was read."""
    with world.acting(who):
        number = note.versions.latest("number").draft_number
    return {"form_agency": agency(world, who), "draft_number": str(number)}


def test_my_people_are_offered_and_a_new_note_carries_only_what_persists(world):
    made(world, state="SIGNED", place="27", place_text="The park", mode="VIDEO")
    client, person = world["peer"].client(), world.person("peer").participant
    assert person.shown_name in client.get(url("note-write")).content.decode()
    form = client.get(url("note-begin", person.pk)).context["form"]
    assert form["service"].value().endswith(":mh-individual")
    assert (form["place"].value(), form["mode"].value()) == ("27", "VIDEO")
    assert form["start"].value() is form["end"].value() is None
    assert not form["purpose"].value()
    assert form["goals"].value() == []  # there are two, so none is guessed


def begun(world, key="mesa"):
    """What a new note of Luz's begins with: service, place, mode, and what is said about it."""
    page = reading_english(world["peer"]).get(url("note-begin", world.people[key].participant.pk))
    form = page.context["form"]
    values = [form[name].value() for name in ("service", "place", "mode")]
    return [*values, page.content.decode()]


def test_a_note_begins_with_the_nearest_habit_and_says_so(world):
    service, place, mode, page = begun(world, "peachtree")
    assert (service, place, mode) == ("", "11", "IN_PERSON")
    assert "so “Office” and “In person” are filled in. Change them if" in page
    made(world, state="SIGNED", place="27", place_text="The park", mode="VIDEO")
    *_service, place, mode, page = begun(world, "peachtree")
    assert (place, mode, "in most of your other visits" in page) == ("27", "VIDEO", True)
    with world.acting("peer"):
        make_note(world, "peachtree", place="53", person=other_person(world), hour=8)
    *_service, place, _mode, page = begun(world, "peachtree")
    assert (place, "in most of your visits in this program" in page) == ("53", True)
    with world.acting("peer"):
        make_note(world, "peachtree", place="12", hour=12)
    *_service, place, _mode, page = begun(world, "peachtree")
    assert (place, "in most of your visits with this person" in page) == ("12", True)


def other_person(world):
    """Somebody else in the second program."""
    house, luz = world.juniper, world["peer"].member
    given = {"given": "Lee", "family": "Dogrose", "number": 9, "team": (luz,)}
    return add_person(house, "peachtree", **given, today=world.today, now=world.now)


def test_a_habit_that_may_not_be_chosen_here_is_no_habit(world):
    made(world, state="SIGNED", place="15", place_text="The van")
    *_service, place, mode, page = begun(world, "peachtree")
    assert (place, mode) == ("11", "IN_PERSON")
    assert "No earlier visit of yours fits here" in page


def test_what_is_begun_with_is_said_once_and_only_of_a_new_note(world):
    client, person = reading_english(world["peer"]), world.person("peer").participant
    client.post(url("note-begin", person.pk), filled(world, do="later"))
    assert "are filled in" not in client.get(url("note-write", note_of(world).pk)).content.decode()


def test_people_are_found_by_name_among_mine_only(world):
    client = world["peer"].client()
    found = client.post(url("note-write"), {"form_agency": agency(world), "words": "wren"})
    assert [each.name for each in found.context["people"]] == ["Wren Alder"]
    none = client.post(url("note-write"), {"form_agency": agency(world), "words": "robin"})
    assert none.context["people"] == []


def test_a_visit_is_written_reviewed_and_signed(world):
    client, person = world["peer"].client(), world.person("peer").participant
    sent = client.post(url("note-begin", person.pk), filled(world))
    note = note_of(world)
    assert sent["Location"] == url("note-sign", note.pk)
    page = client.get(sent["Location"])
    words = page.content.decode()
    assert "52 minutos = 3 unidades" in words or "52 minutes = 3 units" in words
    assert "Andre Rivers" in words
    given = {"form_agency": agency(world), "draft_number": "1"}
    done = client.post(url("note-sign", note.pk), given)
    assert done["Location"] == url("note-detail", note.pk)
    assert note_of(world).state == "SIGNED"
    again = client.post(url("note-sign", note.pk), given)
    assert again["Location"] == url("note-detail", note.pk)
    with world.acting("peer"):
        assert NoteVersion.objects.filter(note=note).count() == 1
        assert client.get(done["Location"]).status_code == 200


def test_later_keeps_a_draft_with_whatever_is_there(world):
    client, person = world["peer"].client(), world.person("peer").participant
    given = filled(world, start=None, end=None, service=None, purpose="Half a thought", do="later")
    assert client.post(url("note-begin", person.pk), given)["Location"] == url("note-list")
    note = note_of(world)
    assert note.state == "DRAFT"
    page = client.get(url("note-write", note.pk)).content.decode()
    assert "Half a thought" in page


def test_what_is_missing_is_told_at_its_fields_and_the_draft_is_kept(world):
    client, person = world["peer"].client(), world.person("peer").participant
    given = filled(world, start=None, role_elements=None, next_step="")
    sent = client.post(url("note-begin", person.pk), given, follow=True)
    form = sent.context["form"]
    assert sent.redirect_chain[-1][0].endswith("?check=1")
    assert {"start", "role_elements", "next_step"} == set(form.errors)
    assert form["purpose"].value().startswith("Wren wanted")
    assert "<title>Error: " in sent.content.decode()


def test_drafts_are_kept_while_writing_and_found_again_by_the_forms_key(world):
    client, person = world["peer"].client(), world.person("peer").participant
    given = filled(world, purpose="W")
    first = client.post(
        url("note-draft-new", person.pk), given, headers={"accept": "application/json"}
    )
    assert first.json()["version"] == 1
    second = client.post(
        url("note-draft-new", person.pk), given | {"purpose": "We", "version": "1"}
    ).json()
    assert second["version"] == 2
    with world.acting("peer"):
        assert ServiceNote.objects.count() == 1
    third = client.post(
        second["draft_url"], given | {"purpose": "We walked", "version": "2"}
    ).json()
    assert third["version"] == 3
    with world.acting("peer"):
        assert list(
            AuditEvent.objects.filter(action__startswith="note").values_list("action", flat=True)
        ) == ["note.started"]


def test_two_windows_get_both_texts(world):
    note = made(world, state="DRAFT")
    client = world["peer"].client()
    mine = client.post(url("note-draft", note.pk), filled(world, version="1", purpose="Mine"))
    assert mine.json()["version"] == 2
    theirs = filled(world, version="1", purpose="Theirs")
    answer = client.post(url("note-draft", note.pk), theirs)
    assert (answer.status_code, answer.json()["kept"]["purpose"]) == (409, "Mine")
    page = client.post(url("note-write", note.pk), theirs)
    assert page.status_code == 409
    words = page.content.decode()
    assert "Mine" in words
    assert "Theirs" in words
    assert page.context["form"]["version"].value() == "2"


def speaks(world, who, language):
    """Somebody who reads in this language."""
    user = world[who].user
    user.language = language
    user.save()


def verdict(world, who, key, language="en", **changes):
    """The live fragment as words."""
    speaks(world, who, language)
    person = world.people[key].participant
    sent = filled(world, key, **changes)
    return (
        world[who]
        .client()
        .post(url("note-verdict", person.pk), sent)
        .content.decode()
        .replace("&#x27;", "'")
    )


def test_the_verdict_is_live_with_minutes_and_units(world):
    words = verdict(world, "peer", "mesa")
    assert "52 minutes = 3 units. 8 more minutes would be 4." in words
    assert "This visit can be billed." in words
    assert "Not checked yet:" in words


def test_an_overlap_is_told_while_writing_and_switches_the_signature_off(world):
    made(world, state="SIGNED", hour=10)
    told = verdict(world, "peer", "mesa")
    assert "that overlaps" in told
    assert "You can sign it all the same" not in told
    client, person = world["peer"].client(), world.person("peer").participant
    page = client.post(url("note-begin", person.pk), filled(world), follow=True)
    assert page.context["refusal"].code == "TIME-OVER"
    note = page.context["note"]
    client.post(url("note-sign", note.pk), signing(world, note))
    assert note_of(world).state == "DRAFT"


def test_before_the_times_are_there_nothing_is_said_about_them(world):
    words = verdict(world, "peer", "mesa", start=None, end=None)
    assert "Nothing stands in the way so far." in words
    assert "This visit can be billed." not in words
    assert "minutes" not in words.split("Not checked")[0]


@pytest.mark.parametrize(
    "changes",
    [
        {"role_elements": None},
        {"response": ""},
        dict.fromkeys(("purpose", "what_we_did", "response", "next_step"), "Met"),
    ],
    ids=["no kind of peer work", "a part is empty", "too short"],
)
def test_what_cannot_be_signed_yet_is_not_said_to_be_billable(world, changes):
    words = verdict(world, "peer", "mesa", **changes)
    assert "This visit can be billed." not in words
    assert "Nothing stands in the way so far. Finish the note to sign it." in words


def test_a_visit_of_tomorrow_waits_for_its_end(world):
    tomorrow = (world.today + dt.timedelta(days=1)).isoformat()
    words = verdict(world, "peer", "mesa", day=tomorrow)
    assert "Nothing stands in the way so far. You can sign once the visit has ended." in words


def test_without_a_service_the_verdict_asks_for_one(world):
    assert "Choose what you did together" in verdict(world, "peer", "mesa", service=None)


def test_a_lapsed_peer_reads_why_in_both_languages(world):
    ended = world.today - dt.timedelta(days=18)
    assert f"{LAPSED} {words.long_day(ended)}." in verdict(world, "lapsed-peer", "dogwood")
    with translation.override("es"):
        day = words.long_day(ended)
    spanish = verdict(world, "lapsed-peer", "dogwood", language="es")
    assert day in spanish
    assert LAPSED not in spanish


def test_a_service_that_is_closed_stands_with_its_reason_and_can_be_chosen(world):
    client, person = world["lapsed-peer"].client(), world.people["dogwood"].participant
    page = client.get(url("note-begin", person.pk))
    assert LAPSED in page.content.decode().replace("&#x27;", "'")
    assert page.context["form"].choices.open_services == ()
    client.post(url("note-begin", person.pk), filled(world, "dogwood"))
    assert note_of(world, "lapsed-peer").service_key == "sud-individual"


def test_undo_until_the_reviewer_opens_the_note(world):
    note = made(world, state="SIGNED")
    client, back = world["peer"].client(), {"form_agency": agency(world)}
    undone = client.post(url("note-withdraw", note.pk), back)
    assert undone["Location"] == url("note-write", note.pk)
    fresh = client.get(undone["Location"])
    sent = filled(world, version="0")
    client.post(url("note-write", note.pk), sent)
    client.post(url("note-sign", note.pk), back)
    assert note_of(world).state == "DRAFT"  # nobody said which text was read
    client.post(url("note-sign", note.pk), signing(world, note))
    assert note_of(world).state == "SIGNED"
    assert fresh.status_code == 200
    assert world["supervisor"].client().get(url("review-note", note.pk)).status_code == 200
    client.post(url("note-withdraw", note.pk), back)
    assert note_of(world).state == "SIGNED"
    page = client.get(url("note-detail", note.pk))
    assert page.context["withdraw"].code == "NOTE-OPENED"


def test_a_draft_is_discarded_once(world):
    note = made(world, state="DRAFT")
    client, sent = world["peer"].client(), {"form_agency": agency(world)}
    assert client.post(url("note-discard", note.pk), sent)["Location"] == url("note-list")
    assert client.get(url("note-write", note.pk)).status_code == 404
    assert client.post(url("note-discard", note.pk), sent).status_code == 404
    assert client.get(url("note-discard", note.pk)).status_code == 405


def test_lists_show_what_to_finish_with_the_words_that_came_back(world):
    returned = made(world, state="RETURNED", hour=8)
    made(world, state="SIGNED", hour=10)
    page = world["peer"].client().get(url("note-list"))
    assert [row.id for row in page.context["unfinished"]] == [returned.pk]
    assert "Made-up words that help." in page.content.decode()
    assert len(page.context["rows"]) == 1


def asked_for(client, address):
    """How many questions a page asks the database."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_a_list_costs_the_same_for_one_note_and_for_ten(world):
    client = world["peer"].client()
    made(world, state="SIGNED", hour=6, minutes=30)
    asked_for(client, url("note-list"))
    one = asked_for(client, url("note-list"))
    for hour in range(7, 16):
        made(world, state="SIGNED", hour=hour, minutes=30)
    assert asked_for(client, url("note-list")) == one


def test_a_persons_page_gets_their_notes(world):
    made(world, state="SIGNED")
    person = world.person("peer").participant
    page = world["supervisor"].client().get(url("participant-notes", person.pk))
    assert len(page.context["rows"]) == 1
    assert world["lapsed-peer"].client().get(url("participant-notes", person.pk)).status_code == 404


def test_an_addendum_is_added_once_and_the_signed_text_stays(world):
    note = made(world, state="COSIGNED")
    client, key = world["peer"].client(), str(uuid.uuid4())
    sent = {
        "form_agency": agency(world),
        "form_key": key,
        "text": "One more thing.",
        "reason": "Forgot.",
    }
    for _twice in range(2):
        assert client.post(url("note-addend", note.pk), sent)["Location"] == url(
            "note-detail", note.pk
        )
    words = client.get(url("note-detail", note.pk)).content.decode()
    assert words.count("One more thing.") == 1
    empty = client.post(url("note-addend", note.pk), sent | {"text": ""})
    assert empty.status_code == 422


def test_a_correction_opens_the_next_version_beside_the_signed_one(world):
    note = made(world, state="COSIGNED")
    client = world["peer"].client()
    sent = {"form_agency": agency(world), "form_key": str(uuid.uuid4()), "words": "Wrong hour."}
    opened = client.post(url("note-correct", note.pk), sent)
    assert opened["Location"] == url("note-write", note.pk)
    assert note_of(world).state == "CORRECTING"
    given = filled(world, start="11:00", end="12:00")
    client.post(url("note-write", note.pk), given)
    client.post(url("note-sign", note.pk), signing(world, note))
    corrected = note_of(world)
    with world.acting("peer"):
        assert (corrected.state, corrected.version_in_force.number) == ("SIGNED", 2)


def test_only_the_supervisor_voids(world):
    note = made(world, state="COSIGNED")
    sent = {"form_agency": agency(world), "form_key": str(uuid.uuid4()), "words": "Wrong person."}
    assert world["peer"].client().post(url("note-void", note.pk), sent).status_code == 403
    done = world["supervisor"].client().post(url("note-void", note.pk), sent)
    assert done["Location"] == url("note-detail", note.pk)
    assert note_of(world).state == "VOID"


def test_what_wham_unlocks_is_said_where_it_is_missing(world):
    page = (
        world["supervisor"]
        .client()
        .get(url("note-begin", world.people["peachtree"].participant.pk))
    )
    closed = page.context["form"].choices.closed_services
    said = [each.sentence for service in closed for each in service.reasons]
    assert any("needs WHAM, and Andre Rivers has no record of it" in each for each in said)
