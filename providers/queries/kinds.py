"""Kinds of certification: which the rule packs of the agency's programs name, and which it keeps."""

import datetime as dt
from dataclasses import dataclass

from django.utils import translation

from peerworks.agencies.models import Program
from peerworks.lib.rulepack import CredentialKindRule, Pack
from peerworks.rulepacks.queries import packs_on
from providers.models import CredentialKind


@dataclass(frozen=True, slots=True)
class NamedKind:
    """A kind of certification as a rule pack names it."""

    pack: Pack
    rule: CredentialKindRule

    @property
    def code(self) -> str:
        """Pack and key, as a form sends them."""
        return f"{self.pack.pack}/{self.rule.key}"

    @property
    def label(self) -> str:
        """The name in the reader's language, with whose rules name it."""
        language = "es" if (translation.get_language() or "en").startswith("es") else "en"
        return f"{self.rule.label[language]} ({self.pack.label[language]})"


def named_kinds(on: dt.date) -> list[NamedKind]:
    """What the packs of the agency's programs name on a day, by pack and in the pack's order."""
    names = sorted(set(Program.objects.values_list("pack", flat=True)))
    packs = packs_on((name, on) for name in names)
    found = (packs.get((name, on)) for name in names)
    return [NamedKind(each, rule) for each in found if each for rule in each.workforce.credentials]


def offered_kinds(on: dt.date) -> list[NamedKind]:
    """Those of them that the agency does not keep track of yet."""
    kept = set(CredentialKind.objects.values_list("key", flat=True))
    return [each for each in named_kinds(on) if each.rule.key not in kept]
