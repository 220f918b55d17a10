"""The words of this app: its refusals, and how its records are called in sentences."""

from collections.abc import Mapping, Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from peerworks.web import reasons
from providers.models import Credential, Provider

HELD = "providers.heldcredential"
"""A certification together with whose it is: what reminders are about."""

_ADMINISTRATOR = ("ADMINISTRATOR",)
_HOLDER = ("PEER", "ADMINISTRATOR")


def register() -> None:
    """Give codes and records their words; called once, when the program starts."""
    _certifications()
    _evidence()
    _people()
    reasons.register_names("providers.provider", _providers, unnamed=_("a colleague"))
    reasons.register_names("providers.credential", _kinds, unnamed=_("a certification"))
    reasons.register_names(HELD, _held, unnamed=_("a certification"))


def _certifications() -> None:
    reasons.register(
        "CRED-HOLDER",
        _("This certification is your own. Another person has to verify it."),
        fix=_("Ask another administrator"),
        who=_ADMINISTRATOR,
    )
    reasons.register(
        "CRED-ENTERER",
        _("You entered this certification. Another person has to verify it."),
        fix=_("Ask another administrator"),
        who=_ADMINISTRATOR,
    )
    reasons.register("KIND-KEPT", _("Your agency has a kind of that key."))
    reasons.register(
        "CRED-RETIRED",
        _("This certification is retired."),
        fix=_("Enter the right certification"),
        who=_HOLDER,
    )
    reasons.register(
        "CRED-SUSPENDED",
        _("This certification is suspended since {date}."),
        fix=_("Enter the certification anew once it is reinstated"),
        who=_HOLDER,
    )
    reasons.register(
        "CRED-RENEWED",
        _("The renewal of this certification is entered already."),
        fix=_("Open the renewal"),
        who=_HOLDER,
    )
    reasons.register(
        "CRED-VERIFIED",
        _("This certification is verified, so what was verified no longer changes."),
        fix=_("Retire it and enter the right one"),
        who=_ADMINISTRATOR,
    )
    reasons.register(
        "CRED-NUMBER",
        _("{other} has a certification of this kind with the same number."),
        fix=_("Check the number"),
        who=_HOLDER,
    )


def _evidence() -> None:
    reasons.register(
        "EVIDENCE-MANY",
        _("A certification has at most {most} files of evidence."),
        fix=_("Withdraw one that is not needed"),
        who=_HOLDER,
    )
    reasons.register(
        "EVIDENCE-WHO",
        _("Only the person who uploaded this file, or an administrator, may withdraw it."),
        fix=_("Ask an administrator"),
        who=_ADMINISTRATOR,
    )
    reasons.register(
        "EVIDENCE-VERIFIED",
        _("The certification was verified with this file, so the file stays."),
        fix=_("Add the right file beside it"),
        who=_HOLDER,
    )


def _people() -> None:
    reasons.register(
        "FILE-LINKED",
        _("Somebody signs in for this file already, and what they wrote stands under its name."),
        who=_ADMINISTRATOR,
    )
    reasons.register(
        "LINK-NOBODY",
        _("Every member of your agency has a file. Who is invited can be chosen after joining."),
        who=_ADMINISTRATOR,
    )
    reasons.register(
        "LINK-VERIFIER",
        _("Whom you chose verified a paper of this file, and nobody verifies their own."),
        who=_ADMINISTRATOR,
    )
    reasons.register(
        "MEMBER-TAKEN",
        _("This sign-in belongs to {other} already."),
        fix=_("Choose another sign-in"),
        who=_ADMINISTRATOR,
    )


def _providers(ids: Sequence[str]) -> Mapping[str, str]:
    found = Provider.objects.filter(pk__in=ids).only("id", "given_name", "family_name")
    return {str(each.pk): each.name for each in found}


def _kinds(ids: Sequence[str]) -> Mapping[str, str]:
    language = get_language() or "en"
    found = Credential.objects.filter(pk__in=ids).select_related("kind")
    return {str(each.pk): each.kind.label(language) for each in found}


def _held(ids: Sequence[str]) -> Mapping[str, str]:
    language = get_language() or "en"
    found = Credential.objects.filter(pk__in=ids).select_related("kind", "provider")
    return {str(each.pk): f"{each.kind.label(language)} ({each.provider.name})" for each in found}
