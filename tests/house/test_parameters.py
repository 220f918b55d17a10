"""IN-2, AZ-2: what stands behind the ? of an address, and what is searched for, is a value and never a piece of a query.

The parameters of an address are those that its view is heard to read, so a new one is asked at once.
"""

import re

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import QueryDict

from tests.sweep.addresses import MISSING, addresses
from tests.sweep.asking import given_back, paths, shown_words
from tests.sweep.forms import forms_of
from tests.sweep.ground import NINE

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "apart"])]

PAGES = [each for each in addresses() if each.needs is not MISSING]
UNKNOWN = "zz-unknown-zz"
PAYLOADS = (
    "'", '"', "''", "\\", ";", "' OR '1'='1", '" OR ""="', "1 OR 1=1", "1; DROP TABLE agencies_agency --",
    "') OR ('1'='1", "1' AND (SELECT pg_sleep(5)) IS NULL --", "' UNION SELECT NULL, NULL --", "%", "_", "%27",
    "\x00", "id__gt", "-id", "?", "{\"$ne\": null}", "x" * 3000, "ʼ OR 1=1", "９" * 30, "99999999999999999999",
    "-1e999", "$$", "/*", "\u202e\u2028",
)  # fmt: skip
#: In CI each parameter of each address is asked with so many of them, another part each time; in `long` with all.
AT_ONCE = 1


class Heard(QueryDict):
    """The parameters of an address, and which of them somebody asks for."""

    names: set[str] = set()

    def __getitem__(self, key):
        self.names.add(key)
        return super().__getitem__(key)

    def get(self, key, default=None):
        self.names.add(key)
        return super().get(key, default)

    def getlist(self, key, default=None):
        self.names.add(key)
        return super().getlist(key, default)

    def __contains__(self, key):
        self.names.add(key)
        return super().__contains__(key)


_FIELDS = re.compile(r'<form[^>]*method="get".*?</form>', re.DOTALL)


def parameters(client, path, monkeypatch):
    """The names of the parameters that a view reads or that its page leads to, and the first answer."""
    Heard.names = set()
    with monkeypatch.context() as patch:
        patch.setattr(WSGIRequest, "GET", property(lambda self: Heard(self.META["QUERY_STRING"])))
        answer = client.get(path)
    text = answer.content.decode(errors="replace")
    names = {
        name for form in _FIELDS.findall(text) for name in re.findall(r'name="([\w-]+)"', form)
    }
    names |= set(re.findall(r'href="\?([\w-]+)=', text)) | set(re.findall(r"&amp;([\w-]+)=", text))
    return Heard.names | names, answer


def tried(number):
    """The part of the payloads whose turn it is."""
    at = (number * AT_ONCE) % len(PAYLOADS)
    return (PAYLOADS + PAYLOADS)[at : at + AT_ONCE]


def first_reader(ground, address):
    """Somebody who may open a page; nobody for a public one."""
    if address.needs is None:
        return None
    return next(w for w in NINE if all(ground.member(w).may(each) for each in address.needs))


def shape(answer):
    """How many rows of which kinds an answer has, and which records it names."""
    text = answer.content.decode(errors="replace")
    return answer.status_code, len(re.findall(r"<(?:tr|li|article|dt)\b", text)), ids_in(answer)


def ids_in(answer):
    """The records that an answer names in its links."""
    return sorted(
        re.findall(r'href="/[\w/-]*?([0-9a-f-]{36})', answer.content.decode(errors="replace"))
    )


#: Parameters that hold the id of a record, and which.
RECORDS = {"program": "agencies.Program", "note": "billing.ServiceNote"}
NOTHING = "00000000-0000-4000-8000-000000000000"


def of_others(ground, name):
    """AZ-2: the ids of foreign and sealed records that a parameter could be given."""
    label = RECORDS.get(name)
    rows = [ground.bags[which].known.get(label) for which in ("foreign", "sealed") if label]
    return [str(row.pk) for row in rows if row and row.pk != ground.bags["mine"].known[label].pk]


def wrongs(ground, who, path, name, values):
    """Where an answer to a value differs from that to an unknown one, and to an id from that to one of nothing."""
    client = ground.client(who)
    for given, plain in ((values, UNKNOWN), (of_others(ground, name), NOTHING)):
        answers = [
            (value, answered(client, path, name, value)) for value in (plain, *given) if given
        ]
        for value, answer in answers:
            if answer.status_code >= 500 or shape(answer) != shape(answers[0][1]):
                yield f"{who} {path}?{name}={value[:40]!r}: {shape(answer)[:2]}"
            if who and shown_words(answer, ground.hidden_from(who)):
                yield f"{who} {path}?{name}={value[:40]!r} shows words of others"


def answered(client, path, name, value):
    """An answer whose view event is given back, so that the next one to the audit trail shows the same rows."""
    with given_back():
        return client.get(path, {name: value})


def searched(ground, who, form, values):
    """The same for a form that is a search: answered with a page, and with no address to go to."""
    client, agency = ground.client(who), ground.agency(who).pk
    name = next(name for name, each in form.fields.items() if each.kind in {"text", "search"})
    with given_back():
        unknown = client.post(form.action, form.filled(agency, **{name: UNKNOWN}))
    if unknown.status_code != 200 or b"<!doctype html>" not in unknown.content[:200].lower():
        return
    yield None
    for value in values:
        answer = client.post(form.action, form.filled(agency, **{name: value}))
        is_same = (
            answer.status_code == 422 or shape(answer) == shape(unknown) or not value.strip(EDGES)
        )
        if answer.status_code not in {200, 422} or not is_same:
            yield f"{who} {form.action} {name}={value[:40]!r}: {shape(answer)[:2]}"


#: What a search leaves away; a search for nothing else finds everybody, or asks for words.
EDGES = "'\"\\;%_? \x00-"


def sweep(ground, monkeypatch, values_of):
    """(what is wrong, the names of the parameters, the names of the searches) over all addresses."""
    found, asked, searches, seen = [], [], set(), set()
    for address in PAGES:
        who = first_reader(ground, address)
        path = paths(address, ground)["mine"]
        names, answer = parameters(ground.client(who), path, monkeypatch)
        if answer.status_code != 200:
            continue
        for name in sorted(names - {"csrfmiddlewaretoken"}):
            asked.append(name)
            found += wrongs(ground, who, path, name, values_of(len(asked)))
        for form in forms_of(answer, path) if who else ():
            key = (form.name, *sorted(form.fields))
            if key not in seen and {"text", "search"} & {
                each.kind for each in form.fields.values()
            }:
                seen.add(key)
                told = list(
                    searched(ground, who, form, values_of(len(seen)) + values_of(len(seen) + 1))
                )
                searches |= {form.name} if told else set()
                found += [each for each in told if each]
    return found, set(asked), searches


def test_no_parameter_and_no_search_changes_the_question(ground, monkeypatch):
    """IN-2: no 500, and the rows of an unknown value, whatever stands in the address or is searched for.

    AZ-2: the id of somebody else's record in a filter answers like one that nothing has.
    """
    found, names, searches = sweep(ground, monkeypatch, tried)
    assert found == []
    assert {
        "page",
        "show",
        "reason",
        "month",
        "next",
        "sort",
        "since",
        "after",
        "like",
        "who",
    } <= names
    assert RECORDS.keys() <= names
    assert {
        "participants:participant-list",
        "providers:provider-list",
        "billing:note-write",
    } <= searches


@pytest.mark.long
def test_whatever_is_written(ground, monkeypatch):
    """IN-2: every payload in every parameter of every address, and in every search."""
    found, _names, _searches = sweep(ground, monkeypatch, lambda _: PAYLOADS)
    assert found == []
