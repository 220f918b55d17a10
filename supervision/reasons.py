"""The words of this app's reasons, and how its records are called in sentences."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peerworks.web import reasons, words
from supervision.models import Assignment, Session
from supervision.queries import service_day_of

_ADMINISTRATOR, _SUPERVISOR = ("ADMINISTRATOR",), ("SUPERVISOR",)


def register() -> None:
    """Give codes and records their words; called once, when the program starts."""
    _assigning()
    _logging()
    _signing()
    _proving()
    reasons.register_names("supervision.session", _sessions, unnamed=_("a supervision session"))
    reasons.register_names("supervision.assignment", _assignments, unnamed=_("an assignment"))


def _assigning() -> None:
    reasons.register(
        "SUPS-NO-ROLE",
        _("Your role does not include this."),
        fix=_("Ask an administrator"),
        who=_ADMINISTRATOR,
    )
    reasons.register("SUPS-ONESELF", _("Nobody supervises themselves."), fix=_("Choose another"))
    reasons.register(
        "SUPS-NOT-HERE",
        _("This supervisor does not work here on {date}."),
        fix=_("Check employment"),
        who=_ADMINISTRATOR,
    )
    reasons.register(
        "SUPS-THIRD", _("The delegate is a third person."), fix=_("Choose another delegate")
    )


def _logging() -> None:
    reasons.register(
        "SUPS-NOT-SUPERVISOR",
        _("Only the supervisor of this session does this."),
        fix=_("Ask the supervisor"),
        who=_SUPERVISOR,
    )
    reasons.register("SUPS-TIMES", _("The end must come after the beginning."))
    reasons.register("SUPS-FUTURE", _("A session is logged after it has ended."))
    reasons.register(
        "SUPS-NOT-YOURS",
        _("You did not supervise this worker on {date}."),
        fix=_("Assign the supervisor from that day"),
        who=_ADMINISTRATOR,
    )
    reasons.register(
        "SUPS-NOT-PLACED",
        _("This worker was not placed in that program on {date}."),
        fix=_("Choose another program"),
    )


def _signing() -> None:
    reasons.register("SUPS-SIGNED", _("This session is signed and no longer changes."))
    reasons.register("SUPS-SIGNED-BY-YOU", _("You have signed this session already."))
    reasons.register(
        "SUPS-NOT-SUPERVISEE",
        _("Only the person who was supervised does this."),
    )
    reasons.register(
        "SUPS-SUPERVISOR-FIRST",
        _("The supervisor signs first, so that the words you sign no longer change."),
        fix=_("Ask the supervisor to sign"),
        who=_SUPERVISOR,
    )
    reasons.register(
        "SUPS-NOT-OWNER", _("Only who agreed to do it, or the supervisor, records it as done.")
    )
    reasons.register("SUPS-DONE", _("This is recorded as done already."))


def _proving() -> None:
    reasons.register(
        "SUPS-HOLDER",
        _("This proof is your own. Another person has to verify it."),
        fix=_("Ask another administrator"),
        who=_ADMINISTRATOR,
    )
    reasons.register(
        "SUPS-ENTERER",
        _("You recorded this proof. Another person has to verify it."),
        fix=_("Ask another administrator"),
        who=_ADMINISTRATOR,
    )
    reasons.register("SUPS-VERIFIED", _("This proof is verified already."))


def _sessions(ids: Sequence[str]) -> Mapping[str, str]:
    found = Session.objects.filter(pk__in=ids).select_related("site")
    return {
        str(each.pk): gettext("supervision session of {date}").format(
            date=words.long_day(service_day_of(each))
        )
        for each in found
    }


def _assignments(ids: Sequence[str]) -> Mapping[str, str]:
    found = Assignment.objects.filter(pk__in=ids).select_related("supervisor")
    return {str(each.pk): each.supervisor.name for each in found}
