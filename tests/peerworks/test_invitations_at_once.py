"""AU-1 with real threads and commits: fifty invitations of one address, and one account in the end."""

import uuid

import pytest
from django.db import transaction
from django.test import Client

from peerworks.accounts.models import Invitation, Membership, User
from peerworks.agencies.context import acting_for
from tests.at_once import all_at_once as in_threads
from tests.factories.accounts import make_invitation
from tests.peerworks.account_forms import PASSWORD, sent, visitor_sends
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "apart"])
AT_ONCE, FIFTY = 10, 50
ADDRESS = "new.colleague@people.example"
SPELLINGS = (
    ADDRESS, "New.Colleague@people.example", "NEW.COLLEAGUE@PEOPLE.EXAMPLE",
    "ｎｅｗ.ｃｏｌｌｅａｇｕｅ@people.example", "new.colleague＠people.example",
)  # fmt: skip


def all_at_once(work, given):
    """Run `work` for each of `given` in threads of their own, and answer with what came of it."""
    return in_threads(work, given, AT_ONCE)


def rows(house, model):
    """The rows of a model in an agency."""
    with acting_for(house.agency.pk, house.service.user_id), transaction.atomic():
        return list(model.objects.select_related())


def test_au1_fifty_invitations_of_one_address_are_one(world: World):
    clients = [(world["administrator"].client(), SPELLINGS[n % 5]) for n in range(FIFTY)]

    def invite(pair):
        client, email = pair
        form = sent(world, email=email, roles=["PEER"], language="en")
        return client.post("/members/invite/", form).status_code

    said = all_at_once(invite, clients)
    assert sorted(said) == [302, *[422] * (FIFTY - 1)]
    (made,) = rows(world.juniper, Invitation)
    assert (made.email, made.letters) == (ADDRESS, 1)


def test_au1_fifty_acceptances_of_one_link_make_one_account(world: World):
    token = uuid.uuid4().hex
    with world.acting("administrator") as marisol:
        make_invitation(by=marisol.member, token=token, email=ADDRESS)

    def accept(number):
        client = Client()
        client.get(f"/accounts/join/{token}/")
        form = visitor_sends(name=f"Noor Haddad {number}", password=PASSWORD, again=PASSWORD)
        return client.post("/accounts/join/", form).status_code

    said = all_at_once(accept, range(FIFTY))
    assert said.count(302) == 1
    # 200: the page that asks to sign in, where the account came between two of its questions.
    assert set(said) <= {200, 302, 404, 422}
    assert User.objects.filter(email=ADDRESS).count() == 1
    members = rows(world.juniper, Membership)
    assert sum(each.user.email == ADDRESS for each in members) == 1


def test_au1_two_agencies_at_once_make_one_account(world: World):
    tokens = {}
    for who in ("administrator", "other-administrator"):
        with world.acting(who) as player:
            tokens[who] = uuid.uuid4().hex
            make_invitation(by=player.member, token=tokens[who], email=ADDRESS)

    def accept(token):
        client = Client()
        client.get(f"/accounts/join/{token}/")
        form = visitor_sends(name="Noor Haddad", password=PASSWORD, again=PASSWORD)
        answer = client.post("/accounts/join/", form)
        return answer.status_code, answer.content.decode()

    said = all_at_once(accept, [*tokens.values()] * 5)
    assert [status for status, _ in said].count(302) == 1
    assert User.objects.filter(email=ADDRESS).count() == 1
    assert any("There is an account with this address." in page for _, page in said)
