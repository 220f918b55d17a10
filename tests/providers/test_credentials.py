"""Certifications: entered, renewed, corrected, verified by another person, stopped."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction

from peerworks.audit.models import AuditEvent
from peerworks.lib.findings import Refused
from peerworks.web.operations import constraint_name
from providers.models import Credential, Stage, Verification
from providers.operations import (
    CertificateData,
    Check,
    add_credential,
    change_credential,
    renew_credential,
    retire_credential,
    suspend_credential,
    verify_credential,
)
from providers.policies import refusal_to_renew_credential, refusal_to_verify_credential
from tests.factories.providers import make_credential, make_provider

DAY = dt.date(2026, 3, 14)
NOW = dt.datetime(2026, 3, 14, 15, tzinfo=dt.UTC)
CHECK = Check(method="REGISTRY", source="Made-up registry", checked_on=DAY)


def data(since="2026-03-01", until="2027-02-28", **given):
    """What stands on a certificate."""
    first = dt.date.fromisoformat(since)
    last = None if until is None else dt.date.fromisoformat(until)
    told = {"issued_on": first, "valid_from": first, "expires_on": last, "number": "DEMO-9"}
    return CertificateData(**told | given)


def events(about):
    """The actions recorded about a record, in order."""
    found = AuditEvent.objects.filter(object_id=str(about.pk)).order_by("pk")
    return list(found.values_list("action", flat=True))


@pytest.fixture
def clerk(world):
    """Inside Juniper Bridge, as its administrator."""
    with world.acting("administrator") as player:
        yield player.member


@pytest.fixture
def worker(clerk):
    """A peer without a certificate."""
    return make_provider(by=clerk)


@pytest.fixture
def add(world, clerk, worker):
    """Enters a Virginia certificate of the worker, as Luz."""

    def do(certificate=None, *, by=None, kind="va-prs", provider=worker, form_key=None):
        return add_credential(
            provider=provider,
            kind=world.juniper.kinds[kind],
            certificate=certificate or data(),
            by=by or world["peer"].member,
            at=NOW,
            on=DAY,
            form_key=form_key,
        )

    return do


def renew(credential, certificate, by, form_key=None):
    return renew_credential(
        credential=credential, certificate=certificate, by=by, at=NOW, on=DAY, form_key=form_key
    )


def verify(credential, by, check=CHECK, form_key=None):
    return verify_credential(credential=credential, check=check, by=by, at=NOW, form_key=form_key)


def code_of(call, *args, **given):
    """The code of the refusal."""
    with pytest.raises(Refused) as refused:
        call(*args, **given)
    return refused.value.refusal.code


class TestAdding:
    def test_it_is_entered_unverified_with_its_deadlines(self, add, world):
        credential = add()
        assert credential.entered_by == world["peer"].member
        assert not credential.verifications.exists()
        assert credential.renewal_opens_on == dt.date(2026, 11, 30)  # 90 days before
        assert credential.file_by == dt.date(2027, 2, 28)
        assert credential.grace_until is None
        assert events(credential) == ["credential.added"]

    def test_one_without_an_end_has_no_deadlines(self, add):
        credential = add(data(until=None))
        assert credential.never_ends
        assert credential.file_by is None

    def test_a_pack_that_is_not_loaded_gives_no_deadlines(self, add, world):
        world.juniper.kinds["va-prs"].pack = "xx-nowhere"
        assert add().file_by is None

    def test_the_same_form_again_answers_with_the_same_record(self, add):
        key = uuid.uuid4()
        first = add(form_key=key)
        assert add(form_key=key) == first
        assert Credential.objects.filter(form_key=key).count() == 1
        assert events(first) == ["credential.added"]

    def test_the_same_form_with_other_content_is_refused(self, add):
        key = uuid.uuid4()
        add(form_key=key)
        assert code_of(add, data(number="DEMO-10"), form_key=key) == "FORM-CHANGED"

    def test_two_people_do_not_hold_one_number(self, add, clerk):
        add()
        assert code_of(add, provider=make_provider(by=clerk)) == "CRED-NUMBER"

    def test_many_may_have_no_number(self, add, clerk):
        assert add(data(number=""))
        assert add(data(number=""), provider=make_provider(by=clerk))

    def test_a_number_that_was_retired_is_free(self, add, clerk):
        retire_credential(credential=add(), since=DAY, by=clerk, at=NOW)
        assert add(provider=make_provider(by=clerk))

    def test_certificates_of_one_kind_do_not_overlap(self, add):
        add()
        with pytest.raises(IntegrityError) as error, transaction.atomic():
            add(data(since="2027-02-28", until="2028-02-27"))
        assert constraint_name(error.value) == "providers_credential_one_at_a_time"


class TestRenewing:
    def test_the_old_one_is_kept(self, add, clerk):
        old = add()
        new = renew(old, data(since="2027-03-01", until="2028-02-29"), clerk)
        old.refresh_from_db()
        assert new.replaces == old
        assert (new.kind, new.provider) == (old.kind, old.provider)
        assert old.expires_on == dt.date(2027, 2, 28)
        assert old.stage == Stage.FULL
        assert events(new) == ["credential.renewed"]

    def test_it_is_renewed_once(self, add, clerk):
        old = add()
        renew(old, data(since="2027-03-01", until="2028-02-29"), clerk)
        again = data(since="2028-03-01", until="2029-02-28")
        assert code_of(renew, old, again, clerk) == "CRED-RENEWED"

    def test_the_same_form_again_answers_with_the_renewal(self, add, clerk):
        old, key = add(), uuid.uuid4()
        told = data(since="2027-03-01", until="2028-02-29")
        assert renew(old, told, clerk, key) == renew(old, told, clerk, key)

    def test_a_renewal_entered_by_mistake_is_replaced(self, add, clerk):
        old = add()
        wrong = renew(old, data(since="2027-03-01", until="2028-02-29"), clerk)
        retire_credential(credential=wrong, since=wrong.valid_from, by=clerk, at=NOW)
        right = renew(old, data(since="2027-03-01", until="2028-08-31"), clerk)
        assert right.replaces == old

    def test_what_is_suspended_or_retired_is_not_renewed(self, add, clerk):
        held, told = add(), data(since="2027-03-01", until="2028-02-29")
        suspend_credential(credential=held, since=DAY, by=clerk, at=NOW)
        assert code_of(renew, held, told, clerk) == "CRED-SUSPENDED"
        retire_credential(credential=held, since=DAY, by=clerk, at=NOW)
        assert code_of(renew, held, told, clerk) == "CRED-RETIRED"


class TestVerifying:
    def test_another_person_verifies(self, add, clerk):
        held = add()
        done = verify(held, clerk)
        assert (done.verified_by, done.verified_at) == (clerk, NOW)
        assert events(held) == ["credential.added", "credential.verified"]

    def test_the_enterer_is_refused_by_policy_and_by_the_database(self, add, clerk):
        held = add(by=clerk)
        assert refusal_to_verify_credential(held, by=clerk).code == "CRED-ENTERER"
        assert code_of(verify, held, clerk) == "CRED-ENTERER"
        assert by_database(held, clerk) == "providers_verification_by_another"

    def test_the_holder_is_refused_by_policy_and_by_the_database(self, add, world, clerk):
        held = add(provider=world["administrator"].provider)
        assert code_of(verify, held, clerk) == "CRED-HOLDER"
        assert by_database(held, clerk) == "providers_verification_by_another"
        assert not Verification.objects.filter(credential=held).exists()

    def test_the_end_that_the_registry_shows_is_kept(self, add, clerk):
        held = add()
        shown = dt.date(2027, 1, 31)
        verify(held, clerk, Check(method="REGISTRY", source="R", checked_on=DAY, registry_on=shown))
        held.refresh_from_db()
        assert held.registry_on == shown
        assert Credential.objects.with_last_valid_day().get(pk=held.pk).last_valid_on == shown

    def test_checked_again_is_added_and_the_same_form_is_not(self, add, clerk):
        held, key = add(), uuid.uuid4()
        assert verify(held, clerk, form_key=key) == verify(held, clerk, form_key=key)
        verify(held, clerk, form_key=uuid.uuid4())
        assert held.verifications.count() == 2

    def test_what_is_retired_needs_no_verifying(self, add, clerk):
        held = add()
        retire_credential(credential=held, since=DAY, by=clerk, at=NOW)
        assert code_of(verify, held, clerk) == "CRED-RETIRED"


def by_database(credential, by):
    """The constraint that refuses a check written past the operation."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Verification.objects.create(
            agency_id=credential.agency_id,
            credential=credential,
            method="REGISTRY",
            source="R",
            checked_on=DAY,
            verified_by=by,
            verified_at=NOW,
        )
    return constraint_name(error.value)


class TestChanging:
    def change(self, credential, certificate, by):
        return change_credential(
            credential=credential, certificate=certificate, by=by, at=NOW, on=DAY
        )

    def test_before_it_is_verified_it_is_corrected_with_its_deadlines(self, add, clerk):
        held = add()
        self.change(held, data(until="2027-03-31"), clerk)
        held.refresh_from_db()
        assert held.expires_on == held.file_by == dt.date(2027, 3, 31)
        (event,) = AuditEvent.objects.filter(action="credential.changed", object_id=str(held.pk))
        assert event.fields == ["expires_on"]

    def test_the_same_data_write_nothing(self, add, clerk):
        held = add()
        self.change(held, data(), clerk)
        assert events(held) == ["credential.added"]

    def test_after_it_is_verified_it_no_longer_changes(self, add, clerk):
        held = add()
        verify(held, clerk)
        assert code_of(self.change, held, data(until="2027-03-31"), clerk) == "CRED-VERIFIED"
        with pytest.raises(IntegrityError) as error, transaction.atomic():
            Credential.objects.filter(pk=held.pk).update(expires_on=dt.date(2027, 3, 31))
        name = constraint_name(error.value)
        assert name == "providers_credential_unchanged_once_verified"


class TestStopping:
    def test_a_suspension_ends_the_days_before_it(self, add, clerk):
        held = add()
        suspend_credential(credential=held, since=DAY, by=clerk, at=NOW)
        held.refresh_from_db()
        assert (held.stage, held.inactive_on) == (Stage.SUSPENDED, DAY)
        last = Credential.objects.with_last_valid_day().get(pk=held.pk).last_valid_on
        assert last == dt.date(2026, 3, 13)
        assert events(held)[-1] == "credential.suspended"

    def test_it_is_suspended_once(self, add, clerk):
        held = add()
        suspend_credential(credential=held, since=DAY, by=clerk, at=NOW)
        told = {"credential": held, "since": DAY, "by": clerk, "at": NOW}
        assert code_of(suspend_credential, **told) == "CRED-SUSPENDED"

    def test_retiring_a_suspended_one_keeps_the_earlier_day(self, add, clerk):
        held = add()
        suspend_credential(credential=held, since=DAY, by=clerk, at=NOW)
        later = DAY + dt.timedelta(days=30)
        retired = retire_credential(credential=held, since=later, by=clerk, at=NOW)
        assert (retired.stage, retired.inactive_on) == (Stage.RETIRED, DAY)
        told = {"credential": held, "since": DAY, "by": clerk, "at": NOW}
        assert code_of(retire_credential, **told) == "CRED-RETIRED"

    def test_a_retired_one_makes_room(self, add, clerk):
        retire_credential(credential=add(), since=DAY, by=clerk, at=NOW)
        assert add(data(number="DEMO-11"))


def test_nothing_of_a_refused_operation_stays(add, clerk, world):
    held = add(by=clerk)
    before = AuditEvent.objects.count()
    assert code_of(verify, held, clerk) == "CRED-ENTERER"
    assert AuditEvent.objects.count() == before


def test_a_certificate_that_nobody_renewed_may_be(world, clerk):
    held = make_credential(
        by=clerk,
        provider=make_provider(by=clerk),
        kind=world.juniper.kinds["va-prs"],
        since=DAY,
        until=DAY,
    )
    assert refusal_to_renew_credential(held) is None
