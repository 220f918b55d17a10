"""Asking the gates about stored notes, without keeping a run: what tests of the gates begin with."""

from billing.gates import engine
from peerworks.lib.findings import Moment


def verdict_of(world, note, moment=Moment.BATCH):
    """What the gates say of one note today."""
    return verdicts_of(world, [note], moment)[0]


def verdicts_of(world, notes, moment=Moment.BATCH):
    """What the gates say of several notes today, in their order; nothing is stored."""
    ids = [each.pk for each in notes]
    judged = engine.judge(ids, on=world.today, moment=moment, by=world.juniper.service, store=False)
    return [judged[each] for each in ids]


def told(verdict):
    """The reasons of a verdict, in the order of the gates."""
    return [each.because.reason for each in verdict.findings if each.because is not None]


def finding_of(verdict, rule):
    """What one gate said."""
    return next(each for each in verdict.findings if each.rule == rule)
