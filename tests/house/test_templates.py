"""Templates: their size, that each is used and compiles, and what none of them holds."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

from tests.house.sources import python, template_name, templates, without_comments

PAGE_LINES = 120
COMPONENT_LINES = 40
#: Asked for by the number of the answer, in `peerworks.web.errors` and by Django itself.
ERROR_PAGES = {f"{status}.html" for status in (400, 403, 404, 409, 413, 429, 500, 503)} | {
    "403_csrf.html"
}

BANS = {
    "a style of its own": r"<style\b|\sstyle\s*=",
    "a script of its own": r"<script(?![^>]*(\bsrc=|type=.application/json))",
    "a handler in an attribute": r"\son[a-z]+\s*=|hx-on|href\s*=\s*.?javascript:",
    "HTML that is believed": r"\|\s*safe(seq)?\b|autoescape\s+off",
}
URL = re.compile(r"\{%\s*url\s+['\"]([^'\"]+)['\"]")
CALLED_URL = re.compile(r"\b(?:reverse|reverse_lazy|redirect)\(\s*\"([\w-]+:[\w-]+)\"")
#: Words that need no translation: names, and what stands for itself.
SAME_IN_ALL_LANGUAGES = {"PeerWorks", "Español", "English", "NPI", "EIN", "837P"}
TRANSLATED = re.compile(
    r"\{%\s*blocktrans(?:late)?\b.*?\{%\s*endblocktrans(?:late)?\s*%\}", re.DOTALL
)
UNSPOKEN = re.compile(r"<meta\b[^>]*>|<(script|style)\b.*?</\1>|<!--.*?-->", re.DOTALL)
LOGIC = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
SPOKEN_ATTRIBUTE = re.compile(r"\s(?:aria-label|alt|title|placeholder)=\"([^\"]*)\"")
MARKUP = re.compile(r"<[^>]*>|&#?\w+;")


def texts():
    """The templates by name, without their comments."""
    return {template_name(path): without_comments(path.read_text()) for path in templates()}


TEXTS = texts()
PAGES = sorted(name for name in TEXTS if name.endswith(".html"))


@pytest.mark.parametrize("name", PAGES)
def test_size(name):
    limit = COMPONENT_LINES if name.startswith("components/") else PAGE_LINES
    assert len(TEXTS[name].splitlines()) <= limit


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_compiles(name):
    get_template(name)


def overrides(name):
    """Whether another package ships a template of that name, so that ours takes its place."""
    folders = [Path(config.path) / "templates" for config in apps.get_app_configs()]
    return any((folder / name).is_file() for folder in folders)


def test_each_template_is_used():
    asked = "\n".join([*TEXTS.values(), *(path.read_text() for path in python())])
    unused = [
        name
        for name in TEXTS
        if name not in ERROR_PAGES
        and "/notices/" not in name
        and f'"{name}' not in asked
        and f"'{name}" not in asked
        and not overrides(name)
    ]
    assert not unused


@pytest.mark.parametrize("ban", BANS)
def test_no_template_holds(ban):
    """IN-1: nothing that the policy of the browser would refuse, nothing that is believed."""
    wanted = re.compile(BANS[ban], re.IGNORECASE)
    assert not [name for name in PAGES if wanted.search(TEXTS[name])]


def url_names(resolver, prefix=""):
    """Every name that a page can be asked for by."""
    for each in resolver.url_patterns:
        if isinstance(each, URLPattern) and each.name:
            yield prefix + each.name
        elif isinstance(each, URLResolver):
            inner = f"{prefix}{each.namespace}:" if each.namespace else prefix
            yield from url_names(each, inner)


def test_each_name_of_a_page_resolves():
    there = set(url_names(get_resolver()))
    asked = {name for text in TEXTS.values() for name in URL.findall(text)}
    asked |= {name for path in python() for name in CALLED_URL.findall(path.read_text())}
    assert "web:form-token" in there
    assert asked <= there, asked - there


def untranslated(text):
    """Words that a reader sees and no catalogue knows."""
    text = LOGIC.sub(" ", UNSPOKEN.sub(" ", TRANSLATED.sub(" ", text)))
    seen = MARKUP.sub(" ", text) + " ".join(SPOKEN_ATTRIBUTE.findall(text))
    return [
        word
        for word in re.findall(r"[^\W\d_]{2,}[\w-]*", seen)
        if word not in SAME_IN_ALL_LANGUAGES
    ]


@pytest.mark.parametrize("name", PAGES)
def test_all_words_are_translated(name):
    assert not untranslated(TEXTS[name])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<p>Sign in</p>", ["Sign", "in"]),
        ('<b aria-label="Close">{{ x|default:"-" }}</b>', ["Close"]),
        ('<b aria-label="{% translate "Close" %}">PeerWorks &middot; 7</b>', []),
        ("{% blocktranslate trimmed %}Hello {{ name }}{% endblocktranslate %}", []),
    ],
)
def test_untranslated_words_are_found(text, words):
    assert untranslated(text) == words
