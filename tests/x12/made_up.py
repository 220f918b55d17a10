"""Claims of nobody: what the X12 tests write and read. Every name and number is made up."""

import datetime as dt
from dataclasses import replace
from typing import Any

from billing.x12.claim_837p import (
    VERSION,
    Address,
    Batch837,
    BillingProvider,
    Claim,
    ClaimSet,
    Line,
    Payer837,
    Receiver,
    RenderingProvider,
    ServiceFacility,
    Submitter,
    Subscriber,
    SupervisingProvider,
)
from billing.x12.envelope import GroupHeader, Interchange
from peerworks.lib.identifiers import made_up_npi

DAY = dt.date(2026, 10, 15)
TIME = dt.time(10, 15)

AGENCY = BillingProvider(
    name="River Valley Peer Center",
    npi=made_up_npi(1),
    taxonomy="251S00000X",
    ein="000000000",
    address=Address("100 Main St", "Springfield", "IL", "627010001"),
)
PAYER = Payer837("State Medicaid", "DEMOPAYER")
PEER = RenderingProvider("Peer", "Álex", made_up_npi(2), taxonomy="175T00000X")
PEER_WITHOUT_NPI = RenderingProvider(
    "Helper", "Sam", other_id_kind="G2", other_id="DEMO77", taxonomy="175T00000X"
)
SUPERVISOR = SupervisingProvider("Guide", "Kim", made_up_npi(3), "Lee")


def subscriber(**changes: Any) -> Subscriber:
    """Jane Alder, or somebody like her."""
    return replace(
        Subscriber(
            last_name="Alder",
            first_name="Jane",
            member_id="DEMO000001",
            birth_date=dt.date(1980, 1, 10),
            sex="F",
            address=Address("1 Oak St", "Springfield", "IL", "62701"),
        ),
        **changes,
    )


def line(number: int = 1, **changes: Any) -> Line:
    """One hour of peer support, $69.00."""
    return replace(
        Line(
            code="H0038",
            charge=6900,
            units=4,
            day=dt.date(2026, 9, number),
            reference=f"L{number}",
            modifiers=("HE",),
        ),
        **changes,
    )


def claim(number: str = "PW001", **changes: Any) -> Claim:
    """A claim of one line; `charge` is the sum of the lines unless it is given."""
    lines = changes.pop("lines", (line(),))
    return replace(
        Claim(
            number=number,
            billing=AGENCY,
            subscriber=subscriber(),
            payer=PAYER,
            charge=sum(each.charge for each in lines),
            place="53",
            diagnoses=("F1120", "F331"),
            lines=lines,
            rendering=PEER,
        ),
        **changes,
    )


def claim_set(*claims: Claim, **changes: Any) -> ClaimSet:
    """A transaction set of these claims."""
    return replace(
        ClaimSet(
            control="0001",
            reference="PWB001",
            day=DAY,
            time=TIME,
            submitter=Submitter(
                "River Valley Peer Center",
                "PEERWORKS",
                "Billing office",
                "2175550100",
                "billing@rivervalley.example",
            ),
            receiver=Receiver("State Medicaid", "STATEMEDICAID"),
            claims=claims,
        ),
        **changes,
    )


def batch(*claims: Claim, sets: tuple[ClaimSet, ...] = (), **changes: Any) -> Batch837:
    """A batch of one set with these claims, or of these sets; changes are of the interchange."""
    interchange = Interchange("PEERWORKS", "STATEMEDICAID", 101, DAY, TIME, is_test=True)
    group = GroupHeader("PEERWORKS", "STATEMEDICAID", 101, DAY, TIME, VERSION)
    return Batch837(replace(interchange, **changes), group, sets or (claim_set(*claims),))


def every_trait() -> Batch837:
    """Two sets that between them hold every segment the writer knows."""
    second_person = subscriber(
        last_name="Muñoz-Birch", first_name="José", member_id="DEMO000002", suffix="Jr"
    )
    return batch(
        sets=(
            claim_set(
                claim("PW001", lines=(line(1), line(2, modifiers=("HE", "HQ"), pointers=(2, 1)))),
                claim(
                    "PW002",
                    frequency="7",
                    payer_claim_number="ICN000001",
                    authorization="PA000001",
                    record_number="R1",
                    note="42 CFR part 2 prohibits unauthorized use or disclosure of these records",
                    delay_reason="11",
                    diagnoses=(*(f"F11{each}0" for each in range(9)), "F331", "F251", "F1020"),
                ),
                claim("PW003", subscriber=second_person, rendering=PEER_WITHOUT_NPI),
            ),
            claim_set(
                claim(
                    "PW004",
                    billing=replace(
                        AGENCY,
                        pay_to=Address("PO Box 1", "Springfield", "IL", "627020001", "Bin 2"),
                    ),
                    payer=replace(PAYER, billing_id="DEMO42"),
                    rendering=None,
                    facility=ServiceFacility(
                        "Peer Center East", Address("9 Elm St", "Pana", "IL", "625570001")
                    ),
                    supervising=SUPERVISOR,
                    lines=(
                        line(1, modifiers=("HE", "HQ", "U4", "U7"), place="12", rendering=PEER),
                        line(2, modifiers=(), authorization="PA2", until=dt.date(2026, 9, 4)),
                    ),
                ),
                control="0002",
                reference="PWB001-2",
                kind="RP",
                purpose="18",
            ),
        ),
        newlines=True,
    )
