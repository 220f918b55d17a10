"""The place of this app in the header: what is due."""

from peerworks.web import navigation
from peerworks.web.navigation import Place


def register() -> None:
    """The bell leads to the inbox."""
    navigation.register_place(Place.DUE, "notices:notice-list")
