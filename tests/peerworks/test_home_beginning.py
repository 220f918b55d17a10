"""First steps on Today: of a peer specialist up to the first note, of a supervisor until their people have diagnoses."""

import datetime as dt

import pytest

from billing.models import Diagnosis
from peerworks.accounts.roles import RoleName
from peerworks.home.demo.cast import JUNIPER, Person
from peerworks.home.demo.founding import add_file, add_member, certify
from peerworks.home.demo.standing import supervise
from supervision.models import Qualification
from tests.peerworks.test_home_today import page_of, visit, write

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
STEPS = "First steps, up to your first note"
OF_A_SUPERVISOR = "First steps of a supervisor"


def step(page: str, words: str) -> str:
    """The list item of a step, from its words to its end."""
    found = page.partition('<ol class="steps">')[2].partition(words)[2]
    assert found, f"no step {words!r}"
    return found.partition("</li>")[0]


@pytest.fixture
def newcomer(world):
    """Joins the agency: `newcomer("SUPERVISOR", "PEER")`; with a file unless told otherwise."""

    def join(*roles: str, has_file: bool = True) -> str:
        ada = Person(
            *("newcomer", "Ada", "Quill", "en", JUNIPER, tuple(map(RoleName, roles))),
            *("Newcomer", roles[0], ("mesa",), "", ()),
        )
        with world.acting("administrator"):
            add_member(world.juniper, ada)
            world.juniper.providers["newcomer"] = None
            if has_file:
                add_file(world.juniper, ada, 30, world.today)
        return "newcomer"

    return join


class TestPeer:
    def test_whoever_is_new_finds_where_the_certification_goes(self, world, newcomer):
        page = page_of(world, newcomer("PEER"))

        assert STEPS in page
        assert "Have its number and its dates at hand." in step(page, "Enter your certification")
        assert "Wait for your first person" in page

    def test_whoever_has_no_file_yet_is_told_who_opens_it(self, world, newcomer):
        page = page_of(world, newcomer("PEER", has_file=False))

        assert "An administrator opens it." in step(page, "Wait for your file")
        assert "Enter your certification" not in page.partition('<ol class="steps">')[2]
        assert "Add it in my file" not in page, "there is none to add it in"

    def test_a_session_that_both_signed_is_done(self, world, newcomer):
        words = "Sign the session with your supervisor"
        who = newcomer("PEER")
        assert "Done" not in step(page_of(world, who), words)

        with world.acting("administrator"):
            house = world.juniper
            supervise(
                house,
                world[who].provider,
                world["supervisor"].provider,
                "mesa",
                world.today - 2 * DAY,
            )

        assert "Done" in step(page_of(world, who), words)

    @pytest.mark.parametrize(
        ("is_verified", "said"), [(False, "waits for an administrator"), (True, "Done")]
    )
    def test_one_that_waits_and_one_that_is_verified(self, world, newcomer, is_verified, said):
        who = newcomer("PEER")
        with world.acting("administrator"):
            certify(
                world.juniper,
                world[who].provider,
                "tx-peer-specialist",
                since=world.today - dt.timedelta(days=3),
                until=world.today + dt.timedelta(days=300),
                now=world.now,
                number="DEMO-NEW",
                is_verified=is_verified,
            )

        assert said in step(page_of(world, who), "Enter your certification")

    def test_the_steps_with_a_person_lead_to_the_first_on_the_list(self, world):
        page = page_of(world, "lapsed-peer")
        first = f"/participants/{world.person('lapsed-peer').participant.pk}"

        assert "Done" not in step(page, "Enter your certification"), "it has ended"
        assert f"{first}/consents/add/" in page
        assert "Done" in step(page, "Record their consent")
        assert "Done" in step(page, "Write the plan of care")
        assert f'href="{first}/plans/"' in page

    def test_they_are_gone_with_the_first_note_that_is_signed(self, world):
        write(world, visit(world, 50), is_signed=False)
        assert 'id="first-steps"' in page_of(world, "peer")

        write(world, visit(world))

        assert 'id="first-steps"' not in page_of(world, "peer")


class TestSupervisor:
    def test_who_has_no_file_yet_is_told_who_opens_it(self, world, newcomer):
        page = page_of(world, newcomer("SUPERVISOR", "PEER", has_file=False))

        assert OF_A_SUPERVISOR in page
        assert "Wait for your file" in page
        assert STEPS not in page

    def test_their_proof_is_asked_for_waits_and_is_verified(self, world, newcomer):
        who = newcomer("SUPERVISOR", "PEER")
        words = "Show that you may supervise"
        assert "A license, for example" in step(page_of(world, who), words)

        with world.acting("administrator") as elena:
            shown = Qualification.objects.create(
                agency=world.juniper.agency,
                supervisor=world[who].provider,
                atom=Qualification.Atom.LICENCE,
                key="LPHA",
                evidence="Seen.",
                period=(world.today, None),
                recorded_by=world["supervisor"].member,
                recorded_at=world.now,
            )
        assert "waits for an administrator" in step(page_of(world, who), words)

        with world.acting("administrator"):
            shown.verified_at, shown.verified_by = world.now, elena.member
            shown.save(update_fields=["verified_at", "verified_by"])
        assert "Done" in step(page_of(world, who), words)

    def test_a_diagnosis_of_somebody_elses_team_is_not_theirs(self, world, newcomer):
        page = page_of(world, newcomer("SUPERVISOR", "PEER"))

        assert "Done" not in step(page, "Record the diagnoses")

    def test_a_session_is_done_and_the_diagnoses_are_not(self, world):
        with world.acting("administrator"):
            Diagnosis.objects.all().delete()

        page = page_of(world, "supervisor")

        assert "Done" in step(page, "Log your first session")
        assert "Done" not in step(page, "Record the diagnoses")

    def test_whoever_serves_nobody_yet_has_nothing_to_record(self, world, newcomer):
        who = newcomer("SUPERVISOR", "PEER")
        with world.acting("administrator"):
            supervise(
                world.juniper,
                world["peer"].provider,
                world[who].provider,
                "mesa",
                world.today - 2 * DAY,
            )

        assert OF_A_SUPERVISOR not in page_of(world, who)

    def test_they_are_gone_with_a_session_and_a_diagnosis(self, world):
        assert OF_A_SUPERVISOR not in page_of(world, "supervisor")
