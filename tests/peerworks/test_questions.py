"""Questions that are planned once answer as the queries that they are made of, each time, and to nobody else."""

import threading

import pytest
from django.db import DataError, connection, transaction
from django.db.models import CharField
from django.test.utils import CaptureQueriesContext

from billing.models import GateRun
from peerworks.accounts.models import Membership
from peerworks.agencies.context import acting_for
from peerworks.agencies.postgres.questions import Given, GivenIds, Question
from providers.models import Employment, Provider
from tests.at_once import all_at_once
from tests.factories.billing_notes import make_note, queries_of, run_of

MORE_OFTEN_THAN_POSTGRESQL_PLANS_ANEW = 12


def providers():
    """Every worker of the agency, by id."""
    return Provider.objects.order_by("pk")


@pytest.fixture
def acting(world):
    """The world, inside the first agency."""
    with world.acting("administrator"):
        yield world


def test_records_are_those_of_the_query_with_what_they_bring_along(acting):
    def held(ids):
        return Employment.objects.filter(provider__among=ids).select_related("provider")

    ask, everybody = (
        Question(lambda: held(GivenIds("ids"))),
        set(providers().values_list("pk", flat=True)),
    )
    assert set(ask(ids=everybody)) == set(held(everybody)) != set()
    (one, *_) = ask(ids=everybody)
    assert queries_of(lambda: one.provider.given_name) == 0
    assert one.days == Employment.objects.get(pk=one.pk).days


def test_another_time_it_is_asked_of_others(acting):
    ask = Question(lambda: providers().filter(pk__among=GivenIds("ids")))
    first, second, *_ = providers()
    assert ask(ids=[first.pk]) == [first]
    assert ask(ids={second.pk}) == [second]
    assert ask(ids={first.pk: "", second.pk: ""}) == [first, second]


def test_rows_are_those_of_the_query_and_in_its_words(acting):
    """A column of JSON comes as Django makes it, not as the driver does."""
    with acting.acting("peer"):
        note = make_note(acting)
    run = run_of(acting, note)
    fields = ("pk", "facts", "outcome")
    ask = Question(lambda: GateRun.objects.filter(pk=Given("run")).values_list(*fields))
    assert ask(run=run.pk) == list(GateRun.objects.filter(pk=run.pk).values_list(*fields))
    assert isinstance(ask(run=run.pk)[0][1], dict)


def test_of_nothing_nothing_is_asked(acting):
    ask = Question(lambda: providers().filter(pk__among=GivenIds("ids")))
    assert queries_of(lambda: ask(ids=[])) == 0
    assert ask(ids=[]) == []
    assert queries_of(lambda: ask(ids=providers().values_list("pk", flat=True)[:1])) == 2


def test_it_is_planned_once_a_connection(acting):
    ask = Question(lambda: providers().filter(given_name=Given("it_is_called", CharField())))
    (statement,) = said(lambda: ask(it_is_called="Luz"))
    for _ in range(MORE_OFTEN_THAN_POSTGRESQL_PLANS_ANEW):
        assert [each.given_name for each in ask(it_is_called="Luz")] == ["Luz"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement = %s",
            [statement],
        )
        ((kept, anew),) = cursor.fetchall()
    assert kept > 0
    assert kept + anew == MORE_OFTEN_THAN_POSTGRESQL_PLANS_ANEW + 1


def said(work):
    """What Django's log of queries shows."""
    with CaptureQueriesContext(connection) as asked:
        work()
    return [each["sql"] for each in asked]


def test_one_plan_keeps_the_agencies_apart(world):
    """The policies ask who asks at each asking: a plan made for one agency is no way into it for another."""
    ask = Question(lambda: Membership.objects.filter(is_active=True).order_by("pk"))
    houses = (world.juniper, world.lantern)
    for _ in range(MORE_OFTEN_THAN_POSTGRESQL_PLANS_ANEW):
        for house in houses:
            with acting_for(house.agency.pk, house.service.user_id):
                assert {each.agency_id for each in ask()} == {house.agency.pk}
        with acting_for(None):
            assert ask() == []


def test_what_goes_wrong_is_djangos_error(acting):
    ask = Question(lambda: providers().filter(pk__among=GivenIds("ids")))
    with pytest.raises(DataError), transaction.atomic():
        ask(ids=["no id"])


def test_a_value_that_was_not_told_is_missed(acting):
    ask = Question(lambda: providers().filter(pk=Given("worker")))
    with pytest.raises(KeyError, match="worker"):
        ask(other=None)


@pytest.mark.django_db(transaction=True)
def test_two_threads_that_make_it_at_once_both_have_their_answer(made_world):
    """One must not shape its rows by what the other has only begun to make."""
    both = threading.Barrier(2, timeout=5)

    def make():
        both.wait()
        return Membership.objects.filter(user=Given("user")).select_related("agency")

    ask, world = Question(make), made_world[1]
    users = [world["peer"].user.pk, world["biller"].user.pk]

    def agencies_of(user):
        with acting_for(None, user), transaction.atomic():
            return [each.agency.slug for each in ask(user=user)]

    assert all_at_once(agencies_of, users, threads=2) == [["juniper-bridge"]] * 2
