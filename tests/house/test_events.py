"""AL-1: every operation leaves exactly one event, with its sentence in both languages; a draft leaves none.

The operations are found by walking the modules. `tests.acts` drives them; one that is not in its
table must at least lead to `trail.record`, and one that leaves no event is named there with a reason.
"""

import ast
import inspect
import textwrap
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import translation

from billing.operations import notes
from billing.queries.notes import Content
from peerworks.accounts import auditing
from peerworks.agencies.context import acting_for
from peerworks.audit import events, trail
from peerworks.audit.models import AuditEvent, EventPerson
from tests.acts import ACTS, PARTS, SILENT, operations
from tests.factories.billing_claims import as_service, one_claim
from tests.factories.billing_notes import make_note_at_state

OPERATIONS = dict(operations())
NAMES = sorted(OPERATIONS)


def records(function):
    """Whether a function of ours leads to `trail.record`, through what it calls by name."""
    seen, waiting = set(), [function]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        for called in calls_of(here):
            found = called_by(here, called)
            if found is trail.record:
                return True
            if inspect.isfunction(found) and "operations" in found.__module__.split("."):
                waiting.append(found)
    return False


def calls_of(function):
    """What a function calls, as (name, attribute or "")."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            told = node.func
            if isinstance(told, ast.Name):
                yield told.id, ""
            elif isinstance(told, ast.Attribute) and isinstance(told.value, ast.Name):
                yield told.value.id, told.attr


def called_by(function, called):
    """The function that is meant by a name in a function's module, or None."""
    name, attribute = called
    found = function.__globals__.get(name)
    return getattr(found, attribute, None) if attribute else found


def newest(world):
    """The number of the newest event of all, as the service member reads it."""
    with as_service(world):
        return AuditEvent.objects.order_by("pk").values_list("pk", flat=True).last() or 0


def since(world, number, who=""):
    """The events after a number, oldest first, as the service member reads them or as somebody does."""
    reader = world[who].user.pk if who else world.juniper.service.user_id
    with acting_for(world.juniper.agency.pk, reader):
        return list(AuditEvent.objects.filter(pk__gt=number).order_by("pk"))


def test_the_table_is_large():
    assert len(ACTS) >= 40


@pytest.mark.parametrize("name", NAMES)
def test_an_operation_tells_or_is_named_as_silent(name):
    """AL-1: a new operation that records nothing fails here until it is named in `tests.acts`."""
    is_named = name in PARTS or name in SILENT
    assert records(OPERATIONS[name]) is not is_named, (
        f"{name} records no event: say why in PARTS or SILENT of tests/acts"
        if not is_named
        else f"{name} records an event, and tests/acts says that it does not"
    )


def test_the_lists_name_operations_that_are_there():
    assert {*ACTS, *PARTS, *SILENT} <= OPERATIONS.keys()
    assert all(reason for reason in {**PARTS, **SILENT}.values())
    assert not ACTS.keys() & {*PARTS, *SILENT}


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ACTS))
def test_an_operation_leaves_one_event(world, name):
    """AL-1: exactly one, by its actor, of its kind, about its people, in words of both languages."""
    act = ACTS[name]
    with as_service(world):
        given = act.ready(world)
    before = newest(world)
    service = world.juniper.service.user
    actor = service if act.who == "service" else world[act.who].user
    with acting_for(world.juniper.agency.pk, actor.pk):
        OPERATIONS[name](**given)
    (event,) = since(world, before, act.seen_by)
    assert (event.action, event.kind) == (act.action, act.kind)
    assert (event.actor_id, event.actor_name) == (str(actor.pk), actor.name)
    assert event.is_about_people is act.is_about_somebody is bool(event.participants)
    speaks_both_languages(event)


def speaks_both_languages(event):
    """The sentence names the actor and differs in Spanish, as do the words of all its fields."""
    said = {}
    for language in ("en", "es"):
        with translation.override(language):
            sentence = events.sentence(event.action, event.actor_name)
            assert event.actor_name in sentence
            assert "{" not in sentence
            fields = auditing.fields_in_words(event.object_type, event.fields)
            said[language] = (sentence, fields, auditing.kind_in_words(event.object_type))
    assert said["en"][0] != said["es"][0], "the sentence is not translated"
    same = set(said["en"][1]) & set(said["es"][1])
    assert not same, f"fields without Spanish words: {same}"


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(name for name in ACTS if "form_key" in
                         inspect.signature(OPERATIONS[name]).parameters))  # fmt: skip
def test_the_same_form_again_leaves_no_second_event(world, name):
    """AL-1: a form that is sent twice is one act."""
    act = ACTS[name]
    with as_service(world):
        given = act.ready(world) | {"form_key": UUID("5e3a2c9e-7a55-4a3b-9d65-0d3f6a1d3f10")}
    before = newest(world)
    with world.acting(act.who):
        for _ in range(2):
            OPERATIONS[name](**given)
    assert [each.action for each in since(world, before)] == [act.action]


@pytest.mark.django_db
def test_saving_a_draft_leaves_no_event(world):
    """AL-1: create, sign, return and discard tell; the words in between do not."""
    with as_service(world):
        note = make_note_at_state(world, state="DRAFT")
    before = newest(world)
    with world.acting("peer") as luz:
        for number in range(1, 4):
            content = Content(purpose=f"Made-up words {number}.")
            given = {"note": note, "content": content, "draft_number": number}
            version = notes.save_draft(**given, by=luz.member, at=world.now)
    assert version.draft_number == 4
    assert since(world, before) == []


@pytest.mark.django_db
def test_every_registered_action_speaks_both_languages():
    """AL-1: also those of pages and of what no table drives yet."""
    for action in events.actions():
        if action.startswith("tests."):
            continue
        said = set()
        for language in ("en", "es"):
            with translation.override(language):
                said.add(events.sentence(action, "Luz"))
        assert len(said) == 2, action
        assert all("Luz" in sentence for sentence in said), action


# Pages: what is seen and what is denied.


def _person(world):
    return world.people["mesa"].participant.pk


def _claim(world):
    with as_service(world):
        return one_claim(world, by=world["biller"].member)[2].pk


def _note(world):
    with as_service(world):
        return make_note_at_state(world, state="COSIGNED").pk


#: (who, name of the page, what makes its id, action, kind) of a GET.
PAGES = [
    ("peer", "participants:participant-list", None, "participant.listed", "VIEW"),
    ("auditor", "participants:participant-detail", _person, "participant.viewed", "VIEW"),
    ("supervisor", "participants:care-team-edit", _person, "participant.viewed", "VIEW"),
    ("biller", "billing:claim-detail", _claim, "claim.viewed", "VIEW"),
    ("auditor", "billing:note-detail", _note, "note.viewed", "VIEW"),
    ("biller", "billing:participant-coverage", _person, "coverage.viewed", "VIEW"),
    ("privacy-officer", "audit:event-list", None, "events.listed", "VIEW"),
    ("auditor", "audit:person-seen", _person, "person.traced", "VIEW"),
    ("peer", "audit:event-list", None, "page.denied", "DENIAL"),
    ("trainer", "participants:participant-detail", _person, "page.missing", "DENIAL"),
]


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(("who", "page", "make", "action", "kind"), PAGES)
def test_a_page_leaves_one_event(world, who, page, make, action, kind):
    """AL-1: reads and denials too, each with from what kind of device it came."""
    path = reverse(page, args=[] if make is None else [make(world)])
    client = world[who].client()
    before = newest(world)
    client.get(path, headers={"user-agent": "Made-up browser, Mobile"})
    (event,) = since(world, before)
    assert (event.action, event.kind, event.device) == (action, kind, "PHONE")
    assert event.actor_name == world[who].user.name
    if make is _person and kind == "VIEW":
        assert event.participants == [_person(world)]


@pytest.mark.django_db(databases=["default", "apart"])
def test_signing_in_and_out_leave_an_event_each(world):
    """AL-1: and so does a wrong password, though what the request wrote is rolled back."""
    luz = world["peer"].user
    before = newest(world)
    client = world["peer"].client()
    client.post(reverse("account_logout"))
    client.post(reverse("account_login"), {"login": luz.email, "password": "wrong"})
    told = [(each.action, each.kind) for each in since(world, before)]
    actions = ["signin.done", "signout.done", "signin.failed"]
    assert told == [(action, "SIGN_IN") for action in actions]


@pytest.mark.django_db
def test_more_people_than_an_event_of_a_page_holds_make_further_events(world, monkeypatch):
    """AL-1: at most a hundred people an event of a page, and nobody left out."""
    monkeypatch.setattr(trail, "SEEN_CAP", 2)
    people = tuple(served.participant.pk for served in world.people.values())
    before = newest(world)
    with world.acting("peer") as luz:
        trail.record_views([trail.Seen("participant.listed", participants=people)], by=luz.user)
    told = [each.participants for each in since(world, before)]
    assert [len(each) for each in told] == [2, 1]
    assert {pk for each in told for pk in each} == set(people)


@pytest.mark.django_db
def test_an_operation_names_all_its_people_in_one_event(world):
    """AL-1: a batch is one act, however many people are in it; a person twice is there once."""
    people = [served.participant.pk for served in world.people.values()]
    before = newest(world)
    with world.acting("biller") as priya:
        trail.record("batch.built", by=priya.user, participants=[*people, *people])
    (event,) = since(world, before)
    assert sorted(people) == event.participants
    with as_service(world):
        assert EventPerson.objects.filter(event_id=event.pk).count() == len(people)
