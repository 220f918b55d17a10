"""Members: who they are, what they may do, and who is invited."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peerworks.accounts import letters, operations, policies, queries
from peerworks.accounts.access import require
from peerworks.accounts.forms import FindMemberForm, InviteForm, RolesForm
from peerworks.accounts.models import Invitation
from peerworks.accounts.roles import Permission
from peerworks.web.operations import run_operation
from peerworks.web.pages import form_page, paginate

INVITE_FIELDS = {
    "INVITE-ADDRESS": "email",
    "INVITE-MEMBER": "email",
    "INVITE-DISABLED": "email",
    "accounts_invitation_one_open": "email",
    "MEMBER-NO-ROLE": "roles",
}


@require(Permission.MANAGE_MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def member_list(request):
    """The members by name and the invitations that wait; POST finds by name and keeps nothing."""
    form = FindMemberForm(request.POST or None)
    is_found = request.method == "POST" and form.is_valid()
    rows = queries.member_rows(form.cleaned_data["words"] if is_found else "")
    at = timezone.now()
    context = {
        "page_title": _("Members"),
        "form": form,
        "is_found": is_found,
        "page": paginate(request, rows, len(rows) or 1) if is_found else paginate(request, rows),
        "invitations": queries.open_invitations(at),
        "withdrawn": queries.withdrawn_invitations(at),
        "mail_leaves": letters.leaves_this_machine(),
    }
    return render(request, "accounts/member_list.html", context, status=422 if form.errors else 200)


@require(Permission.MANAGE_MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def member_invite(request):
    """Invite somebody by e-mail address; where no mail leaves this machine the answer is the link to hand over."""
    mail_leaves = letters.leaves_this_machine()
    form = InviteForm(request.POST or None, mail_leaves=mail_leaves)
    if request.method == "POST" and form.is_valid():
        values = form.values | {"by": request.member, "at": timezone.now()}
        result = run_operation(operations.invite, form=form, fields=INVITE_FIELDS, **values)
        if result:
            return _told(request) if mail_leaves else _link_page(request, result.value)
    context = {"page_title": _("Invite somebody"), "mail_leaves": mail_leaves}
    return form_page(request, "accounts/member_invite.html", form, context)


def _told(request):
    messages.success(request, _("The invitation is on its way. It works for 7 days."))
    return redirect("accounts:member-list")


@require(Permission.MANAGE_MEMBERS)
@require_safe
def member_detail(request, pk):
    """One member: roles in words, and whether in force."""
    member = _member_or_404(pk)
    disabling = policies.refusal_to_disable(member, request.member)
    context = {
        "page_title": member.user.name,
        "row": queries.member_row(member),
        "is_self": member.pk == request.member.pk,
        "refusal_to_disable": disabling if member.is_active else None,
    }
    return render(request, "accounts/member_detail.html", context)


def _member_or_404(pk):
    return get_object_or_404(queries.members(), pk=pk)


@require(Permission.MANAGE_MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def member_roles(request, pk):
    """Change what a member may do; it holds from their next request on."""
    member = _member_or_404(pk)
    form = RolesForm(request.POST or None, initial={"roles": member.roles})
    if request.method == "POST" and form.is_valid():
        values = form.values | {"member": member, "by": request.member}
        codes = ("MEMBER-NO-ROLE", "MEMBER-OWN-ROLE", "MEMBER-LAST-ADMIN")
        fields = dict.fromkeys(codes, "roles")
        if run_operation(operations.change_roles, form=form, fields=fields, **values):
            messages.success(request, _("The roles are changed. They hold at once."))
            return _after_own_change(request, member)
    context = {"page_title": _("Change roles"), "row": queries.member_row(member)}
    return form_page(request, "accounts/member_roles.html", form, context)


def _after_own_change(request, member):
    """To the member; who gave up the role that opens this page would only be turned away there."""
    fresh = _member_or_404(request.member.pk)
    if fresh.pk == member.pk and not fresh.may(Permission.MANAGE_MEMBERS):
        return redirect("home:today")
    return redirect("accounts:member-detail", member.pk)


@require(Permission.MANAGE_MEMBERS)
@require_POST
def member_disable(request, pk):
    """End a member's access; can be undone on the same page."""
    done = _("Disabled. All sessions of this person have ended.")
    return _change_member(request, pk, operations.disable_member, done)


@require(Permission.MANAGE_MEMBERS)
@require_POST
def member_enable(request, pk):
    """Let a disabled member in again."""
    return _change_member(
        request, pk, operations.enable_member, _("Access is back, with the same roles as before.")
    )


@require(Permission.MANAGE_MEMBERS)
@require_POST
def member_sign_out(request, pk):
    """End all sessions of a member; of one's own, all but this one."""
    done, here = _("All sessions of this person have ended."), request.sign_in.id
    return _change_member(request, pk, operations.end_member_sessions, done, but=here)


def _change_member(request, pk, operation, done, **more):
    member = _member_or_404(pk)
    if run_operation(operation, request=request, member=member, by=request.member, **more):
        messages.success(request, done)
    return redirect("accounts:member-detail", member.pk)


# Invitations.


@require(Permission.MANAGE_MEMBERS)
@require_POST
def invitation_send(request, pk):
    """Send the letter again, with a new link."""
    done = _("A new e-mail is on its way. The link in the old one no longer works.")
    return _change_invitation(request, pk, operations.send_invitation_again, done)


@require(Permission.MANAGE_MEMBERS)
@require_POST
def invitation_withdraw(request, pk):
    """Take an invitation back; can be undone on the same page."""
    done = _("The invitation is withdrawn. Its link no longer works.")
    return _change_invitation(request, pk, operations.withdraw_invitation, done)


@require(Permission.MANAGE_MEMBERS)
@require_POST
def invitation_reopen(request, pk):
    """Undo a withdrawal."""
    done = _("The invitation is open again, and its link works.")
    return _change_invitation(request, pk, operations.reopen_invitation, done)


def _change_invitation(request, pk, operation, done):
    invitation = get_object_or_404(Invitation, pk=pk)
    given = {"invitation": invitation, "by": request.member, "at": timezone.now()}
    if run_operation(operation, request=request, **given):
        messages.success(request, done)
    return redirect("accounts:member-list")


@require(Permission.MANAGE_MEMBERS)
@require_POST
def invitation_link(request, pk):
    """The link to hand over in person where no mail leaves this machine. Shown once: nobody keeps it."""
    return _link_page(request, get_object_or_404(Invitation, pk=pk))


def _link_page(request, invitation):
    given = {"invitation": invitation, "by": request.member, "at": timezone.now()}
    result = run_operation(operations.show_invitation_link, request=request, **given)
    if not result:
        return redirect("accounts:member-list")
    context = {
        "page_title": _("Hand over the link"),
        "link": result.value,
        "email": invitation.email,
    }
    return render(request, "accounts/invitation_link.html", context)
