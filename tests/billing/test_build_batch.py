"""The command `build_batch`: its JSON, its file, and its exit."""

import hashlib
import io
import json
import stat

import pytest
from django.core.management import CommandError, call_command

from billing.models import Batch
from billing.x12.read_837p import read_837p
from tests.factories.billing_claims import RATE, as_service, days_ago, served
from tests.factories.billing_notes import make_note
from tests.x12.referee import accepts

pytestmark = pytest.mark.django_db


@pytest.fixture
def visits(world):
    """Two people with an hour each, and one visit that waits for review."""
    with as_service(world):
        make_note(world, hour=9)
        make_note(world, person=served(world, 1), hour=11)
        make_note(world, person=served(world, 2), hour=13, state="SIGNED")
    return world


def run(tmp_path, *more, agency="juniper-bridge", payer="TXMCD"):
    """The JSON of the command and the file it was asked to write."""
    out, told = tmp_path / "claims.837", io.StringIO()
    given = ["--agency", agency, "--payer", payer, "--out", str(out), "--json", *more]
    try:
        call_command("build_batch", *given, stdout=told, stderr=io.StringIO())
    except CommandError as error:
        return json.loads(told.getvalue()) | {"exit": error.returncode}, out
    return json.loads(told.getvalue()), out


def test_the_figures_are_those_of_the_batch_and_of_the_file(visits, tmp_path):
    told, out = run(tmp_path)
    content = out.read_bytes()
    claims = [each for one in read_837p(content).sets for each in one.claims]
    with visits.acting("biller"):
        batch = Batch.objects.get()
    assert told == {
        "agency": "juniper-bridge",
        "payer": "TXMCD",
        "batch": str(batch.pk),
        "file": str(out),
        "sha256": hashlib.sha256(content).hexdigest(),
        "interchange": "000000001",
        "sets": 1,
        "claims": len(claims),
        "lines": 2,
        "notes": 2,
        "units": sum(line.units for claim in claims for line in claim.lines),
        "charge": f"{8 * RATE:.2f}",
        "left_out": {"NOTE-REVIEW": 1},
    }
    assert (batch.charge, batch.units, batch.file.encode()) == (8 * RATE, 8, content)
    assert accepts(content)[0]


def test_the_file_is_for_its_owner_alone_and_has_left(visits, tmp_path):
    _told, out = run(tmp_path)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["claims.837"]
    with visits.acting("biller"):
        assert Batch.objects.get().state == "SENT"


def test_a_dry_run_counts_and_writes_nothing(visits, tmp_path):
    told, out = run(tmp_path, "--dry-run")
    assert (told["claims"], told["units"], told["charge"]) == (2, 8, f"{8 * RATE:.2f}")
    assert told["batch"] is told["file"] is told["sha256"] is told["interchange"] is None
    assert not out.exists()
    with visits.acting("biller"):
        assert not Batch.objects.exists()


def test_through_is_the_last_service_day(visits, tmp_path):
    with as_service(visits):
        make_note(visits, day=days_ago(visits, 4), hour=9)
    told, _out = run(tmp_path, "--through", days_ago(visits, 4).isoformat())
    assert (told["notes"], told["left_out"]) == (1, {})


def test_nothing_to_bill_is_exit_1_and_no_file(visits, tmp_path):
    told, out = run(tmp_path, payer="GAMCD")
    assert told["exit"] == 1
    assert "Made-up Medicaid of GA" in told["error"]
    assert told["where"] == "GAMCD"
    assert not list(tmp_path.iterdir())
    assert not out.exists()


@pytest.mark.parametrize(
    ("given", "where"), [({"agency": "nowhere"}, "nowhere"), ({"payer": "NOBODY"}, "NOBODY")]
)
def test_an_unknown_name_is_exit_1(visits, tmp_path, given, where):
    told, _out = run(tmp_path, **given)
    assert (told["exit"], told["where"]) == (1, where)


def test_a_folder_that_is_not_there_leaves_no_batch(visits, tmp_path):
    told, _out = run(tmp_path / "missing")
    assert told["exit"] == 1
    with visits.acting("biller"):
        assert not Batch.objects.exists()


def test_the_payer_of_another_agency_is_unknown(visits, tmp_path):
    told, _out = run(tmp_path, agency="lantern-row", payer="TXMCD")
    assert (told["exit"], told["where"]) == (1, "TXMCD")
