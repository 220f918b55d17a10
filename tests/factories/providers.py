"""Makes personnel files, certifications and worked time. Called inside the agency.

Each function takes the member who records it (`by`) and keywords for what a test is about; the rest
has made-up defaults, kept apart by a counter.
"""

import datetime as dt
import itertools
import uuid

from peerworks.accounts.models import Membership
from peerworks.agencies.models import FundingSource, Program
from peerworks.files.models import StoredFile
from providers.models import (
    Activity,
    Credential,
    CredentialKind,
    Employment,
    Evidence,
    Placement,
    Provider,
    Verification,
    WorkEntry,
    WorkSpan,
)

_numbers = itertools.count(1)
LONG_AGO = dt.date(2020, 1, 1)


def make_provider(*, by: Membership, employed_from: dt.date | None = LONG_AGO, **given) -> Provider:
    """A peer specialist without a sign-in, employed since 2020 (None: not at all)."""
    number = next(_numbers)
    told = {
        "given_name": "Rowan",
        "family_name": f"Madeup {number:03d}",
        "worker_class": Provider.WorkerClass.PEER,
    }
    provider = Provider.objects.create(agency_id=by.agency_id, created_by=by, **told | given)
    if employed_from is not None:
        make_employment(by=by, provider=provider, since=employed_from)
    return provider


def make_employment(
    *, by: Membership, provider: Provider, since=LONG_AGO, until=None, kind="EMPLOYEE"
) -> Employment:
    """An employment from `since`, up to and not including `until`."""
    return Employment.objects.create(
        agency_id=by.agency_id,
        created_by=by,
        provider=provider,
        kind=kind,
        period=(since, until),
    )


def make_placement(
    *, by: Membership, provider: Provider, program: Program, since=LONG_AGO, until=None
) -> Placement:
    """A placement from `since`, up to and not including `until`."""
    return Placement.objects.create(
        agency_id=by.agency_id,
        created_by=by,
        provider=provider,
        program=program,
        period=(since, until),
    )


def make_credential_kind(*, by: Membership, **given) -> CredentialKind:
    """A kind of certification of a made-up board, by the rules of Virginia."""
    number = next(_numbers)
    told = {
        "key": f"made-up-{number}",
        "label_en": f"Made-up certification {number}",
        "label_es": f"Certificación inventada {number}",
        "body": "Made-up board",
        "pack": "va-dmas-peer",
        "pack_key": "va-prs",
    }
    return CredentialKind.objects.create(agency_id=by.agency_id, **told | given)


def make_credential(
    *, by: Membership, provider: Provider, kind: CredentialKind, since, until, **given
) -> Credential:
    """A certificate valid from `since` through `until` (None: it has no end), entered by `by`."""
    told = {
        "number": f"DEMO-{next(_numbers)}",
        "issued_on": since,
        "valid_from": since,
        "expires_on": until,
        "never_ends": until is None,
        "entered_by": by,
    }
    return Credential.objects.create(
        agency_id=by.agency_id, provider=provider, kind=kind, **told | given
    )


def make_verification(
    *, by: Membership, credential: Credential, at: dt.datetime, **given
) -> Verification:
    """A check of the public registry on the day of issue, by `by`."""
    told = {
        "method": Verification.Method.REGISTRY,
        "source": "Made-up registry",
        "checked_on": credential.issued_on,
    }
    return Verification.objects.create(
        agency_id=by.agency_id,
        credential=credential,
        verified_by=by,
        verified_at=at,
        **told | given,
    )


def make_evidence(*, credential: Credential, file: StoredFile) -> Evidence:
    """A file that proves a certificate."""
    return Evidence.objects.create(agency_id=credential.agency_id, credential=credential, file=file)


def make_work_span(
    *, by: Membership, provider: Provider, program: Program, start: dt.datetime, minutes=60, **given
) -> WorkSpan:
    """A stretch of time recorded by hand, without entries."""
    told = {"source_kind": WorkSpan.Source.MANUAL, "source_id": uuid.uuid4()}
    return WorkSpan.objects.create(
        agency_id=by.agency_id,
        created_by=by,
        provider=provider,
        program=program,
        site_id=program.site_id,
        period=(start, start + dt.timedelta(minutes=minutes)),
        **told | given,
    )


def make_work_entry(
    *, span: WorkSpan, funding_source: FundingSource, minutes=60, activity=Activity.OUTREACH
) -> WorkEntry:
    """Minutes of a span."""
    return WorkEntry.objects.create(
        agency_id=span.agency_id,
        span=span,
        activity=activity,
        minutes=minutes,
        funding_source=funding_source,
    )
