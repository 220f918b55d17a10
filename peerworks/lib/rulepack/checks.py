"""What only shows when a pack is looked at as a whole, and a set of packs together."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations

from peerworks.lib.rulepack.examples import run_unit_example
from peerworks.lib.rulepack.nodes import Node, PackError, Problems
from peerworks.lib.rulepack.schema import Example, ExampleKind, Pack


def check_pack(pack: Pack, root: Node, problems: Problems) -> None:
    """Note the faults of the pack as a whole: names, references, and examples that fail."""
    lines = _Lines(root)
    _check_file_name(pack, lines, problems)
    _check_names(pack, lines, problems)
    _check_endorsements(pack, lines, problems)
    _check_examples(pack, lines, problems)
    if not problems.found:
        _run_unit_examples(pack, problems)


def check_set(packs: Sequence[Pack]) -> list[PackError]:
    """The faults of packs side by side.

    A pack and version may stand only once, and two versions of one pack may be in force on one day
    only where the one `replaces` the other, directly or through others.
    """
    in_order = sorted(packs, key=lambda pack: (pack.pack, version_number(pack.version)))
    pairs = combinations(in_order, 2)
    return [each for earlier, later in pairs for each in _clash(later, earlier, packs)]


def version_number(version: str) -> tuple[int, ...]:
    """A version as it is compared: 2026.10 comes after 2026.9."""
    return tuple(int(part) for part in version.split("."))


def _clash(later: Pack, earlier: Pack, packs: Sequence[Pack]) -> list[PackError]:
    if later.pack != earlier.pack:
        return []
    file = f"{later.name}.yaml"
    if later.version == earlier.version:
        return [PackError(file, 1, "version", f"{later.name} stands here twice")]
    if not _overlap(later, earlier) or earlier.version in _replaced_by(later, packs):
        return []
    message = f"in force on the same days as {earlier.name}, without `replaces`"
    return [PackError(file, 1, "effective", message)]


def _overlap(one: Pack, other: Pack) -> bool:
    one_first = other.effective_to is None or one.effective_from < other.effective_to
    other_first = one.effective_to is None or other.effective_from < one.effective_to
    return one_first and other_first


def _replaced_by(pack: Pack, packs: Sequence[Pack]) -> set[str]:
    replaces = {each.version: each.replaces for each in packs if each.pack == pack.pack}
    found: set[str] = set()
    version = pack.replaces
    while version and version not in found:
        found.add(version)
        version = replaces.get(version, "")
    return found


class _Lines:
    """Finds the line of a key path in the file, or of the nearest part of it that is there."""

    def __init__(self, root: Node) -> None:
        self._root = root

    def of(self, path: str) -> int:
        """The line of an entry; list items are found by their `key`, `stage` or number."""
        node = self._root
        for step in path.split("."):
            found = _child(node, step)
            if found is None:
                break
            node = found
        return node.line


def _child(node: Node, step: str) -> Node | None:
    if isinstance(node.content, list):
        return next((each for each in node.content if step in _names(each)), None)
    return node.content.get(step) if isinstance(node.content, dict) else None


def _names(item: Node) -> list[object]:
    entries = item.content if isinstance(item.content, dict) else {}
    return [entries[key].content for key in ("key", "stage", "name") if key in entries]


def _check_file_name(pack: Pack, lines: _Lines, problems: Problems) -> None:
    if "@" in problems.file and problems.file != f"{pack.name}.yaml":
        problems.add(lines.of("pack"), "pack", f"the file should be called {pack.name}.yaml")
    if pack.replaces and pack.version and not _is_earlier(pack.replaces, pack.version):
        problems.add(lines.of("replaces"), "replaces", "a version replaces an earlier one")


def _is_earlier(version: str, other: str) -> bool:
    return version_number(version) < version_number(other)


def _check_names(pack: Pack, lines: _Lines, problems: Problems) -> None:
    groups = {
        "services": [each.key for each in pack.services],
        "workforce.credentials": [each.key for each in pack.workforce.credentials],
        "workforce.supervision": [each.stage for each in pack.workforce.supervision],
        "workforce.personnel": [each.key for each in pack.workforce.personnel],
        "examples": [each.name for each in pack.examples],
    }
    for service in pack.services:
        groups[f"services.{service.key}.caps"] = [each.key for each in service.caps]
    for kind in pack.workforce.credentials:
        path = f"workforce.credentials.{kind.key}"
        groups[f"{path}.education.categories"] = [each.key for each in kind.education.categories]
        groups[f"{path}.stages"] = [each.stage for each in kind.stages]
    for path, names in groups.items():
        for name in _repeated(names):
            problems.add(lines.of(path), path, f"{name} stands here twice")


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(filter(None, names)).items() if count > 1]


def _check_endorsements(pack: Pack, lines: _Lines, problems: Problems) -> None:
    kinds = {each.key: each for each in pack.workforce.credentials}
    for service in pack.services:
        wanted = service.credentials.endorsements
        accepted = service.credentials.accepted.value or ()
        if wanted is None or not wanted.value or not all(key in kinds for key in accepted):
            continue
        carried = {word for key in accepted for word in kinds[key].endorsements}
        for word in wanted.members:
            if word not in carried:
                message = f"no accepted credential can be endorsed for {word}"
                problems.add(lines.of(wanted.path), wanted.path, message)


def _check_examples(pack: Pack, lines: _Lines, problems: Problems) -> None:
    services = {each.key for each in pack.services}
    kinds = {each.key for each in pack.workforce.credentials}
    for example in pack.examples:
        if example.service and example.service not in services:
            problems.add(example.line, example.path, f"no service {example.service}")
        if example.credential and example.credential not in kinds:
            problems.add(example.line, example.path, f"no credential {example.credential}")
    for key in sorted(services - {each.service for each in pack.examples}):
        path = f"services.{key}"
        problems.add(lines.of(path), path, "the service has no example")


def _run_unit_examples(pack: Pack, problems: Problems) -> None:
    for example in pack.examples:
        if example.kind is ExampleKind.UNITS:
            _run(pack, example, problems)


def _run(pack: Pack, example: Example, problems: Problems) -> None:
    result = run_unit_example(pack.service(example.service), example)
    if not result.passed:
        expected = ", ".join(f"{key} {value}" for key, value in example.expect.items())
        message = f"the example fails: {result.message}, not {expected}"
        problems.add(example.line, example.path, message)
