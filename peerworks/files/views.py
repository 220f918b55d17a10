"""One page: a stored file by its id, whatever it is for."""

from zoneinfo import ZoneInfo

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from peerworks.accounts.access import require
from peerworks.files import owners
from peerworks.files.answers import download
from peerworks.files.models import StoredFile


@require()
@require_safe
def file_open(request, pk):
    """Open a file, if the app that it is for says that this member may; else as if there were none."""
    stored = get_object_or_404(StoredFile, pk=pk)
    on = timezone.localdate(timezone=ZoneInfo(request.agency.time_zone))
    if not owners.may_open(request.member, stored, on):
        raise Http404
    return download(request, stored, action="file.opened")
