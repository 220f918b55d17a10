"""How a mail leaves: plain text, to one address, by whatever way the settings name.

That may be a mail server or a provider's service: django-anymail makes them alike, so the marks below
(a tag, no tracking of who opens what) mean the same for each, and nothing for a plain mail server.
What a mail says is written at the moment of sending; nothing of it is stored or logged here.
"""

from django.conf import settings
from django.core.mail import EmailMessage

from peerworks.accounts.letters import Letter

_STAYS_HERE = frozenset(
    {
        "django.core.mail.backends.dummy.EmailBackend",
        "django.core.mail.backends.filebased.EmailBackend",
        "django.core.mail.backends.console.EmailBackend",
        "peerworks.notices.store.EmailBackend",
    }
)


def leaves_this_machine() -> bool:
    """Whether mail reaches people, by the setting of where it goes."""
    return settings.EMAIL_BACKEND not in _STAYS_HERE


def deliver(letter: Letter, *, tag: str) -> None:
    """Hand a mail over. Raises what the mail server or the provider says."""
    headers = {"Auto-Submitted": "auto-generated", "Content-Language": letter.language}
    mail = EmailMessage(letter.subject, letter.body, to=[letter.to], headers=headers)
    mail.tags, mail.track_opens, mail.track_clicks = [tag], False, False  # type: ignore[attr-defined]
    mail.send()
