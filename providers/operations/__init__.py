"""The writes of this app: personnel files, certifications, reminders, the ledger of minutes."""

from providers.operations.credentials import (
    CertificateData,
    Check,
    add_credential,
    change_credential,
    renew_credential,
    retire_credential,
    suspend_credential,
    verify_credential,
)
from providers.operations.evidence import add_evidence, withdraw_evidence
from providers.operations.kinds import keep_kind
from providers.operations.people import (
    Contact,
    NewPerson,
    add_provider,
    change_contact,
    employ,
    end_employment,
    end_placement,
    link_member,
    place,
)
from providers.operations.reminders import raise_expiry_reminders
from providers.operations.work import SpanEntry, record_span, reverse_span

__all__ = [
    "CertificateData",
    "Check",
    "Contact",
    "NewPerson",
    "SpanEntry",
    "add_credential",
    "add_evidence",
    "add_provider",
    "change_contact",
    "change_credential",
    "employ",
    "end_employment",
    "end_placement",
    "keep_kind",
    "link_member",
    "place",
    "raise_expiry_reminders",
    "record_span",
    "renew_credential",
    "retire_credential",
    "reverse_span",
    "suspend_credential",
    "verify_credential",
    "withdraw_evidence",
]
