"""Hostile texts: whatever stands in a claim, it is refused, or it comes back as what was sent."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from billing.x12.claim_837p import Address, Batch837
from billing.x12.errors import X12Error
from billing.x12.read_837p import read_837p
from billing.x12.texts import fold
from billing.x12.write_837p import write_837p
from tests.x12.made_up import batch, claim, line, subscriber

HOSTILE = st.text(
    st.one_of(
        st.sampled_from("*~:^|>\r\n\t \x00\x1d\x85\ufeff"),
        st.sampled_from("ñÑéüßøŁİıﬁ’“–#😀李"),
        st.sampled_from("ABCxyz019 -'.,&/()"),
        st.characters(),
    ),
    max_size=40,
)
SAFE = st.text(st.sampled_from("ABCÑÉxyzß 019-'.,&/()"), min_size=2, max_size=12).filter(
    lambda text: len(fold(text)) > 1
)


def counts(content: bytes) -> tuple[int, int, int]:
    return content.count(b"~"), content.count(b"*"), content.count(b":")


def attempt(made: Batch837) -> bytes | None:
    try:
        return write_837p(made)
    except X12Error:
        return None


@settings(max_examples=150, deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_hostile_texts_are_refused_or_come_back(last, first, street, note):
    person = subscriber(
        last_name=last, first_name=first, address=Address(street, "A", "IL", "62701")
    )
    content = attempt(batch(claim(subscriber=person, note=note)))
    if content is None:
        return
    read = read_837p(content)
    only = read.sets[0].claims[0]
    told = (only.subscriber.last_name, only.subscriber.first_name, only.note)
    assert told == (fold(last), fold(first), fold(note))
    assert only.subscriber.address is not None
    assert only.subscriber.address.street == fold(street)
    assert read.unread == ()
    assert write_837p(read) == content


@settings(max_examples=150, deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE)
def test_hostile_identifiers_are_refused_or_come_back_whole(member_id, authorization, reference):
    made = claim(
        subscriber=subscriber(member_id=member_id),
        authorization=authorization,
        lines=(line(reference=reference),),
    )
    content = attempt(batch(made))
    if content is None:
        return
    only = read_837p(content).sets[0].claims[0]
    assert only.subscriber.member_id == member_id.strip().upper()
    assert only.authorization == authorization.strip().upper()
    assert only.lines[0].reference == reference.strip().upper()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(SAFE, SAFE, st.integers(1, 50_000), st.integers(1, 4)), min_size=1))
def test_segments_and_values_survive_whatever_the_batch_holds(rows):
    claims = tuple(
        claim(
            f"PW{number}",
            subscriber=subscriber(last_name=last, first_name=first, member_id=f"DEMO{number}"),
            lines=tuple(
                line(each, charge=cents, day=dt.date(2026, 9, each)) for each in range(1, lines + 1)
            ),
        )
        for number, (last, first, cents, lines) in enumerate(rows)
    )
    content = write_837p(batch(*claims))
    read = read_837p(content)
    again = write_837p(read)
    assert again == content
    assert counts(again) == counts(content)
    assert [each.charge for each in read.sets[0].claims] == [each.charge for each in claims]
    assert [each.subscriber.last_name for each in read.sets[0].claims] == [
        fold(each.subscriber.last_name) for each in claims
    ]
