"""Who may supervise, by the alternatives that a pack gives."""

import datetime as dt

import pytest

from peerworks.lib.findings import RecordRef
from peerworks.lib.periods import Days
from peerworks.lib.rulepack import AllOf, AnyOf, Atom
from providers.rules import CredentialDates
from supervision.rules import Qualified, SupervisorFacts, qualified
from training.rules import CompletionFact

ONE = dt.timedelta(days=1)
NEW_YEAR = dt.date(2026, 1, 1)
LONG = Days(dt.date(2020, 1, 1))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


VIRGINIA = AnyOf(
    (
        AllOf((Atom("credential", "va-prs"), Atom("years_as_peer", 2), Atom("training", "va-sup"))),
        AllOf((Atom("licence", "CAP"), Atom("training", "va-sup"))),
        AllOf((Atom("licence", "CSAC"), Atom("under_licensed_direction", value=True))),
    )
)
ON = day("2026-03-10")
VALID = CredentialDates(valid_from=day("2024-01-01"), expires_on=ON)
TRAINED = CompletionFact("va-sup", day("2025-01-01"), RecordRef("training.certificate", "1"))


def supports(**more) -> SupervisorFacts:
    return SupervisorFacts(**more)


class TestQualified:
    def test_an_experienced_peer_with_the_training(self):
        facts = supports(
            credentials=(("va-prs", VALID),),
            peer_days=(Days(day("2024-03-10")),),
            completions=(TRAINED,),
        )
        assert qualified(VIRGINIA, facts, ON) == Qualified(holds=True)
        assert not qualified(VIRGINIA, facts, ON + ONE).holds  # the certificate ended
        assert not qualified(VIRGINIA, facts, ON - ONE).holds  # one day short of two years

    def test_the_years_must_be_consecutive_and_may_lie_behind(self):
        two_halves = (Days(day("2020-01-01"), day("2021-06-01")), Days(day("2024-06-01")))
        behind = (Days(day("2020-01-01"), day("2022-01-01")),)
        for peer_days, holds in ((two_halves, False), (behind, True)):
            facts = supports(
                credentials=(("va-prs", VALID),), peer_days=peer_days, completions=(TRAINED,)
            )
            assert qualified(VIRGINIA, facts, ON).holds is holds

    def test_licence_and_direction_hold_on_their_days(self):
        facts = supports(
            licences=(("CSAC", Days(NEW_YEAR, ON + ONE)),), directed_days=(Days(NEW_YEAR, ON),)
        )
        assert qualified(VIRGINIA, facts, ON - ONE).holds
        assert qualified(VIRGINIA, facts, ON).missing == ("under_licensed_direction",)
        assert qualified(VIRGINIA, facts, ON + ONE).missing == ("licence:CAP", "training:va-sup")

    def test_what_is_missing_is_told_of_the_nearest_way(self):
        facts = supports(licences=(("CAP", LONG),))
        assert qualified(VIRGINIA, facts, ON) == Qualified(
            holds=False, missing=("training:va-sup",)
        )
        peer = supports(completions=(TRAINED,), credentials=(("va-prs", VALID),))
        assert qualified(VIRGINIA.parts[0], peer, ON).missing == ("years_as_peer:2",)

    @pytest.mark.parametrize(
        ("on", "months", "holds"),
        [
            ("2026-07-10", 6, True),
            ("2026-07-11", 6, False),
            ("2026-01-10", 0, False),
            ("2026-01-09", 6, False),
        ],
    )
    def test_grace_forgives_training_through_its_last_day(self, on, months, holds):
        facts = supports(licences=(("CAP", LONG),), supervising_since=day("2026-01-10"))
        found = qualified(VIRGINIA, facts, day(on), months)
        assert (found.holds, found.by_grace) == (holds, holds)

    def test_grace_forgives_nothing_else_and_needs_a_post(self):
        assert not qualified(VIRGINIA, supports(supervising_since=NEW_YEAR), NEW_YEAR, 6).holds
        assert not qualified(VIRGINIA, supports(licences=(("CAP", LONG),)), NEW_YEAR, 6).holds

    def test_an_atom_that_nobody_knows_is_refused(self):
        with pytest.raises(ValueError, match="nothing of this kind"):
            qualified(Atom("horoscope", "LEO"), supports(), ON)
