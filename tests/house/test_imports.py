"""The import contracts of `pyproject.toml` hold, and each forbidden import that we plant is caught."""

import copy

import pytest
from importlinter.application import use_cases
from importlinter.configuration import configure
from importlinter.domain.contract import registry

#: What somebody might write, and the contract that has to refuse it.
FORBIDDEN = [
    ("providers.rules", "supervision.rules", "line-of-apps"),
    ("peerworks.audit.trail", "peerworks.accounts.models", "line-of-apps"),
    ("peerworks.agencies.models", "peerworks.audit.trail", "line-of-apps"),
    ("peerworks.lib.money", "peerworks.local.site", "line-of-apps"),
    ("billing.gates.rules", "django", "pure"),
    ("supervision.rules", "django", "pure"),
    ("providers.rules", "peerworks.rulepacks.models", "pure"),
    ("billing.x12.syntax", "billing.models", "pure"),
    ("peerworks.lib.money", "celery", "pure"),
    ("training.rules", "psycopg", "pure"),
    ("billing.x12.syntax", "providers.rules", "codec"),
    ("billing.views", "billing.x12", "one-door-to-x12"),
    ("billing.management.commands.build_batch", "billing.x12.syntax", "one-door-to-x12"),
    ("billing.queries", "billing.operations", "inside-billing"),
    ("billing.helpers", "billing.models", "inside-billing"),
    ("supervision.reasons", "supervision.policies", "inside-an-app"),
    ("training.admin", "training.models", "inside-an-app"),
    ("training.standing", "training.models", "inside-an-app"),
    ("providers.models", "providers.operations", "inside-providers"),
    ("providers.standing", "providers.models", "inside-providers"),
    (
        "peerworks.participants.models",
        "peerworks.participants.operations",
        "inside-the-shared-apps",
    ),
    ("peerworks.common", "peerworks.lib.money", "shared-ground"),
    ("billing.views", "supervision.operations", "at-home"),
    ("billing.views.notes", "providers.forms", "at-home"),
    ("supervision.queries", "training.operations.courses", "at-home"),
    ("billing.operations.notes", "providers.views.work", "at-home"),
]

#: Imports in the right direction, which the same contracts let pass.
ALLOWED = [
    ("billing.operations.notes", "providers.operations.work", "at-home"),
    ("billing.views.notes", "billing.forms", "at-home"),
    ("billing.views", "supervision.queries", "line-of-apps"),
    ("billing.mapping", "billing.x12.syntax", "one-door-to-x12"),
    ("billing.gates.rules", "supervision.rules", "pure"),
]


@pytest.fixture(scope="module")
def options():
    """The contracts as the tool reads them, and the kinds of contracts that it knows."""
    configure()
    read = use_cases.read_user_options("pyproject.toml")
    use_cases._register_contract_types(read)
    return read


@pytest.fixture(scope="module")
def graph(options):
    """Who imports whom in the code as it is."""
    return use_cases._build_graph(
        root_package_names=options.session_options["root_packages"],
        include_external_packages=True,
        exclude_type_checking_imports=False,
        verbose=False,
        cache_dir=None,
    )


def is_kept(options, graph, name):
    """Whether the contract of that name holds for a graph, which is left as it was."""
    (told,) = [each for each in options.contracts_options if each["id"] == name]
    contract = registry.get_contract_class(told["type"])(
        name=told["name"], session_options=options.session_options, contract_options=told
    )
    return contract.check(copy.deepcopy(graph), verbose=False).kept


def planted(graph, importer, imported):
    """The graph with one import more, and with the modules that it names."""
    changed = copy.deepcopy(graph)
    for module in (importer, imported):
        parts = module.split(".")
        for end in range(1, len(parts) + 1):
            if (package := ".".join(parts[:end])) not in changed.modules:
                changed.add_module(package)
    changed.add_import(importer=importer, imported=imported, line_number=1, line_contents="planted")
    return changed


def test_every_contract_holds(options, graph):
    broken = [
        told["name"]
        for told in options.contracts_options
        if not is_kept(options, graph, told["id"])
    ]
    assert not broken


@pytest.mark.parametrize(("importer", "imported", "contract"), FORBIDDEN)
def test_a_planted_import_is_caught(options, graph, importer, imported, contract):
    assert is_kept(options, graph, contract)
    assert not is_kept(options, planted(graph, importer, imported), contract)


@pytest.mark.parametrize(("importer", "imported", "contract"), ALLOWED)
def test_a_planted_import_in_the_right_direction_passes(
    options, graph, importer, imported, contract
):
    assert is_kept(options, planted(graph, importer, imported), contract)


def test_an_excuse_without_its_import_breaks_the_contract(options, graph):
    changed = copy.deepcopy(graph)
    changed.remove_import(importer="peerworks.home.health", imported="peerworks.jobs.tasks")
    assert not is_kept(options, changed, "at-home")
