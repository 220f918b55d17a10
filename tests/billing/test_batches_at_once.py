"""Many builds at the same moment: each visit stands on one live line, each number is given once."""

import pytest

from billing.models import Batch, Claim, ClaimLineNote
from peerworks.lib.findings import Refused
from peerworks.web.operations import run_operation
from tests.at_once import all_at_once
from tests.factories.billing_claims import as_service, build, served
from tests.factories.billing_notes import make_note

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ATTEMPTS, AT_ONCE = 20, 5


def in_threads(attempt):
    """What twenty attempts answered, five at a time."""
    return all_at_once(attempt, range(ATTEMPTS), AT_ONCE)


@pytest.fixture
def visits(world):
    """Three people with an hour each, committed."""
    with as_service(world):
        for number in range(3):
            make_note(world, person=served(world, number), hour=9 + number)
    return world


def test_a_visit_stands_on_one_live_line(visits):
    def attempt(_number):
        try:
            with visits.acting("biller") as player:
                return build(visits, by=player.member).claims_count
        except Refused as refused:
            return refused.refusal.code

    answers = in_threads(attempt)
    assert answers.count(3) == 1
    assert set(answers) - {3} <= {"BATCH-BUSY", "BATCH-EMPTY"}
    with visits.acting("biller"):
        assert (Batch.objects.count(), Claim.objects.count()) == (1, 3)
        assert ClaimLineNote.objects.filter(is_live=True).count() == 3


def test_the_same_form_sent_twenty_times_makes_one_batch(visits):
    key = "22222222-2222-4222-8222-222222222222"

    def attempt(_number):
        with visits.acting("biller") as player:
            return build(visits, by=player.member, form_key=key).pk

    assert len(set(in_threads(attempt))) == 1
    with visits.acting("biller"):
        assert Batch.objects.count() == 1


def test_the_index_alone_refuses_a_second_live_line(visits):
    with visits.acting("biller") as player:
        build(visits, by=player.member)
        there = ClaimLineNote.objects.select_related("line").first()
        there.pk = None
        result = run_operation(ClaimLineNote.save, form=None, self=there)
    assert result.constraint == "billing_claimlinenote_one_live_line"
