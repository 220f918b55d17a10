"""The newest notes, written, signed, returned and corrected through the operations, as people do it."""

import datetime as dt
from dataclasses import replace
from uuid import UUID

from billing.models import ServiceNote
from billing.operations import notes, review
from billing.queries.notes import Content, content_of
from peerworks.home.demo.history import Maker
from peerworks.lib.periods import service_day

RETURNED = "Which goal did the bus practice serve? Please say what the person did and what you did."
#: Whose notes wait for Andre: worker, person, house, days ago, start.
TO_REVIEW = (
    ("peer", 1, "mesa", 2, dt.time(10, 30)),
    ("peer", 2, "mesa", 2, dt.time(12)),
    ("peer", 41, "peachtree", 1, dt.time(10, 30)),
    ("peer", 42, "peachtree", 1, dt.time(12)),
    ("initial-peer", 9, "mesa", 2, dt.time(10, 30)),
    ("initial-peer", 10, "mesa", 1, dt.time(10, 30)),
    ("lapsed-peer", 21, "dogwood", 2, dt.time(10, 30)),
    ("overdue-peer", 31, "dogwood", 2, dt.time(12)),
    ("unverified-peer", 47, "peachtree", 1, dt.time(13, 30)),
)


def write_newest(maker: Maker, at: dt.datetime) -> None:
    """Nine notes for Andre to review, Luz's returned note and yesterday's draft, and a draft that overlaps."""
    for who, number, site, ago, start in TO_REVIEW:
        _signed(maker, who, number, site, maker.moment(site, ago, start))
    came_back = _signed(maker, "peer", 3, "mesa", maker.moment("mesa", 2, dt.time(13, 30)))
    review.return_note(
        note=came_back,
        words=RETURNED,
        by=maker.house.members["supervisor"],
        at=maker.moment("mesa", 1, dt.time(17)),
    )
    yesterday = maker.content(4, maker.moment("mesa", 1, dt.time(15)), 45)
    _draft(maker, "peer", 4, "mesa", replace(yesterday, response="", next_step=""), at)
    overlaps = maker.content(32, maker.moment("dogwood", 2, dt.time(12, 20)), 45)
    _draft(maker, "overdue-peer", 32, "dogwood", overlaps, at)


def _draft(
    maker: Maker, who: str, number: int, site: str, content: Content, at: dt.datetime
) -> ServiceNote:
    by = maker.house.members[who]
    visit = maker.visit(who, number, site, content)
    note = notes.start_note(
        participant=visit.participant,
        provider=visit.provider,
        program=visit.program,
        service_key=visit.service,
        by=by,
    )
    notes.save_draft(note=note, content=content, draft_number=0, by=by, at=min(visit.end, at))
    return note


def _signed(maker: Maker, who: str, number: int, site: str, start: dt.datetime) -> ServiceNote:
    content = maker.content(number, start, 45)
    at = start + dt.timedelta(minutes=75)
    note = _draft(maker, who, number, site, content, at)
    on = service_day(at, note.site.time_zone)
    return notes.sign_note(note=note, by=maker.house.members[who], at=at, on=on)


def amend(maker: Maker, odd: dict[str, UUID], at: dt.datetime) -> None:
    """A note entered twice is voided, one is added to, one is corrected after it was billed."""
    luz, andre = maker.house.members["peer"], maker.house.members["supervisor"]
    review.void_note(note=_note(odd["void"]), reason="Entered twice by mistake.", by=andre, at=at)
    notes.add_addendum(
        note=_note(odd["clock"]),
        text="The clocks changed during this visit; the times are those of the site.",
        reason="Somebody asked about the times.",
        by=luz,
        at=at,
    )
    _correct(_note(odd["corrected"]), maker, at)


def _correct(note: ServiceNote, maker: Maker, at: dt.datetime) -> None:
    luz, andre = maker.house.members["peer"], maker.house.members["supervisor"]
    on = service_day(at, note.site.time_zone)
    notes.correct_note(note=note, reason="We ended a quarter of an hour earlier.", by=luz, on=on)
    version = note.versions.get(signed_at__isnull=True)
    content = content_of(version)
    ends = content.ends_at - dt.timedelta(minutes=15) if content.ends_at else None
    notes.save_draft(
        note=note,
        content=replace(content, ends_at=ends),
        draft_number=version.draft_number,
        by=luz,
        at=at,
    )
    signed = notes.sign_note(note=note, by=luz, at=at, on=on)
    review.cosign_note(note=signed, by=andre, at=at, on=on)


def _note(note_id: UUID) -> ServiceNote:
    return ServiceNote.objects.select_related("site", "provider").get(pk=note_id)
