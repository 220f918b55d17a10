"""How fast the gates judge a batch of stored notes."""

from django.db import connection

from billing.gates.engine import judge
from billing.models import ServiceNote
from peerworks.lib.findings import Moment
from tests.bench.measure import Measure, measure
from tests.bench.volume import volume


def batch(n: int) -> Measure:
    """`n` notes judged for a claim, against the same facts fetched as bare rows and not looked at."""
    with volume(n) as made:
        notes = list(ServiceNote.objects.order_by("pk").values_list("pk", flat=True))

        def ours():
            return judge(notes, on=made.today, moment=Moment.BATCH, by=made.member, store=False)

        _prove_clean(ours(), n)
        statements = _asked_by(ours)
        return measure(
            "gates.batch",
            ours,
            lambda: _fetched(statements),
            n=n,
            unit="notes/s",
            floor_is="same facts as bare rows",
        )


def _prove_clean(verdicts, n):
    """A bench of notes that stop early would flatter us: all of them can be billed."""
    billable = sum(each.can_bill for each in verdicts.values())
    if (len(verdicts), billable) != (n, n):
        reasons = {said.because.reason for each in verdicts.values() for said in each.told()}
        raise AssertionError(f"{billable} of {n} can be billed: {reasons}")


def _asked_by(work):
    """The statements that a piece of work sends, with their values."""
    sent = []

    def keep(execute, statement, params, many, context):
        sent.append((statement, params))
        return execute(statement, params, many, context)

    with connection.execute_wrapper(keep):
        work()
    return sent


def _fetched(statements):
    """All rows of these statements, one after the other."""
    with connection.cursor() as cursor:
        for statement, params in statements:
            cursor.execute(statement, params)
            cursor.fetchall()
