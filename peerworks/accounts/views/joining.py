"""Becoming a member by the link of a letter.

The link's token is left behind at once: the first page keeps its hash in the session and leads to an
address without it, so that no Referer, history of a shared screen or log of that page holds it.
"""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from peerworks.accounts import operations, policies, queries
from peerworks.accounts.access import before_factor, public
from peerworks.accounts.forms import PASSWORD_FIELDS, AcceptForm, JoinForm
from peerworks.accounts.tokens import hash_of
from peerworks.accounts.views.entering import any_agency
from peerworks.agencies.context import acting_for
from peerworks.web import reasons
from peerworks.web.operations import run_operation
from peerworks.web.pages import form_page

HELD = "invitation"


@before_factor
@public
@require_safe
def invitation_open(request, token):
    """The address in the letter."""
    held = hash_of(token)
    request.session.pop(HELD, None)
    if queries.agency_of_invitation(held) is not None:
        request.session[HELD] = held
    return redirect("accounts:invitation-accept")


@any_agency
@public
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_accept(request):
    """Make an account and join, or join with the account of that address; 404 where nothing opens."""
    held = request.session.get(HELD, "")
    agency_id = queries.agency_of_invitation(held)
    user = request.user if request.user.is_authenticated else None
    with acting_for(agency_id, getattr(user, "pk", None)):
        invitation = queries.invitation_by_token(held, timezone.now())
        refusal = policies.refusal_to_join(invitation, user)
        if invitation is None:
            title = {"page_title": _("This link does not work")}
            return render(request, "accounts/invitation_gone.html", title, status=404)
        if refusal is None:
            return _with_form(request, invitation, user)
        words = {
            "refusal_words": reasons.sentence(refusal.because),
            "needs_sign_in": user is None,
        }
        return render(request, "accounts/invitation_wait.html", _shown(invitation, **words))


def _shown(invitation, **more):
    return {
        "page_title": _("You are invited"),
        "agency_name": invitation.agency.name,
        "email": invitation.email,
        "roles": queries.role_words(invitation.roles),
        **more,
    }


def _with_form(request, invitation, user):
    form = (JoinForm if user is None else AcceptForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        result = _join(form, invitation, user)
        if result:
            return _joined(request, result.value, user)
    context = _shown(invitation, has_account=user is not None)
    return form_page(request, "accounts/invitation_accept.html", form, context)


def _join(form, invitation, user):
    given = {"token_sha256": invitation.token_sha256, "at": timezone.now(), **form.values}
    if user is None:
        operation = operations.accept_invitation
        return run_operation(operation, form=form, fields=PASSWORD_FIELDS, **given)
    return run_operation(operations.join_agency, form=form, by=user, **given)


def _joined(request, member, user):
    del request.session[HELD]
    if user is None:
        messages.success(request, _("Your account is ready. Sign in with your new password."))
        return redirect("account_login")
    request.session["agency_id"] = str(member.agency_id)
    return redirect("home:today")
