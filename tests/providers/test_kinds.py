"""The kinds of certification that an agency keeps: chosen from what its programs' rules name."""

import pytest

from peerworks.lib.findings import Refused
from providers import operations, queries
from providers.models import CredentialKind
from tests.providers.test_pages import page, post


def test_an_administrator_keeps_what_the_rules_name(world):
    with world.acting("administrator"):
        named = queries.offered_kinds(world.today)[0]
    answer = post(world["administrator"], "kind-list", kind=named.code)
    assert answer.status_code == 302
    with world.acting("administrator") as marisol:
        kind = CredentialKind.objects.get(key=named.rule.key)
        assert (kind.pack, kind.pack_key) == (named.pack.pack, named.rule.key)
        assert {kind.label_en, kind.label_es} == set(named.rule.label.values())
        assert named.code not in {each.code for each in queries.offered_kinds(world.today)}
        with pytest.raises(Refused, match="KIND-KEPT"):
            operations.keep_kind(named=named, by=marisol.member)
    again = post(world["administrator"], "kind-list", kind=named.code)
    assert again.status_code == 422
    assert named.rule.label["en"] in page(world["administrator"], "kind-list")[1]
    assert named.rule.label["en"] not in page(world["other-administrator"], "kind-list")[1]


def test_who_does_not_manage_the_agency_is_refused(world):
    assert page(world["trainer"], "kind-list")[0] == 403
    assert post(world["peer"], "kind-list", kind="tx-medicaid-peer/x").status_code == 403
