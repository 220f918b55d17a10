"""The rules, open to every member: which packs are loaded, and what each of their values says."""

import zoneinfo

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from peerworks.accounts.access import require
from peerworks.rulepacks import queries, statements
from peerworks.rulepacks.examples import run_examples
from peerworks.rulepacks.models import PackVersion


@require()
@require_safe
def pack_list(request):
    """Every loaded version of every rule pack."""
    on = timezone.localdate(timezone=zoneinfo.ZoneInfo(request.agency.time_zone))
    rows = [(each, queries.label_of(each.pack)) for each in queries.pack_rows(on)]
    return render(request, "rulepacks/pack_list.html", {"page_title": _("Rules"), "rows": rows})


@require()
@require_safe
def pack_detail(request, pack, version):
    """One version as plain statements, with the source and status of each value, and its examples."""
    loaded = get_object_or_404(PackVersion, pack=pack, version=version)
    read = queries.parsed(loaded)
    context = {
        "page_title": queries.label_of(read),
        "version": loaded,
        "pack": read,
        "kind": statements.code_words(read.kind),
        "chapters": statements.chapters(read),
        "examples": run_examples(read),
    }
    return render(request, "rulepacks/pack_detail.html", context)
