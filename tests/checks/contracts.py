"""An import contract of our own: what apps may take from each other.

`import-linter` has no kind for "only the own app", and a contract with a list of names would have to
be written again for every pair of apps. This one states the rule of `docs/house.md` once: nobody uses
another app's pages, forms or tasks, and another app's operations are called from operations only.
"""

from collections.abc import Iterator
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class AtHomeContract(Contract):
    """Modules of some kinds are for their own app; operations also for the writers of other apps.

    Options: `apps`, the apps that the rule is about (one that is not there yet is passed over);
    `private`, kinds of modules that no other app imports; `writes`, the kind that other apps import
    from a module of the kinds in `writers` only; `excused`, single imports ("a -> b") that stand
    outside the rule. An excuse that no import needs any more breaks the contract.
    """

    type_name = "at_home"

    apps: Any = fields.ListField(subfield=fields.StringField())
    private: Any = fields.ListField(subfield=fields.StringField())
    writes: Any = fields.StringField()
    writers: Any = fields.ListField(subfield=fields.StringField())
    excused: Any = fields.ListField(subfield=fields.StringField(), required=False, default=[])

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Look at every import that ends in one of the guarded modules."""
        excused = set(self.excused)
        found = {f"{importer} -> {imported}" for importer, imported in self._broken(graph)}
        return ContractCheck(
            kept=found == excused,
            metadata={"broken": sorted(found - excused), "idle": sorted(excused - found)},
        )

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Say each import that broke the rule, and each excuse without one."""
        for each in check.metadata["broken"]:
            output.print_error(f"{each}: another app's module", bold=False)
        for each in check.metadata["idle"]:
            output.print_error(f"{each}: excused, but there is no such import", bold=False)
        output.new_line()

    def _broken(self, graph: ImportGraph) -> Iterator[tuple[str, str]]:
        for app in self.apps:
            for kind in (*self.private, self.writes):
                for imported in _with_descendants(graph, f"{app}.{kind}"):
                    for importer in graph.find_modules_that_directly_import(imported):
                        if not self._may(importer, app, kind):
                            yield importer, imported

    def _may(self, importer: str, app: str, kind: str) -> bool:
        if _is_within(importer, app):
            return True
        return kind == self.writes and any(part in self.writers for part in importer.split("."))


def _with_descendants(graph: ImportGraph, module: str) -> set[str]:
    if module not in graph.modules:
        return set()
    return {module, *graph.find_descendants(module)}


def _is_within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")
