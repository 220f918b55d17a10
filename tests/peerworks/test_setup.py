"""The first agency of an empty installation: with the printed key, once, and never again."""

import json
import uuid

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from peerworks.accounts import operations, policies, queries
from peerworks.accounts.models import Membership, SetupKey, User
from peerworks.accounts.tokens import hash_of
from peerworks.agencies.context import acting_for
from peerworks.agencies.models import Agency, FundingSource, Program, Site
from peerworks.audit.models import AuditEvent
from tests.at_once import all_at_once
from tests.conftest import folder_of_the_run
from tests.databases import template
from tests.factories.accounts import make_setup_key
from tests.peerworks.account_forms import PASSWORD, problems, sign_in, visitor_sends
from tests.sweep.fixtures import connect_to

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, databases=["default", "apart"]),
]
PAGE = "/accounts/setup/"


@pytest.fixture
def empty(db, databases):
    """A migrated database with the rule packs and nothing else."""
    name = databases.copy_of(template(folder_of_the_run()))
    was = connect_to(name)
    yield name
    connect_to(was)


def filled(**changes):
    """The filled setup page."""
    return visitor_sends(
        name="Elm Street Peers", time_zone="America/Chicago", site="Elm House", state="tx",
        program="Elm Peer Support", pack="tx-medicaid-peer", funding="MEDICAID_FFS",
        person="Ada Moreno", email="Ada.Moreno@people.example", password=PASSWORD, again=PASSWORD,
    ) | changes  # fmt: skip


def address_told(settings, capsys):
    """What the command tells where real data are kept."""
    settings.PEERWORKS_DEMO = False
    call_command("open_setup", "--json")
    settings.PEERWORKS_DEMO = True
    return json.loads(capsys.readouterr().out)


def opened(token):
    """A visitor who opened the printed address."""
    client = Client()
    answer = client.get(f"{PAGE}{token}/")
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    return client


def test_au1_a_fresh_installation_has_no_account(empty):
    assert User.objects.count() == 0
    assert Agency.objects.count() == 0
    assert "installation is empty" in Client().get("/accounts/sign-in/").content.decode()


def test_the_printed_address_leads_to_an_agency_and_its_administrator(empty, settings, capsys):
    told = address_told(settings, capsys)
    token = told["url"].rstrip("/").split("/")[-1]
    client = opened(token)
    page = client.get(PAGE).content.decode()
    assert token not in page
    answer = client.post(PAGE, filled())
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/sign-in/")
    agency = Agency.objects.get()
    assert (agency.name, agency.slug, agency.is_demo) == (
        "Elm Street Peers",
        "elm-street-peers",
        False,
    )
    check_agency(agency)
    _client, answer = sign_in("ada.moreno@people.example")
    assert answer.status_code == 302
    assert "installation is empty" not in Client().get("/accounts/sign-in/").content.decode()


def check_agency(agency):
    """Service member, administrator, site, program and one event."""
    with acting_for(agency.pk), transaction.atomic():
        service = queries.service_member(agency.pk)
        assert service.user.email == "service@elm-street-peers.invalid"
        admin = Membership.objects.select_related("user").get(is_service=False)
        assert (admin.user.email, admin.roles) == ("ada.moreno@people.example", ["ADMINISTRATOR"])
        site, program = Site.objects.get(), Program.objects.get()
        assert (site.state, site.time_zone) == ("TX", "America/Chicago")
        assert (program.pack, program.site, program.is_part2) == ("tx-medicaid-peer", site, False)
        assert FundingSource.objects.get().kind == "MEDICAID_FFS"
        (event,) = AuditEvent.objects.filter(kind="PERMISSION")
        assert (event.action, event.actor_id) == ("agency.founded", str(admin.user.pk))
    key = SetupKey.objects.get()
    assert key.used_by == admin.user


def test_the_page_closes_for_good(empty, settings, capsys):
    token = operations.open_setup()
    client, late = opened(token), opened(token)
    client.post(PAGE, filled())
    assert late.get(PAGE).status_code == 404
    assert late.post(PAGE, filled(name="Another")).status_code == 404
    assert Client().get(f"{PAGE}{token}/").status_code == 404
    assert operations.open_setup() is None
    told = address_told(settings, capsys)
    assert told == {"url": None}
    make_setup_key(token="made-otherwise")
    assert Client().get(f"{PAGE}made-otherwise/").status_code == 404
    assert Agency.objects.count() == 1


def test_without_the_key_there_is_no_page(empty):
    operations.open_setup()
    assert Client().get(PAGE).status_code == 404
    assert Client().post(PAGE, filled()).status_code == 404
    assert Client().get(f"{PAGE}wrong/").status_code == 404
    assert Agency.objects.count() == 0


def test_each_start_prints_a_new_key_and_the_old_one_is_dead(empty):
    first, second = operations.open_setup(), operations.open_setup()
    assert Client().get(f"{PAGE}{first}/").status_code == 404
    opened(second)
    assert SetupKey.objects.count() == 1
    assert second not in SetupKey.objects.get().token_sha256
    assert SetupKey.objects.get().token_sha256 == hash_of(second)


def test_after_twenty_wrong_keys_the_right_one_is_closed_too(empty):
    token = operations.open_setup()
    for _ in range(policies.WRONG_TRIES):
        assert Client().get(f"{PAGE}{uuid.uuid4().hex}/").status_code == 404
    assert Client().get(f"{PAGE}{token}/").status_code == 404
    opened(operations.open_setup())


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "“Name of the agency” is missing."),
        ({"state": "ZZ"}, "Write the two letters of a state."),
        ({"time_zone": ""}, "“Time zone” is missing."),
        ({"time_zone": "Mars/Base"}, "Mars/Base is not one of the available choices"),
        ({"pack": "zz-pack"}, "zz-pack is not one of the available choices"),
        ({"email": "ada"}, "such as name@example.com"),
        ({"slug": "not a slug!"}, "valid “slug”"),
        (dict.fromkeys(("password", "again"), "ElmStreetPeers2026"), "little more than your name"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(empty, changes, sentence):
    answer = opened(operations.open_setup()).post(PAGE, filled(**changes))
    assert answer.status_code == 422
    assert any(sentence in each for each in problems(answer)), problems(answer)
    assert (Agency.objects.count(), User.objects.count()) == (0, 0)


def test_without_rule_packs_the_page_says_what_to_run(empty, monkeypatch):
    monkeypatch.setattr("peerworks.accounts.packs._loaders", [])
    page = opened(operations.open_setup()).get(PAGE).content.decode()
    assert "load_rulepacks" in page


def test_a_fault_half_way_leaves_nothing(empty, monkeypatch):
    def fails(*_args, **_kwargs):
        raise RuntimeError("a made-up fault")

    client = opened(operations.open_setup())
    monkeypatch.setattr("peerworks.accounts.operations.setup._first_administrator", fails)
    with pytest.raises(RuntimeError, match="made-up"):
        client.post(PAGE, filled())
    assert (Agency.objects.count(), User.objects.count()) == (0, 0)
    monkeypatch.undo()
    assert client.post(PAGE, filled()).status_code == 302


def test_ten_at_once_make_one_agency(empty):
    token = operations.open_setup()
    clients = [opened(token) for _ in range(10)]

    def found(numbered):
        number, client = numbered
        return client.post(PAGE, filled(name=f"Elm {number}", slug=f"elm-{number}")).status_code

    said = all_at_once(found, enumerate(clients), 10)
    assert said.count(302) == 1
    assert set(said) <= {302, 404, 422}
    assert Agency.objects.count() == 1
    assert User.objects.filter(is_service=False).count() == 1


def test_where_an_agency_is_there_is_no_setup(world):
    assert operations.open_setup() is None
    assert Client().get(PAGE).status_code == 404
