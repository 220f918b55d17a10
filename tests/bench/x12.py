"""How fast a claim file is written."""

import datetime as dt

from billing.x12.claim_837p import Claim, split_set
from billing.x12.write_837p import write_837p
from tests.bench.measure import Measure, measure
from tests.x12.made_up import batch, claim, claim_set, line, subscriber


def write(n: int) -> Measure:
    """`n` claims of two lines, from dataclasses to bytes, against one f-string a claim."""
    claims = [_claim(number) for number in range(n)]
    whole = batch(sets=split_set(claim_set(*claims)))
    return measure(
        "x12.write_837p",
        lambda: write_837p(whole),
        lambda: "".join(map(_bare, claims)).encode("ascii"),
        n=n,
        unit="claims/s",
        floor_is="one f-string a claim from the same dataclasses, nothing checked",
    )


def _claim(number: int) -> Claim:
    person = subscriber(member_id=f"DEMO{number:06d}")
    return claim(f"PW{number:06d}", subscriber=person, lines=(line(1), line(2)))


def _bare(given: Claim) -> str:
    person, address = given.subscriber, given.subscriber.address
    lines = "".join(
        f"LX*{number}~SV1*HC:{each.code}*{_dollars(each.charge)}*UN*{each.units}***1~"
        f"DTP*472*D8*{_day(each.day)}~REF*6R*{each.reference}~"
        for number, each in enumerate(given.lines, start=1)
    )
    return (
        f"HL*1*1*22*0~SBR*P*18*******MC~NM1*IL*1*{person.last_name}*{person.first_name}****MI*"
        f"{person.member_id}~N3*{address.street}~N4*{address.city}*{address.state}*"
        f"{address.zip_code}~DMG*D8*{_day(person.birth_date)}*{person.sex}~"
        f"CLM*{given.number}*{_dollars(given.charge)}***{given.place}:B:1*Y*A*Y*Y~"
        f"HI*ABK:{given.diagnoses[0]}~{lines}"
    )


def _day(day: dt.date) -> str:
    return day.strftime("%Y%m%d")


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
