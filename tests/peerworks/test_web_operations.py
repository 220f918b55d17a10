"""run_operation: what is done stays, what is refused leaves nothing and says why."""

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import IntegrityError, connection
from django.test import RequestFactory

from peerworks.accounts.models import User
from peerworks.lib.findings import enforce, refuse
from peerworks.web import reasons
from peerworks.web.operations import constraint_name, run_operation
from tests.peerworks.web_site import VisitForm

pytestmark = pytest.mark.django_db
EMAIL_LOWER = "accounts_user_email_lower"


@pytest.fixture(autouse=True)
def words(monkeypatch):
    """One reason with words."""
    monkeypatch.setattr(reasons, "_reasons", {})
    reasons.register("OWN-NOTE", "You wrote this note yourself.")


@pytest.fixture
def request_with_messages():
    """A request that keeps messages."""
    request = RequestFactory().post("/")
    request._messages = CookieStorage(request)
    return request


def add_user(*, email):
    """An operation that writes one row."""
    return User.objects.create_user(email=email, name="Alder")


def add_user_then_refuse(*, email):
    """An operation that finds out late."""
    add_user(email=email)
    enforce(refuse("OWN-NOTE"))


def break_constraint(*, email):
    """An operation that breaks a constraint of a model, past the model's own care."""
    user = add_user(email=email)
    User.objects.filter(pk=user.pk).update(email=email.upper())


def test_done_operation_gives_its_value():
    result = run_operation(add_user, email="alder@juniper-bridge.example")
    assert result
    assert result.value == User.objects.get(email="alder@juniper-bridge.example")
    assert (result.refusal, result.message) == (None, "")


def test_operation_may_answer_with_nothing():
    assert run_operation(lambda: None).is_done


def test_refused_operation_leaves_nothing_and_says_why_in_the_form():
    form = VisitForm({})
    result = run_operation(add_user_then_refuse, form=form, email="a@juniper-bridge.example")
    assert not result
    assert result.refusal.code == "OWN-NOTE"
    assert form.non_field_errors() == ["You wrote this note yourself."]
    assert not User.objects.filter(email="a@juniper-bridge.example").exists()


def test_refusal_goes_to_the_field_that_is_named_for_it():
    form = VisitForm({})
    run_operation(
        add_user_then_refuse,
        form=form,
        fields={"OWN-NOTE": "who"},
        email="a@juniper-bridge.example",
    )
    assert "You wrote this note yourself." in form.errors["who"]


def test_refusal_without_a_form_becomes_a_message(request_with_messages):
    run_operation(
        add_user_then_refuse, request=request_with_messages, email="a@juniper-bridge.example"
    )
    said = [(each.level_tag, str(each)) for each in get_messages(request_with_messages)]
    assert said == [("error", "You wrote this note yourself.")]


def test_broken_constraint_says_its_own_words_and_the_request_goes_on():
    form = VisitForm({})
    result = run_operation(break_constraint, form=form, email="b@juniper-bridge.example")
    assert result.constraint == EMAIL_LOWER
    assert form.non_field_errors() == ["Write the address in lower case."]
    assert not User.objects.filter(email="b@juniper-bridge.example").exists()


def test_broken_constraint_goes_to_the_field_that_is_named_for_it():
    form = VisitForm({})
    run_operation(
        break_constraint, form=form, fields={EMAIL_LOWER: "who"}, email="b@juniper-bridge.example"
    )
    assert "Write the address in lower case." in form.errors["who"]


def test_constraint_without_words_of_a_model_is_a_fault():
    add_user(email="c@juniper-bridge.example")
    with pytest.raises(IntegrityError) as caught:
        run_operation(add_user, email="c@juniper-bridge.example")
    assert constraint_name(caught.value)


def test_any_other_exception_goes_on():
    def fail():
        raise LookupError("of the program")

    with pytest.raises(LookupError, match="of the program"):
        run_operation(fail)


def test_what_is_deferred_is_checked_before_the_answer():
    def put_off():
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMPORARY TABLE kept (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)"
            )
            cursor.execute("INSERT INTO kept VALUES (1), (1)")

    with pytest.raises(IntegrityError, match="kept_n_key"):
        run_operation(put_off)


def test_error_that_is_not_of_postgresql_names_no_constraint():
    assert constraint_name(IntegrityError("made up")) == ""
