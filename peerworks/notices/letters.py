"""How a letter leaves: Django's own mail, in plain text, to one address.

What it says is written by the app whose letter it is, at the moment of sending; nothing of it is
stored or logged here.
"""

from django.conf import settings
from django.core.mail import EmailMessage

from peerworks.accounts.letters import Letter

_STAYS_HERE = frozenset(
    f"django.core.mail.backends.{each}.EmailBackend" for each in ("dummy", "filebased", "console")
)


def leaves_this_machine() -> bool:
    """Whether mail reaches people, by the setting of where it goes."""
    return settings.EMAIL_BACKEND not in _STAYS_HERE


def deliver(letter: Letter) -> None:
    """Hand a letter to the mail server. Raises what the mail server says: the work is then tried again."""
    headers = {"Auto-Submitted": "auto-generated", "Content-Language": letter.language}
    EmailMessage(letter.subject, letter.body, to=[letter.to], headers=headers).send()
