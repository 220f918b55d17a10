"""The writer: golden file, the referee's verdict, hierarchy, places and refusals."""

from dataclasses import replace
from pathlib import Path

import pytest

from billing.x12.claim_837p import Address, split_set
from billing.x12.errors import Code, X12Error
from billing.x12.write_837p import ClaimPlace, write_837p, written_837p
from tests.x12 import made_up, referee
from tests.x12.made_up import AGENCY, batch, claim, claim_set, line, subscriber

DATA = Path(__file__).parent.parent / "data" / "x12"


def segments(content: bytes) -> list[str]:
    return [each.strip() for each in content.decode("ascii").split("~") if each.strip()]


def segment(content: bytes, begins: str) -> str:
    return next(each for each in segments(content) if each.startswith(begins))


def code_of(refused: pytest.ExceptionInfo[X12Error]) -> Code:
    return refused.value.code


def test_every_trait_is_written_as_the_golden_file_has_it():
    golden = (DATA / "837p-every-trait.837").read_bytes()
    assert write_837p(made_up.every_trait()) == golden


def test_one_claim_is_written_as_the_golden_file_has_it():
    golden = (DATA / "837p-one-claim.837").read_bytes()
    assert write_837p(batch(claim())) == golden


def test_referee_accepts_every_trait():
    accepted, answer = referee.accepts(write_837p(made_up.every_trait()))
    assert accepted, answer


def test_referee_accepts_a_claim_without_line_ends():
    accepted, answer = referee.accepts(write_837p(batch(claim())))
    assert accepted, answer


def test_referee_refuses_a_damaged_claim():
    damaged = write_837p(batch(claim())).replace(b"*53:B:1*", b"*98:B:1*")
    assert not referee.accepts(damaged)[0]


def test_isa_has_106_bytes():
    content = write_837p(batch(claim()))
    assert content.index(b"~") == 105
    assert content[:4] == b"ISA*"


@pytest.mark.parametrize(("is_test", "usage"), [(True, "T"), (False, "P")])
def test_isa15_is_the_environment(is_test, usage):
    assert segment(write_837p(batch(claim(), is_test=is_test)), "ISA").split("*")[15] == usage


def test_isa14_asks_for_an_acknowledgement():
    assert segment(write_837p(batch(claim(), acknowledge=True)), "ISA").split("*")[14] == "1"


def test_hierarchy_counts_on_and_points_to_its_billing_provider():
    other = replace(AGENCY, name="Second Agency")
    content = write_837p(
        batch(
            claim("A1"),
            claim("A2"),
            claim("A3", subscriber=subscriber(member_id="DEMO9")),
            claim("A4", billing=other),
        )
    )
    levels = [each for each in segments(content) if each.startswith("HL")]
    assert levels == ["HL*1**20*1", "HL*2*1*22*0", "HL*3*1*22*0", "HL*4**20*1", "HL*5*4*22*0"]


def test_hierarchy_starts_anew_in_each_set():
    sets = (claim_set(claim("A1")), claim_set(claim("A2"), control="0002"))
    levels = [each for each in segments(write_837p(batch(sets=sets))) if each.startswith("HL")]
    assert levels == ["HL*1**20*1", "HL*2*1*22*0"] * 2


def test_places_name_the_segments_of_each_claim():
    written = written_837p(made_up.every_trait())
    assert [each.number for each in written.places] == ["PW001", "PW002", "PW003", "PW004"]
    for place in written.places:
        inside = _segments_of_set(written.content, place)[place.first - 1 : place.last]
        numbers = [each.split("*")[1] for each in inside if each.startswith("CLM")]
        assert numbers == [place.number]


def test_places_of_a_set_leave_no_gap():
    first, second, third, _ = written_837p(made_up.every_trait()).places
    assert (second.first, third.first) == (first.last + 1, second.last + 1)


def _segments_of_set(content: bytes, place: ClaimPlace) -> list[str]:
    every = segments(content)
    start = every.index(f"ST*837*{place.set_control}*005010X222A1")
    return every[start:]


def test_se_counts_st_and_se():
    every = segments(write_837p(batch(claim())))
    start, end = every.index("ST*837*0001*005010X222A1"), every.index("GE*1*101")
    assert every[end - 1] == f"SE*{end - start}*0001"


def test_charges_have_two_decimals():
    content = write_837p(batch(claim(lines=(line(charge=5), line(2, charge=120_000)))))
    assert segment(content, "CLM").split("*")[2] == "1200.05"
    assert segment(content, "SV1").split("*")[2] == "0.05"


def test_large_set_is_split_and_counts_on():
    whole = claim_set(*(claim(f"A{each}") for each in range(5)), control="0007")
    parts = split_set(whole, 2)
    assert [len(each.claims) for each in parts] == [2, 2, 1]
    assert [each.control for each in parts] == ["0007", "0008", "0009"]
    assert [each.reference for each in parts] == ["PWB001-1", "PWB001-2", "PWB001-3"]
    assert split_set(whole) == (whole,)


def test_more_than_5000_claims_make_two_sets():
    whole = claim_set(*(claim(),) * 5_001)
    assert [len(each.claims) for each in split_set(whole)] == [5_000, 1]
    with pytest.raises(X12Error) as refused:
        write_837p(batch(sets=(whole,)))
    assert code_of(refused) == Code.LENGTH
    assert b"GE*2*101~" in write_837p(batch(sets=split_set(whole)))


def test_split_needs_at_least_one_claim_a_set():
    with pytest.raises(ValueError, match="at least one"):
        split_set(claim_set(claim()), 0)


def test_fifty_lines_are_written_and_no_more():
    lines = tuple(line(reference=f"L{each}") for each in range(51))
    assert b"LX*50~" in write_837p(batch(claim(lines=lines[:50])))
    with pytest.raises(X12Error) as refused:
        write_837p(batch(claim(lines=lines)))
    assert code_of(refused) == Code.FORM


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": "A" * 21}, Code.LENGTH),
        ({"number": ""}, Code.LENGTH),
        ({"number": "Ñ1"}, Code.CHARACTER),
        ({"frequency": "5"}, Code.FORM),
        ({"place": "5"}, Code.FORM),
        ({"diagnoses": ()}, Code.LENGTH),
        ({"diagnoses": ("F1120",) * 13}, Code.LENGTH),
        ({"diagnoses": ("F11.20",)}, Code.FORM),
        ({"note": "x" * 81}, Code.LENGTH),
        ({"lines": (line(modifiers=("HE",) * 5),)}, Code.LENGTH),
        ({"lines": (line(modifiers=("H",)),)}, Code.FORM),
        ({"lines": (line(code="H00"),)}, Code.FORM),
        ({"lines": (line(units=0),)}, Code.FORM),
        ({"charge": 1, "lines": (line(charge=-1),)}, Code.FORM),
        ({"charge": -1}, Code.FORM),
        ({"lines": (line(pointers=()),)}, Code.LENGTH),
        ({"lines": (line(pointers=(1, 2, 3, 4, 5)),)}, Code.LENGTH),
        ({"lines": (line(reference=""),)}, Code.LENGTH),
        ({"lines": (line(reference="A" * 31),)}, Code.LENGTH),
        ({"lines": ()}, Code.FORM),
        ({"billing": replace(AGENCY, ein="123")}, Code.FORM),
        ({"billing": replace(AGENCY, address=Address("1 A", "B", "IL", "627"))}, Code.FORM),
        ({"subscriber": subscriber(last_name="A" * 61)}, Code.LENGTH),
        ({"subscriber": subscriber(last_name="")}, Code.LENGTH),
        ({"subscriber": subscriber(member_id="DEMO 1*2")}, Code.CHARACTER),
    ],
)
def test_writer_refuses_what_no_element_holds(changes, code):
    with pytest.raises(X12Error) as refused:
        write_837p(batch(claim(**changes)))
    assert code_of(refused) == code


def test_refusal_names_element_and_claim_and_repeats_nothing_of_the_person():
    with pytest.raises(X12Error) as refused:
        write_837p(batch(claim("PW9", subscriber=subscriber(last_name="Secret*", first_name="😀"))))
    last, first = refused.value.defects
    assert (last.segment, last.element, last.where) == ("NM1", 3, "PW9")
    assert last.message == "NM103 holds ASTERISK, which cannot be sent"
    assert first.message == "NM104 holds GRINNING FACE, which cannot be sent"
    assert "SECRET" not in str(refused.value).upper()


@pytest.mark.parametrize(
    "changes",
    [
        {"rendering": replace(made_up.PEER, last_name="*")},
        {"lines": (line(units=0),)},
        {"lines": (line(pointers=()),)},
        {"payer": replace(made_up.PAYER, name="😀")},
    ],
)
def test_refusal_names_the_claim_whatever_part_is_wrong(changes):
    with pytest.raises(X12Error) as refused:
        write_837p(batch(claim("PW1"), claim("PW2", **changes)))
    assert [each.where for each in refused.value.defects] == ["PW2"]


@pytest.mark.parametrize("empty", [replace(batch(claim()), sets=()), batch(sets=(claim_set(),))])
def test_writer_refuses_an_empty_batch(empty):
    with pytest.raises(X12Error) as refused:
        write_837p(empty)
    assert code_of(refused) == Code.EMPTY


def test_writer_refuses_a_set_number_used_twice():
    with pytest.raises(X12Error) as refused:
        write_837p(batch(sets=(claim_set(claim()), claim_set(claim("A2")))))
    assert code_of(refused) == Code.FORM


@pytest.mark.parametrize("control", [0, 1_000_000_000])
def test_writer_refuses_an_impossible_control_number(control):
    with pytest.raises(X12Error) as refused:
        write_837p(batch(claim(), control=control))
    assert refused.value.defects[0].segment == "ISA"


@pytest.mark.slow
def test_referee_accepts_a_hundred_claims():
    claims = (
        claim(f"PW{each:04}", subscriber=subscriber(member_id=f"DEMO{each:04}"))
        for each in range(100)
    )
    accepted, answer = referee.accepts(write_837p(batch(*claims)))
    assert accepted, answer
