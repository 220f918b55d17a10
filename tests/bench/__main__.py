"""`python -m tests.bench --notes N [--json]`: every measure beside its floor, one line each."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict

import django

from tests.bench.measure import Measure


def main(arguments: list[str]) -> None:
    """Run the measures named, or all of them."""
    measures = _measures()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, default=10_000)
    parser.add_argument("--json", action="store_true", help="JSON lines instead of words")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(measures))
    given = parser.parse_args(arguments)
    for name in given.names or measures:
        for made in measures[name](given.notes):
            sys.stdout.write((json.dumps(asdict(made)) if given.json else made.line()) + "\n")
            sys.stdout.flush()


def _measures() -> dict[str, Callable[[int], Iterable[Measure]]]:
    django.setup()
    from tests.bench import gates, pages, reminders, x12

    return {
        "gates.batch": lambda n: [gates.batch(n)],
        "x12.write_837p": lambda n: [x12.write(n)],
        "reminders.raise": lambda n: [reminders.raised(n)],
        "page": pages.answered,
    }


if __name__ == "__main__":
    main(sys.argv[1:])
