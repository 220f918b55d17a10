"""Signing in and out, choosing agency and language."""

from uuid import UUID

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import check_for_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from peerworks.accounts import limits, operations
from peerworks.accounts.access import before_factor, public
from peerworks.accounts.adapter import LIMITED
from peerworks.accounts.forms import SignInForm
from peerworks.accounts.queries import memberships_of
from peerworks.agencies.context import acting_for
from peerworks.agencies.models import Agency
from peerworks.web.pages import safe_next


def any_agency(view):
    """Mark a POST that belongs to no agency: its form carries none."""
    view.any_agency = True
    return view


class SignIn(LoginView):
    """The sign-in page: e-mail address and password."""

    template_name = "accounts/sign_in.html"
    form_class = SignInForm
    needs = None

    @classmethod
    def as_view(cls, **initkwargs):
        """Mark the view as open to visitors and outside any agency."""
        return any_agency(public(super().as_view(**initkwargs)))

    def get_context_data(self, **kwargs):
        """The page's title for the shell, and whether there is anybody yet who could sign in."""
        is_empty = not Agency.objects.exists()
        return super().get_context_data(page_title=_("Sign in"), is_empty=is_empty, **kwargs)

    def get_form_class(self):
        """Ours, with the shell's own markup."""
        return self.form_class

    def form_invalid(self, form):
        """An answer with errors is a 422, as everywhere; 429 where nothing was tried."""
        response = super().form_invalid(form)
        response.status_code = 422
        if form.has_error(NON_FIELD_ERRORS, LIMITED):
            response.status_code = 429
            response["Retry-After"] = str(limits.retry_after())
        return response


def sign_out(view):
    """Signing out by POST only: a link must not end a session."""
    guarded = before_factor(any_agency(public(require_POST(view))))
    return guarded


@public
@require_safe
@login_required
def agency_list(request):
    """Which agency to work in, for members of several; a plain sentence for members of none."""
    context = {
        "page_title": _("Choose an agency"),
        "memberships": request.memberships,
        "active": request.member,
    }
    return render(request, "accounts/agency_list.html", context)


@any_agency
@public
@require_POST
@login_required
def agency_switch(request):
    """Work in another agency that one is a member of."""
    chosen = request.POST.get("membership", "")
    with acting_for(None, request.user.pk):
        found = {str(each.pk): each for each in memberships_of(request.user)}
    if chosen not in found:
        raise Http404
    request.session["agency_id"] = str(UUID(str(found[chosen].agency_id)))
    return redirect("home:today")


@before_factor
@any_agency
@public
@require_POST
def language_switch(request):
    """Show the pages in another language, and keep it for the next sign-in."""
    language = request.POST.get("language", "")
    response = redirect(safe_next(request, "home:today"))
    if check_for_language(language) and language in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            operations.choose_language(by=request.user, language=language)
        remember_language(request, response, language)
    return response


def remember_language(request, response, language):
    """Put the language into its cookie, which a visitor has, too; answers the response."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 60 * 60,
        httponly=True,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )
    return response
