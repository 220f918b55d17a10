"""One's own account: name, pronouns, language, and what one may do."""

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import (
    get_password_validators,
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError

from peerworks.accounts.models import User
from peerworks.accounts.policies import _known_passwords, refusal_of_password
from peerworks.accounts.roles import ROLES, RoleName
from tests.peerworks.account_forms import events, problems, sent

pytestmark = pytest.mark.django_db(databases=["default", "apart"])
PAGE = "/accounts/me/"
LOOK = {"theme": "DEVICE", "has_shortcuts": "on"}


def test_it_says_who_one_is_and_what_each_role_may_do(world):
    client = world["supervisor"].client()
    page = client.get(PAGE).content.decode()
    assert world["supervisor"].user.email in page
    assert str(ROLES[RoleName.SUPERVISOR].sentence) in page
    assert f'href="{PAGE}"' in page


def test_a_change_is_kept_with_one_event_of_its_fields(world):
    client, user = world["administrator"].client(), world["administrator"].user
    form = sent(world, name="Marisol Kent-Ruiz", pronouns="she/her", language="en", **LOOK)
    assert client.post(PAGE, form)["Location"] == PAGE
    user.refresh_from_db()
    assert (user.name, user.pronouns) == ("Marisol Kent-Ruiz", "she/her")
    assert events(world.juniper, "account.changed") == [
        ("account.changed", str(user.pk), ["name", "pronouns"])
    ]
    client.post(PAGE, form)
    assert len(events(world.juniper, "account.changed")) == 1


def test_the_language_holds_at_once_and_on_the_next_machine(world):
    client = world["administrator"].client()
    form = sent(world, name="Marisol Kent", pronouns="", language="es", **LOOK)
    page = client.post(PAGE, form, follow=True).content.decode()
    assert '<html lang="es"' in page
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "es"
    assert '<html lang="es"' in world["administrator"].client().get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": ""}, "“Your name” is missing."),
        ({"name": "x" * 121}, "at most 120 characters"),
        ({"language": "xx"}, "xx is not one of the available choices"),
        ({"name": "a\x00b"}, "Null characters are not allowed"),
    ],
)
def test_what_is_wrong_is_said(world, given, sentence):
    form = sent(
        world, **{"name": "Marisol Kent", "pronouns": "", "language": "en", **LOOK, **given}
    )
    answer = world["administrator"].client().post(PAGE, form)
    assert answer.status_code == 422
    assert any(sentence in each for each in problems(answer)), problems(answer)


def test_az7_nothing_else_is_changed_by_what_else_is_sent(world):
    client, user = world["peer"].client(), world["peer"].user
    more = {
        "email": "x@people.example",
        "is_active": "",
        "roles": "ADMINISTRATOR",
        "is_service": "1",
    }
    form = sent(world, "peer", name=user.name, pronouns="", language="es", **LOOK, **more)
    client.post(PAGE, form)
    kept = User.objects.get(pk=user.pk)
    assert (kept.email, kept.is_active, kept.is_service) == (user.email, True, False)


def test_members_stand_in_the_menu_of_who_manages_them(world):
    assert 'href="/members/"' in world["administrator"].client().get(PAGE).content.decode()
    assert 'href="/members/"' not in world["peer"].client().get(PAGE).content.decode()


# The rules for whatever asks Django's own setting.


def test_au2_the_setting_is_the_same_rule(world):
    (validator,) = get_password_validators(settings.AUTH_PASSWORD_VALIDATORS)
    assert "15 characters" in validator.get_help_text()
    assert len(password_validators_help_texts()) == 1
    with pytest.raises(ValidationError, match="Use 15 characters or more"):
        validate_password("too short")
    with pytest.raises(ValidationError, match="little more than your name"):
        validate_password("LuzOrtega123456", world["peer"].user)
    validate_password("quiet otters under the pier", world["peer"].user)


def test_au2_a_thousand_sampled_entries_of_the_list_are_refused():
    """Entries of 15 and more as they are; shorter ones as people stretch them: twice and more, with a run."""
    known = sorted(each for each in _known_passwords() if each.isascii() and each.isalnum())
    long = [each for each in sorted(_known_passwords()) if len(each) >= 15]
    step = len(known) // 520
    sampled = known[::step]
    stretched = [f"{each}-" * (16 // len(each) + 2) for each in sampled if len(each) > 4]
    stretched += [f"{each}12345678901234" for each in sampled]
    tried = [*long, *stretched]
    assert len(tried) >= 1000
    assert [each for each in tried if refusal_of_password(each, ()) is None] == []
