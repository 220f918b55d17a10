"""FI-1: evidence of certifications. Who adds, opens and withdraws it, and what the trail keeps of that."""

import datetime as dt
import html
import logging
import uuid

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from peerworks.accounts.models import Membership
from peerworks.audit import trail
from peerworks.audit.models import AuditEvent
from peerworks.files import storage
from peerworks.files.models import StoredFile
from peerworks.lib.findings import Refused
from providers import operations
from providers.models import Evidence
from providers.policies import MOST_EVIDENCE, refusal_to_add_evidence
from providers.queries.evidence import size_words
from tests.factories.providers import (
    make_credential,
    make_credential_kind,
    make_evidence,
    make_verification,
)
from tests.factories.shared import MADE_UP_PDF, make_stored_file
from tests.hostile import pdf

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def held(world):
    """A certificate of Luz that she entered; nobody has verified it."""
    with world.acting("peer") as luz:
        return make_credential(
            by=luz.member,
            provider=luz.provider,
            kind=make_credential_kind(by=luz.member),
            since=world.today,
            until=None,
        )


@pytest.fixture
def proof(world, held):
    """A file of hers that proves it."""
    return prove(world, held, "peer")


def prove(world, credential, who, at=None, **given):
    """A file for a certificate, uploaded by one of the nine."""
    with world.acting(who) as player:
        file = make_stored_file(by=player.member, at=at or world.now, **given)
        return make_evidence(credential=credential, file=file)


def page(world, who, name, pk):
    """The answer to a GET."""
    client = world[who].client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client.get(reverse(f"providers:{name}", args=[pk]))


def text_of(world, who, name, pk):
    """The words of a page that is there."""
    answer = page(world, who, name, pk)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def post(world, who, name, pk, **told):
    """A form of somebody, for their agency."""
    client = world[who].client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    hidden = {"form_agency": world[who].member.agency_id, "form_key": uuid.uuid4()}
    return client.post(reverse(f"providers:{name}", args=[pk]), hidden | told)


def events(world, action):
    """The events of an action in the first agency, oldest first."""
    with world.acting("auditor"):
        return list(AuditEvent.objects.filter(action=action).order_by("id"))


# Adding.


def test_the_holder_adds_files_and_one_event_is_kept(world, held):
    files = [SimpleUploadedFile(f"{number}.pdf", pdf(number)) for number in (1, 2)]
    answer = post(world, "peer", "evidence-add", held.pk, evidence=files)
    assert answer.url == reverse("providers:credential-detail", args=[held.pk])
    (event,) = events(world, "evidence.added")
    assert (event.object_id, event.fields) == (str(held.pk), ["evidence"])
    assert event.actor_id == str(world["peer"].user.pk)
    text = text_of(world, "peer", "provider-detail", world["peer"].provider.pk)
    assert "PDF, 2 pages, 1 kB, uploaded by Luz Ortega, " in text


def test_the_same_file_again_is_kept_once_and_writes_no_event(world, held):
    for _ in range(2):
        file = SimpleUploadedFile("card.pdf", pdf())
        assert post(world, "peer", "evidence-add", held.pk, evidence=file).status_code == 302
    with world.acting("peer"):
        assert held.evidence.count() == 1
    assert len(events(world, "evidence.added")) == 1


def test_an_event_that_cannot_be_written_stores_nothing(world, held, monkeypatch):
    def fails(*_args, **_kwargs):
        raise RuntimeError("no trail")

    client = world["peer"].client()
    monkeypatch.setattr(trail, "record", fails)
    client.raise_request_exception = False
    hidden = {"form_agency": world["peer"].member.agency_id, "form_key": uuid.uuid4()}
    file = SimpleUploadedFile("card.pdf", pdf())
    url = reverse("providers:evidence-add", args=[held.pk])
    before = {each for each in storage.root().rglob("*") if each.is_file()}
    assert client.post(url, hidden | {"evidence": file}).status_code == 500
    assert {each for each in storage.root().rglob("*") if each.is_file()} == before
    with world.acting("peer"):
        assert not held.evidence.exists()


def test_no_file_is_said_at_the_field(world, held):
    answer = post(world, "peer", "evidence-add", held.pk)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Choose at least one file." in text
    assert 'href="#id_evidence"' in text


def test_the_field_offers_camera_and_several_files(world, held):
    text = text_of(world, "peer", "evidence-add", held.pk)
    assert 'accept="application/pdf,image/png,image/jpeg"' in text
    assert 'enctype="multipart/form-data"' in text
    assert " multiple" in text
    assert " capture" not in text, "that would close the way to files that are there already"


def test_a_certificate_has_room_for_twenty_files(world, held):
    for number in range(MOST_EVIDENCE):
        prove(world, held, "peer", data=MADE_UP_PDF + b"%d" % number)
    file = SimpleUploadedFile("one more.pdf", pdf())
    answer = post(world, "peer", "evidence-add", held.pk, evidence=file)
    assert answer.status_code == 422
    assert "A certification has at most 20 files of evidence." in answer.content.decode()
    with world.acting("peer"):
        assert refusal_to_add_evidence(held).code == "EVIDENCE-MANY"


def test_a_retired_certificate_takes_no_evidence(world, held):
    with world.acting("administrator") as clerk:
        operations.retire_credential(
            credential=held, since=world.today, by=clerk.member, at=world.now
        )
    text = text_of(world, "peer", "evidence-add", held.pk)
    assert "This certification is retired." in text
    assert "disabled" in text


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("supervisor", 404),  # a peer, too, and so the holder of other certificates
        ("lapsed-peer", 404),
        ("trainer", 403),
        ("biller", 403),
        ("auditor", 403),
        ("privacy-officer", 403),
        ("other-administrator", 404),
    ],
)
def test_nobody_else_adds(world, held, who, status):
    assert page(world, who, "evidence-add", held.pk).status_code == status
    file = SimpleUploadedFile("card.pdf", pdf())
    assert post(world, who, "evidence-add", held.pk, evidence=file).status_code == status
    with world.acting("peer"):
        assert not held.evidence.exists()


# Opening.

OPENERS = ("peer", "supervisor", "administrator", "auditor")
CLOSED = (
    ("lapsed-peer", 404),
    ("trainer", 403),
    ("biller", 403),
    ("privacy-officer", 403),
    ("other-administrator", 404),
)


@pytest.mark.parametrize("who", OPENERS)
def test_who_may_opens_it_and_that_is_kept(world, proof, who):
    answer = page(world, who, "evidence-open", proof.pk)
    assert (answer.status_code, answer.content) == (200, MADE_UP_PDF)
    (event,) = events(world, "evidence.opened")
    assert (event.kind, event.object_id) == ("VIEW", str(proof.file_id))
    assert event.actor_id == str(world[who].user.pk)


def test_a_file_is_a_download_that_no_browser_runs(world, proof):
    answer = page(world, "peer", "evidence-open", proof.pk)
    assert answer["Content-Disposition"] == 'attachment; filename="made-up.pdf"'
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Certificación 2.pdf", "attachment; filename*=utf-8''Certificaci%C3%B3n%202.pdf"),
        ('the "real" one.pdf', 'attachment; filename="the \\"real\\" one.pdf"'),
        ("a;b=c, d.pdf", 'attachment; filename="a;b=c, d.pdf"'),
    ],
)
def test_a_name_is_written_as_rfc_6266_says(world, held, name, told):
    proof = prove(world, held, "peer", name=name)
    answer = page(world, "peer", "evidence-open", proof.pk)
    assert answer["Content-Disposition"] == told


@pytest.mark.parametrize(("who", "status"), CLOSED)
def test_a_stranger_gets_what_there_is_for_no_file(world, proof, who, status):
    answer = page(world, who, "evidence-open", proof.pk)
    none = page(world, who, "evidence-open", uuid.uuid4())
    assert answer.status_code == none.status_code == status
    assert [*answer.headers] == [*none.headers]
    if status == 404:
        assert answer.content == none.content
    assert events(world, "evidence.opened") == []


def test_the_permission_is_asked_each_time(world, proof):
    client = world["supervisor"].client()
    url = reverse("providers:evidence-open", args=[proof.pk])
    assert client.get(url).status_code == 200
    with world.acting("administrator"):
        Membership.objects.filter(pk=world["supervisor"].member.pk).update(roles=["BILLER"])
    assert client.get(url).status_code == 403


def test_what_cannot_be_recorded_is_not_opened(world, proof, monkeypatch):
    def fails(*_args, **_kwargs):
        raise DatabaseError("no room")

    monkeypatch.setattr(trail, "record_views", fails)
    answer = page(world, "peer", "evidence-open", proof.pk)
    assert answer.status_code == 503
    assert MADE_UP_PDF not in answer.content


def test_altered_bytes_are_never_served_and_the_log_names_no_name(world, proof, caplog):
    stored = proof.file
    storage.place_of(stored.agency_id, stored.stored_as).write_bytes(b"other")
    with caplog.at_level(logging.ERROR):
        answer = page(world, "peer", "evidence-open", proof.pk)
    assert answer.status_code == 500
    assert str(stored.pk) in caplog.text
    assert "made-up.pdf" not in caplog.text
    assert events(world, "evidence.opened") == []


@pytest.mark.parametrize("who", OPENERS)
def test_the_address_of_any_file_asks_its_owner(world, proof, who):
    answer = world[who].client().get(reverse("files:file-open", args=[proof.file_id]))
    assert (answer.status_code, answer.content) == (200, MADE_UP_PDF)
    assert len(events(world, "file.opened")) == 1


@pytest.mark.parametrize("who", [who for who, _ in CLOSED])
def test_the_address_of_any_file_is_closed_to_others(world, proof, who):
    client = world[who].client()
    answer = client.get(reverse("files:file-open", args=[proof.file_id]))
    none = client.get(reverse("files:file-open", args=[uuid.uuid4()]))
    assert answer.status_code == none.status_code == 404
    assert answer.content == none.content


# Seeing.


def test_the_verifier_sees_the_evidence_beside_the_fields(world, held, proof):
    text = text_of(world, "administrator", "credential-verify", held.pk)
    assert reverse("providers:evidence-open", args=[proof.pk]) in text
    assert "uploaded by Luz Ortega, " in text
    assert held.number in text


def test_a_verifier_without_evidence_is_told_so(world, held):
    text = text_of(world, "administrator", "credential-verify", held.pk)
    assert "No evidence is uploaded yet." in text


def test_a_trainer_sees_the_certificate_and_no_evidence(world, held, proof):
    text = text_of(world, "trainer", "provider-detail", world["peer"].provider.pk)
    assert held.number in text
    assert "made-up.pdf" not in text
    assert "Evidence" not in text


def test_times_are_those_of_the_agency(world, held):
    at = dt.datetime(2026, 1, 15, 18, 30, tzinfo=dt.UTC)
    prove(world, held, "peer", at=at)
    text = text_of(world, "peer", "provider-detail", world["peer"].provider.pk)
    assert "January 15, 2026, 12:30" in text


@pytest.mark.parametrize(
    ("size", "told"), [(1, "1 kB"), (1499, "1 kB"), (88_000, "88 kB"), (3_440_000, "3.4 MB")]
)
def test_a_size_in_words(size, told):
    assert size_words(size) == told


# Withdrawing.


def test_who_uploaded_it_withdraws_it_with_a_reason(world, held, proof):
    assert "made-up.pdf" in text_of(world, "peer", "evidence-withdraw", proof.pk)
    answer = post(world, "peer", "evidence-withdraw", proof.pk, why="The wrong paper")
    assert answer.status_code == 302
    with world.acting("peer") as luz:
        stored = StoredFile.objects.get(pk=proof.file_id)
        assert (stored.withdrawn_by, stored.withdrawn_why) == (luz.member, "The wrong paper")
    (event,) = events(world, "evidence.withdrawn")
    assert (event.object_id, event.fields) == (str(proof.pk), ["withdrawn_at"])
    text = text_of(world, "administrator", "provider-detail", world["peer"].provider.pk)
    assert "Withdrawn by Luz Ortega, " in text
    assert "The wrong paper" in text
    for who in OPENERS:
        assert page(world, who, "evidence-open", proof.pk).status_code == 404
        client = world[who].client()
        assert client.get(reverse("files:file-open", args=[proof.file_id])).status_code == 404
    assert post(world, "peer", "evidence-withdraw", proof.pk, why="Again").status_code == 404
    assert storage.content(stored) == MADE_UP_PDF, "the bytes stay"


def test_a_withdrawn_file_may_be_uploaded_again(world, held):
    file = SimpleUploadedFile("card.pdf", pdf())
    post(world, "peer", "evidence-add", held.pk, evidence=file)
    with world.acting("peer"):
        first = held.evidence.get()
    post(world, "peer", "evidence-withdraw", first.pk, why="A mistake")
    file.seek(0)
    post(world, "peer", "evidence-add", held.pk, evidence=file)
    with world.acting("peer"):
        assert held.evidence.filter(file__withdrawn_at__isnull=True).count() == 1


def test_without_a_reason_nothing_is_withdrawn(world, proof):
    answer = post(world, "peer", "evidence-withdraw", proof.pk, why="  ")
    assert answer.status_code == 422
    with world.acting("peer"):
        assert StoredFile.objects.get(pk=proof.file_id).withdrawn_at is None


def test_an_administrator_withdraws_what_somebody_else_uploaded(world, proof):
    answer = post(world, "administrator", "evidence-withdraw", proof.pk, why="Not readable")
    assert answer.status_code == 302


def test_the_holder_does_not_withdraw_what_an_administrator_uploaded(world, held):
    proof = prove(world, held, "administrator")
    text = text_of(world, "peer", "evidence-withdraw", proof.pk)
    assert "Only the person who uploaded this file" in text
    answer = post(world, "peer", "evidence-withdraw", proof.pk, why="Not mine")
    assert answer.status_code == 422
    link = reverse("providers:evidence-withdraw", args=[proof.pk])
    provider = world["peer"].provider.pk
    assert link not in text_of(world, "peer", "provider-detail", provider)
    assert link in text_of(world, "administrator", "provider-detail", provider)


def test_what_was_verified_with_a_file_keeps_it(world, held, proof):
    with world.acting("administrator") as clerk:
        make_verification(by=clerk.member, credential=held, at=world.now + HOUR)
    for who in ("peer", "administrator"):
        text = text_of(world, who, "evidence-withdraw", proof.pk)
        assert "The certification was verified with this file, so the file stays." in text
        answer = post(world, who, "evidence-withdraw", proof.pk, why="Too late")
        assert answer.status_code == 422
    later = prove(world, held, "peer", at=world.now + 2 * HOUR)
    answer = post(world, "peer", "evidence-withdraw", later.pk, why="The wrong paper")
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("who", "status"),
    [("lapsed-peer", 404), ("trainer", 403), ("auditor", 403), ("other-administrator", 404)],
)
def test_others_withdraw_nothing(world, proof, who, status):
    assert page(world, who, "evidence-withdraw", proof.pk).status_code == status
    answer = post(world, who, "evidence-withdraw", proof.pk, why="Mine")
    assert answer.status_code == status


def test_the_operation_asks_for_itself(world, held, proof):
    with world.acting("supervisor") as andre, pytest.raises(Refused, match="EVIDENCE-WHO"):
        operations.withdraw_evidence(evidence=proof, why="No", by=andre.member, at=world.now)


# What the database refuses.


def test_evidence_never_changes_and_a_file_proves_one_certificate(world, held, proof):
    with world.acting("peer") as luz:
        other = make_credential(
            by=luz.member,
            provider=luz.provider,
            kind=make_credential_kind(by=luz.member),
            since=world.today,
            until=None,
        )
        with pytest.raises(IntegrityError), transaction.atomic():
            make_evidence(credential=other, file=proof.file)
        row = Evidence.objects.filter(pk=proof.pk)
        for change in (lambda: row.update(credential=other), row.delete):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


def test_a_file_of_another_agency_proves_nothing_here(world, held):
    with world.acting("other-administrator") as beth:
        foreign = make_stored_file(by=beth.member, at=world.now)
    with world.acting("peer"), pytest.raises(IntegrityError), transaction.atomic():
        make_evidence(credential=held, file=foreign)
