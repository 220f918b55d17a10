"""Makes agencies and their places. A site or a program is made inside its agency."""

from peerworks.accounts.operations import add_service_member
from peerworks.agencies.context import acting_for
from peerworks.agencies.models import Agency, FundingSource, Program, Site
from tests.factories.numbers import next_number


def make_agency(**given) -> Agency:
    """A made-up agency with its service member."""
    number = next_number()
    agency = Agency.objects.create(
        **{
            "name": f"Made-up agency {number}",
            "slug": f"made-up-{number}",
            "time_zone": "America/Chicago",
            "is_demo": True,
            **given,
        }
    )
    with acting_for(agency.pk):
        add_service_member(agency=agency)
    return agency


def make_site(*, agency: Agency, **given) -> Site:
    """A site in Texas."""
    name = f"Made-up house {next_number()}"
    place = {"name": name, "state": "TX", "time_zone": "America/Chicago"}
    return Site.objects.create(agency=agency, **{**place, **given})


def make_funding_source(*, agency: Agency, **given) -> FundingSource:
    """General funds."""
    name = f"Made-up funds {next_number()}"
    kind = FundingSource.Kind.GENERAL
    return FundingSource.objects.create(agency=agency, **{"name": name, "kind": kind, **given})


def make_program(*, agency: Agency, **given) -> Program:
    """A program under the pack of Texas, at a site of its own."""
    return Program.objects.create(
        agency=agency,
        **{
            "name": f"Made-up program {next_number()}",
            "site": given.pop("site", None) or make_site(agency=agency),
            "pack": "tx-medicaid-peer",
            "funding_source": given.pop("funding_source", None)
            or make_funding_source(agency=agency),
            **given,
        },
    )
