"""The demonstration's mail: each one a file in the state folder, by agency, and the reading of them.

No mail of made-up people may leave the machine, and whoever tries the program wants to see what
would have been sent: an invitation's link above all.
"""

import datetime as dt
import email
import email.policy
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from peerworks.agencies.context import acting

SHOWN = 200


class EmailBackend(BaseEmailBackend):
    """Writes each mail to a file of its own, in the folder of the agency that it comes from."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write them; answers how many."""
        folder = _folder(acting.get().agency_id)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for each in email_messages:
            path = folder / f"{uuid.uuid4().hex}.eml"
            path.touch(mode=0o600)
            path.write_bytes(each.message().as_bytes())
        return len(email_messages)


def _folder(agency_id: Any) -> Path:
    """Of one agency; what belongs to none, such as a reset asked by a visitor, lies apart."""
    kept = Path(getattr(settings, "EMAIL_FILE_PATH", ""))
    return kept / (str(agency_id) if agency_id else "no-agency")


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A mail as it would have left."""

    to: str
    subject: str
    text: str
    sent_at: dt.datetime


def stored_mails(agency_id: Any) -> list[StoredMail]:
    """The newest two hundred mails of an agency, the newest first; none where nothing is stored."""
    path = getattr(settings, "EMAIL_FILE_PATH", "")
    if not path or not _folder(agency_id).is_dir():
        return []
    newest = sorted(_folder(agency_id).glob("*.eml"), key=lambda path: -path.stat().st_mtime_ns)
    return list(_read(newest[:SHOWN]))


def _read(files: Sequence[Path]) -> Iterator[StoredMail]:
    for path in files:
        with path.open("rb") as file:
            mail = email.message_from_binary_file(file, policy=email.policy.default)
        body = mail.get_body(("plain",))
        yield StoredMail(
            to=str(mail["To"]),
            subject=str(mail["Subject"]),
            text=body.get_content().strip() if body is not None else "",
            sent_at=parsedate_to_datetime(str(mail["Date"])).replace(tzinfo=dt.UTC),
        )
