"""The ground of the sweeps over all pages: see `tests.sweep`."""

from tests.sweep.fixtures import ground, prepared

__all__ = ["ground", "prepared"]
