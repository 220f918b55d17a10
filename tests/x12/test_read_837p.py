"""The reader: what was written comes back, and nothing of other files is passed over in silence."""

from dataclasses import replace

import pytest

from billing.x12.claim_837p import Address, Unread
from billing.x12.envelope import read_file
from billing.x12.errors import Code, X12Error
from billing.x12.read_837p import batches_of, read_837p
from billing.x12.write_837p import write_837p
from tests.x12 import made_up
from tests.x12.made_up import batch, claim, line, subscriber


def written(*claims) -> str:
    return write_837p(batch(*claims)).decode("ascii")


def changed(old: str, new: str, *claims) -> bytes:
    """A file in which one text was replaced; segments that come or go are counted."""
    text = written(*(claims or (claim(),)))
    assert old in text
    counted = text.count("~") - 4
    text = text.replace(old, new)
    return text.replace(f"SE*{counted}*", f"SE*{text.count('~') - 4}*").encode("ascii")


def test_write_read_write_is_the_same_bytes():
    content = write_837p(made_up.every_trait())
    read = read_837p(content)
    assert read.unread == ()
    assert write_837p(read) == content


def test_values_come_back_as_they_were_sent():
    read = read_837p(write_837p(made_up.every_trait()))
    third = read.sets[0].claims[2]
    assert third.subscriber.last_name == "MUNOZ-BIRCH"
    assert third.rendering == replace(
        made_up.PEER_WITHOUT_NPI, last_name="HELPER", first_name="SAM"
    )
    fourth = read.sets[1].claims[0]
    assert fourth.billing.pay_to == Address("PO BOX 1", "SPRINGFIELD", "IL", "627020001", "BIN 2")
    assert fourth.lines[0].modifiers == ("HE", "HQ", "U4", "U7")
    assert fourth.lines[0].rendering is not None
    assert fourth.lines[0].rendering.npi == made_up.PEER.npi
    assert fourth.lines[1].until is not None
    assert (read.sets[1].kind, read.sets[1].purpose) == ("RP", "18")


def test_plain_values_come_back_equal():
    sent = read_837p(write_837p(made_up.every_trait()))
    assert read_837p(write_837p(sent)) == sent


@pytest.mark.parametrize(
    ("old", "new", "unread"),
    [
        ("REF*EI*", "CUR*85*USD~REF*EI*", "CUR"),
        ("NM1*85*2*", "NM1*85*1*", "NM1"),
        ("HI*ABK:F1120*ABF:F331~", "HI*BK:4659~", "HI"),
        ("*53:B:1*Y*A*Y*Y~", "*53:A:1*Y*A*Y*Y~", "CLM"),
        ("*53:B:1*Y*A*Y*Y~", "*53:B:1*Y*A*Y*I~", "CLM"),
        ("*UN*4*", "*MJ*4*", "SV1"),
        ("SV1*HC:H0038:HE*", "SV1*ER:H0038:HE*", "SV1"),
        ("SV1*HC:H0038:HE*", "SV1*HC:H0038:HE:HQ:U1:U2:TEXT*", "SV1"),
        ("SBR*P*18*", "SBR*P*01*", "SBR"),
        ("*TE*2175550100*", "*FX*2175550100*", "PER"),
        ("REF*6R*L1~", "REF*6R*L1~REF*6R*L2~", "REF"),
    ],
)
def test_what_these_values_cannot_hold_is_listed(old, new, unread):
    assert [each.segment for each in read_837p(changed(old, new)).unread] == [unread]


def test_unread_names_the_position():
    read = read_837p(changed("REF*EI*", "CUR*85*USD~REF*EI*"))
    assert read.unread == (Unread("CUR", 13),)


def test_other_insurance_does_not_pass_for_the_payer_or_the_patient():
    other = "SBR*S*18*******CI~NM1*IL*1*OTHER*ANN****MI*X1~NM1*PR*2*OTHER PLAN*****PI*Y1~LX*1~"
    read = read_837p(changed("LX*1~", other))
    only = read.sets[0].claims[0]
    assert only.subscriber.last_name == "ALDER"
    assert only.payer.id == "DEMOPAYER"
    assert [each.segment for each in read.unread] == ["SBR", "NM1", "NM1"]


def test_dependent_patient_is_listed():
    dependent = "HL*3*2*23*0~PAT*19~NM1*QC*1*CHILD*TED~CLM*"
    read = read_837p(changed("CLM*", dependent))
    assert [each.segment for each in read.unread] == ["HL", "PAT", "NM1"]


def test_line_payments_of_others_are_listed():
    read = read_837p(changed("REF*6R*L1~", "REF*6R*L1~SVD*Y1*10*HC:H0038**4~DTP*573*D8*20261001~"))
    assert [each.segment for each in read.unread] == ["SVD", "DTP"]
    assert read.sets[0].claims[0].lines[0].day == line().day


def test_person_without_address_and_birth_date_is_read_as_such():
    sent = claim(subscriber=subscriber(address=None, birth_date=None))
    read = read_837p(write_837p(batch(sent)))
    assert read.sets[0].claims[0].subscriber.address is None
    assert read.sets[0].claims[0].subscriber.birth_date is None


@pytest.mark.parametrize(
    ("text", "cents"), [("69", 6900), ("69.5", 6950), (".05", 5), ("69.", 6900)]
)
def test_amounts_are_read_in_cents(text, cents):
    read = read_837p(changed("SV1*HC:H0038:HE*69.00*", f"SV1*HC:H0038:HE*{text}*"))
    assert read.sets[0].claims[0].lines[0].charge == cents


@pytest.mark.parametrize(
    ("old", "new", "segment", "element"),
    [
        ("*69.00*UN", "*69.001*UN", "SV1", 2),
        ("*69.00*UN", "*-69.00*UN", "SV1", 2),
        ("*69.00*UN", "**UN", "SV1", 2),
        ("*69.00*UN", "*.*UN", "SV1", 2),
        ("*UN*4*", "*UN*4.5*", "SV1", 4),
        ("DTP*472*D8*20260901", "DTP*472*D8*20260931", "DTP", 3),
        ("DTP*472*D8*20260901", "DTP*472*RD8*20260901", "DTP", 3),
        ("DTP*472*D8*20260901~", "", "DTP", 3),
        ("***1~", "***A~", "SV1", 7),
        ("DMG*D8*19800110", "DMG*D8*800110", "DMG", 2),
        ("*20261015*1015*CH", "*20261015*2560*CH", "BHT", 5),
    ],
)
def test_unreadable_element_is_refused_by_name(old, new, segment, element):
    with pytest.raises(X12Error) as refused:
        read_837p(changed(old, new))
    defect = refused.value.defects[0]
    assert (defect.code, defect.segment, defect.element) == (Code.CONTENT, segment, element)
    assert defect.position > 0


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("ST*837*", "ST*835*", Code.SYNTAX),
        ("CLM*PW001*", "QQQ*PW001*", Code.SYNTAX),
        ("HL*2*1*22*0~", "", Code.SYNTAX),
    ],
)
def test_other_shapes_are_refused(old, new, code):
    with pytest.raises(X12Error) as refused:
        read_837p(changed(old, new))
    assert refused.value.code == code


def test_set_without_a_claim_is_refused():
    text = written(claim())
    start, end = text.index("HL*1"), text.index("SE*")
    without = (text[:start] + "SE*6*0001~" + text[text.index("GE*", end) :]).encode("ascii")
    with pytest.raises(X12Error) as refused:
        read_837p(without)
    assert refused.value.code == Code.EMPTY


def test_each_group_is_a_batch_of_its_own():
    text = written(claim())
    group = text[text.index("GS*") : text.index("IEA*")]
    two = text.replace(group, group * 2).replace("IEA*1*", "IEA*2*").encode("ascii")
    (envelope,) = read_file(two)
    assert len(batches_of(envelope)) == 2
    with pytest.raises(X12Error) as refused:
        read_837p(two)
    assert refused.value.code == Code.SYNTAX
