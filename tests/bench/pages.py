"""How fast pages answer when the tables are full."""

from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse

from tests.bench.measure import Measure, measure
from tests.bench.volume import volume

UNBILLED = 1_000
"""Of so many visits the work list tells what holds each, at every request."""

PAGES = (
    ("biller", "billing:worklist"),
    ("supervisor", "billing:review-list"),
    ("administrator", "participants:participant-list"),
    ("administrator", "providers:provider-list"),
    ("peer", "home:today"),
)
ASKED = 5


def answered(n: int) -> list[Measure]:
    """Each page with `n` notes behind it, all but a thousand of them billed, against the sign-in page:
    the same shell with no rows."""
    filled = volume(n, is_acting=False, unbilled=UNBILLED)
    with filled as made, override_settings(ALLOWED_HOSTS=["testserver"]):
        return [_page(made, who, name, n) for who, name in PAGES]


def _page(made, who: str, name: str, n: int) -> Measure:
    client, visitor = Client(), Client()
    client.force_login(made.house.members[who].user)
    address, bare = reverse(name), reverse("account_login")

    def ours() -> None:
        for _ in range(ASKED):
            answer = client.get(address)
            if answer.status_code != 200:
                raise AssertionError(f"{name} answered {answer.status_code}")

    return measure(
        f"page.{name}",
        ours,
        lambda: [visitor.get(bare) for _ in range(ASKED)],
        n=n,
        unit="pages/s",
        done=ASKED,
        floor_is="the sign-in page: the shell without a query for rows",
    )
