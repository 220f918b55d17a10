"""Payers and rates, coverage and diagnoses: operations and pages."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.urls import reverse

from billing.models import Coverage, Diagnosis, Payer, Rate
from billing.operations import payers as operations
from billing.queries import payers as queries
from peerworks.audit.models import AuditEvent
from peerworks.lib.findings import Refused
from peerworks.rulepacks.operations import load_shipped_packs
from tests.factories import billing_people as factory
from tests.factories import participants as people

DAY = dt.timedelta(days=1)


@pytest.fixture
def wren(world):
    """The person served at Mesa House, covered since two years."""
    return world.people["mesa"].participant


@pytest.fixture
def priya(world):
    """Inside the agency as the biller."""
    with world.acting("biller") as player:
        yield player.member


@pytest.fixture
def send(world):
    """Send a form as one of the nine: `send(who, name, *args, **data)` gives the answer."""

    def post(who, name, /, *args, key=None, **data):
        told = {"form_agency": str(world[who].member.agency_id), "form_key": key or uuid.uuid4()}
        url = reverse(name, args=args)
        return people.reading_english(world[who]).post(url, {**told, **data})

    return post


def get(world, who, name, *args):
    """Open a page as one of the nine."""
    return people.reading_english(world[who]).get(reverse(name, args=args))


def cover(world, by, person, **values):
    """A second coverage from today on."""
    given = {
        "payer": Payer.objects.order_by("code").first(),
        "member_id": "DEMO123",
        "order": Coverage.Order.SECONDARY,
        "starts_on": world.today,
        "last_day": None,
        "checked_on": None,
        **values,
    }
    return operations.add_coverage(participant=person, by=by, **given)


def test_a_rate_ends_the_one_before(world, priya):
    payer = factory.payer(priya)
    first = factory.rate(priya, payer, world.today - 10 * DAY)
    second = factory.rate(priya, payer, world.today, amount=Decimal("2.00"))
    first.refresh_from_db()
    assert (first.period.upper, second.period.lower) == (world.today, world.today)
    assert AuditEvent.objects.filter(action="rate.set").count() == 2


def test_rates_of_other_modifiers_stand_beside_each_other(world, priya):
    payer = factory.payer(priya)
    factory.rate(priya, payer, world.today)
    factory.rate(priya, payer, world.today, modifiers=["HQ"])
    assert Rate.objects.filter(payer=payer, period__upper_inf=True).count() == 2


def test_two_rates_of_one_day_are_refused(world, priya):
    payer = factory.payer(priya)
    factory.rate(priya, payer, world.today)
    name = people.refused_in_savepoint(
        factory.rate, by=priya, payer=payer, starts_on=world.today, amount=Decimal("3")
    )
    assert name == "billing_rate_one_in_force"


def test_a_made_up_payers_rates_are_marked(world, priya):
    assert factory.rate(priya, factory.payer(priya), world.today).is_invented
    real = factory.payer(priya, code="REAL", is_made_up=False)
    assert not factory.rate(priya, real, world.today).is_invented


def test_a_rate_of_a_form_is_set_once(world, priya):
    payer, key = factory.payer(priya), uuid.uuid4()
    rates = [factory.rate(priya, payer, world.today, form_key=key) for _ in range(2)]
    assert rates[0] == rates[1]


def test_the_lowest_order_in_force_pays(world, priya, wren):
    first = queries.coverage_on(wren, world.today)
    cover(world, priya, wren)
    assert queries.coverage_on(wren, world.today) == first
    operations.end_coverage(coverage=first, last_day=world.today - DAY, by=priya)
    assert queries.coverage_on(wren, world.today).order == "SECONDARY"


def test_one_coverage_an_order(world, priya, wren):
    name = people.refused_in_savepoint(
        cover, world=world, by=priya, person=wren, order=Coverage.Order.PRIMARY
    )
    assert name == "billing_coverage_one_an_order"


def test_a_coverage_ends_once(world, priya, wren):
    made = cover(world, priya, wren)
    operations.end_coverage(coverage=made, last_day=world.today, by=priya)
    with pytest.raises(Refused) as told:
        operations.end_coverage(coverage=made, last_day=world.today, by=priya)
    assert told.value.refusal.code == "PERIOD-ENDED"
    assert AuditEvent.objects.filter(action="coverage.ended").count() == 1


def test_a_second_principal_diagnosis_is_refused(world, wren):
    with world.acting("supervisor") as andre:
        name = people.refused_in_savepoint(
            operations.add_diagnosis,
            participant=wren,
            code="F411",
            family=Diagnosis.Family.MENTAL_HEALTH,
            rank=1,
            starts_on=world.today,
            last_day=None,
            by=andre.member,
        )
    assert name == "billing_diagnosis_one_principal"


def test_the_trail_of_a_diagnosis_holds_no_code(world, wren):
    with world.acting("supervisor") as andre:
        operations.add_diagnosis(
            participant=wren,
            code="F411",
            family=Diagnosis.Family.MENTAL_HEALTH,
            rank=2,
            starts_on=world.today,
            last_day=None,
            by=andre.member,
        )
        event = AuditEvent.objects.get(action="diagnosis.added")
    assert "F411" not in f"{event.__dict__}"


def test_payers_cost_three_queries(world, priya, django_assert_num_queries):
    queries.payers_with_rates(world.today)  # the rule packs are read once a process
    with django_assert_num_queries(3):
        shown = queries.payers_with_rates(world.today)
    assert all(each.rates for each in shown)


def test_the_payer_list_shows_rates_marked_as_invented(world):
    page = get(world, "biller", "billing:payer-list")
    text = page.content.decode()
    assert page.status_code == 200
    assert "Invented" in text
    assert "$21.50" in text


def test_a_line_without_a_rate_leads_to_the_form_that_sets_it(world, priya):
    payer = factory.payer(priya, pack="ga-medicaid-peer")
    factory.rate(priya, payer, world.today, code="H0038", modifiers=["U4", "U6"])
    (shown,) = (e for e in queries.payers_with_rates(world.today) if e.id == payer.pk)
    assert ("H0038", "U4 U6") not in shown.unpriced
    assert ("H0038", "U4 U7") in shown.unpriced
    address = f"{reverse('billing:rate-set', args=[payer.pk])}?code=H0038&amp;modifiers=U4%20U7"
    page = get(world, "biller", "billing:payer-list").content.decode()
    assert f'href="{address}"' in page
    form = world["biller"].client().get(address.replace("&amp;", "&")).content.decode()
    assert 'value="U4 U7"' in form


def test_too_small_an_amount_is_named_with_its_field(world, priya, send):
    payer = factory.payer(priya)
    told = {"code": "H0038", "amount": "-1", "starts_on": world.today.isoformat()}
    page = send("biller", "billing:rate-set", payer.pk, **told).content.decode()
    assert "“Amount a unit, in dollars” is at least 0." in page


def test_the_other_agency_sees_its_own_payers(world):
    text = get(world, "other-administrator", "billing:payer-list").content.decode()
    assert "$19.80" in text
    assert "$21.50" not in text


@pytest.mark.parametrize("name", ["billing:payer-list", "billing:payer-add"])
def test_a_peer_keeps_no_payers(world, name):
    assert get(world, "peer", name).status_code == 403


def test_a_payer_is_added_once(world, send):
    load_shipped_packs()
    with world.acting("biller"):
        source = factory.FundingSource.objects.order_by("name").first()
    data = {
        "code": "NEWPAY",
        "name": "New payer",
        "pack": "tx-medicaid-peer",
        "kind": "MC",
        "funding_source": source.pk,
        "payer_id": "P1",
        "submitter_id": "S1",
        "receiver_id": "R1",
        "receiver_name": "RECEIVER",
        "rendering": "AGENCY",
        "claim_kind": "CH",
    }
    key = uuid.uuid4()
    answers = [send("biller", "billing:payer-add", key=key, **data) for _ in range(2)]
    assert [each.status_code for each in answers] == [302, 302]
    told = send("biller", "billing:payer-add", **data)
    assert told.status_code == 422
    assert "Your agency has a payer of that code." in told.content.decode()


def test_a_rate_is_set_on_its_page(world, send):
    with world.acting("biller"):
        payer = Payer.objects.get(pack="tx-medicaid-peer")
    day = world.today.isoformat()
    data = {"code": "H0038", "modifiers": "hq u4", "amount": "5.00", "starts_on": day}
    assert send("biller", "billing:rate-set", payer.pk, **data).status_code == 302
    with world.acting("biller"):
        assert Rate.objects.filter(payer=payer, modifiers=["HQ", "U4"]).exists()


@pytest.mark.parametrize("modifiers", ["H", "HQ HQ", "A1 A2 A3 A4 A5", "HQ,U4"])
def test_modifiers_that_no_line_has_are_named(world, send, modifiers):
    with world.acting("biller"):
        payer = Payer.objects.get(pack="tx-medicaid-peer")
    data = {"code": "H0038", "modifiers": modifiers, "amount": "5", "starts_on": "2026-01-01"}
    assert send("biller", "billing:rate-set", payer.pk, **data).status_code == 422


def test_a_foreign_payer_is_not_there(world, send):
    with world.acting("other-administrator"):
        payer = Payer.objects.first()
    assert get(world, "biller", "billing:rate-set", payer.pk).status_code == 404


def test_the_coverage_page_shows_diagnoses_to_who_may_know_them(world, wren):
    for who, sees in (
        ("biller", True),
        ("auditor", True),
        ("peer", False),
        ("administrator", False),
    ):
        text = get(world, who, "billing:coverage-list", wren.pk).content.decode()
        assert ("F331" in text) is sees, who


def test_each_look_at_diagnoses_is_kept(world, wren):
    get(world, "peer", "billing:coverage-list", wren.pk)
    get(world, "biller", "billing:coverage-list", wren.pk)
    with world.acting("auditor"):
        looks = AuditEvent.objects.filter(action="diagnosis.viewed")
        assert [each.actor_id for each in looks] == [str(world["biller"].user.pk)]


def test_the_fragment_says_who_pays_today(world, wren):
    text = get(world, "peer", "billing:participant-coverage", wren.pk).content.decode()
    assert "DEMO0000001" in text
    with world.acting("administrator") as admin:
        person = people.person(admin.member, world.today)
    text = get(world, "administrator", "billing:participant-coverage", person.pk).content.decode()
    assert "Nobody pays today" in text


def test_a_coverage_is_recorded_and_ended(world, send, wren):
    with world.acting("biller"):
        payer = Payer.objects.order_by("code").first()
    day = (world.today - DAY).isoformat()
    data = {"payer": payer.pk, "member_id": "DEMO77", "order": "SECONDARY", "starts_on": day}
    key = uuid.uuid4()
    answers = [send("biller", "billing:coverage-add", wren.pk, key=key, **data) for _ in range(2)]
    assert [each.status_code for each in answers] == [302, 302]
    with world.acting("biller"):
        made = Coverage.objects.get(member_id="DEMO77")
    assert send("biller", "billing:coverage-end", made.pk, last_day=day).status_code == 302
    assert send("biller", "billing:coverage-end", made.pk, last_day=day).status_code == 422


def test_a_payer_of_another_agency_is_no_choice(world, send, wren):
    with world.acting("other-administrator"):
        payer = Payer.objects.first()
    data = {"payer": payer.pk, "member_id": "X", "order": "TERTIARY", "starts_on": "2026-01-01"}
    assert send("biller", "billing:coverage-add", wren.pk, **data).status_code == 422


def test_a_diagnosis_is_recorded_with_or_without_the_dot(world, send, wren):
    data = {"family": "MENTAL_HEALTH", "rank": 2, "starts_on": "2026-01-05", "code": "f41.1"}
    assert send("supervisor", "billing:diagnosis-add", wren.pk, **data).status_code == 302
    with world.acting("supervisor"):
        assert Diagnosis.objects.filter(participant=wren, code="F411").exists()
    wrong = {**data, "code": "411"}
    assert send("supervisor", "billing:diagnosis-add", wren.pk, **wrong).status_code == 422


@pytest.mark.parametrize(
    ("name", "who", "status"),
    [
        ("billing:coverage-add", "peer", 403),
        ("billing:coverage-add", "other-administrator", 404),
        ("billing:diagnosis-add", "biller", 403),
        ("billing:diagnosis-add", "peer", 403),
        ("billing:coverage-list", "lapsed-peer", 404),
        ("billing:coverage-list", "other-administrator", 404),
    ],
)
def test_the_wrong_role_and_the_other_agency_are_turned_away(world, wren, name, who, status):
    assert get(world, who, name, wren.pk).status_code == status
