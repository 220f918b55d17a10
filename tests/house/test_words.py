"""Every reason and every event has its sentence, in both languages, and none is asked for in vain."""

import re

from django.utils import translation

from billing.gates.rules import GATES
from peerworks.audit import events
from peerworks.web import reasons
from tests.checks.catalogue import fields_of
from tests.checks.docs import Some
from tests.house.sources import python

#: Where code names a reason or an event. A name that is computed is checked when it is used.
REASON = re.compile(
    r'\b(?:refuse|Because)\(\s*"([A-Z][A-Z0-9-]+)"|\bfails\(\s*\w+,\s*"([A-Z0-9-]+)"'
)
EVENT = re.compile(r'\b(?:trail\.record|record|Seen)\(\s*"([a-z_]+\.[a-z_]+)"')


def named(pattern):
    """What the code names, with a file that names it."""
    found = {}
    for path in python():
        for match in pattern.finditer(path.read_text()):
            found[next(group for group in match.groups() if group)] = path.name
    return found


def in_both(text):
    """A text in English and in Spanish; a function is asked with two of everything."""
    spoken = []
    for language in ("en", "es"):
        with translation.override(language):
            spoken.append(str(text(Some()) if callable(text) else text))
    return spoken


def is_in_both(text):
    """Whether there is a Spanish of its own, with the placeholders of the English."""
    english, spanish = in_both(text)
    return english.strip() and spanish != english and fields_of(spanish) == fields_of(english)


def test_each_reason_has_its_sentence_in_both_languages():
    words = reasons.registered()
    assert not [code for code, each in words.items() if not is_in_both(each.sentence)]
    assert not [code for code, each in words.items() if each.fix and not is_in_both(each.fix)]


def test_each_event_has_its_sentence_in_both_languages():
    # What the guards register for themselves is said to nobody.
    words = {key: each for key, each in events.actions().items() if not key.startswith("tests.")}
    assert not [action for action, each in words.items() if not is_in_both(each.sentence)]
    assert all("{actor}" in in_both(each.sentence)[0] for each in words.values())


def test_each_reason_of_a_gate_has_words():
    missing = [code for gate in GATES for code in gate.reasons if not reasons.is_registered(code)]
    assert not missing


def test_each_reason_that_the_code_names_has_words():
    missing = {
        code: file for code, file in named(REASON).items() if not reasons.is_registered(code)
    }
    assert not missing


def test_each_event_that_the_code_names_has_words():
    missing = {code: file for code, file in named(EVENT).items() if not events.is_registered(code)}
    assert not missing


def test_the_search_finds_what_the_code_names():
    assert {"CERT-EXP", "STAFF-OFF"} <= named(REASON).keys()
