"""The evidence of a certificate as its card shows it."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from peerworks.files.models import StoredFile
from peerworks.web import words
from providers.models import Credential, Evidence

_KILOBYTE = 1000


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A file: its name, what it is, who uploaded it when, and, once withdrawn, by whom and why."""

    evidence: Evidence
    id: UUID
    name: str
    what: str
    uploaded: str
    withdrawn: str
    why: str


def with_evidence() -> "Prefetch[str]":
    """Loads the evidence of certificates, with files and people, in one query."""
    people = ("file__uploaded_by__user", "file__withdrawn_by__user")
    found = Evidence.objects.select_related(*people).order_by(
        "file__uploaded_at", "file__name", "pk"
    )
    return Prefetch("evidence", queryset=found)


def evidence_of(credential: Credential, zone: dt.tzinfo) -> list[EvidenceLine]:
    """The files of a certificate, the oldest first; loaded before by `with_evidence`."""
    with timezone.override(zone):
        return [_line(each) for each in credential.evidence.all()]


def _line(evidence: Evidence) -> EvidenceLine:
    stored = evidence.file
    return EvidenceLine(
        evidence=evidence,
        id=evidence.pk,
        name=stored.name,
        what=_what(stored),
        uploaded=_uploaded(stored),
        withdrawn=_withdrawn(stored),
        why=stored.withdrawn_why,
    )


def _what(stored: StoredFile) -> str:
    parts = [str(stored.get_kind_display())]
    if stored.pages is not None:
        parts.append(
            ngettext("%(count)s page", "%(count)s pages", stored.pages) % {"count": stored.pages}
        )
    return ", ".join([*parts, size_words(stored.size)])


def size_words(size: int) -> str:
    """12 kB; 3.4 MB."""
    if size < _KILOBYTE**2:
        return f"{max(1, round(size / _KILOBYTE))} kB"
    return f"{number_format(round(size / _KILOBYTE**2, 1), decimal_pos=1)} MB"


def _uploaded(stored: StoredFile) -> str:
    return gettext("uploaded by {name}, {moment}").format(
        name=stored.uploaded_by.user.name, moment=words.moment(stored.uploaded_at)
    )


def _withdrawn(stored: StoredFile) -> str:
    if stored.withdrawn_by is None or stored.withdrawn_at is None:
        return ""
    return gettext("Withdrawn by {name}, {moment}").format(
        name=stored.withdrawn_by.user.name, moment=words.moment(stored.withdrawn_at)
    )
