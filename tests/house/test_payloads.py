"""IN-1: markup in every text of the database, and in every field that somebody types into, is shown and not believed."""

import copy
import html

import pytest

from tests.sweep.addresses import MISSING, addresses
from tests.sweep.asking import ask, given_back, own_path
from tests.sweep.forms import forms_of
from tests.sweep.ground import NINE
from tests.sweep.payloads import MANY, MARK, PAYLOADS, believed, poisoned

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "apart"])]

MACHINES = {"healthz", "readyz"}
PAGES = [each for each in addresses() if each.needs is not MISSING and each.name not in MACHINES]
ROUND = 20


def readers(ground, address, whole):
    """Who opens a page: the first who may, in the whole sweep everybody; nobody for a public one."""
    if address.needs is None:
        return [None]
    able = [w for w in NINE if all(ground.member(w).may(each) for each in address.needs)]
    return able if whole else able[:1]


def is_page(answer):
    """Whether a browser would read the answer as a page."""
    return answer["Content-Type"].startswith("text/html")


def sweep(ground, whole):
    """(what was believed, how many pages showed a payload) over all pages, and over their forms, filled with payloads."""
    wrong, shown, sent = [], 0, set()
    for address in PAGES:
        for who in readers(ground, address, whole):
            client, path = ground.client(who), own_path(address, ground, who or "peer")
            answer = ask(client, "GET", path, ground, who)
            assert answer.status_code < 500, (who, path)
            if not is_page(answer):
                continue
            text = answer.content.decode()
            shown += MARK in text
            wrong += [f"{who} {path}: {each}" for each in believed(text)]
            for form in forms_of(answer, path):
                if form.name not in sent and typed(form):
                    sent.add(form.name)
                    wrong += echoed(ground, client, who, form)
    return wrong, shown


def typed(form):
    """The fields of a form that somebody types into, each with a payload."""
    names = [
        n
        for n, each in form.fields.items()
        if each.kind in {"text", "search", "email", "textarea", "tel", "date"}
    ]
    return {name: PAYLOADS[place % len(PAYLOADS)] for place, name in enumerate(names)}


def echoed(ground, client, who, form):
    """What is believed of the payloads in the answer to a form."""
    agency = ground.agency(who).pk if who else ""
    with given_back():
        answer = client.post(form.action, form.filled(agency, **typed(form)))
    assert answer.status_code < 500, form.action
    return (
        [f"{form.action}: {each}" for each in believed(answer.content.decode())]
        if is_page(answer)
        else []
    )


@pytest.fixture(
    scope="module",
    params=[
        PAYLOADS,
        *(
            pytest.param(MANY[at : at + ROUND], marks=pytest.mark.long)
            for at in range(0, len(MANY), ROUND)
        ),
    ],
    ids=lambda payloads: payloads[0][:12],
)
def believing(request, prepared):
    """The ground with payloads in all texts, and the columns that took some."""
    with poisoned(prepared, request.param) as done:
        yield copy.deepcopy(prepared[1]), done, request.param


def test_no_text_is_believed(believing):
    """IN-1: some 20 telling kinds, spread over all columns with words; every page and form, as one who may.

    In `long` the whole cross of ways out and things to do, 200 kinds, as everybody who may.
    """
    ground, done, payloads = believing
    wrong, shown = sweep(ground, whole=len(payloads) == ROUND)
    assert wrong == []
    assert len(done) >= (60 if payloads is PAYLOADS else 50), sorted(
        done
    )  # some are too long for a column
    assert shown >= 60, shown


def test_there_are_200_kinds():
    assert len(set(MANY)) >= 200
    assert all(MARK in each for each in (*PAYLOADS, *MANY))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_believed_is_found(payload):
    """Else the tests above prove nothing: each payload, unescaped where it works, is seen; escaped it is not."""
    places = ("<p>{}</p>", '<input value="{}">', "<input value='{}'>", "<textarea>{}</textarea>", "<script>x = '{}'</script>",
              '<a href="{}">', "<title>{}</title>", "<!-- {} -->")  # fmt: skip
    if payload not in UNHARMFUL:
        assert any(believed(place.format(payload)) for place in places)
    assert not any(believed(place.format(html.escape(payload))) for place in places[:4])


#: What does nothing where nobody reads it a second time.
UNHARMFUL = {PAYLOADS[10], PAYLOADS[17], PAYLOADS[19], PAYLOADS[21]}
