"""What an event is called in words. Each app registers the actions of its operations."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Words:
    """The sentence of an action; `{actor}` is the name of who did it, as it was then."""

    action: str
    sentence: str


_words: dict[str, Words] = {}


def register(action, sentence):
    """Give an action its sentence. An action is registered once; `trail.record` refuses others."""
    if action in _words and str(_words[action].sentence) != str(sentence):
        raise ValueError(f"{action} has two sentences")
    _words[action] = Words(action, sentence)


def is_registered(action):
    """Whether the action has a sentence."""
    return action in _words


def actions():
    """All registered actions, by name: for the audit page's filter and for tests."""
    return dict(sorted(_words.items()))


def sentence(action, actor):
    """The words of an event in the active language."""
    return str(_words[action].sentence).format(actor=actor)


register("page.denied", _("{actor} was denied a page."))
register("page.missing", _("{actor} asked for a record that is not there for them."))
register("signin.done", _("{actor} signed in."))
register("signin.failed", _("A sign-in as {actor} failed."))
register("signout.done", _("{actor} signed out."))
