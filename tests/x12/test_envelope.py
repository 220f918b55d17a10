"""The envelope: traits of real files that are read, and each reason to refuse an interchange."""

import datetime as dt
from dataclasses import replace

import pytest

from billing.x12.claim_837p import VERSION
from billing.x12.envelope import Envelope, read_file, read_one
from billing.x12.errors import Code, X12Error
from billing.x12.read_837p import read_837p
from billing.x12.syntax import Delimiters, Limits, decode, delimiters_of, render, segments_of
from billing.x12.write_837p import write_837p
from tests.x12.made_up import batch, claim, every_trait

FILE = write_837p(batch(claim())).decode("ascii")


def with_delimiters(element="*", component=":", terminator="~", repetition="^") -> str:
    table = str.maketrans({"*": element, ":": component, "~": terminator, "^": repetition})
    return FILE.translate(table)


def refusal(text: str | bytes, limits: Limits | None = None) -> X12Error:
    content = text.encode("utf-8") if isinstance(text, str) else text
    with pytest.raises(X12Error) as refused:
        read_one(content, limits or Limits())
    return refused.value


def indented(text: str) -> str:
    return "\n".join(f"   {each}~" for each in text.split("~") if each)


TRAITS = {
    "as written": FILE,
    "lines": FILE.replace("~", "~\n"),
    "dos lines": FILE.replace("~", "~\r\n"),
    "line end before terminator": FILE.replace("~", "\n~"),
    "line end as terminator": FILE.replace("~", "\n"),
    "line end as terminator, none at the end": FILE.replace("~", "\n").rstrip(),
    "return as terminator": FILE.replace("~", "\r"),
    "dos line end as terminator": FILE.replace("~", "\r\n") + "\r\n",
    "group separator as terminator": FILE.replace("~", "\x1d"),
    "byte-order mark": "\ufeff" + FILE,
    "blank lines around": "\r\n" + FILE + "\n\n",
    "indented": indented(FILE),
    "bars": with_delimiters("|", "^", "~", ">"),
    "greater than": with_delimiters(component=">", repetition="`"),
    "less than": with_delimiters(component="<"),
    "tildes between elements": with_delimiters("~", "^", "_", "U"),
    "short ISA": FILE.replace("PEERWORKS      *ZZ", "PEERWORKS*ZZ", 1),
    "long ISA": FILE.replace("PEERWORKS      *ZZ", "PEERWORKS-AND-A-LONG-ID*ZZ", 1),
    "small letters in ids": FILE.replace("CLM*", "clm*"),
}


@pytest.mark.parametrize("text", TRAITS.values(), ids=TRAITS.keys())
def test_traits_of_real_files_are_read(text):
    read = read_837p(text.encode("utf-8"))
    assert read.sets == read_837p(FILE.encode("ascii")).sets
    assert read.unread == ()


def test_file_that_is_not_utf8_is_read_as_latin_1():
    read = read_837p(FILE.replace("ALDER", "MUÑOZ").encode("latin-1"))
    assert read.sets[0].claims[0].subscriber.last_name == "MUÑOZ"


def test_delimiters_are_found_by_position():
    found = delimiters_of(with_delimiters("|", ">", "\x1d", "`"))
    assert found == Delimiters("|", ">", "\x1d", "`")


def test_u_in_isa11_is_no_repetition_separator():
    assert delimiters_of(with_delimiters(repetition="U")).repetition == ""


def test_segments_are_rendered_as_they_were_read():
    assert render(segments_of(FILE, Delimiters())) == FILE


def test_headers_are_read_as_values():
    envelope = read_one(write_837p(every_trait()))
    assert envelope.interchange == replace(every_trait().interchange, newlines=True)
    assert envelope.groups[0].header.version == VERSION
    assert [each.control for each in envelope.groups[0].sets] == ["0001", "0002"]
    assert envelope.groups[0].sets[1].segments[0].id == "ST"
    assert envelope.interchange.day == dt.date(2026, 10, 15)


def test_acknowledgement_without_group_is_read():
    isa, gs = FILE.index("GS*"), FILE.index("IEA*")
    text = FILE[:isa] + "TA1*000000101*261015*1015*A*000~" + FILE[gs:].replace("IEA*1*", "IEA*0*")
    envelope = read_one(text.encode("ascii"))
    assert (envelope.groups, envelope.acknowledgements[0].get(4)) == ((), "A")


def test_each_interchange_is_a_unit_of_its_own():
    """One is defective, the third has other delimiters; each is told for itself."""
    broken = FILE.replace("IEA*1*", "IEA*2*")
    three = "\n".join((FILE, broken, with_delimiters("|", ">", "\x1d", "`")))
    first, second, third = read_file(three.encode("ascii"))
    assert isinstance(first, Envelope)
    assert isinstance(second, X12Error)
    assert isinstance(third, Envelope)


def test_one_interchange_is_expected_where_one_is_asked():
    assert refusal(FILE * 2).code == Code.SYNTAX


@pytest.mark.parametrize(
    ("old", "new", "code", "message"),
    [
        ("*00501*", "*00401*", Code.VERSION, "ISA12 00401, GS08 005010X222A1: only 005010 is read"),
        ("*X*005010X222A1", "*X*005010X223A2", Code.VERSION, "GS08 005010X223A2"),
        ("*X*005010X222A1", "*X*5010", Code.VERSION, "GS08 5010"),
        ("SE*27*", "SE*26*", Code.COUNT, "SE01=26 actual 27"),
        ("SE*27*", "SE*X*", Code.COUNT, "SE01=X actual 27"),
        ("GE*1*", "GE*2*", Code.COUNT, "GE01=2 actual 1"),
        ("IEA*1*", "IEA*3*", Code.COUNT, "IEA01=3 actual 1"),
        ("SE*27*0001", "SE*27*0002", Code.CONTROL, "SE02=0002 ST02=0001"),
        ("SE*27*0001", "SE*27*1", Code.CONTROL, "SE02=1 ST02=0001"),
        ("GE*1*101", "GE*1*102", Code.CONTROL, "GE02=102 GS06=101"),
        ("IEA*1*000000101", "IEA*1*000000102", Code.CONTROL, "IEA02=000000102 ISA13=000000101"),
        ("IEA*1*000000101~", "", Code.SYNTAX, "IEA expected, end of file found"),
        ("GE*1*101~", "", Code.SYNTAX, "GE expected, IEA found"),
        ("SE*27*0001~", "", Code.SYNTAX, "SE expected, GE found"),
        ("GS*HC", "GX*HC", Code.SYNTAX, "IEA expected, GX found"),
        ("ST*837*", "XX*837*", Code.SYNTAX, "GE expected, XX found"),
        ("IEA*1*000000101~", "IEA*1*000000101~N3*X~", Code.SYNTAX, "segment after IEA"),
        ("IEA*1*000000101~", "IEA*1*000000101", Code.SYNTAX, "without terminator"),
        ("CLM*", "~CLM*", Code.SYNTAX, "empty segment"),
        ("ALDER", "AL\x00DER", Code.SYNTAX, "NUL at byte"),
        ("ALDER", "AL\x07DER", Code.SYNTAX, "control character 0x07"),
        ("*261015*", "*261315*", Code.CONTENT, "ISA09 is not a day"),
        ("*261015*", "*20261015*", Code.CONTENT, "ISA09 is not a day"),
        ("*20261015*1015*101", "*20261015*2460*101", Code.CONTENT, "GS05 is not a time"),
        ("*1015*101*X", "*1015*A*X", Code.CONTENT, "GS06 is not a whole number"),
        ("*T*:~", "*T*~~", Code.DELIMITERS, "component and terminator are the same character ~"),
        ("*T*:~", "*T*^~", Code.DELIMITERS, "component and repetition separator are the same"),
        ("*T*:~", "*T*A~", Code.DELIMITERS, "component is the letter, digit or blank A"),
        ("*^*00501", "*7*00501", Code.DELIMITERS, "repetition separator is the letter"),
        ("*^*00501", "* *00501", Code.DELIMITERS, "blank 0x20"),
        ("*^*00501", "*^^*00501", Code.SYNTAX, "not understood"),
        ("ISA*00*", "ISX*00*", Code.SYNTAX, "does not begin with ISA"),
    ],
)
def test_each_defect_of_the_envelope_is_refused_and_named(old, new, code, message):
    assert old in FILE
    error = refusal(FILE.replace(old, new, 1))
    assert error.code == code
    assert message in str(error)


def test_all_defects_are_named_the_weightiest_first():
    wrong = FILE.replace("SE*27*0001", "SE*9*0002").replace("IEA*1*", "IEA*2*")
    error = refusal(wrong)
    assert error.code == Code.COUNT
    assert str(error) == "SE01=9 actual 27; IEA01=2 actual 1; SE02=0002 ST02=0001"
    assert [each.segment for each in error.defects] == ["SE", "IEA", "SE"]
    assert error.defects[0].position == 29


@pytest.mark.parametrize("text", ["", "   ", "Hello", "ISA*00*"])
def test_what_is_no_interchange_is_refused(text):
    assert refusal(text).code == Code.SYNTAX


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (Limits(file_bytes=100), "file of more than 100 bytes"),
        (Limits(segments=5), "more than 5 segments"),
        (Limits(elements=15), "ISA with more than 15 elements"),
        (Limits(element_length=14), "ISA06 longer than 14 characters"),
    ],
)
def test_limits_are_kept(limits, message):
    error = refusal(FILE, limits)
    assert error.code == Code.SYNTAX
    assert message in str(error)


def test_decode_takes_the_byte_order_mark_away():
    assert decode(b"\xef\xbb\xbfISA*") == "ISA*"
