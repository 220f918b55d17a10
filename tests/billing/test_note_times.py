"""Times that the clocks skip or show twice: refused in words, kept as typed, decided for the first."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from billing.gates import engine
from billing.models import NoteVersion
from billing.operations import notes as operations
from billing.policies.notes import missing_to_sign
from billing.queries import note_times
from billing.queries.notes import Content
from peerworks.lib.findings import Moment, Refused
from peerworks.lib.periods import SkippedTime, moment_of
from tests.billing.test_notes_pages import filled, note_of, signing, url
from tests.factories.participants import reading_english

CHICAGO = "America/Chicago"
SPRING, AUTUMN = dt.date(2026, 3, 8), dt.date(2026, 11, 1)
ONE_DAY = dt.timedelta(days=1)
HALF_PAST_TWO = dt.time(2, 30)
ZONES = (CHICAGO, "America/New_York", "America/Phoenix", "America/Puerto_Rico")


def skipped_before(day):
    """The last day before another on which the clocks of Mesa House went forward."""
    while True:
        day -= ONE_DAY
        try:
            moment_of(day, HALF_PAST_TWO, CHICAGO)
        except SkippedTime:
            return day


def repeated_before(day):
    """The last day before another on which they went back."""
    while True:
        day -= ONE_DAY
        first, second = (
            dt.datetime.combine(day, dt.time(1, 30, fold=fold), ZoneInfo(CHICAGO))
            for fold in (0, 1)
        )
        if first.utcoffset() != second.utcoffset():
            return day


def in_words(day, language):
    """The sentence about half past two of that day."""
    if language == "en":
        return (
            f"There was no 2:30 AM on {day:%B} {day.day}, {day.year}: the clocks went forward. "
            "Enter the time that the clock showed."
        )
    return f"El {day.day} de marzo de {day.year} no existió la hora"


@given(
    zone=st.sampled_from(ZONES),
    day=st.sampled_from([SPRING - ONE_DAY, SPRING, SPRING + ONE_DAY, AUTUMN, AUTUMN + ONE_DAY]),
    minute=st.integers(0, 24 * 60 - 1),
)
def test_a_draft_gives_back_what_was_typed(zone, day, minute):
    time = dt.time(*divmod(minute, 60))
    typed = note_times.as_typed(note_times.to_keep(day, time, zone), zone)
    assert (typed.day, typed.time) == (day, time)
    try:
        assert typed.moment == moment_of(day, time, zone)
    except SkippedTime:
        assert typed.moment is None


def test_a_mark_on_a_moment_that_there_was_means_nothing():
    moment = dt.datetime(2026, 3, 8, 18, 0, 0, 1, tzinfo=dt.UTC)
    assert note_times.as_typed(moment, CHICAGO).moment == moment
    sent = dt.time(13, 0, 0, 1)
    assert note_times.to_keep(SPRING, sent, CHICAGO).microsecond == 0


def missing(day, start, end):
    """The reasons with which these times of Mesa House are not signed."""
    kept = [note_times.to_keep(day, each, CHICAGO) for each in (start, end)]
    content = Content(starts_at=kept[0], ends_at=kept[1])
    at = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
    found = missing_to_sign(content, None, service="x", zone=CHICAGO, at=at)
    times = "NOTE-START", "NOTE-END", "NOTE-BACKWARDS", "NOTE-MIDNIGHT"
    return [(each.code, each.because.reason) for each in found if each.code in times]


def test_the_first_of_two_is_meant_and_an_end_before_it_is_told_as_ever():
    assert missing(AUTUMN, dt.time(0, 30), dt.time(1, 30)) == []
    first = note_times.to_keep(AUTUMN, dt.time(1, 30, fold=1), CHICAGO)
    assert first == dt.datetime(2026, 11, 1, 6, 30, tzinfo=dt.UTC)
    told = missing(AUTUMN, dt.time(1, 45), dt.time(1, 15))
    assert told == [("NOTE-BACKWARDS", "NOTE-BACKWARDS")]


def test_each_of_two_skipped_times_is_told_at_its_field():
    told = missing(SPRING, dt.time(2, 10), dt.time(2, 50))
    assert told == [("NOTE-START", "TIME-SKIPPED"), ("NOTE-END", "TIME-SKIPPED")]
    assert missing(SPRING, dt.time(1, 30), dt.time(3, 30)) == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_it_is_refused_at_its_field_and_stays_as_it_was_typed(world, language):
    client, person = world["peer"].client(), world.person("peer").participant
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    day = skipped_before(world.today)
    given = filled(world, day=day.isoformat(), start="02:30", end="03:30")
    sent = client.post(url("note-begin", person.pk), given, follow=True)
    assert sent.redirect_chain[-1][0].endswith("?check=1")
    form = sent.context["form"]
    assert list(form.errors) == ["start"]
    (said,) = form.errors["start"]
    assert said.startswith(in_words(day, language))
    assert (form["start"].value(), form["end"].value()) == ("02:30", "03:30")
    assert (form["day"].value(), form["purpose"].value()) == (day.isoformat(), given["purpose"])
    assert (form["place"].value(), form["goals"].value()) == ("11", given["goals"])


def test_a_draft_with_it_is_kept_and_found_as_it_was_typed(world):
    client, person = reading_english(world["peer"]), world.person("peer").participant
    day = skipped_before(world.today).isoformat()
    given = filled(world, day=day, start="01:30", end="02:30")
    kept = client.post(url("note-draft-new", person.pk), given)
    assert kept.status_code == 200
    again = client.post(kept.json()["draft_url"], given | {"version": "1", "purpose": "More"})
    assert (again.status_code, again.json()["version"]) == (200, 2)
    form = client.get(kept.json()["write_url"]).context["form"]
    assert [form[name].value() for name in ("day", "start", "end")] == [day, "01:30", "02:30"]
    assert form["purpose"].value() == "More"
    (row,) = client.get(url("note-list")).context["unfinished"]
    assert (row.start, row.end, row.minutes) == (dt.time(1, 30), HALF_PAST_TWO, 0)
    later = client.post(kept.json()["write_url"], given | {"version": "2", "do": "later"})
    assert later["Location"] == url("note-list")


def test_the_live_verdict_says_it_under_the_times(world):
    client, person = reading_english(world["peer"]), world.person("peer").participant
    day = skipped_before(world.today)
    given = filled(world, day=day.isoformat(), start="02:30", end="03:30")
    answer = client.post(url("note-verdict", person.pk), given)
    assert answer.status_code == 200
    assert not answer.context["verdict"].is_timed
    _rest, _id, line = answer.content.decode().partition('id="note-minutes"')
    assert in_words(day, "en") in line
    without = client.post(url("note-verdict", person.pk), given | {"service": ""})
    assert in_words(day, "en") in without.content.decode()
    mended = client.post(url("note-verdict", person.pk), given | {"start": "03:00"})
    assert "There was no" not in mended.content.decode()
    assert mended.context["verdict"].is_timed


def test_it_is_never_signed(world):
    client, person = reading_english(world["peer"]), world.person("peer").participant
    day = skipped_before(world.today)
    given = filled(world, day=day.isoformat(), start="01:30", end="02:30")
    client.post(url("note-begin", person.pk), given)
    note = note_of(world)
    assert client.get(url("note-sign", note.pk))["Location"].endswith("?check=1")
    sent = client.post(url("note-sign", note.pk), signing(world, note), follow=True)
    assert in_words(day, "en") in sent.content.decode()
    with world.acting("peer") as luz, pytest.raises(Refused) as told:
        operations.sign_note(note=note, by=luz.member, at=world.now, on=world.today)
    assert told.value.refusal.because.reason == "TIME-SKIPPED"
    with world.acting("peer"):
        version = NoteVersion.objects.get(note=note)
        assert version.signed_at is None
        verdict = operations.verdict_before_signing(
            note, Content(starts_at=version.starts_at, ends_at=version.ends_at), world.today
        )
    assert "NO-FACT" in {each.because.reason for each in verdict.told()}


def test_the_gates_see_no_time_of_a_stored_draft_that_never_was(world):
    client, person = world["peer"].client(), world.person("peer").participant
    day = skipped_before(world.today)
    given = filled(world, day=day.isoformat(), start="02:30", end="03:30", do="later")
    client.post(url("note-begin", person.pk), given)
    note, house = note_of(world), world.juniper
    with world.acting("peer"):
        judged = engine.judge(
            [note.pk], on=world.today, moment=Moment.WRITING, by=house.service, store=False
        )
    assert (judged[note.pk].minutes, judged[note.pk].can_bill) == (0, False)


def test_a_repeated_hour_is_written_signed_and_shown_as_typed(world):
    client, person = reading_english(world["peer"]), world.person("peer").participant
    day = repeated_before(world.today)
    given = filled(world, day=day.isoformat(), start="00:30", end="01:30")
    sent = client.post(url("note-begin", person.pk), given)
    note = note_of(world)
    assert sent["Location"] == url("note-sign", note.pk)
    assert "60 minutes = " in client.get(sent["Location"]).content.decode()
    given = filled(world, day=day.isoformat(), start="01:45", end="01:15")
    sent = client.post(url("note-begin", person.pk), given, follow=True)
    assert sent.context["form"].errors == {"end": ["The end comes after the start."]}
