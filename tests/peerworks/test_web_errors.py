"""Error pages: generic, numbered, the same bytes for every 404, and never a fault of their own."""

import json
import re
import uuid

import pytest
from django.conf import settings
from django.test import Client, RequestFactory, override_settings
from django.utils import translation

from peerworks.agencies.context import acting_for
from peerworks.web import errors

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.peerworks.web_site"),
]

NUMBER = re.compile(rb"<strong class=\"num\">([0-9A-Z]{4}-[0-9A-Z]{4})</strong>")


@pytest.fixture
def visitor():
    """A client that shows 500s as a browser would see them."""
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("path", "status"),
    [("/forbidden/", 403), ("/conflict/", 409), ("/broken/", 500), ("/unavailable/", 503)],
)
def test_page_has_a_number_that_the_header_repeats(visitor, path, status):
    answer = visitor.get(path)
    assert answer.status_code == status
    assert NUMBER.search(answer.content)[1].decode() == answer["X-Reference"]
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/forbidden/", "/conflict/", "/broken/", "/unavailable/", "/no/"])
def test_page_tells_nothing_of_the_program(visitor, path):
    content = visitor.get(path).content.lower()
    for word in (b"canary-of-a-fault", b"django", b"traceback", b"python", path.encode()):
        assert word not in content
    assert not re.search(rb"\d+\.\d+\.\d+", content)


ASKED = "canary-of-the-request"


def too_long(client, **headers):
    """A form that is longer than any page takes."""
    return client.post("/", b"x" * 3_000_000, content_type="text/plain", headers=headers)


def without_token(client, **headers):
    """A form without its token."""
    return Client(enforce_csrf_checks=True).post("/", {"a": ASKED}, headers=headers)


def at_foreign_host(client, **headers):
    """A request for another host than ours."""
    with override_settings(ALLOWED_HOSTS=["only.example"]):
        return client.get(f"/?q={ASKED}", headers={**headers, "host": f"{ASKED}.example"})


def at(path):
    """A request for one page, with words in its query."""
    return lambda client, **headers: client.get(f"{path}?q={ASKED}", headers=headers)


ERRORS = {
    "400": at_foreign_host,
    "403": at("/forbidden/"),
    "403 csrf": without_token,
    "404": at(f"/{ASKED}/"),
    "409": at("/conflict/"),
    "413": too_long,
    "429": at("/many/"),
    "500": at("/broken/"),
    "503": at("/unavailable/"),
}


@pytest.mark.parametrize("error", ERRORS)
def test_cf_6_each_error_has_its_page_in_both_languages_and_repeats_nothing(visitor, error):
    """CF-6: our own page, in plain words; a number and nothing of the program or of the request."""
    said = {}
    for language in ("en", "es"):
        told = {"accept-language": language, "user-agent": ASKED, "referer": f"/{ASKED}/"}
        answer = ERRORS[error](visitor, **told)
        assert answer.status_code == int(error[:3])
        text = answer.content.decode()
        assert f'<html lang="{language}"' in text
        assert text.count("<h1>") == 1
        if error != "404":
            assert answer["X-Reference"] in text
        everything = f"{text} {dict(answer.items())} {answer.cookies}".lower()
        for word in (ASKED, "canary", "traceback", "exception", "django", "python", "postgres"):
            assert word not in everything, word
        assert not re.search(r"\b\d+\.\d+(\.\d+)?\b", text), "a version"
        assert "Server" not in answer
        said[language] = re.search(r"<h1>(.*?)</h1>\s*<p>(.*?)</p>", text, re.DOTALL).groups()
    assert all(english != spanish for english, spanish in zip(*said.values(), strict=True))


def test_cf_6_a_page_has_words_for_each_status_that_we_answer_with():
    """CF-6: a status that code answers an error with has its page."""
    pages = {path.stem for path in (settings.BASE_DIR / "templates").glob("*.html")}
    assert {error.replace(" ", "_") for error in ERRORS} == pages - {"base"}


def test_what_fails_before_the_language_is_read_speaks_the_readers(visitor):
    """A thread keeps the language of its last request: the next one may not answer in it."""
    with translation.override("es"):
        answer = errors.bad_request(RequestFactory().get("/", headers={"accept-language": "en"}))
    assert b'<html lang="en"' in answer.content


def test_every_404_is_the_same_bytes(visitor):
    answers = [visitor.get(path) for path in ("/a/", f"/notes/{uuid.uuid4()}/", "/a/?q=<script>")]
    assert {each.status_code for each in answers} == {404}
    assert len({each.content for each in answers}) == 1
    assert len({each["X-Reference"] for each in answers}) == 3


def test_404_speaks_the_readers_language(visitor):
    assert b'<html lang="es"' in visitor.get("/a/", headers={"accept-language": "es"}).content


def test_error_page_has_one_heading_a_way_out_and_no_menu(visitor):
    content = visitor.get("/a/").content.decode()
    assert content.count("<h1>") == 1
    assert 'href="/"' in content
    assert "<form" not in content


def test_form_without_a_token_is_told_in_words():
    answer = Client(enforce_csrf_checks=True).post("/")
    assert answer.status_code == 403
    assert b"It was opened before the last sign-in" in answer.content


@override_settings(ALLOWED_HOSTS=["only.example"])
def test_foreign_host_is_a_400(visitor):
    answer = visitor.get("/")
    assert answer.status_code == 400
    assert NUMBER.search(answer.content)


def test_script_gets_data(visitor):
    answer = visitor.get("/conflict/", headers={"accept": "application/json"})
    assert json.loads(answer.content) == {"error": 409, "reference": answer["X-Reference"]}


def test_fault_in_the_page_itself_still_answers(visitor, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("templates are gone")

    monkeypatch.setattr(errors, "render_to_string", fail)
    answer = errors.server_error(RequestFactory().get("/"))
    assert (answer.status_code, answer.content) == (500, b"Error 500")


def test_unavailable_says_when_to_come_back():
    assert errors.unavailable(RequestFactory().get("/"))["Retry-After"] == "60"


def test_number_is_made_from_the_request_id_and_stays_the_same():
    request = RequestFactory().get("/")
    with acting_for(None, request_id="018f3a2b-1c4d-4e6f-8a9b-0c1d2e3f4a5b"):
        first = errors.reference_of(request)
    assert first == errors.short_reference("018f3a2b-1c4d-4e6f-8a9b-0c1d2e3f4a5b")
    assert errors.reference_of(request) == first


def test_request_without_an_id_has_a_number_of_its_own():
    numbers = {errors.reference_of(RequestFactory().get("/")) for _ in range(50)}
    assert len(numbers) == 50


@pytest.mark.parametrize("nonsense", ["", "abc", "zz" * 16])
def test_what_is_no_request_id_has_no_short_form(nonsense):
    assert errors.short_reference(nonsense) == ""


def test_short_form_avoids_letters_that_are_misheard():
    shown = {errors.short_reference(str(uuid.uuid4())) for _ in range(200)}
    assert not set("".join(shown)) & set("ILOU")


def test_answers_are_private_and_closed(visitor):
    answer = visitor.get("/")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in answer["Permissions-Policy"]


def test_page_loads_nothing_from_elsewhere_and_has_no_inline_style_or_script(visitor):
    content = visitor.get("/").content.decode()
    assert not re.search(r'(src|href)="(https?:)?//', content)
    assert not re.search(r"<style|\sstyle=|\son\w+=", content)
    assert not re.search(r"<script(?![^>]*\ssrc=)[^>]*>", content)


def test_page_tells_htmx_to_keep_nothing_and_to_show_errors(visitor):
    content = visitor.get("/").content.decode()
    config = json.loads(re.search(r"name=\"htmx-config\" content='([^']+)'", content)[1])
    assert config["historyCacheSize"] == 0
    assert config["allowEval"] is False
    assert config["includeIndicatorStyles"] is False
    assert config["selfRequestsOnly"] is True
    assert {"code": "422", "swap": True} in config["responseHandling"]


def test_form_with_errors_answers_422_with_the_word_error_in_the_title(visitor):
    answer = visitor.post("/", {"text": "We walked."})
    assert answer.status_code == 422
    assert b"<title>Error: New note - PeerWorks</title>" in answer.content
    main = answer.content.decode().partition("<main")[2]
    assert main.index("data-problems") < main.index("<h1>")
