"""`check_rulepacks [FILE …]`: read packs without storing them, and run every worked example."""

import json
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from peerworks.rulepacks.operations import Checked, CheckedSet, PackFile, check_files, shipped_files


class Command(BaseCommand):
    """Exit 0 when every pack holds, 1 when one does not, 2 for a file that is not there."""

    help = "Check rule packs and run their worked examples; stores nothing and needs no database."

    def add_arguments(self, parser):
        """Files, or none for those that the program brings."""
        parser.add_argument("files", nargs="*", metavar="FILE", type=Path)
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="the result as JSON"
        )

    def handle(self, *, files, as_json, **options):
        """Check, tell, and fail where there is a fault."""
        checked = check_files(_given(files) if files else shipped_files())
        if as_json:
            self.stdout.write(_as_json(checked))
        self.stderr.write(_in_words(checked))
        if checked.errors:
            raise CommandError("The rule packs were refused.")


def _given(files):
    missing = [str(each) for each in files if not each.is_file()]
    if missing:
        raise CommandError(f"No such file: {', '.join(missing)}", returncode=2)
    # A byte that is no UTF-8 becomes a mark that the reader names by its line.
    return [PackFile(each.name, each.read_text("utf-8", errors="replace")) for each in files]


def _as_json(checked: CheckedSet) -> str:
    packs = [_told(each) for each in checked.packs]
    return json.dumps({"packs": packs, "errors": [asdict(each) for each in checked.errors]})


def _told(each: Checked) -> dict:
    return {
        "pack": each.pack.pack,
        "version": each.pack.version,
        "sha256": each.pack.sha256,
        "values": each.values_by_status(),
        "examples": {
            "passed": len(each.passed),
            "failed": len(each.failed),
            "not_checked": len(each.not_checked),
        },
    }


def _in_words(checked: CheckedSet) -> str:
    lines = [
        f"{each.pack.name}: {len(each.passed)} of {len(each.examples)} examples hold, "
        f"{len(each.not_checked)} not checked yet"
        for each in checked.packs
    ]
    return "\n".join([*lines, *(str(each) for each in checked.errors)])
