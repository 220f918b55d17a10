"""What stands round every page: light and dark, help for each role, the keys, the statement, the gallery, paper."""

import re
from itertools import chain

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from peerworks.accounts.models import SignIn
from peerworks.accounts.roles import RoleName
from peerworks.agencies.context import acting_for
from peerworks.home import helping
from peerworks.home.demo import gallery
from peerworks.home.shortcuts import SHORTCUTS
from tests.house.sources import python, templates, without_comments
from tests.peerworks.account_forms import sent
from tests.sweep.ground import NINE

pytestmark = pytest.mark.django_db(databases=["default", "apart"])
STYLES = settings.BASE_DIR / "static" / "peerworks" / "css"
DARK = re.compile(r'href="/static/peerworks/css/dark\.css" media="([^"]*)"')
NAME = re.compile(r"(--[\w-]+)\s*:")


def page(client, path):
    """The page at a path, which is there."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


# Light and dark.


@pytest.mark.parametrize(
    ("theme", "media", "scheme"),
    [
        ("DEVICE", ["screen and (prefers-color-scheme: dark)"], "light dark"),
        ("DARK", ["screen"], "dark"),
        ("LIGHT", [], "light"),
    ],
)
def test_the_choice_holds_on_every_page_and_never_on_paper(world, theme, media, scheme):
    client = world["peer"].client()
    form = sent(world, "peer", name="Luz Ortega", pronouns="", language="en", theme=theme)
    assert client.post("/accounts/me/", form).status_code == 302
    shown = page(client, "/today/")
    assert DARK.findall(shown) == media
    assert f'<meta name="color-scheme" content="{scheme}">' in shown
    assert 'data-shortcuts="off"' in shown


@pytest.mark.parametrize("path", ["/accounts/sign-in/", "/accessibility/"])
def test_a_visitor_has_what_the_device_has(path):
    assert DARK.findall(page(Client(), path)) == ["screen and (prefers-color-scheme: dark)"]


def test_an_unknown_choice_is_refused(world):
    form = sent(world, "peer", name="Luz", pronouns="", language="en", theme="PINK")
    assert world["peer"].client().post("/accounts/me/", form).status_code == 422


def test_dark_is_other_values_of_the_same_names_and_no_rule():
    dark = re.sub(r"/\*.*?\*/", "", (STYLES / "dark.css").read_text(), flags=re.DOTALL)
    light = (STYLES / "peerworks.css").read_text()
    assert re.findall(r"([^{}]+)\{", dark) == ["\n:root "]
    names = set(NAME.findall(dark))
    assert names <= set(NAME.findall(light))
    colours = {each for each in NAME.findall(light) if each.startswith("--pw-")}
    assert colours - names == {"--pw-head", "--pw-bottom", "--pw-bar"}


#: What is seen on what: text needs 4.5, edges of controls, the ring of the focus and shapes need 3 (WCAG 1.4.3, 1.4.11).
TEXT = [
    (ink, on)
    for ink in ("ink", "ink-2", "green", "red", "amber", "blue")
    for on in ("card", "paper")
]
TEXT += [(tone, f"{tone}-soft") for tone in ("green", "amber", "red", "blue")] + [
    ("on-green", "green")
]
TEXT += [
    (ink, f"{tone}-soft") for ink in ("ink", "ink-2") for tone in ("green", "amber", "red", "blue")
]
EDGES = [(edge, on) for edge in ("edge", "blue", "red") for on in ("card", "paper")]


@pytest.mark.parametrize("sheets", [("peerworks",), ("peerworks", "dark")])
def test_every_pair_of_colours_has_its_contrast(sheets):
    values = {}
    for name in sheets:
        style = (STYLES / f"{name}.css").read_text().partition("\n}")[0]
        values |= dict(re.findall(r"--pw-([\w-]+): #([0-9a-f]{3,6})\b", style))
    weak = [(pair, 4.5) for pair in TEXT if contrast(values, *pair) < 4.5]
    weak += [(pair, 3) for pair in EDGES if contrast(values, *pair) < 3]
    assert weak == []


def contrast(values, one, other):
    """The contrast of two colours as WCAG counts it."""
    darker, lighter = sorted(luminance(values[name]) for name in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    """How bright a colour is, 0 to 1."""
    digits = colour if len(colour) == 6 else "".join(each * 2 for each in colour)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# Help.


def test_every_card_of_a_role_opens_for_that_role(world):
    for who in NINE:
        member, client = world[who].member, world[who].client()
        shown = page(client, "/help/")
        wanted = {c.url_name for role in member.roles for c in helping.CARDS[RoleName(role)]}
        chapters = helping.chapters_for(member)
        offered = list(chain.from_iterable(each.cards for each in chapters))
        assert wanted | {each.url_name for each in helping.FOR_ALL} == {
            each.url_name for each in offered
        }
        links = set(re.findall(r'<h3>.*?<a href="([^"]+)"', shown, re.DOTALL))
        assert len(links) >= len(wanted), who
        for link in links:
            assert client.get(link).status_code == 200, (who, link)


def test_a_card_with_a_closed_door_is_not_shown(world, monkeypatch):
    closed = helping.Card("Money?", "Look.", "billing:worklist", "Visits")
    monkeypatch.setitem(helping.CARDS, RoleName.PEER, (closed,))
    shown = page(world["peer"].client(), "/help/")
    assert "Money?" not in shown
    assert "/worklist/" not in shown


def test_the_cards_are_put_away_and_brought_back(world):
    client = world["trainer"].client()
    card = str(helping.CARDS[RoleName.TRAINER][0].question)
    assert card in page(client, "/today/")
    client.post("/accounts/help/hide/", sent(world, "trainer"))
    assert card not in page(client, "/today/")
    assert "/accounts/help/show/" in page(client, "/help/")
    client.post("/accounts/help/show/", sent(world, "trainer"))
    assert card in page(client, "/today/")


# The keys.


def test_the_keys_lead_where_one_may_go(world):
    peer, biller = (page(world[who].client(), "/help/") for who in ("peer", "biller"))
    assert 'data-shortcut="n" data-href="/notes/write/"' in peer
    assert 'data-shortcut="g b"' not in peer
    assert 'data-shortcut="g b" data-href="/worklist/"' in biller
    assert 'data-shortcut="n"' not in biller


def test_one_table_has_every_key_once():
    keys = [each.keys for each in SHORTCUTS]
    assert len(keys) == len(set(keys))
    firsts = {each.split(" ")[0] for each in keys if " " in each}
    assert not firsts & set(keys)
    texts = [without_comments(path.read_text()) for path in templates()]
    texts += [path.read_text() for path in python()]
    told = set(re.findall(r'(?:data-key"?[=:] ?|\bkey=)"(.)"', "\n".join(texts)))
    assert told <= {each.keys for each in SHORTCUTS if each.does == "press"}
    assert all(each.url_name or each.does for each in SHORTCUTS)


# The statement.


def test_the_statement_is_for_everybody_and_linked_from_every_page(world):
    for language, word in (("en", "What is missing"), ("es", "Qué falta")):
        told = Client(headers={"accept-language": language}).get("/accessibility/")
        assert word in told.content.decode()
        assert "@" not in told.content.decode().partition("<main")[2]
    signed_in = world["peer"].client()
    for client, path in ((Client(), "/accounts/sign-in/"), (Client(), "/"), (signed_in, "/today/")):
        assert 'href="/accessibility/"' in page(client, path)
    assert 'href="/accessibility/"' in signed_in.get("/no/such/page/").content.decode()


def test_the_statement_names_the_administrators_of_the_own_agency(world):
    told = page(world["peer"].client(), "/accessibility/")
    assert world["administrator"].user.email in told
    assert world["other-administrator"].user.email not in told


def test_the_statement_names_nobody_before_the_second_factor(world, settings):
    settings.PEERWORKS_DEMO = False
    client = world["peer"].client()
    assert world["administrator"].user.email in page(client, "/accessibility/")
    user_id = world["peer"].user.pk
    with acting_for(None, user_id), transaction.atomic():
        SignIn.objects.filter(user_id=user_id).update(factor_at=None)
    assert world["administrator"].user.email not in page(client, "/accessibility/")


# The gallery.


def test_every_component_stands_in_the_gallery_with_its_arguments():
    assert set(gallery.EXAMPLES) == gallery.files()
    assert all(gallery.takes(name) for name in gallery.EXAMPLES)


def test_the_gallery_is_there_in_the_demonstration_alone(settings):
    shown = page(Client(), "/demo/components/?mode=dark")
    assert DARK.findall(shown) == ["screen"]
    settings.PEERWORKS_DEMO = False
    assert Client().get("/demo/components/").status_code == 404


# Paper.


def test_paper_says_whose_it_is_who_printed_it_and_that_it_is_about_health(world):
    client, notice = world["supervisor"].client(), "This page contains health information."
    record = page(client, f"/participants/{world.people['mesa'].participant.pk}/")
    assert notice in record
    assert re.search(
        r"<b>Juniper Bridge[^<]*</b> · Printed by Andre Rivers, <time data-printed", record
    )
    assert notice not in page(client, "/help/")
    assert "Printed by" not in page(Client(), "/accessibility/")
