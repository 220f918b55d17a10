"""The setup page of an empty installation: there with the printed key, once, and then never again."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from peerworks.accounts import operations, policies, queries
from peerworks.accounts.access import public
from peerworks.accounts.forms import PASSWORD_FIELDS, SetupForm
from peerworks.accounts.tokens import hash_of
from peerworks.accounts.views.entering import any_agency
from peerworks.web.operations import run_operation
from peerworks.web.pages import form_page

HELD = "setup"


@public
@require_safe
def setup_open(request, token):
    """The printed address. A wrong key is a page that is not there, and is counted."""
    held = hash_of(token)
    if not _opens(held):
        request.afterwards.append(operations.count_wrong_key)
        raise Http404
    request.session[HELD] = held
    return redirect("accounts:setup-found")


def _opens(held):
    key = queries.setup_key(held, policies.WRONG_TRIES)
    return policies.refusal_to_set_up(key) is None


@any_agency
@public
@require_http_methods(["GET", "HEAD", "POST"])
def setup_found(request):
    """Set up the agency and its first administrator; 404 without the key, and once an agency is."""
    held = request.session.get(HELD, "")
    if not _opens(held):
        raise Http404
    form = SetupForm(request.POST or None, on=timezone.now().date())
    if request.method == "POST" and form.is_valid() and _founded(form, held):
        del request.session[HELD]
        messages.success(request, _("The agency is set up. Sign in with your new password."))
        return redirect("account_login")
    context = {
        "page_title": _("Set up your agency"),
        "has_packs": form.has_packs,
    }
    return form_page(request, "accounts/setup_found.html", form, context)


def _founded(form, held):
    values = form.values | {"language": translation.get_language() or "en"}
    password = values.pop("password")
    return run_operation(
        operations.found_agency,
        form=form,
        fields=PASSWORD_FIELDS,
        token_sha256=held,
        founding=operations.Founding(**values),
        password=password,
        at=timezone.now(),
    )
