"""One's own account."""

from django.contrib import messages
from django.forms import model_to_dict
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from peerworks.accounts import operations, queries
from peerworks.accounts.access import require
from peerworks.accounts.forms import AccountForm
from peerworks.accounts.views.entering import remember_language
from peerworks.web.operations import run_operation
from peerworks.web.pages import form_page


@require()
@require_http_methods(["GET", "HEAD", "POST"])
def account_detail(request):
    """Name, pronouns, language and how pages look; what one may do, and the way to the password."""
    user = request.user
    initial = model_to_dict(user, fields=AccountForm.base_fields)
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


@require()
@require_POST
def help_hide(request):
    """Take the help cards off one's own Today."""
    run_operation(operations.choose_help, request=request, by=request.user, is_shown=False)
    messages.success(request, _("The cards are off Today. They stay under Help."))
    return redirect("home:today")


@require()
@require_POST
def help_show(request):
    """Bring the help cards back to one's own Today."""
    run_operation(operations.choose_help, request=request, by=request.user, is_shown=True)
    messages.success(request, _("The cards are on Today again."))
    return redirect("home:help")
