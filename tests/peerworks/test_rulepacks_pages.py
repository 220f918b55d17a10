"""The pages of the rules: open to every member, each value with its source and status."""

import pytest
from django.urls import reverse
from django.utils import translation

from peerworks.lib.findings import Authority, Status
from peerworks.lib.rulepack import read_pack
from peerworks.rulepacks import statements
from peerworks.rulepacks.operations import load_shipped_packs, shipped_files
from peerworks.web import reasons
from tests.factories.participants import reading_english

pytestmark = pytest.mark.slow

PACKS = [read_pack(each.text, each.name) for each in shipped_files()]


@pytest.fixture(autouse=True)
def packs(world):
    """The rule packs are loaded."""
    load_shipped_packs()


def get(world, who, name, *args):
    """Open a page as one of the nine."""
    return reading_english(world[who]).get(reverse(name, args=args))


@pytest.mark.parametrize("who", ["peer", "biller", "privacy-officer", "other-administrator"])
def test_every_member_reads_the_rules(world, who):
    page = get(world, who, "rulepacks:pack-list")
    assert page.status_code == 200
    for pack in PACKS:
        assert pack.label["en"] in page.content.decode()


def test_the_rules_are_read_only(world):
    client = world["administrator"].client()
    data = {"form_agency": world.juniper.agency.pk}
    assert client.post(reverse("rulepacks:pack-list"), data).status_code == 405


def test_a_visitor_is_asked_to_sign_in(client):
    assert client.get(reverse("rulepacks:pack-list")).status_code == 302


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_a_pack_shows_each_value_with_its_source(world, pack):
    text = get(world, "peer", "rulepacks:pack-detail", pack.pack, pack.version).content.decode()
    for source in pack.sources.values():
        if any(value.source == source.key for value in pack.values) and source.url:
            assert source.url in text
    for words in ("Unverified", "Our proposal", "Read in the source", "Holds"):
        assert words in text
    assert "Does not hold" not in text


def test_an_unknown_version_is_not_there(world):
    name = "rulepacks:pack-detail"
    assert get(world, "peer", name, "va-dmas-peer", "1999.1").status_code == 404


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_every_value_of_a_shipped_pack_has_words(pack):
    rows = [each for chapter in statements.chapters(pack) for each in chapter.statements]
    assert len(rows) == len(pack.values)
    assert not [each.words for each in rows if each.words == each.words.lower()]


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_no_code_of_a_shipped_pack_is_shown_bare(pack):
    rows = [each for chapter in statements.chapters(pack) for each in chapter.statements]
    bare = [each.value for each in rows if "_" in each.value]
    assert not bare


def test_values_are_said_in_words():
    (pack,) = [each for each in PACKS if each.pack == "tx-medicaid-peer"]
    said = {value.path: statements.value_words(value, pack) for value in pack.values}
    assert said["workforce.supervision.INITIAL.every"] == "every 7 days"
    assert said["services.mh-individual.caps.day.units"] == "none"
    assert said["services.mh-individual.authorization.required"] == "No"
    assert "in person, video" == said["services.mh-individual.modes.allowed"]


def test_the_list_costs_the_same_however_often(world, django_assert_max_num_queries):
    client = reading_english(world["peer"])
    with django_assert_max_num_queries(20):
        client.get(reverse("rulepacks:pack-list"))


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_what_rests_on_no_paper_is_said_in_both_languages(pack):
    for source in pack.sources.values():
        if source.status in (Status.UNVERIFIED, Status.PROPOSAL):
            with translation.override("es"):
                assert statements.source_words(source.title) != source.title


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_a_pack_never_shows_the_key_of_a_source(world, pack):
    page = get(world, "peer", "rulepacks:pack-detail", pack.pack, pack.version)
    shown = {row.source for chapter in page.context["chapters"] for row in chapter.statements}
    assert shown == {pack.sources[value.source].title for value in pack.values}
    assert not shown & set(pack.sources)


def test_a_finding_names_the_title_of_its_source(world):
    pack = PACKS[0]
    for value in pack.values:
        authority = pack.authority(value)
        title = pack.sources[value.source].title
        assert reasons.rests_on(authority).startswith(f"{title} · {pack.pack}, version ")


def test_of_a_version_that_is_not_loaded_the_key_is_all_that_is_known(world):
    authority = Authority("nowhere", "1", "a.b", Status.PROPOSAL, "default")
    assert statements.source_of(authority) == "default"
