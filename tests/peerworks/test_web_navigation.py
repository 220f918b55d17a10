"""The shell's menus: who sees what, what is marked, what fits on a phone."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import ResolverMatch

from peerworks.web import navigation
from peerworks.web.context import Shell
from peerworks.web.navigation import Menu, NavItem, Place


class Somebody:
    """Signed in, with or without a permission."""

    is_authenticated = True

    def __str__(self):
        return "Luz Ortega"


@pytest.fixture
def menu(monkeypatch):
    """Empty menus, given back after the test."""
    monkeypatch.setattr(navigation, "_items", {})
    monkeypatch.setattr(navigation, "_places", {})
    return navigation


def asked(view_name="", user=None, method="get"):
    """A request that was resolved to a view of this name."""
    request = getattr(RequestFactory(), method)("/a/?b=1")
    request.user = user or Somebody()
    namespace, _, name = view_name.rpartition(":")
    request.resolver_match = ResolverMatch(
        str, (), {}, name, [], [namespace] if namespace else [], "a/"
    )
    return request


def item(url_name, **more):
    return NavItem(url_name, more.pop("label", url_name), **more)


def labels(items):
    return [each.label for each in items]


def test_entries_are_sorted_and_asked_for(menu):
    menu.register(item("b:x-list", order=20))
    menu.register(item("a:y-list", order=10))
    menu.register(item("c:z-list", order=5, is_allowed=lambda request: False))
    assert labels(menu.items_for(asked())) == ["a:y-list", "b:x-list"]


def test_same_entry_again_replaces_itself(menu):
    menu.register(item("a:y-list", label="Old"))
    menu.register(item("a:y-list", label="New"))
    assert labels(menu.items_for(asked())) == ["New"]


def test_account_entries_are_apart(menu):
    menu.register(item("a:y-list"))
    menu.register(item("a:me", menu=Menu.ACCOUNT))
    assert labels(menu.items_for(asked())) == ["a:y-list"]
    assert labels(menu.items_for(asked(), Menu.ACCOUNT)) == ["a:me"]


@pytest.mark.parametrize(
    ("view", "current"),
    [
        ("p:provider-list", "p:provider-list"),
        ("p:provider-detail", "p:provider-list"),
        ("p:credential-renew", "p:provider-list"),
        ("p:credential-verify", "p:verify"),
        ("q:other", None),
        ("", None),
    ],
)
def test_longest_match_is_marked(menu, view, current):
    menu.register(item("p:provider-list", covers=("p:credential-",)))
    menu.register(item("p:verify", covers=("p:credential-verify",)))
    marked = [each.label for each in menu.items_for(asked(view)) if each.is_current]
    assert marked == ([current] if current else [])


def test_list_is_never_longer_than_seven(menu):
    for number in range(9):
        menu.register(item(f"a:{number}", order=number))
    assert len(menu.items_for(asked())) == 7


@pytest.mark.parametrize(("count", "below"), [(3, 3), (5, 5), (6, 4), (7, 4)])
def test_phone_shows_five_or_four_and_more(menu, count, below):
    for number in range(count):
        menu.register(item(f"a:{number}", order=number))
    shell = Shell(asked())
    assert len(shell.phone_items) == below
    assert len(shell.more_items) == count - below


def test_entry_that_is_not_for_phones_stands_under_more(menu):
    menu.register(item("a:1", phone=False))
    menu.register(item("a:2"))
    shell = Shell(asked())
    assert (labels(shell.phone_items), labels(shell.more_items)) == (["a:2"], ["a:1"])


def test_visitor_has_no_menus(menu):
    menu.register(item("a:1", is_allowed=lambda request: True))
    shell = Shell(asked(user=AnonymousUser()))
    assert (shell.items, shell.account_items, shell.is_signed_in) == ([], [], False)


def test_everyone_means_who_is_signed_in(menu):
    assert navigation.everyone(asked())
    assert not navigation.everyone(asked(user=AnonymousUser()))


def test_count_is_shown(menu):
    menu.register(item("a:1", count=lambda request: "3 overdue"))
    assert menu.items_for(asked())[0].count == "3 overdue"


def test_place_without_a_page_is_empty(menu):
    assert menu.url_of(Place.HELP) == ""
    menu.register_place(Place.HELP, "nowhere:help")
    assert menu.url_of(Place.HELP) == ""
    menu.register_place(Place.TOKEN, "web:form-token")
    assert Shell(asked()).places["token"] == "/session/token/"


def test_switch_of_language_leads_back_to_a_page_that_can_be_asked_for_again(menu):
    assert Shell(asked()).here == "/a/?b=1"
    assert Shell(asked(method="post")).here == ""


def test_other_languages_are_named_in_their_own_words(menu):
    assert Shell(asked()).other_languages == [("es", "Español")]


def test_person_is_named_by_the_short_name_if_there_is_one(menu):
    assert Shell(asked()).person == "Luz Ortega"
    short = Somebody()
    short.get_short_name = lambda: "Luz"
    assert Shell(asked(user=short)).person == "Luz"
