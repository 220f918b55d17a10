"""The second factor: given at sign-in and for starred pages, set up, renewed and taken away."""

import zoneinfo

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peerworks.accounts import ciphers, factors, operations
from peerworks.accounts.access import before_factor, fresh_factor, public, require, signed_in
from peerworks.accounts.adapter import PROVED
from peerworks.accounts.arrival import FRESH_MINUTES
from peerworks.accounts.forms import CodeForm, EnrolForm
from peerworks.accounts.views.entering import any_agency
from peerworks.web.errors import wants_json
from peerworks.web.operations import Result, run_operation
from peerworks.web.pages import form_page, safe_next

form_methods = require_http_methods(["GET", "HEAD", "POST"])
TOO_MANY = {"CODE-TOO-MANY", "CODE-USED-UP"}


@any_agency
@public
@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")
@form_methods
def second_factor(request):
    """The second step of a sign-in: the password was right, and nobody is signed in yet."""
    stage = request._login_stage
    if request.session.get(PROVED) != stage.login.user.get_session_auth_hash():
        return stage.abort()
    form = CodeForm(_sent(request))
    result = _given(request, stage.login.user, form)
    if result.value is not None:
        factor = result.value
        record_authentication(
            request, stage.login.user, method="mfa", id=factor.pk, type=factor.type
        )
        return stage.exit()
    context = {"page_title": _("Second factor"), "is_sign_in": True}
    return _with_status(form_page(request, "accounts/factor_give.html", form, context), result)


def _sent(request):
    # A form without a value is sent all the same.
    return request.POST if request.method == "POST" else None


def _given(request, user, form) -> Result:
    """Take the code of a form that was sent; a wrong one is kept though the request is rolled back."""
    if not (form.is_bound and form.is_valid()):
        return Result(message="-")
    result: Result = run_operation(
        operations.give_code,
        form=form,
        fields={"CODE-WRONG": "code"},
        user=user,
        code=form.cleaned_data["code"],
        at=timezone.now(),
    )
    if result.refusal is not None and result.refusal.code == "CODE-WRONG":
        request.afterwards.append(lambda: operations.keep("factor.failed", user))
    return result


def _with_status(response: HttpResponse, result: Result) -> HttpResponse:
    if result.refusal is not None and result.refusal.code in TOO_MANY:
        response.status_code = 429
    return response


@before_factor
@any_agency
@never_cache
@signed_in
@form_methods
def step_up(request):
    """Ask for the second factor once more, and lead back to where it was asked for.

    A script posts here, too, and gets 204 or the words of what is wrong. In the demonstration the
    sign-in counts as the factor, and one press is all.
    """
    form = CodeForm(_sent(request), initial={"next": request.GET.get("next", "")})
    if settings.PEERWORKS_DEMO:
        form.fields["code"].required = False
        result: Result = Result() if request.method == "POST" else Result(message="-")
    else:
        result = _given(request, request.user, form)
    if result:
        confirm(request)
        return HttpResponse(status=204) if wants_json(request) else _back(request)
    if wants_json(request):
        words = " ".join(str(each) for found in form.errors.values() for each in found)
        return _with_status(JsonResponse({"problem": words}, status=422), result)
    context = {
        "page_title": _("Confirm that it is you"),
        "is_sign_in": False,
        "is_one_press": settings.PEERWORKS_DEMO,
        "minutes": FRESH_MINUTES,
    }
    return _with_status(form_page(request, "accounts/factor_give.html", form, context), result)


def confirm(request) -> None:
    """The session gets a new key, as after every proof, and is open for the starred pages."""
    request.session.cycle_key()
    operations.confirm_sign_in(
        by=request.user,
        sign_in_id=request.sign_in.id,
        key=operations.key_hash(request.session.session_key),
    )


def _back(request) -> HttpResponse:
    return HttpResponseRedirect(safe_next(request, "home:today"), status=303)


@before_factor
@any_agency
@never_cache
@signed_in
@form_methods
def factor_add(request):
    """Set up an app: a picture to photograph, the seed in letters, and the first code as proof.

    The answer to the right code shows the recovery codes, this once.
    """
    user = request.user
    if factors.app_of(user) is not None:
        return redirect("accounts:factor-detail")
    form = EnrolForm(_sent(request), initial={"next": request.GET.get("next", "")})
    try:
        secret = _secret_of(form, user)
    except ciphers.Unreadable:
        messages.error(request, _("The page was open too long. Here is a new picture to take."))
        return redirect("accounts:factor-add")
    codes = _enrolled(form, secret, user)
    if codes is not None:
        confirm(request)
        return _codes_page(request, codes)
    context = {
        "page_title": _("Set up a second factor"),
        "picture": factors.picture(secret, user),
        "spelled": factors.spelled(secret),
        "is_asked": not settings.PEERWORKS_DEMO,
    }
    return form_page(request, "accounts/factor_add.html", form, context)


def _secret_of(form, user) -> str:
    if form.is_bound:
        return factors.unseal(form.data.get("sealed", ""), user)
    secret = factors.new_secret()
    form.initial["sealed"] = factors.seal(secret, user)
    return secret


def _enrolled(form, secret, user) -> list[str] | None:
    if not (form.is_bound and form.is_valid()):
        return None
    result: Result[list[str]] = run_operation(
        operations.add_factor,
        form=form,
        fields={"CODE-WRONG": "code"},
        by=user,
        secret=secret,
        code=form.cleaned_data["code"],
        at=timezone.now(),
    )
    return result.value


def _codes_page(request, codes) -> HttpResponse:
    context = {
        "page_title": _("Your recovery codes"),
        "codes": codes,
        "next": safe_next(request, "home:today"),
    }
    return render(request, "accounts/factor_codes.html", context)


@require()
@require_safe
def factor_detail(request):
    """How one proves who one is: the app, when it was last used, and how many recovery codes are left."""
    recovery = factors.recovery_of(request.user)
    try:
        left = len(factors.recovery_codes(recovery)) if recovery else 0
    except ciphers.Unreadable:
        left = 0
    context = {
        "page_title": _("Second factor"),
        "app": factors.app_of(request.user),
        "codes_left": left,
    }
    with timezone.override(zoneinfo.ZoneInfo(request.agency.time_zone)):
        return render(request, "accounts/factor_detail.html", context)


@require()
@fresh_factor
@require_POST
def codes_renew(request):
    """Ten new recovery codes, shown this once; the old ones count no more."""
    result = run_operation(operations.renew_codes, request=request, by=request.user)
    if result.value is None:
        return redirect("accounts:factor-detail")
    return _codes_page(request, result.value)


@require()
@fresh_factor
@require_POST
def factor_remove(request):
    """Take one's app away; outside the demonstration another one is set up next."""
    result = run_operation(operations.remove_factor, request=request, by=request.user)
    if not result:
        return redirect("accounts:factor-detail")
    messages.success(request, _("The second factor is removed."))
    return redirect("accounts:factor-add")
