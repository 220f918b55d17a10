"""What an event is called in words, and of which kind it is. Each app registers its own actions."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_ACTOR = "{actor} "


class Kind(models.TextChoices):
    """What sort of event it is: what the audit page is filtered by.

    `PERMISSION` is whatever changes who may see or do something: members and roles, seals, care
    teams, supervisors.
    """

    CHANGE = "CHANGE", _("Change")
    VIEW = "VIEW", _("View")
    SIGN = "SIGN", _("Signature")
    EXPORT = "EXPORT", _("Export")
    PERMISSION = "PERMISSION", _("Permission")
    SIGN_IN = "SIGN_IN", _("Sign-in")
    DENIAL = "DENIAL", _("Denial")


@dataclass(frozen=True, slots=True)
class Words:
    """The sentence of an action; `{actor}` is the name of who did it, as it was then."""

    action: str
    sentence: str | Promise
    kind: Kind = Kind.CHANGE


_words: dict[str, Words] = {}


def register(action: str, sentence: str | Promise, kind: Kind = Kind.CHANGE) -> None:
    """Give an action its sentence. An action is registered once; `trail.record` refuses others."""
    if action in _words and str(_words[action].sentence) != str(sentence):
        raise ValueError(f"{action} has two sentences")
    _words[action] = Words(action, sentence, kind)


def is_registered(action: str) -> bool:
    """Whether the action has a sentence."""
    return action in _words


def actions() -> dict[str, Words]:
    """All registered actions, by name: for tests."""
    return dict(sorted(_words.items()))


def kind_of(action: str) -> Kind:
    """Of which kind an action is; KeyError for one without a sentence."""
    return _words[action].kind


def sentence(action: str, actor: str) -> str:
    """The words of an event in the active language; the bare name of an action that no app has."""
    entry = _words.get(action)
    return action if entry is None else str(entry.sentence).format(actor=actor)


def deed(action: str, actor: str) -> str:
    """The same without its subject, for a list that names the actor beside it: "Signed a note."

    A sentence that does not begin with the actor is given whole.
    """
    entry = _words.get(action)
    text = "" if entry is None else str(entry.sentence)
    if not text.startswith(_ACTOR):
        return sentence(action, actor)
    rest = text.removeprefix(_ACTOR).format(actor=actor)
    return rest[:1].upper() + rest[1:]


register("page.denied", _("{actor} asked for a page that is not open to them."), Kind.DENIAL)
register("page.missing", _("{actor} asked for a record that is not there for them."), Kind.DENIAL)
register("signin.done", _("{actor} signed in."), Kind.SIGN_IN)
register("signin.failed", _("A sign-in as {actor} failed."), Kind.SIGN_IN)
register("signout.done", _("{actor} signed out."), Kind.SIGN_IN)
register("events.listed", _("{actor} looked at the audit trail."), Kind.VIEW)
register("events.exported", _("{actor} took out a list of the audit trail."), Kind.EXPORT)
register("person.traced", _("{actor} looked at who saw a participant's record."), Kind.VIEW)
