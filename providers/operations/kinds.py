"""Kinds of certification: taken from the rule packs, kept track of from then on."""

from peerworks.accounts.models import Membership
from peerworks.audit import trail
from peerworks.lib.findings import enforce
from providers.models import CredentialKind
from providers.policies import refusal_to_keep_kind
from providers.queries import NamedKind


def keep_kind(*, named: NamedKind, by: Membership) -> CredentialKind:
    """Keep track of a kind of certification that a rule pack names, from then on, by the pack's rules.

    Refused where the agency has one of that key.
    """
    enforce(refusal_to_keep_kind(named.rule.key))
    kind = CredentialKind.objects.create(
        agency_id=by.agency_id,
        key=named.rule.key,
        label_en=named.rule.label["en"],
        label_es=named.rule.label["es"],
        body=named.rule.body,
        pack=named.pack.pack,
        pack_key=named.rule.key,
    )
    trail.record("kind.kept", by=by.user, about=kind)
    return kind
