"""Putting the collector off: it runs again afterwards, whatever happens, and is never left off."""

import gc

import pytest

from peerworks.lib.collecting import without_collecting


@pytest.fixture(autouse=True)
def as_before():
    """The collector as it was found."""
    was_on = gc.isenabled()
    gc.enable()
    yield
    (gc.enable if was_on else gc.disable)()


def test_it_stands_still_inside_and_runs_afterwards():
    with without_collecting():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_runs_after_an_error_too():
    with pytest.raises(LookupError), without_collecting():
        raise LookupError
    assert gc.isenabled()


def test_one_inside_another_leaves_the_end_to_the_outer_one():
    with without_collecting():
        with without_collecting():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_who_switched_it_off_for_good_finds_it_off():
    gc.disable()
    with without_collecting():
        pass
    assert not gc.isenabled()
