"""One measure beside its floor: both in the same process and run, so that the ratio holds anywhere."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

RUNS = 5


@dataclass(frozen=True, slots=True)
class Measure:
    """A line of the bench. `value` and `floor` are things a second, medians of the runs.

    `ratio` is our time over the floor's for the same n, so 1.00 is the floor; `spread` is
    (p90 - p10) / median of our times.
    """

    name: str
    n: int
    value: float
    floor: float
    unit: str
    ratio: float
    runs: int
    spread: float
    floor_is: str

    def line(self) -> str:
        """As `make bench` prints it: words key=value."""
        return (
            f"bench {self.name} n={self.n} value={_figure(self.value)} unit={self.unit} "
            f"floor={_figure(self.floor)} ratio={self.ratio:.2f} runs={self.runs} "
            f'spread={self.spread:.2f} floor_is="{self.floor_is}"'
        )


def _figure(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.2f}"


def measure(
    name: str,
    ours: Callable[[], object],
    floor: Callable[[], object],
    *,
    n: int,
    unit: str,
    floor_is: str,
    done: int = 0,
    runs: int = RUNS,
) -> Measure:
    """Run ours and the floor in turn, `runs` times after one warm-up each.

    `done` is how many things one run does, where that is not `n`.
    """
    ours(), floor()
    pairs = [(_seconds(ours), _seconds(floor)) for _ in range(runs)]
    times = sorted(pair[0] for pair in pairs)
    floors = sorted(pair[1] for pair in pairs)
    middle, lowest = statistics.median(times), statistics.median(floors)
    tenths = statistics.quantiles(times, n=10, method="inclusive")
    return Measure(
        name=name,
        n=n,
        value=(done or n) / middle,
        floor=(done or n) / lowest,
        unit=unit,
        ratio=middle / lowest,
        runs=runs,
        spread=(tenths[-1] - tenths[0]) / middle,
        floor_is=floor_is,
    )


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
