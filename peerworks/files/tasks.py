"""The daily sweep of the folder of files."""

import logging

from celery import shared_task

from peerworks.files import operations

log = logging.getLogger(__name__)


@shared_task(name="files.orphans_removed", ignore_result=True)
def orphans_removed(**_):
    """No bytes stand in the folder without a row. Harmless a second time: then there are none."""
    swept = operations.sweep_files()
    if swept.removed or swept.missing:
        log.warning("Files: %s without a row removed, %s missing", swept.removed, swept.missing)
