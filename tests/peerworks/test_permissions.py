"""The page of permissions: drawn from the matrix of roles, for every member to read, in both languages."""

import pytest
from django.conf import settings
from django.utils import translation

from peerworks.accounts import permissions
from peerworks.accounts.roles import ROLES, STEP_UP, Permission, RoleName, Scope
from tests.factories.participants import reading_english

PAGE = "/audit/permissions/"


def told():
    """Every permission with its sentence, as the page has them."""
    return [(each, text) for area in permissions.AREAS.values() for each, text in area.items()]


def test_each_permission_stands_in_one_area():
    assert sorted(each for each, _text in told()) == sorted(Permission)


def test_each_scope_has_its_words():
    assert permissions.SCOPES.keys() == set(Scope)


@pytest.mark.parametrize("permission", Permission)
def test_each_permission_has_a_sentence_in_both_languages(permission):
    said = set()
    for language in ("en", "es"):
        with translation.override(language):
            said.add(permissions.sentence_of(permission))
    assert len(said) == 2
    assert all(sentence.endswith(".") and len(sentence) < 100 for sentence in said)


def test_the_rows_say_what_the_matrix_says():
    for area in permissions.matrix():
        for row in area.rows:
            for name, cell in zip(RoleName, row.cells, strict=True):
                held = ROLES[name].scopes.get(row.permission, frozenset())
                words = {str(permissions.SCOPES[scope][0]) for scope in held}
                assert set(cell.scopes) == words
                assert cell.is_starred is ((name, row.permission) in STEP_UP)


def test_the_card_of_a_role_holds_what_it_may_and_nothing_else():
    for card in permissions.role_cards():
        shown = sum(len(rows) for _title, rows in card.areas)
        assert shown == len(ROLES[card.name].scopes)


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["peer", "administrator", "auditor", "other-administrator"])
def test_every_member_may_read_it(world, who):
    answer = reading_english(world[who]).get(PAGE)
    assert answer.status_code == 200
    page = answer.content.decode()
    for name in RoleName:
        assert str(name.label) in page
    assert "Write a service note." in page
    assert "Asks for the second factor again" in page
    assert "yours" in page


@pytest.mark.django_db
def test_it_is_all_in_spanish(world):
    client = world["peer"].client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    page = client.get(PAGE).content.decode()
    assert "Escribir una nota de servicio." in page
    with translation.override("en"):
        english = [str(text) for _each, text in told()]
    assert not [text for text in english if text in page]
