"""What holds for the whole agency: what its claims say about it."""

import pytest
from django.db import IntegrityError

from billing import mapping
from peerworks.accounts import operations
from peerworks.accounts.operations.agency import ON_CLAIMS
from peerworks.agencies.models import Agency
from peerworks.audit.models import AuditEvent
from peerworks.lib.findings import Refused
from peerworks.lib.identifiers import made_up_npi
from tests.peerworks.account_forms import problems, sent

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "apart"])]
PAGE = "/agency/claims/"
FILLED = {
    "name": "Juniper Bridge", "ein": "12-3456789", "npi": made_up_npi(77), "taxonomy": "251s00000x",
    "street": "12 Made Up Road", "city": "Mesa Verde", "state": "tx", "postal_code": "78701-2345",
    "contact_name": "Priya Shah", "contact_phone": "(512) 555-0100",
}  # fmt: skip


@pytest.fixture
def send(world):
    """Sends the page's form as somebody of the first agency."""

    return lambda who, **changes: world[who].client().post(PAGE, sent(world, **FILLED | changes))


def kept(world):
    """What stands on claims now, and how many events tell that it changed."""
    row = Agency.objects.filter(pk=world.juniper.agency.pk).values(*ON_CLAIMS).get()
    with world.acting("auditor"):
        return row, list(AuditEvent.objects.filter(action="agency.claims-changed"))


def test_an_administrator_changes_it_and_numbers_lose_what_stands_between(world, send):
    assert send("administrator")["Location"] == PAGE
    row, (event,) = kept(world)
    assert row == FILLED | {
        "ein": "123456789",
        "taxonomy": "251S00000X",
        "state": "TX",
        "postal_code": "787012345",
        "contact_phone": "5125550100",
    }
    assert {"ein", "street"} <= set(event.fields) <= set(ON_CLAIMS)
    page = world["administrator"].client().get(PAGE).content.decode()
    assert "12 Made Up Road" in page


def test_the_page_says_that_claims_wait_until_all_is_there(world, send):
    def page():
        return world["administrator"].client().get(PAGE).content.decode()

    assert "what was sent keeps what it said" in page()
    Agency.objects.filter(pk=world.juniper.agency.pk).update(contact_phone="")
    assert "Fill it in before the first batch" in page()


def test_the_same_again_is_no_event(world, send):
    send("administrator")
    send("administrator")
    assert len(kept(world)[1]) == 1


def test_who_has_no_npi_leaves_it_empty(world, send):
    assert send("administrator", npi="", taxonomy="").status_code == 302
    assert kept(world)[0]["npi"] == ""


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ein": "12-345678"}, "Enter the nine digits of the EIN."),
        ({"ein": ""}, "“Employer number (EIN)” is missing."),
        (
            {"npi": "1234567890"},
            "This is no NPI: it has ten digits, and the last one checks the others.",
        ),
        ({"taxonomy": "25"}, "A taxonomy code has ten characters"),
        ({"street": "P.O. Box 12"}, "Claims take no post-office box."),
        ({"state": "ZZ"}, "Write the two letters of a state."),
        ({"postal_code": "78701"}, "Enter all nine digits of the ZIP code."),
        ({"contact_phone": "555-0100"}, "Enter the ten digits of a telephone number."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(world, send, changes, sentence):
    before = kept(world)
    answer = send("administrator", **changes)
    assert answer.status_code == 422
    assert any(sentence in each for each in problems(answer)), problems(answer)
    assert kept(world) == before


@pytest.mark.parametrize(
    ("column", "value"),
    [("ein", "12345678"), ("npi", "3234567893"), ("taxonomy", "251s00000x"), ("state", "tx"),
     ("postal_code", "78701"), ("contact_phone", "5120550100")],
)  # fmt: skip
def test_the_database_takes_no_half_number(world, column, value):
    with pytest.raises(IntegrityError, match="agencies_agency_on_claims"):
        Agency.objects.filter(pk=world.juniper.agency.pk).update(**{column: value})


def test_others_may_not(world, send):
    before = kept(world)
    assert send("biller").status_code == 403
    with world.acting("biller") as priya, pytest.raises(Refused, match="AGENCY-MANAGER"):
        operations.change_what_claims_say(agency=world.juniper.agency, told=FILLED, by=priya.member)
    with world.acting("biller") as priya, pytest.raises(Refused, match="AGENCY-MANAGER"):
        operations.change_idle_minutes(agency=world.juniper.agency, minutes=20, by=priya.member)
    assert kept(world) == before


def test_the_file_says_it(world, send):
    send("administrator")
    agency = Agency.objects.get(pk=world.juniper.agency.pk)
    told = mapping._billing(agency)
    assert (told.ein, told.address.zip_code) == ("123456789", "787012345")
