"""What the pages that look across apps show: the nine of the demonstration, and Today."""

from peerworks.home.queries.today import Today, today_of

__all__ = ["Today", "today_of"]
