"""A new password: by a link in a letter, or by who knows the old one."""

import time
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from peerworks.accounts import operations, policies
from peerworks.accounts.access import before_factor, public, require
from peerworks.accounts.forms import (
    PASSWORD_FIELDS,
    AskResetForm,
    ChangePasswordForm,
    NewPasswordForm,
)
from peerworks.accounts.queries import user_of_key
from peerworks.accounts.views.entering import any_agency
from peerworks.web import reasons
from peerworks.web.operations import run_operation
from peerworks.web.pages import form_page

HELD = "reset"
EVEN_SECONDS = 0.2


@any_agency
@public
@require_http_methods(["GET", "HEAD", "POST"])
def reset_ask(request):
    """Ask for a link; the answer is the same for every address, in what it says and how long it takes."""
    began = time.monotonic()
    form = AskResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        run_operation(operations.ask_reset, form=form, at=timezone.now(), **form.values)
        request.afterwards.append(lambda: _even_out(began))
        return redirect("accounts:reset-sent")
    context = {"page_title": _("Forgot your password?")}
    return form_page(request, "accounts/reset_ask.html", form, context)


def _even_out(began):
    """Wait until as much time has gone by as an account with a letter to plan would take (AU-6)."""
    time.sleep(max(0.0, began + EVEN_SECONDS - time.monotonic()))


@public
@require_safe
def reset_sent(request):
    """What happens now, whether or not there is an account."""
    return render(request, "accounts/reset_sent.html", {"page_title": _("Check your e-mail")})


@before_factor
@public
@require_safe
def reset_open(request, key):
    """The address in the letter: the key goes into the session, and the address is left behind."""
    request.session.pop(HELD, None)
    if user_of_key(key) is not None:
        request.session[HELD] = key
    return redirect("accounts:reset-new")


@any_agency
@public
@require_http_methods(["GET", "HEAD", "POST"])
def reset_new(request):
    """Choose the new password; the next sign-in still asks for the second factor."""
    key = request.session.get(HELD, "")
    if user_of_key(key) is None:
        title = {"page_title": _("This link does not work")}
        return render(request, "accounts/reset_gone.html", title, status=404)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {"key": key, "at": timezone.now(), **form.values}
        if run_operation(operations.reset_password, form=form, fields=PASSWORD_FIELDS, **given):
            logout(request)
            messages.success(request, _("The password is set. Sign in with it."))
            return redirect("account_login")
    return form_page(
        request, "accounts/reset_new.html", form, {"page_title": _("Choose a new password")}
    )


@require()
@require_http_methods(["GET", "HEAD", "POST"])
def password_change(request):
    """Change one's own password; other sessions end, this one goes on under a new name."""
    form = ChangePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {"by": request.member, "but": request.sign_in.id}
        result: Any = run_operation(
            operations.change_password,
            form=form,
            fields=PASSWORD_FIELDS,
            at=timezone.now(),
            **given,
            **form.values,
        )
        if result.value is not None:
            update_session_auth_hash(request, result.value)
            messages.success(request, _("The password is changed. Your other sessions have ended."))
            return redirect("accounts:account-detail")
    refusal = policies.refusal_to_change_password(request.user)
    context = {
        "page_title": _("Change your password"),
        "refusal_words": reasons.sentence(refusal.because) if refusal else "",
    }
    return form_page(request, "accounts/password_change.html", form, context)
