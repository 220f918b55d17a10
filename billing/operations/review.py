"""Service notes in a reviewer's hands: opened, co-signed, returned, voided."""

import datetime as dt

from billing.models import CoSignature, NoteOpening, NoteReturn, NoteVersion, ServiceNote
from billing.operations import ledger
from billing.operations.notes import locked_note, open_again
from billing.policies import notes as policies
from billing.queries import notes as queries
from peerworks.accounts.models import Membership
from peerworks.audit import trail
from peerworks.lib.findings import Refused, enforce, refuse
from providers.models import Provider

State = ServiceNote.State


def record_opening(*, note: ServiceNote, by: Membership, at: dt.datetime) -> None:
    """Keep that a reviewer opened the version in force; its author cannot withdraw it any more.

    Written beside the view event, after the answer is built. Once a member and version.
    """
    version = note.version_in_force
    if version is None or version.signed_at is None:
        return
    if NoteOpening.objects.filter(note=note, member=by, at__gte=version.signed_at).exists():
        return
    NoteOpening.objects.create(
        agency_id=note.agency_id,
        note=note,
        participant_id=note.participant_id,
        member=by,
        at=at,
    )


def cosign_note(
    *, note: ServiceNote, by: Membership, at: dt.datetime, on: dt.date, sha256: str = ""
) -> CoSignature:
    """Sign under the version in force; `sha256` is the hash of the text that the reviewer read.

    The same reviewer again is answered with the signature. Raises `Refused` (REVIEW-OWN, REVIEW-WHO,
    REVIEW-DONE, COSIGN-WHO, NOTE-CHANGED).
    """
    locked = locked_note(note)
    version = locked.version_in_force
    there = CoSignature.objects.filter(version=version, by=by).first() if version else None
    if there is not None:
        return there
    rule = queries.rule_of(locked, locked.service_day or on)
    enforce(policies.refusal_to_cosign(locked, rule, by=by, on=on))
    version = _same_text(version, sha256)
    cosignature = CoSignature.objects.create(
        agency_id=locked.agency_id,
        version=version,
        note=locked,
        participant_id=locked.participant_id,
        provider=Provider.objects.get(member=by),
        by=by,
        at=at,
        sha256=version.sha256,
    )
    locked.state = State.COSIGNED
    locked.save(update_fields=["state"])
    trail.record("note.cosigned", by=by.user, about=locked, participants=[locked.participant_id])
    return cosignature


def return_note(
    *, note: ServiceNote, words: str, by: Membership, at: dt.datetime, sha256: str = ""
) -> NoteReturn:
    """Send a note back with words that help: the signed version stays, the next opens as a copy.

    Its time is reversed in the ledger until the author signs again. Raises `Refused` (REVIEW-OWN,
    REVIEW-WHO, REVIEW-DONE, NOTE-CHANGED).
    """
    locked = locked_note(note)
    enforce(policies.refusal_to_return(locked, by))
    version = _same_text(locked.version_in_force, sha256)
    returned = NoteReturn.objects.create(
        agency_id=locked.agency_id,
        version=version,
        note=locked,
        participant_id=locked.participant_id,
        by=by,
        at=at,
        words=words,
    )
    open_again(locked, State.RETURNED, NoteVersion.Opened.RETURNED, words, by=by, at=at)
    trail.record("note.returned", by=by.user, about=locked, participants=[locked.participant_id])
    return returned


def void_note(*, note: ServiceNote, reason: str, by: Membership, at: dt.datetime) -> ServiceNote:
    """Take a note entered in error out of billing for ever; its text is kept.

    Its time is reversed, and a live claim line is flagged in the same transaction. Raises `Refused`
    (REVIEW-OWN, REVIEW-WHO, NOTE-CLOSED).
    """
    locked = locked_note(note)
    enforce(policies.refusal_to_void(locked, by))
    ledger.reverse(locked, by=by, at=at)
    locked.state, locked.version_in_force, locked.in_force_period = State.VOID, None, None
    locked.voided_at, locked.voided_by, locked.void_reason = at, by, reason
    locked.save(
        update_fields=[
            *("state", "version_in_force", "in_force_period"),
            *("voided_at", "voided_by", "void_reason"),
        ]
    )
    ledger.reverse_group(locked, by=by, at=at)
    ledger.flag_claim_line(locked, "NOTE-VOIDED", by=by, at=at)
    trail.record("note.voided", by=by.user, about=locked, participants=[locked.participant_id])
    return locked


def _same_text(version: NoteVersion | None, sha256: str) -> NoteVersion:
    if version is None or (sha256 and version.sha256 != sha256):
        raise Refused(refuse("NOTE-CHANGED"))
    return version
