"""The words of a letter, at the moment of its sending. The only place where a link's token is made."""

import datetime as dt
from collections.abc import Callable

from django.contrib.auth.tokens import default_token_generator
from django.template.loader import render_to_string
from django.utils import translation

from peerworks.accounts.letters import Kind, Letter, Slot, link_to
from peerworks.accounts.models import Invitation, Membership, User
from peerworks.accounts.operations.invitations import new_link
from peerworks.accounts.queries import service_member
from peerworks.agencies.context import acting
from peerworks.audit import trail

Templates = tuple[str, str]
INVITATION = ("accounts/letters/invitation.subject.txt", "accounts/letters/invitation.body.txt")
RESET = ("accounts/letters/reset.subject.txt", "accounts/letters/reset.body.txt")
CHANGED = (
    "accounts/letters/password_changed.subject.txt",
    "accounts/letters/password_changed.body.txt",
)


def write_letter(*, slot: str, at: dt.datetime) -> Letter | None:
    """The letter of a slot, or None where it is due no longer. Asked inside the agency, by a worker.

    A letter that is sent a second time, since a worker died after sending it, carries a new link, and
    the older one is dead: no token is ever kept. ValueError for what is no slot.
    """
    asked = Slot.read(slot)
    letter = _WRITERS[asked.kind](asked, at)
    if letter is not None:
        _record(asked)
    return letter


def _record(asked: Slot) -> None:
    model = Invitation if asked.kind is Kind.INVITATION else User
    about = model(pk=asked.about)
    service = service_member(acting.get().agency_id)
    trail.record("letter.sent", by=service.user, about=about)


def _invitation(asked: Slot, at: dt.datetime) -> Letter | None:
    usable = Invitation.objects.usable(at).select_for_update(of=("self",))
    invitation = usable.filter(pk=asked.about, letters=asked.number).first()
    if invitation is None:
        return None
    link = new_link(invitation)
    return _letter(INVITATION, invitation.email, invitation.language, link)


def _reset(asked: Slot, at: dt.datetime) -> Letter | None:
    user = _member(asked)
    if user is None:
        return None
    key = f"{user.pk}.{default_token_generator.make_token(user)}"
    return _letter(RESET, user.email, user.language, link_to("accounts:reset-open", key))


def _password_changed(asked: Slot, at: dt.datetime) -> Letter | None:
    user = _member(asked)
    if user is None:
        return None
    return _letter(CHANGED, user.email, user.language, link_to("accounts:reset-ask"))


def _member(asked: Slot) -> User | None:
    """The user, if still a member in force."""
    member = Membership.objects.filter(user=asked.about, is_active=True, is_service=False)
    found = member.select_related("user").first()
    return found.user if found is not None and found.user.is_active else None


def _letter(templates: Templates, to: str, language: str, link: str) -> Letter:
    subject_of, body_of = templates
    with translation.override(language):
        subject = render_to_string(subject_of).strip()
        body = render_to_string(body_of, {"link": link}).strip()
    return Letter(to, language, subject, f"{body}\n")


_WRITERS: dict[Kind, Callable[[Slot, dt.datetime], Letter | None]] = {
    Kind.INVITATION: _invitation,
    Kind.RESET: _reset,
    Kind.PASSWORD_CHANGED: _password_changed,
}
