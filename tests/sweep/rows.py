"""Makes a row of any model that an agency owns, so that a new table is in the sweep at once.

A `Bag` is one set of rows that hang together: one agency, one person served, one worker, and below
them one row of each model. What a model needs beyond its field types stands in `HINTS`; a row that
the database refuses fails with the name of the model and of this file.
"""

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField, DateRangeField, DateTimeRangeField
from django.db import DatabaseError, IntegrityError, models, transaction

from peerworks.accounts.models import Membership
from peerworks.agencies.models import Agency
from peerworks.files import storage
from peerworks.files.models import storage_name
from tests.factories.numbers import next_number
from tests.sweep.addresses import hangs_on

HUNG_ON = ("participants.Participant", "providers.Provider")
MEMBER = "accounts.Membership"
#: Text fields that hold a key and no words: a canary there would be a row that nobody can make.
KEYS = {
    "pack", "pack_key", "key", "time_zone", "slug", "service_key", "sha256", "subject_type", "kind",
    "cycle", "step", "slot", "subject", "interchange", "facts_sha256", "sent_sha256", "sort_key", "source_url",
    "stored_as", "purpose",
    "token_sha256",
}  # fmt: skip


@dataclass
class Bag:
    """One set of rows; `canary` is the word that every text of it holds.

    `known` are rows that exist already, by model label. `clerk` stands wherever a member is asked
    for, `author` where the worker's own member must (a note, a signature), `witness` where it must be
    a third one.
    """

    agency: Agency
    canary: str
    clerk: Membership
    author: Membership
    witness: Membership
    known: dict[str, Any] = field(default_factory=dict)
    hours: int = 0
    today: dt.date = field(default_factory=lambda: dt.datetime.now(dt.UTC).date())

    @property
    def now(self) -> dt.datetime:
        """Noon of three days ago in UTC, and `hours` more, so that two sets do not overlap."""
        noon = dt.datetime.combine(self.today - dt.timedelta(days=3), dt.time(12), dt.UTC)
        return noon + dt.timedelta(hours=self.hours)

    def __getitem__(self, label: str) -> Any:
        """The row of a model, made on first use with all that it needs."""
        if label not in self.known:
            model = apps.get_model(label)
            self.known[label] = standing(model, self) or make(model, self)
        return self.known[label]

    def another(self, label: str) -> Any:
        """A second row of the model: for a rule that asks for two of them."""
        if f"{label} 2" not in self.known:
            self.known[f"{label} 2"] = make(apps.get_model(label), self)
        return self.known[f"{label} 2"]

    def words(self, name: str, limit: int | None) -> str:
        """A text with the canary in it, as long as the column allows."""
        text = f"{self.canary} {name} {next_number()}"
        return text if limit is None or len(text) <= limit else f"{self.canary}{next_number()}"


def _since(bag: Bag) -> Any:
    return (bag.today - dt.timedelta(days=700), None)


def _visit(bag: Bag) -> Any:
    return (bag.now, bag.now + dt.timedelta(hours=1))


FILE = b"%PDF-1.7 made up for the sweep"


def _stored(bag: Bag) -> str:
    """The name of bytes in the folder of files, so that the pages that open a file have one."""
    name = storage_name()
    place = storage.place_of(bag.agency.pk, name)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    place.write_bytes(FILE)
    return name


#: What the database asks of a column beyond its type: label and field, to a value or a function.
HINTS: dict[str, Any] = {
    "accounts.Invitation.expires_at": lambda bag: bag.now + dt.timedelta(days=10),
    "accounts.Invitation.roles": ["PEER"],
    "billing.Batch.interchange": lambda bag: f"{next_number():09d}",
    "billing.Claim.total": Decimal("10.00"),
    "billing.Claim.place": "11",
    "billing.ClaimLine.place": "11",
    "billing.ClaimLine.code": "H0038",
    "billing.ClaimLine.charge": Decimal("10.00"),
    "billing.Diagnosis.code": "F331",
    "billing.GateRun.packs": [],
    "billing.GateRun.terms": {},
    "billing.GateRun.facts": {},
    "billing.GateRun.findings": [],
    "billing.GroupSession.starts_at": lambda bag: bag.now,
    "billing.GroupSession.ends_at": lambda bag: bag.now + dt.timedelta(hours=1),
    "billing.PlanSignature.role": "PEER",
    "billing.PlanSignature.member": lambda bag: bag.author,
    "billing.PlanVersion.period": _since,
    "billing.PlanVersion.services": ["mh-individual"],
    "billing.Rate.code": lambda bag: f"Z{next_number():04d}",
    "files.StoredFile.stored_as": _stored,
    "files.StoredFile.purpose": "providers.evidence",
    "files.StoredFile.sha256": hashlib.sha256(FILE).hexdigest(),
    "files.StoredFile.size": len(FILE),
    "files.StoredFile.pages": 1,
    "providers.Evidence.file": lambda bag: bag.another("files.StoredFile"),
    "participants.Consent.purposes": ["PAYMENT"],
    "participants.SealedAccess.reason": "Named for the sweep.",
    "providers.Credential.expires_on": lambda bag: bag.today + dt.timedelta(days=100),
    "providers.Credential.entered_by": lambda bag: bag.author,
    "providers.Credential.valid_from": lambda bag: bag.today - dt.timedelta(days=200),
    "providers.Verification.checked_on": lambda bag: bag.today - dt.timedelta(days=100),
    "providers.Verification.verified_by": lambda bag: bag.witness,
    "providers.WorkSpan.period": _visit,
    "providers.WorkEntry.minutes": 60,
    "supervision.Assignment.supervisor": lambda bag: bag.another("providers.Provider"),
    "supervision.Session.supervisor": lambda bag: bag.another("providers.Provider"),
    "supervision.Session.starts_at": lambda bag: bag.now - dt.timedelta(hours=5),
    "supervision.Session.ends_at": lambda bag: bag.now - dt.timedelta(hours=4),
    "supervision.Qualification.atom": "YEARS_AS_PEER",
    "supervision.Qualification.recorded_by": lambda bag: bag.author,
    "training.Attendance.minutes": 60,
    "training.Meeting.starts_at": lambda bag: bag.now,
    "training.Meeting.ends_at": lambda bag: bag.now + dt.timedelta(hours=2),
    "training.Cohort.period": lambda bag: (bag.today, bag.today + dt.timedelta(days=30)),
    "training.Completion.hours": Decimal("16"),
    "jobs.Job.kind": "providers.certification_expiry_reminders_raised",
    "jobs.Job.slot": lambda bag: f"{bag.today.isoformat()} {next_number():032d}",
    "jobs.Job.subject": lambda bag: f"{next_number()}",
    "notices.Notice.subject_type": "participants.participant",
    "notices.Notice.subject_id": lambda bag: bag["participants.Participant"].pk,
    "notices.Notice.participant": lambda bag: bag["participants.Participant"],
    "notices.Notice.kind": "credential-expiry",
    "notices.Notice.recipient": lambda bag: bag.author,
    "notices.Notice.cycle": "2026-01-01",
    "notices.Notice.step": "30",
}

_BY_TYPE: tuple[tuple[type[models.Field], Callable[[Bag], Any]], ...] = (
    (DateTimeRangeField, _visit),
    (DateRangeField, _since),
    (ArrayField, lambda bag: []),
    (models.JSONField, lambda bag: {}),
    (models.UUIDField, lambda bag: uuid.uuid4()),
    (models.DateTimeField, lambda bag: bag.now),
    (models.DateField, lambda bag: bag.today - dt.timedelta(days=30)),
    (models.TimeField, lambda bag: dt.time(9)),
    (models.BooleanField, lambda bag: False),
    (models.DecimalField, lambda bag: Decimal("1")),
    (models.IntegerField, lambda bag: 1),
    (models.EmailField, lambda bag: f"{bag.canary.lower()}{next_number()}@made-up.example"),
)


def standing(model: type[models.Model], bag: Bag) -> Any:
    """A row that hangs on the bag's person or worker (else: on any row of the bag) already."""
    keys = {
        each.name: each.related_model._meta.label
        for each in model._meta.concrete_fields
        if each.remote_field is not None
        and each.related_model._meta.label in bag.known.keys() - {MEMBER}
        and not each.null
        and f"{model._meta.label}.{each.name}" not in HINTS
    }
    hung = next((label for label in HUNG_ON if label in keys.values()), None)
    if hung is None and hangs_on(model._meta.label):
        return None
    whose = {name: bag.known[label] for name, label in keys.items() if hung in (None, label)}
    row = model._default_manager.filter(**whose).first() if whose else None
    if row is not None:
        put_words(row, bag)
    return row


def make(model: type[models.Model], bag: Bag, **given: Any) -> Any:
    """Create one row of the model in the bag's agency, with the bag's canary in its texts."""
    for each in model._meta.concrete_fields:
        if each.name not in given and each.name not in {"id", "agency", "created_at"}:
            value = _value(model, each, bag)
            if value is not _NOTHING:
                given[each.name] = value
    try:
        with transaction.atomic():
            row = model._default_manager.create(agency=bag.agency, **given)
    except (IntegrityError, ValueError) as error:
        raise AssertionError(
            f"no {model._meta.label} could be made: say what it needs in HINTS of "
            f"tests/sweep/rows.py. {error}"
        ) from error
    row.refresh_from_db()
    put_words(row, bag)
    return row


def put_words(row: models.Model, bag: Bag) -> None:
    """Write the canary into each text of a row that takes it.

    What is signed or append-only keeps its words, and a reason stands only beside its decision: what
    the database refuses is left as it is.
    """
    for each in row._meta.concrete_fields:
        now = getattr(row, each.attname)
        if takes_words(each) and bag.canary not in str(now):
            text = bag.words(each.name, each.max_length)
            try:
                with transaction.atomic():
                    type(row)._default_manager.filter(pk=row.pk).update(**{each.attname: text})
            except DatabaseError:
                continue
            setattr(row, each.attname, text)


_NOTHING = object()


def _value(model: type[models.Model], each: Any, bag: Bag) -> Any:
    name = f"{model._meta.label}.{each.name}"
    if name in HINTS:
        told = HINTS[name]
        return told(bag) if callable(told) else told
    if each.remote_field is not None:
        return _row_of(each, bag)
    if takes_words(each) and not (each.blank or each.null):
        return bag.words(each.name, each.max_length)
    return _plain(each, bag)


def _row_of(each: Any, bag: Bag) -> Any:
    label = each.remote_field.model._meta.label
    if label == MEMBER:
        return _NOTHING if each.null else bag.clerk
    if label == "accounts.User":
        return bag.clerk.user
    if each.null:
        return _NOTHING
    return bag[label]


def takes_words(each: Any) -> bool:
    """Whether the column holds words of people: long enough, no choices, no key."""
    return (
        isinstance(each, models.CharField | models.TextField)
        and not isinstance(each, models.EmailField | models.SlugField | models.URLField)
        and not each.choices
        and (each.max_length is None or each.max_length >= 20)
        and each.name not in KEYS
    )


def _plain(each: Any, bag: Bag) -> Any:
    if each.null or each.has_default() or each.blank or each.db_default is not models.NOT_PROVIDED:
        return _NOTHING
    if each.choices:
        return each.flatchoices[0][0]
    for kind, value in _BY_TYPE:
        if isinstance(each, kind):
            return value(bag)
    return f"k{next_number()}"[: each.max_length or 60]
