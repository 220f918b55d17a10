"""The test databases themselves: nothing of a run that was killed stays on the disk."""

import subprocess
import sys

import pytest

from tests.conftest import folder_of_the_run
from tests.databases import copied, drop_left_behind, owner_connection, template

pytestmark = pytest.mark.slow


def test_what_a_killed_run_left_is_dropped_at_the_next(databases, django_db_setup):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = [f"test_gw0_{gone.pid}_7", f"test_run_{gone.pid}_0123abcd_world"]
    for each in left:
        copied(template(folder_of_the_run()), each)
    drop_left_behind()
    with owner_connection() as owner:
        known = {name for (name,) in owner.execute("SELECT datname FROM pg_database")}
    assert known.isdisjoint(left)
    assert databases.name in known
