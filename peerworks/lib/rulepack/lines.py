"""The lines of a claim that a pack can make: a code with its modifiers."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from peerworks.lib.rulepack.schema import Pack, Service


def added_modifiers(
    rules: Iterable[tuple[Mapping[str, tuple[str, ...]], str]], known: Mapping[str, str]
) -> tuple[str, ...]:
    """The modifiers of a line: of the rules (when, code) those whose facts all hold, each once, in their order."""
    added = (
        code
        for when, code in rules
        if all(known[fact] in allowed for fact, allowed in when.items())
    )
    return tuple(dict.fromkeys(added))


Line = tuple[str, tuple[str, ...]]


def services_of_lines(pack: Pack) -> dict[Line, tuple[Service, ...]]:
    """Each code with each row of modifiers that a visit can be billed with under a pack, and the services it bills.

    What an agency needs a rate for: of each service, every mode at every place that the pack allows.
    """
    found: dict[Line, dict[str, Service]] = {}
    for each in pack.services:
        for known in _ways(each):
            line = str(each.code.value), added_modifiers(_rules(each), known)
            found.setdefault(line, {})[each.key] = each
    return {line: tuple(services.values()) for line, services in found.items()}


def _rules(service: Service) -> tuple[tuple[Mapping[str, tuple[str, ...]], str], ...]:
    return tuple((each.when, str(each.add.value)) for each in service.modifiers)


def _ways(service: Service) -> Iterator[dict[str, str]]:
    modes = service.modes.allowed.members or ("",)
    for mode, place in product(modes, service.places.allowed.members or ("",)):
        yield {"mode": mode, "setting": service.setting, "place": place}
