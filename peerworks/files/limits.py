"""How much a file may be. Plain numbers: the process that parses hostile files imports them, too."""

MEGABYTE = 1024 * 1024
MOST_MEGABYTES = 10
MOST_BYTES = MOST_MEGABYTES * MEGABYTE
MOST_AT_ONCE = 5
MOST_PAGES = 50
MOST_MEGAPIXELS = 40
MOST_PIXELS = MOST_MEGAPIXELS * 1_000_000
MOST_PIXELS_ON_A_PAGE = 4 * MOST_PIXELS
"""Of a picture inside a PDF: a page scanned at 600 dots an inch has 35 million, a fax page more."""

MOST_NAME = 200
"""Letters in the name of a file as it is sent."""
SHOWN_NAME = 120
"""Letters of a name as it is kept and shown."""
MOST_REQUEST = MOST_AT_ONCE * MOST_BYTES + MEGABYTE
"""Bytes of a whole form with files: what is longer is not read into anything."""
