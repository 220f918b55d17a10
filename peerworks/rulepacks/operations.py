"""Checking and loading rule packs: all of a set, or nothing of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db.backends.postgresql.psycopg_any import DateRange

from peerworks.lib.findings import Status
from peerworks.lib.rulepack import ExampleResult, Pack, PackError, PackErrors, check_set, read_pack
from peerworks.rulepacks.examples import run_examples
from peerworks.rulepacks.models import PackVersion
from peerworks.rulepacks.queries import loaded_packs

SHIPPED = Path(__file__).parent / "packs"


@dataclass(frozen=True, slots=True)
class PackFile:
    """The text of a pack and how faults name it: "va-dmas-peer@2026.1.yaml"."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A pack that reads well, its text, and how its examples came out."""

    file: str
    text: str
    pack: Pack
    examples: tuple[ExampleResult, ...]

    @property
    def passed(self) -> list[ExampleResult]:
        """The examples that hold."""
        return [each for each in self.examples if each.passed]

    @property
    def failed(self) -> list[ExampleResult]:
        """The examples that do not hold."""
        return [each for each in self.examples if each.failed]

    @property
    def not_checked(self) -> list[ExampleResult]:
        """The examples of gates that this version does not have yet."""
        return [each for each in self.examples if each.not_checked]

    def values_by_status(self) -> dict[str, int]:
        """How many rule values rest on a source read, on general knowledge, or on a default."""
        count = Counter(self.pack.sources[each.source].status for each in self.pack.values)
        statuses = (Status.SOURCED, Status.UNVERIFIED, Status.PROPOSAL)
        return {str(each): count[each] for each in statuses}


@dataclass(frozen=True, slots=True)
class CheckedSet:
    """What came of checking files: the packs that could be read, and every fault of all files."""

    packs: list[Checked]
    errors: list[PackError]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A version that stands in the database; `is_new` when this call put it there."""

    version: PackVersion
    is_new: bool


def shipped_files() -> list[PackFile]:
    """The packs that the program brings, in order of their names."""
    return [PackFile(each.name, each.read_text("utf-8")) for each in sorted(SHIPPED.glob("*.yaml"))]


def check_files(files: Iterable[PackFile]) -> CheckedSet:
    """Read packs, run every worked example, compare the packs with one another; no database.

    Nothing stops at the first fault.
    """
    packs: list[Checked] = []
    errors: list[PackError] = []
    for file in files:
        try:
            packs.append(_check(file))
        except PackErrors as refused:
            errors.extend(refused.errors)
    for each in packs:
        errors.extend(_example_error(each, result) for result in each.failed)
    errors.extend(check_set([each.pack for each in packs]))
    return CheckedSet(packs, errors)


def _check(file: PackFile) -> Checked:
    pack = read_pack(file.text, file.name)
    return Checked(file.name, file.text, pack, tuple(run_examples(pack)))


def _example_error(checked: Checked, result: ExampleResult) -> PackError:
    example = result.example
    message = f'the example "{example.name}" fails: {result.message}'
    return PackError(checked.file, example.line, example.path, message)


def _errors_beside(packs: Sequence[Pack], stored: Sequence[Pack]) -> list[PackError]:
    kept = {each.name: each for each in stored}
    changed = [
        PackError(
            f"{each.name}.yaml",
            1,
            "version",
            f"{each.name} is loaded with other content; give this one a new version",
        )
        for each in packs
        if each.name in kept and kept[each.name].sha256 != each.sha256
    ]
    return changed + check_set([*stored, *(each for each in packs if each.name not in kept)])


def load_files(files: Iterable[PackFile]) -> list[Loaded]:
    """Store the versions that are new; what is stored with the same content stays as it is.

    Rules belong to no agency, so this writes no audit event: the row itself says when. Raises
    `PackErrors` with the faults of all files, and has then stored nothing: a fault of the text, an
    example that fails, days that two versions claim, or a stored version with other content.
    """
    checked = check_files(files)
    packs = [each.pack for each in checked.packs]
    errors = checked.errors or _errors_beside(packs, loaded_packs({each.pack for each in packs}))
    if errors:
        raise PackErrors(errors)
    return [_store(each) for each in checked.packs]


def load_pack(file: PackFile) -> Loaded:
    """Store one version of a pack: `load_files` for one file."""
    return load_files([file])[0]


def load_shipped_packs() -> list[Loaded]:
    """Store what the program brings and the database does not have yet."""
    return load_files(shipped_files())


def _store(checked: Checked) -> Loaded:
    pack = checked.pack
    version, is_new = PackVersion.objects.get_or_create(
        pack=pack.pack,
        version=pack.version,
        defaults={
            "kind": pack.kind,
            "state": pack.state,
            "content": checked.text,
            "sha256": pack.sha256,
            "period": DateRange(pack.effective_from, pack.effective_to),
            "replaces": pack.replaces,
            "examples_passed": len(checked.passed),
            "examples_failed": len(checked.failed),
            "examples_not_checked": len(checked.not_checked),
        },
    )
    return Loaded(version, is_new)
