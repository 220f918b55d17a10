"""The rates of a payer set together: what its rule pack bills and has no rate yet, each line with a field of its own."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.urls import reverse

from billing.forms.payers import RatesForm
from billing.models import Rate
from billing.operations import payers as operations
from billing.queries import payers as queries
from peerworks.audit.models import AuditEvent
from tests.factories import billing_people as factory
from tests.factories import participants as people


@pytest.fixture
def payer(world):
    """A payer under the Texas pack that has no rate."""
    with world.acting("biller") as priya:
        return factory.payer(priya.member)


@pytest.fixture
def lines(world, payer):
    """What waits for a rate."""
    with world.acting("biller"):
        waiting, _priced, _services = queries.lines_to_price(payer, world.today)
    return waiting


@pytest.fixture
def ask(world, payer):
    """Opens the page as the biller, or sends it: `ask(amounts={line: text}, key=…)`."""
    url = reverse("billing:rates-set", args=[payer.pk])
    client = people.reading_english(world["biller"])

    def opened_or_sent(amounts=None, key=None, **changes):
        if amounts is None:
            return client.get(url)
        told = {
            "form_agency": str(world["biller"].member.agency_id),
            "form_key": key or uuid.uuid4(),
            "starts_on": world.today.isoformat(),
            **{RatesForm.field_of(line): amount for line, amount in amounts.items()},
        }
        return client.post(url, told | changes)

    return opened_or_sent


def rates_of(world, payer):
    """(code, modifiers) of the payer's rates, to their amounts."""
    with world.acting("biller"):
        rows = Rate.objects.filter(payer=payer)
        return {(each.code, " ".join(each.modifiers)): each.amount for each in rows}


def events(world):
    """How often rates were set together."""
    with world.acting("biller"):
        return AuditEvent.objects.filter(action="rates.set").count()


def test_each_code_stands_with_the_services_that_it_bills(ask):
    page = ask().content.decode()
    single, group = RatesForm.field_of(("H0038", "")), RatesForm.field_of(("H0038", "HQ"))
    assert "Individual peer support, mental health; " in hint_of(page, single)
    assert "roup" in hint_of(page, group)


def hint_of(page, name):
    """The words under a field's label."""
    return page.partition(f'id="id_{name}_helptext"')[2].partition("<")[0]


def test_each_line_of_the_rule_pack_has_a_field_once(ask, lines):
    text = ask().content.decode()

    assert len(lines) > 1
    for line in lines:
        assert text.count(f'name="{RatesForm.field_of(line)}"') == 1


def test_what_is_filled_in_is_set_and_the_rest_goes_on_waiting(world, payer, ask, lines):
    answer = ask({lines[0]: "21.50", lines[1]: "8", lines[2]: ""})

    assert answer["Location"] == reverse("billing:payer-list")
    assert rates_of(world, payer) == {lines[0]: Decimal("21.50"), lines[1]: Decimal("8.00")}
    with world.acting("biller"):
        waiting, _priced, _services = queries.lines_to_price(payer, world.today)
    assert waiting == lines[2:]
    assert events(world) == 1


def test_an_empty_form_is_told_so(world, payer, ask):
    answer = ask({})

    assert answer.status_code == 422
    assert "Write the amount of at least one code." in answer.content.decode()
    assert rates_of(world, payer) == {}


@pytest.mark.parametrize(
    ("amount", "said"),
    [("nothing", "Enter a number."), ("0", "is at least 0.01."), ("-3", "is at least 0.01.")],
)
def test_one_amount_that_is_none_sets_no_rate_and_loses_no_other(
    world, payer, ask, lines, amount, said
):
    answer = ask({lines[0]: "21.50", lines[1]: amount})

    assert answer.status_code == 422
    (problem,) = answer.context["form"].errors[RatesForm.field_of(lines[1])]
    assert said in problem
    assert 'value="21.50"' in answer.content.decode()
    assert rates_of(world, payer) == {}


def test_the_same_form_twice_sets_them_once(world, payer, ask, lines):
    key = uuid.uuid4()
    for _each in range(2):
        assert ask({lines[0]: "21.50", lines[1]: "8"}, key=key).status_code == 302

    assert len(rates_of(world, payer)) == 2
    assert events(world) == 1


def test_a_line_that_got_its_rate_meanwhile_is_not_passed_over(world, payer, ask, lines):
    code, modifiers = lines[0]
    with world.acting("biller") as priya:
        operations.set_rate(
            payer=payer,
            code=code,
            modifiers=modifiers.split(),
            amount=Decimal("20"),
            starts_on=world.today,
            by=priya.member,
        )

    answer = ask({lines[0]: "21.50", lines[1]: "8"})

    assert answer.status_code == 422
    assert "This code has a rate on those days already." in answer.content.decode()
    hints = {name: str(each.help_text) for name, each in answer.context["form"].fields.items()}
    assert hints[RatesForm.field_of(lines[0])] == "It has a rate by now."
    assert "It has a rate" not in hints[RatesForm.field_of(lines[1])]
    assert 'value="21.50"' in answer.content.decode()
    assert rates_of(world, payer) == {lines[0]: Decimal("20.00")}


def test_a_rate_of_those_days_is_refused_by_the_database_too(world, payer, ask, lines):
    """One that begins tomorrow does not hold today, so its line waits still."""
    tomorrow = (world.today + dt.timedelta(days=1)).isoformat()
    assert ask({lines[0]: "20"}, starts_on=tomorrow).status_code == 302

    answer = ask({lines[0]: "21.50"}, starts_on=tomorrow)

    assert answer.status_code == 422
    assert "This code has a rate on those days already." in answer.content.decode()
    assert rates_of(world, payer) == {lines[0]: Decimal("20.00")}


def test_once_all_have_a_rate_it_leads_to_the_form_for_one(ask, payer, lines):
    ask(dict.fromkeys(lines, "1"))

    assert ask()["Location"] == reverse("billing:rate-set", args=[payer.pk])


def test_a_new_payer_leads_to_its_rates(world):
    client = people.reading_english(world["biller"])
    with world.acting("biller"):
        source = factory.FundingSource.objects.order_by("name").first()
    told = {
        "form_agency": str(world["biller"].member.agency_id),
        "form_key": uuid.uuid4(),
        "code": "OTHER",
        "name": "Another payer",
        "pack": "tx-medicaid-peer",
        "kind": "MC",
        "funding_source": str(source.pk),
        "payer_id": "DEMO1",
        "submitter_id": "DEMO2",
        "receiver_id": "DEMO3",
        "receiver_name": "DEMO RECEIVER",
        "rendering": "SUPERVISOR",
        "claim_kind": "CH",
    }

    answer = client.post(reverse("billing:payer-add"), told, follow=True)

    assert answer.resolver_match.view_name == "billing:rates-set"
    assert "The payer is added. Now its rates." in answer.content.decode()
