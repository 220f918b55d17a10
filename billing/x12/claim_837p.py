"""The professional claim, 837P (005010X222A1), as values: what `write_837p` writes and `read_837p`
reads.

Claims are flat: each names its billing provider, subscriber and payer. The writer makes the loops
out of that: claims next to one another with the same billing provider share its level, and those of
the same subscriber and payer share theirs. Money is whole cents, days are `date`, names are as a
person writes them: the writer folds them into the basic character set.

Source: ASC X12N 005010X222A1, as far as peer-support claims (H0038) need it.
"""

import datetime as dt
from dataclasses import dataclass, replace

from billing.x12.envelope import GroupHeader, Interchange
from billing.x12.texts import Field, Form, code, identifier, name

VERSION = "005010X222A1"

CLAIMS_A_SET = 5_000
"""The guide's limit of claims in one transaction set (section 1.3.2)."""

LINES_A_CLAIM = 50
DIAGNOSES_A_CLAIM = 12
MODIFIERS_A_LINE = 4
POINTERS_A_LINE = 4

_NPI = "(?:[0-9]{10})?"
_TAXONOMY = "(?:[0-9A-Z]{10})?"
_ID_KIND = "(?:0B|1G|G2|LU)?"


@dataclass(frozen=True, slots=True)
class Address:
    """An address in the United States; `zip_code` is 5 or 9 digits without a hyphen."""

    street: str
    city: str
    state: str
    zip_code: str
    street_2: str = ""


@dataclass(frozen=True, slots=True)
class Submitter:
    """Who sends the file (1000A): the id the payer gave, and whom to call. At least one of the two
    ways to reach them is needed; a phone is ten digits."""

    name: str
    id: str
    contact: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who receives the file (1000B)."""

    name: str
    id: str


@dataclass(frozen=True, slots=True)
class BillingProvider:
    """The agency that is paid (2000A, 2010AA). `pay_to` (2010AB) only where it differs, such as a
    post-office box; an agency without an NPI is named by `Payer837.billing_id`."""

    name: str
    npi: str
    taxonomy: str
    ein: str
    address: Address
    pay_to: Address | None = None


@dataclass(frozen=True, slots=True)
class Subscriber:
    """The person served (2000B, 2010BA), who under Medicaid is always the subscriber.

    `sex` is F, M or U; `order` P, S or T, whether the payer pays first, second or third; `filing`
    the kind of insurance, MC for Medicaid. The payer's record decides how the name is spelt.
    """

    last_name: str
    first_name: str
    member_id: str
    birth_date: dt.date | None
    sex: str
    address: Address | None
    middle_name: str = ""
    suffix: str = ""
    order: str = "P"
    filing: str = "MC"


@dataclass(frozen=True, slots=True)
class Payer837:
    """Who pays (2010BB). `billing_id` is the payer's own number of the billing provider (REF*G2)."""

    name: str
    id: str
    billing_id: str = ""


@dataclass(frozen=True, slots=True)
class Professional:
    """A person named on a claim. One without an NPI has the payer's or the state's number instead:
    `other_id`, whose kind is 0B state licence, 1G UPIN, G2 the payer's number, LU location."""

    last_name: str
    first_name: str
    npi: str = ""
    middle_name: str = ""
    other_id_kind: str = ""
    other_id: str = ""


@dataclass(frozen=True, slots=True)
class RenderingProvider(Professional):
    """Who gave the service (2310B, or 2420A on a line).

    Whether the peer is named, a professional who oversees them, or nobody, is a setting of the
    payer; `taxonomy` 175T00000X is a peer specialist.
    """

    taxonomy: str = ""


@dataclass(frozen=True, slots=True)
class SupervisingProvider(Professional):
    """Who oversaw the service (2310D), where the payer asks for it."""


@dataclass(frozen=True, slots=True)
class ServiceFacility:
    """Where the service was given (2310C), when not at the billing address."""

    name: str
    address: Address
    npi: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A claim line (2400): one code, its modifiers in order, one day (or `day` to `until`).

    `charge` is in cents, `units` whole. `pointers` number the claim's diagnoses from 1, the most
    important first. `reference` (REF*6R) is ours, unique in the claim, and comes back with the
    payment: the only sure match. `place` and `rendering` only where they differ from the claim's.
    """

    code: str
    charge: int
    units: int
    day: dt.date
    reference: str
    pointers: tuple[int, ...] = (1,)
    modifiers: tuple[str, ...] = ()
    until: dt.date | None = None
    place: str = ""
    authorization: str = ""
    rendering: RenderingProvider | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim (2300). `number` (CLM01) is ours and comes back in every answer.

    `charge` is in cents. `frequency` is 1 original, 7 replacement, 8 void; the last two need
    `payer_claim_number` (REF*F8). `diagnoses` are ICD-10 codes without a point, the principal one
    first. `delay_reason` is CLM20, `authorization` REF*G1, `record_number` REF*EA, `note` NTE*ADD.
    """

    number: str
    billing: BillingProvider
    subscriber: Subscriber
    payer: Payer837
    charge: int
    place: str
    diagnoses: tuple[str, ...]
    lines: tuple[Line, ...]
    frequency: str = "1"
    authorization: str = ""
    payer_claim_number: str = ""
    record_number: str = ""
    note: str = ""
    delay_reason: str = ""
    rendering: RenderingProvider | None = None
    facility: ServiceFacility | None = None
    supervising: SupervisingProvider | None = None


@dataclass(frozen=True, slots=True)
class ClaimSet:
    """A transaction set (ST to SE): at most 5,000 claims, and accepted or rejected as one.

    `control` is ST02, which comes back in the 999; `reference` is BHT03, which comes back in the
    277CA; `kind` is CH for claims and RP for encounters reported to a plan; `purpose` is 00, or 18
    for a set sent again.
    """

    control: str
    reference: str
    day: dt.date
    time: dt.time
    submitter: Submitter
    receiver: Receiver
    claims: tuple[Claim, ...]
    kind: str = "CH"
    purpose: str = "00"


@dataclass(frozen=True, slots=True)
class Unread:
    """A segment of a file that says something these values cannot hold: its id and position."""

    segment: str
    position: int


@dataclass(frozen=True, slots=True)
class Batch837:
    """A file of claims: one interchange with one functional group.

    `unread` is filled by the reader only. While it is empty, writing what was read loses nothing.
    """

    interchange: Interchange
    group: GroupHeader
    sets: tuple[ClaimSet, ...]
    unread: tuple[Unread, ...] = ()


def split_set(whole: ClaimSet, claims_a_set: int = CLAIMS_A_SET) -> tuple[ClaimSet, ...]:
    """The set in parts of at most so many claims, since one bad claim has its whole set rejected.

    Parts count on from the set's control number, and their references end in -1, -2 and so on; a
    set that is small enough stays as it is. Raises `ValueError` for less than one claim a set.
    """
    if claims_a_set < 1:
        raise ValueError("a set has at least one claim")
    if len(whole.claims) <= claims_a_set:
        return (whole,)
    starts = range(0, len(whole.claims), claims_a_set)
    return tuple(
        replace(
            whole,
            control=f"{int(whole.control) + index:04d}",
            reference=f"{whole.reference}-{index + 1}",
            claims=whole.claims[start : start + claims_a_set],
        )
        for index, start in enumerate(starts)
    )


# ----------------------------------------------------------------- what each text must be like


def _professional(*more: Field) -> tuple[Field, ...]:
    return (
        name("last_name", "NM103", 60, 1),
        name("first_name", "NM104", 35),
        name("middle_name", "NM105", 25),
        code("npi", "NM109", _NPI),
        code("other_id_kind", "REF01", _ID_KIND),
        identifier("other_id", "REF02", 50),
        *more,
    )


ADDRESS = Form[Address](
    name("street", "N301", 55, 1),
    name("street_2", "N302", 55),
    name("city", "N401", 30, 1),
    code("state", "N402", "[A-Z]{2}"),
    code("zip_code", "N403", "[0-9]{5}(?:[0-9]{4})?"),
)
SUBMITTER = Form[Submitter](
    name("name", "NM103", 60, 1),
    identifier("id", "NM109", 80, 2),
    name("contact", "PER02", 60, 1),
    code("phone", "PER04", "(?:[0-9]{10})?"),
    code("email", "PER06", "(?:[A-Z0-9._+-]{1,64}@[A-Z0-9.-]{1,190})?"),
)
RECEIVER = Form[Receiver](name("name", "NM103", 60, 1), identifier("id", "NM109", 80, 2))
BILLING = Form[BillingProvider](
    name("name", "NM103", 60, 1),
    code("npi", "NM109", _NPI),
    code("taxonomy", "PRV03", _TAXONOMY),
    code("ein", "REF02", "[0-9]{9}"),
)
SUBSCRIBER = Form[Subscriber](
    name("last_name", "NM103", 60, 1),
    name("first_name", "NM104", 35),
    name("middle_name", "NM105", 25),
    name("suffix", "NM107", 10),
    identifier("member_id", "NM109", 80, 2),
    code("sex", "DMG03", "[FMU]?"),
    code("order", "SBR01", "[PST]"),
    code("filing", "SBR09", "[0-9A-Z]{1,2}"),
)
PAYER = Form[Payer837](
    name("name", "NM103", 60, 1),
    identifier("id", "NM109", 80, 2),
    identifier("billing_id", "REF02", 50),
)
RENDERING = Form[RenderingProvider](*_professional(code("taxonomy", "PRV03", _TAXONOMY)))
SUPERVISING = Form[SupervisingProvider](*_professional())
FACILITY = Form[ServiceFacility](name("name", "NM103", 60, 1), code("npi", "NM109", _NPI))
LINE = Form[Line](
    identifier("reference", "REF02", 30, 1),
    code("place", "SV105", "(?:[0-9]{2})?"),
    identifier("authorization", "REF02", 50),
    code("code", "SV101", "[0-9A-Z]{5}"),
    many=code("modifiers", "SV101", "[0-9A-Z]{2}"),
    most=MODIFIERS_A_LINE,
)
CLAIM = Form[Claim](
    identifier("number", "CLM01", 20, 1),
    code("place", "CLM05", "[0-9]{2}"),
    code("frequency", "CLM05", "[178]"),
    code("delay_reason", "CLM20", "(?:[0-9]{1,2})?"),
    identifier("authorization", "REF02", 50),
    identifier("payer_claim_number", "REF02", 50),
    identifier("record_number", "REF02", 50),
    name("note", "NTE02", 80),
    many=code("diagnoses", "HI01", "[A-Z][0-9][0-9A-Z]{1,5}"),
    fewest=1,
    most=DIAGNOSES_A_CLAIM,
)
CLAIM_SET = Form[ClaimSet](
    code("control", "ST02", "[0-9]{4,9}"),
    identifier("reference", "BHT03", 30, 1),
    code("kind", "BHT06", "(?:CH|RP)"),
    code("purpose", "BHT02", "(?:00|18)"),
)
