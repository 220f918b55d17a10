"""What is not done with a service note, as values that a page shows and an operation raises."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q

from billing.models import ClaimLineNote, NoteVersion, ServiceNote
from billing.queries import note_times
from billing.queries import notes as queries
from billing.queries.notes import TEXT_PARTS, Content, ServiceRule
from billing.states import NOTE, NOTE_IN_FORCE
from peerworks.accounts.access import has_permission
from peerworks.accounts.models import Membership
from peerworks.accounts.roles import Permission
from peerworks.lib.findings import Refusal, ref, refuse
from peerworks.lib.periods import Stretch, service_day
from peerworks.participants.models import Participant
from peerworks.participants.records import skipped_time
from providers.models import Provider
from supervision.models import Assignment
from supervision.queries import supervisor_facts
from supervision.rules import qualified

State = ServiceNote.State
_WRITTEN = (State.DRAFT, State.RETURNED, State.CORRECTING)
_EMPTY_PART = {
    "purpose": "NOTE-PURPOSE",
    "what_we_did": "NOTE-DID",
    "response": "NOTE-RESPONSE",
    "next_step": "NOTE-NEXT",
}


def refusal_to_start(
    participant: Participant, provider: Provider | None, by: Membership
) -> Refusal | None:
    """Who writes has a personnel file, and is not the person served."""
    if provider is None or provider.member_id != by.pk:
        return refuse("NOTE-NO-FILE")
    if participant.staff_membership_id == by.pk:
        return refuse("NOTE-SELF")
    return None


def refusal_to_write(note: ServiceNote, by: Membership) -> Refusal | None:
    """Only the author writes, and only in a version that is not signed."""
    if note.provider.member_id != by.pk:
        return refuse("NOTE-NOT-YOURS")
    if note.state not in _WRITTEN or note.discarded_at is not None:
        return refuse("NOTE-CLOSED", now=str(note.state))
    return None


def refusal_to_discard(note: ServiceNote, by: Membership) -> Refusal | None:
    """A draft that was never signed may be thrown away by its author; nothing else is."""
    if (refusal := refusal_to_write(note, by)) is not None:
        return refusal
    return refuse("NOTE-KEPT") if note.first_signed_at is not None else None


def refusal_to_sign(
    note: ServiceNote,
    version: NoteVersion,
    rule: ServiceRule | None,
    *,
    by: Membership,
    at: dt.datetime,
) -> Refusal | None:
    """The first thing that makes the record unsafe to sign (domain.md 3.1); None where it may be."""
    if (refusal := refusal_to_write(note, by)) is not None:
        return refusal
    if note.participant.staff_membership_id == by.pk:
        return refuse("NOTE-SELF")
    content = queries.content_of(version)
    found = missing_to_sign(
        content, rule, service=note.service_key, zone=note.site.time_zone, at=at
    )
    return next(found, None)


def missing_to_sign(
    content: Content, rule: ServiceRule | None, *, service: str, zone: str, at: dt.datetime
) -> Iterator[Refusal]:
    """All that is missing or wrong in what was written, in the order of the form.

    The author's signature stands under a whole record: times, where and how, the peer work it was,
    and the four parts of what happened (domain.md 3.1, column SIGN).
    """
    if not service:
        yield refuse("NOTE-SERVICE")
    yield from _wrong_times(content, zone, at)
    yield from _missing_where(content, rule)
    if not content.role_elements:
        yield refuse("NOTE-ROLE")
    yield from _missing_words(content, rule)


def refusals_of_clock(content: Content, zone: str) -> Iterator[Refusal]:
    """Of start and end those that the clocks of the site never showed: the hour lost in spring.

    Their codes are those of a missing time, so that they are shown at its field.
    """
    for code, moment in (("NOTE-START", content.starts_at), ("NOTE-END", content.ends_at)):
        typed = None if moment is None else note_times.as_typed(moment, zone)
        if typed is not None and typed.moment is None:
            yield Refusal(code, skipped_time(typed.day, typed.time))


def _wrong_times(content: Content, zone: str, at: dt.datetime) -> Iterator[Refusal]:
    yield from refusals_of_clock(content, zone)
    if content.starts_at is None:
        yield refuse("NOTE-START")
    if content.ends_at is None:
        yield refuse("NOTE-END")
    start, end = (note_times.real(each, zone) for each in (content.starts_at, content.ends_at))
    if start is None or end is None:
        return
    if end <= start:
        yield refuse("NOTE-BACKWARDS")
        return
    if end > at:
        yield refuse("NOTE-FUTURE")
    last_moment = end - dt.timedelta(microseconds=1)
    if service_day(start, zone) != service_day(last_moment, zone):
        yield refuse("NOTE-MIDNIGHT")
    if sum(content.deductions.values()) > Stretch(start, end).minutes:
        yield refuse("NOTE-DEDUCTED")


def _missing_where(content: Content, rule: ServiceRule | None) -> Iterator[Refusal]:
    if not content.place:
        yield refuse("NOTE-PLACE")
    elif rule is not None and content.place in rule.service.places.text_required:
        if not content.place_text.strip():
            yield refuse("NOTE-PLACE-TEXT")
    if not content.mode:
        yield refuse("NOTE-MODE")


def _missing_words(content: Content, rule: ServiceRule | None) -> Iterator[Refusal]:
    texts = {part: str(getattr(content, part)).strip() for part in TEXT_PARTS}
    yield from (refuse(_EMPTY_PART[part]) for part, text in texts.items() if not text)
    fewest = 0 if rule is None else rule.service.note.narrative_min_chars.limit or 0
    written = sum(len(text) for text in texts.values())
    if all(texts.values()) and written < fewest:
        yield refuse("NOTE-SHORT", n=written, m=int(fewest))


def refusal_to_withdraw(note: ServiceNote, by: Membership) -> Refusal | None:
    """The author takes a signature back until a reviewer has opened the note, and never after billing."""
    if note.provider.member_id != by.pk:
        return refuse("NOTE-NOT-YOURS")
    if not _may_become(note, State.DRAFT):
        return refuse("NOTE-CLOSED", now=str(note.state))
    if queries.is_opened_by_reviewer(note):
        return refuse("NOTE-OPENED")
    return refuse("NOTE-BILLED") if is_billed(note) else None


def refusal_to_correct(
    note: ServiceNote, rule: ServiceRule | None, *, by: Membership
) -> Refusal | None:
    """Author or supervisor opens a correction of a co-signed note; of a signed one, where the pack
    asks for no co-signature. Before that the reviewer returns it."""
    if not _is_author(note, by) and not leads(note, by):
        return refuse("NOTE-NOT-YOURS")
    if not _may_become(note, State.CORRECTING):
        return refuse("NOTE-CLOSED", now=str(note.state))
    if note.state == State.SIGNED and asks_for_cosignature(rule):
        return refuse("NOTE-IN-REVIEW")
    return None


def asks_for_cosignature(rule: ServiceRule | None) -> bool:
    """Whether the pack may ask for a co-signature; without a rule one is asked, to be safe."""
    return rule is None or rule.service.note.cosign.value != "NEVER"


def refusal_to_add(note: ServiceNote, by: Membership) -> Refusal | None:
    """Author and supervisor add to a version in force; nothing is added to a draft or a void note."""
    if not _is_author(note, by) and not leads(note, by):
        return refuse("NOTE-NOT-YOURS")
    if note.state not in NOTE_IN_FORCE:
        return refuse("NOTE-CLOSED", now=str(note.state))
    return None


def refusal_to_review(note: ServiceNote, by: Membership) -> Refusal | None:
    """A reviewer is another person than the author, and was the supervisor or delegate that day."""
    if _is_author(note, by) or note.participant.staff_membership_id == by.pk:
        return refuse("REVIEW-OWN")
    if not has_permission(by, Permission.REVIEW_NOTE) or not leads(note, by):
        return refuse("REVIEW-WHO", peer=ref("providers.provider", note.provider_id))
    return None


def refusal_to_return(note: ServiceNote, by: Membership) -> Refusal | None:
    """Only what waits for review is returned, by who may review it."""
    if (refusal := refusal_to_review(note, by)) is not None:
        return refusal
    return None if _may_become(note, State.RETURNED) else refuse("REVIEW-DONE")


def refusal_to_cosign(
    note: ServiceNote, rule: ServiceRule | None, *, by: Membership, on: dt.date
) -> Refusal | None:
    """What waits for review is co-signed by its reviewer, qualified on the day of co-signing (NOTE-02)."""
    if (refusal := refusal_to_review(note, by)) is not None:
        return refusal
    if not _may_become(note, State.COSIGNED):
        return refuse("REVIEW-DONE")
    missing = _what_the_cosigner_lacks(rule, by, on)
    if not missing:
        return None
    return refuse(
        "COSIGN-WHO", supervisor=ref("providers.provider", _file_of(by)), date=on, missing=missing
    )


def _what_the_cosigner_lacks(rule: ServiceRule | None, by: Membership, on: dt.date) -> str:
    asked = None if rule is None else rule.pack.workforce.supervisor_qualification
    if rule is None or asked is None:
        return ""
    grace = rule.pack.workforce.supervisor_training_grace_months
    file = Provider.objects.get(member=by)
    facts = supervisor_facts([file.pk])[file.pk]
    months = 0 if grace is None else int(grace.limit or 0)
    return ",".join(qualified(asked.tree, facts, on, months).missing)


def refusal_to_void(note: ServiceNote, by: Membership) -> Refusal | None:
    """A supervisor voids what was signed in error: never their own note, and only once."""
    if (refusal := refusal_to_review(note, by)) is not None:
        return refusal
    if not has_permission(by, Permission.VOID_NOTE):
        return refuse("REVIEW-WHO", peer=ref("providers.provider", note.provider_id))
    return None if _may_become(note, State.VOID) else refuse("NOTE-CLOSED", now=str(note.state))


def leads(note: ServiceNote, by: Membership) -> bool:
    """Whether this member was the author's supervisor, or the delegate, on the service day."""
    if note.service_day is None:
        return False
    rows = Assignment.objects.in_force_on(note.service_day).filter(provider=note.provider_id)
    return bool(rows.filter(Q(supervisor__member=by) | Q(delegate__member=by)).exists())


def is_billed(note: ServiceNote) -> bool:
    """Whether the note stands on a claim line that lives."""
    return ClaimLineNote.objects.filter(note=note, is_live=True).exists()


def _is_author(note: ServiceNote, by: Membership) -> bool:
    return bool(note.provider.member_id == by.pk)


def _may_become(note: ServiceNote, state: str) -> bool:
    return note.discarded_at is None and NOTE.allows(str(note.state), str(state))


def _file_of(member: Membership) -> str:
    file = Provider.objects.filter(member=member).first()
    return "" if file is None else str(file.pk)
