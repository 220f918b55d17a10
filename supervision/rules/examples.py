"""Proves the worked examples of a pack that speak of supervision."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from peerworks.lib.periods import Days
from peerworks.lib.rulepack import NONE, Example, ExampleResult, Pack
from peerworks.lib.rulepack.examples import Given, result_of
from supervision.rules.owed import SessionFact, StageFact, SupervisionFacts, duties_of, owed_on

_LONG_BEFORE = dt.timedelta(days=365)


def run_supervision_example(pack: Pack, example: Example) -> ExampleResult:
    """One SUPERVISION example: what it expects against what `owed_on` says of that worker.

    Where an example does not say since when, the worker has been assigned, and in the stage, for a
    year.
    """
    given, expect = Given(example.given), example.expect
    duties = [duty for duty, _ in duties_of(pack)]
    standing = owed_on(duties, _worker(given), given["on"])
    if standing is None:
        return ExampleResult(example, "no duty of this pack binds the worker")
    found = {"due_on": standing.due_on, "state": standing.state.value}
    wrong = [f"{key} is {found[key]}" for key, wanted in expect.items() if found[key] != wanted]
    return result_of(example, given, wrong)


def _worker(given: Mapping[str, Any]) -> SupervisionFacts:
    since = given["on"] - _LONG_BEFORE
    last = given.get("last_supervision", given["on"])
    session = SessionFact(
        on=given["on"] if last == NONE else last,
        minutes=60,
        format=given.get("format", "INDIVIDUAL"),
        mode=given.get("mode", "IN_PERSON"),
    )
    return SupervisionFacts(
        assigned=(Days(given.get("assigned_on", since)),),
        stages=(StageFact(given.get("stage", "FULL"), Days(given.get("stage_from", since))),),
        sessions=() if last == NONE else (session,),
    )
