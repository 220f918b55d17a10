"""FI-1: what somebody may send instead of a certificate. A sentence, nothing stored, never a 500."""

import html
import uuid

import pytest
from django.conf import settings
from django.urls import reverse

from peerworks.audit.models import AuditEvent
from peerworks.files import storage
from peerworks.files.limits import MOST_BYTES, MOST_REQUEST
from peerworks.files.models import StoredFile
from providers.models import Credential, Evidence
from tests.factories.providers import make_credential, make_credential_kind
from tests.hostile import GOOD, HOSTILE, form, pdf, picture

pytestmark = [pytest.mark.slow]
BOUNDARY = "made-up-boundary"


@pytest.fixture
def held(world):
    """A certificate of Luz that nobody has verified."""
    with world.acting("peer") as luz:
        return make_credential(
            by=luz.member,
            provider=luz.provider,
            kind=make_credential_kind(by=luz.member),
            since=world.today,
            until=None,
        )


def send(world, url, files, language="en", **fields):
    """A form of Luz with files, exactly as they are named."""
    client = world["peer"].client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    hidden = {"form_agency": str(world.juniper.agency.pk), "form_key": str(uuid.uuid4())}
    body = form(BOUNDARY, hidden | fields, files)
    return client.generic("POST", url, body, f"multipart/form-data; boundary={BOUNDARY}")


def add(world, held, *files, language="en"):
    """Upload files as evidence."""
    url = reverse("providers:evidence-add", args=[held.pk])
    return send(world, url, list(files), language)


def text_of(answer):
    """The words of a page."""
    return html.unescape(answer.content.decode())


def stored(world):
    """The rows and the bytes that are kept, those of `incoming` included."""
    with world.acting("administrator"):
        rows = StoredFile.objects.count() + Evidence.objects.count()
    return rows, [each for each in storage.root().rglob("*") if each.is_file()]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "FILES_ROOT", tmp_path / "files")


def test_fi_1_there_are_enough_of_them():
    assert len({each.what for each in HOSTILE}) == len(HOSTILE) >= 60


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda each: each.what)
def test_fi_1_a_hostile_file_is_refused_in_words(world, held, hostile):
    answer = add(world, held, (hostile.name, hostile.make()))
    assert answer.status_code == 422
    assert hostile.said in text_of(answer)
    assert stored(world) == (0, [])
    with world.acting("auditor"):
        assert not AuditEvent.objects.filter(action="evidence.added").exists()


@pytest.mark.parametrize("hostile", HOSTILE[::6], ids=lambda each: each.what)
def test_fi_1_the_sentence_is_spanish_for_a_spanish_reader(world, held, hostile):
    answer = add(world, held, (hostile.name, hostile.make()), language="es")
    assert answer.status_code == 422
    assert hostile.said not in text_of(answer)
    assert "Hay un problema" in text_of(answer)


@pytest.mark.parametrize(("name", "make", "kept"), GOOD, ids=[name[:30] for name, _, _ in GOOD])
def test_fi_1_a_good_file_comes_back_byte_for_byte(world, held, name, make, kept):
    data = make()
    assert add(world, held, (name, data)).status_code == 302
    with world.acting("peer"):
        evidence = Evidence.objects.select_related("file").get(credential=held)
    assert evidence.file.name == (kept or name)
    answer = world["peer"].client().get(reverse("providers:evidence-open", args=[evidence.pk]))
    assert answer.status_code == 200
    assert answer.content == data


def test_fi_1_one_wrong_file_keeps_the_others_out(world, held):
    answer = add(world, held, ("a.pdf", pdf()), ("b.pdf", b""), ("c.gif", picture("GIF")))
    text = text_of(answer)
    assert "b.pdf: The file is empty" in text
    assert "c.gif: This is a GIF picture" in text
    assert "a.pdf: " not in text
    assert stored(world) == (0, [])


def test_fi_1_six_files_are_too_many(world, held):
    answer = add(world, held, *((f"{number}.pdf", pdf(number)) for number in range(1, 7)))
    assert answer.status_code == 422
    assert "At most 5 files at once" in text_of(answer)


def test_fi_1_the_name_in_a_sentence_is_only_text(world, held):
    name = '<img src=x onerror=alert(1)>" %s {0}.pdf'
    answer = add(world, held, (name, b""))
    assert answer.status_code == 422
    assert b"<img" not in answer.content
    assert f"{name}: The file is empty" in text_of(answer)


@pytest.mark.parametrize(
    ("name", "size"),
    [("card.pdf", MOST_REQUEST), (f"{'n' * 4096}.pdf", 9)],
    ids=["long", "4 kB name"],
)
def test_fi_1_what_no_form_can_hold_is_answered_413_in_words(world, held, name, size):
    answer = add(world, held, (name, bytes(size)))
    assert answer.status_code == 413
    assert "That is too much at once" in text_of(answer)
    assert "a name of 200 characters" in text_of(answer)
    assert "no-store" in answer["Cache-Control"]
    assert stored(world) == (0, [])


@pytest.mark.parametrize("path", ["/accounts/sign-in/", "/no/such/page/", "/providers/add/"])
def test_a_page_without_files_reads_no_long_form(world, path):
    for client in (world["administrator"].client(), world["peer"].client()):
        answer = client.post(path, {"text": "n" * 3_000_000})
        assert answer.status_code == 413


def test_a_visitor_sends_no_files(world, held, client):
    url = reverse("providers:evidence-add", args=[held.pk])
    body = form(BOUNDARY, {}, [("card.pdf", bytes(MOST_BYTES // 2))])
    answer = client.generic("POST", url, body, f"multipart/form-data; boundary={BOUNDARY}")
    assert answer.status_code == 413
    assert stored(world) == (0, [])


@pytest.mark.parametrize("is_first", [True, False], ids=["before", "after"])
def test_a_long_text_beside_files_is_too_long_as_well(world, held, is_first):
    url, text = reverse("providers:evidence-add", args=[held.pk]), "n" * 3_000_000
    first, after = ({"note": text}, b"") if is_first else ({}, text.encode())
    body = form(BOUNDARY, first, [("card.pdf", pdf())], after)
    answer = (
        world["peer"]
        .client()
        .generic("POST", url, body, f"multipart/form-data; boundary={BOUNDARY}")
    )
    assert answer.status_code == 413
    assert stored(world) == (0, [])


def test_fi_1_no_transaction_waits_for_a_slow_sender():
    order = [each.rsplit(".", 1)[1] for each in settings.MIDDLEWARE]
    assert order.index("UploadMiddleware") < order.index("AgencyMiddleware")
    assert order.index("AuthenticationMiddleware") < order.index("UploadMiddleware")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--",
        b"--made-up-boundary",
        b"--made-up-boundary\r\nContent-Disposition: form-data; name=evidence; filename=a.pdf\r\n",
        b"--made-up-boundary\r\nContent-Disposition: form-data; filename=a.pdf\r\n\r\nx",
        b"--another\r\n\r\nx--another--",
        b"--made-up-boundary\r\n" * 3000,
        form(BOUNDARY, {}, [("a.pdf", b"!!!!")]).replace(
            b"Content-Type: application/pdf", b"Content-Transfer-Encoding: base64"
        ),
    ],
    ids=range(8),
)
def test_fi_1_a_form_that_is_no_form_is_answered(world, held, body):
    url = reverse("providers:evidence-add", args=[held.pk])
    answer = (
        world["peer"]
        .client()
        .generic("POST", url, body, f"multipart/form-data; boundary={BOUNDARY}")
    )
    assert answer.status_code in {400, 403, 409, 422}
    assert stored(world) == (0, [])


def test_fi_1_a_wrong_length_or_none_is_answered(world, held):
    url = reverse("providers:evidence-add", args=[held.pk])
    for told in ("", "no number"):
        answer = world["peer"].client().post(url, CONTENT_LENGTH=told)
        assert answer.status_code in {400, 403, 409, 422}


NEW = {"number": "DEMO-99", "stage": "FULL", "states": "TX"}


def test_what_was_typed_stays_and_the_files_are_asked_for_again(world):
    luz = world["peer"]
    url = reverse("providers:credential-add", args=[luz.provider.pk])
    answer = send(world, url, [("card.pdf", pdf())], **NEW, issued_on="2020-02-03")
    text = text_of(answer)
    assert answer.status_code == 422
    assert 'value="DEMO-99"' in text
    assert 'value="2020-02-03"' in text
    assert "Choose the files again: a browser sends them only once." in text
    assert stored(world) == (0, [])


def test_what_an_operation_refuses_asks_for_the_files_again_too(world):
    luz, kind = world["peer"], world.juniper.kinds["va-prs"]
    url = reverse("providers:credential-add", args=[luz.provider.pk])
    told = NEW | {"kind": str(kind.pk), "number": "DEMO-VA-1", "issued_on": "2020-02-03"}
    answer = send(world, url, [("card.pdf", pdf())], **told, never_ends="on")
    text = text_of(answer)
    assert "has a certification of this kind with the same number" in text
    assert "Choose the files again" in text
    assert stored(world) == (0, [])


def test_a_certificate_is_entered_with_its_evidence(world):
    luz, kind = world["peer"], world.juniper.kinds["va-prs"]
    url = reverse("providers:credential-add", args=[luz.provider.pk])
    told = NEW | {"kind": str(kind.pk), "issued_on": "2020-02-03", "never_ends": "on"}
    files = [("card.pdf", pdf()), ("photo.jpg", picture("JPEG"))]
    key = str(uuid.uuid4())
    for _ in range(2):
        assert send(world, url, files, **told, form_key=key).status_code == 302
    with world.acting("peer"):
        held = Credential.objects.get(number="DEMO-99")
        assert sorted(each.file.name for each in held.evidence.all()) == ["card.pdf", "photo.jpg"]
    with world.acting("auditor"):
        event = AuditEvent.objects.get(object_id=str(held.pk))
        assert event.action == "credential.added"
        assert "evidence" in event.fields
    answer = send(world, url, [("other.pdf", pdf(2))], **told, form_key=key)
    assert answer.status_code == 422
    assert len(stored(world)[1]) == 2


def test_a_renewal_is_entered_with_its_evidence(world, held):
    url = reverse("providers:credential-renew", args=[held.pk])
    with world.acting("peer"):
        Credential.objects.filter(pk=held.pk).update(never_ends=False, expires_on=held.valid_from)
    told = NEW | {"issued_on": str(world.today), "valid_from": "2990-01-01", "never_ends": "on"}
    answer = send(world, url, [("card.pdf", pdf())], **told)
    assert answer.status_code == 302, text_of(answer)
    with world.acting("peer"):
        assert Evidence.objects.get().credential.replaces_id == held.pk
