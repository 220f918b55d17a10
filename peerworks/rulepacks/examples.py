"""Who proves the worked examples of a pack: a runner for each kind, given by the app that knows it.

`units` is proved by `lib` and registered here; `renewal` comes from `providers`, `supervision` from
`supervision`, `gate` from `billing`, each in its `AppConfig.ready()`.
"""

from collections.abc import Callable

from peerworks.lib.rulepack import Example, ExampleKind, ExampleResult, Pack
from peerworks.lib.rulepack.examples import run_unit_example

Runner = Callable[[Pack, Example], ExampleResult]

_runners: dict[ExampleKind, Runner] = {}


class RunnerTaken(ValueError):
    """Two apps offer to prove one kind of example: a mistake of the program, found at start."""


def register(kind: ExampleKind, runner: Runner) -> None:
    """Say who proves the examples of a kind. The same runner twice is harmless."""
    if _runners.setdefault(kind, runner) is not runner:
        raise RunnerTaken(str(kind))


def register_units() -> None:
    """Register the runner of UNITS examples, which needs nothing but `lib`."""
    register(ExampleKind.UNITS, _units)


def _units(pack: Pack, example: Example) -> ExampleResult:
    return run_unit_example(pack.service(example.service), example)


def run_examples(pack: Pack) -> list[ExampleResult]:
    """Every worked example of the pack, in its order.

    An example that no app can prove has not been proved: it counts as failed.
    """
    return [_run(pack, each) for each in pack.examples]


def _run(pack: Pack, example: Example) -> ExampleResult:
    runner = _runners.get(example.kind)
    if runner is None:
        return ExampleResult(example, f"nothing proves examples of the kind {example.kind}")
    return runner(pack, example)
