"""One's own account."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from peerworks.accounts import operations, queries
from peerworks.accounts.access import require
from peerworks.accounts.forms import AccountForm
from peerworks.accounts.views.entering import remember_language
from peerworks.web.operations import run_operation
from peerworks.web.pages import form_page


@require()
@require_http_methods(["GET", "HEAD", "POST"])
def account_detail(request):
    """Name, pronouns and language; what one may do here, and the way to the password."""
    user = request.user
    initial = {"name": user.name, "pronouns": user.pronouns, "language": user.language}
    form = AccountForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        if run_operation(operations.change_account, form=form, by=user, **form.values):
            messages.success(request, _("Your account is updated."))
            return remember_language(
                request, redirect("accounts:account-detail"), form.values["language"]
            )
    context = {
        "page_title": _("My account"),
        "email": user.email,
        "roles": queries.role_words(request.member.roles),
    }
    return form_page(request, "accounts/account_detail.html", form, context)
