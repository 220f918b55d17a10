"""The words of this app's reason codes, and how participants are called in sentences."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from peerworks.participants import queries
from peerworks.web import reasons, words


def register() -> None:
    """Give each code its words; called once, when the program starts."""
    reasons.register_names("participants.participant", _names, unnamed=_("a participant"))
    reasons.register(
        "FORM-CHANGED",
        _("This form was sent before with other content. Open a new form to record it."),
    )
    reasons.register(
        "PERIOD-ENDS-BEFORE", _("The last day comes before the first day, {first:short}.")
    )
    reasons.register(
        "TIME-SKIPPED",
        _(
            "There was no {clock} on {date}: the clocks went forward. Enter the time that the clock "
            "showed."
        ),
    )
    reasons.register_codes("clock", _clock)
    reasons.register("PERIOD-ENDED", _("This has ended already, on {last}."))
    reasons.register(
        "CARE-NOT-A-WORKER",
        _("This member does not work with participants: choose a peer specialist or a supervisor."),
    )
    reasons.register("CONSENT-SIGNED-LATER", _("A consent cannot be signed after today, {today}."))
    reasons.register("CONSENT-REVOKED", _("This consent was revoked on {date}."))
    _seals()


def _seals() -> None:
    reasons.register(
        "SEAL-OFFICER",
        _("Only a privacy officer keeps sealed records."),
        fix=_("Ask the privacy officer"),
        who=("PRIVACY_OFFICER",),
    )
    reasons.register("SEAL-ALREADY", _("This record is sealed already."))
    reasons.register("SEAL-NOBODY", _("Choose at least one person who may open the record."))
    reasons.register(
        "SEAL-SELF",
        _("Nobody opens their own record through a staff account: leave this person off the list."),
    )
    reasons.register(
        "SEAL-OWN-LIST",
        _("You cannot put yourself on the list of a sealed record."),
        fix=_("Ask another privacy officer"),
        who=("PRIVACY_OFFICER",),
    )
    reasons.register(
        "SEAL-OWN",
        _("You cannot seal your own record."),
        fix=_("Ask another privacy officer"),
        who=("PRIVACY_OFFICER",),
    )


def _clock(code: str) -> str:
    return words.clock(dt.time.fromisoformat(code))


def _names(ids: Sequence[str]) -> Mapping[str, str]:
    return queries.names_by_id(ids)
