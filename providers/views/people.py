"""One personnel file, and the forms that open it and change it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from peerworks.accounts import reach
from peerworks.accounts.access import require
from peerworks.accounts.roles import Permission
from peerworks.web import reasons
from peerworks.web.operations import run_operation
from peerworks.web.pages import form_page
from providers import operations, policies, standing
from providers.forms import (
    ContactForm,
    EmploymentForm,
    EndForm,
    LinkForm,
    PersonForm,
    PlacementForm,
)
from providers.models import Employment, Placement, Provider
from providers.queries import members_without_file, provider_file
from providers.views.rows import evidence_lines, is_within, provider_or_404, today

SECTIONS = (
    ("supervision:provider-section", Permission.VIEW_SUPERVISION),
    ("training:provider-section", Permission.VIEW_TRAINING),
)


@require(Permission.VIEW_PROVIDER)
@require_safe
def provider_detail(request, pk):
    """A worker's file."""
    return _file_page(request, provider_or_404(request, pk, Permission.VIEW_PROVIDER))


@require(Permission.VIEW_PROVIDER)
@require_safe
def me_detail(request):
    """One's own file; a member without one is told so."""
    own = Provider.objects.select_related("member__user").filter(member=request.member).first()
    if own is None:
        return render(request, "providers/provider_none.html", {"page_title": _("Me")})
    return _file_page(request, own)


def _file_page(request, provider):
    on, member = today(request), request.member
    knows_certificates = is_within(request, provider, Permission.VIEW_CREDENTIAL)
    knows_evidence = is_within(request, provider, Permission.OPEN_EVIDENCE)
    file = provider_file(provider, on, with_certificates=knows_certificates)
    context = {
        "page_title": provider.name,
        "provider": provider,
        "file": file,
        "kinds": [_with_buttons(request, each, knows_evidence) for each in file.kinds],
        "knows_certificates": knows_certificates,
        "sections": _sections(provider, member),
        "may_add_credential": is_within(request, provider, Permission.ADD_CREDENTIAL),
        "may_verify": member.may(Permission.VERIFY_CREDENTIAL),
        "may_manage": member.may(Permission.MANAGE_EMPLOYMENT),
        "may_edit_contact": is_within(request, provider, Permission.EDIT_PROVIDER_CONTACT),
        "is_own": provider.member_id == member.pk,
    }
    return render(
        request, "providers/provider_detail.html", context | _standing(request, provider, on)
    )


def _with_buttons(request, kind, knows_evidence):
    held = [
        (
            each,
            _refusals(each.credential, request.member),
            evidence_lines(request, each.credential) if knows_evidence else None,
        )
        for each in kind.certificates
    ]
    return {"history": kind, "certificates": held}


def _refusals(credential, member):
    return {
        "verify": policies.refusal_to_verify_credential(credential, by=member),
        "renew": policies.refusal_to_renew_credential(credential),
        "change": policies.refusal_to_change_credential(credential),
        "evidence": policies.refusal_to_add_evidence(credential),
        "retire": policies.refusal_to_retire_credential(credential),
    }


def _standing(request, provider, on):
    knows = is_within(request, provider, Permission.VIEW_STANDING)
    held = standing.billing_on([provider.pk], on)[provider.pk] if knows else ()
    can_bill = standing.can_bill(held)
    stopped = reasons.explain(standing.stopping(held)) if held else []
    return {"knows_standing": knows and bool(held), "can_bill": can_bill, "stopped": stopped}


def _sections(provider, member):
    """The addresses of what upper apps add for this member; an app without such a page adds nothing."""
    found = []
    for name, permission in SECTIONS:
        if not member.may(permission):
            continue
        try:
            found.append(reverse(name, args=[provider.pk]))
        except NoReverseMatch:
            continue
    return found


@require(Permission.MANAGE_EMPLOYMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def provider_add(request):
    """Add a person: name, employment and programs on one page."""
    form = PersonForm(request.POST or None)
    if form.is_bound and form.is_valid():
        told = form.values
        result = run_operation(
            operations.add_provider,
            form=form,
            fields={"MEMBER-TAKEN": "member", "providers_provider_npi_once": "npi"},
            person=_new_person(told),
            employment=told["employment"],
            since=told["since"],
            programs=list(told["programs"]),
            by=request.member,
            at=timezone.now(),
            form_key=form.cleaned_data["form_key"],
        )
        if result.value is not None:
            messages.success(request, _("The person is added."))
            return redirect("providers:provider-detail", result.value.pk)
    return form_page(
        request, "providers/provider_form.html", form, {"page_title": _("Add a person")}
    )


def _contact(told):
    names = ("pronouns", "languages", "email", "phone")
    return operations.Contact(**{name: told[name] for name in names})


def _new_person(told):
    names = ("given_name", "family_name", "worker_class", "title", "npi", "member")
    return operations.NewPerson(
        **{name: told[name] for name in names},
        contact=_contact(told),
    )


@require(Permission.EDIT_PROVIDER_CONTACT)
@require_http_methods(["GET", "HEAD", "POST"])
def contact_change(request, pk):
    """How a worker is addressed and reached; one's own, too."""
    provider = provider_or_404(request, pk, Permission.EDIT_PROVIDER_CONTACT)
    names = ("pronouns", "languages", "email", "phone")
    initial = {name: getattr(provider, name) for name in names}
    form = ContactForm(request.POST or None, initial=initial)
    if form.is_bound and form.is_valid():
        done = run_operation(
            operations.change_contact,
            form=form,
            provider=provider,
            contact=_contact(form.values),
            by=request.member,
            at=timezone.now(),
        )
        if done:
            messages.success(request, _("The contact data are saved."))
            return redirect("providers:provider-detail", provider.pk)
    context = {"page_title": _("Contact data"), "provider": provider, "refusal": None}
    return form_page(request, "providers/file_form.html", form, context)


@require(Permission.MANAGE_EMPLOYMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def member_link(request, pk):
    """Say as whom a worker signs in whose file was opened before they joined."""
    provider = provider_or_404(request, pk, Permission.MANAGE_EMPLOYMENT)
    form = LinkForm(request.POST or None)
    if form.is_bound and form.is_valid():
        done = run_operation(
            operations.link_member,
            form=form,
            fields={"MEMBER-TAKEN": "member", "LINK-VERIFIER": "member"},
            provider=provider,
            member=form.cleaned_data["member"],
            by=request.member,
            at=timezone.now(),
        )
        if done:
            messages.success(request, _("The sign-in is linked with the file."))
            return redirect("providers:provider-detail", provider.pk)
    refusal = policies.refusal_to_link_file(provider) or policies.refusal_to_offer_a_link(
        members_without_file()
    )
    context = {"page_title": _("Sign-in"), "provider": provider, "refusal": refusal}
    return form_page(request, "providers/file_form.html", form, context)


@require(Permission.MANAGE_EMPLOYMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def employment_add(request, pk):
    """Record an employment of a worker."""
    provider = provider_or_404(request, pk, Permission.MANAGE_EMPLOYMENT)
    form = EmploymentForm(request.POST or None)
    if form.is_bound and form.is_valid():
        done = run_operation(
            operations.employ,
            form=form,
            fields={"providers_employment_one_at_a_time": "since"},
            provider=provider,
            **form.values,
            by=request.member,
            at=timezone.now(),
            form_key=form.cleaned_data["form_key"],
        )
        if done:
            messages.success(request, _("The employment is recorded."))
            return redirect("providers:provider-detail", provider.pk)
    context = {"page_title": _("Employment"), "provider": provider, "refusal": None}
    return form_page(request, "providers/file_form.html", form, context)


@require(Permission.MANAGE_EMPLOYMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def placement_add(request, pk):
    """Place a worker in a program."""
    provider = provider_or_404(request, pk, Permission.MANAGE_EMPLOYMENT)
    form = PlacementForm(request.POST or None)
    if form.is_bound and form.is_valid():
        done = run_operation(
            operations.place,
            form=form,
            fields={"providers_placement_once": "program"},
            provider=provider,
            **form.values,
            by=request.member,
            at=timezone.now(),
            form_key=form.cleaned_data["form_key"],
        )
        if done:
            messages.success(request, _("The placement is recorded."))
            return redirect("providers:provider-detail", provider.pk)
    context = {"page_title": _("Placement"), "provider": provider, "refusal": None}
    return form_page(request, "providers/file_form.html", form, context)


@require(Permission.MANAGE_EMPLOYMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def employment_end(request, pk):
    """End an employment."""
    employment = _held_or_404(request, Employment, pk)
    told = {"employment": employment}
    refusal = policies.refusal_to_end_employment(employment)
    title = _("End of the employment")
    return _end_page(request, employment, operations.end_employment, told, refusal, title)


@require(Permission.MANAGE_EMPLOYMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def placement_end(request, pk):
    """End a placement."""
    placement = _held_or_404(request, Placement, pk)
    told = {"placement": placement}
    refusal = policies.refusal_to_end_placement(placement)
    title = _("End of the placement")
    return _end_page(request, placement, operations.end_placement, told, refusal, title)


def _held_or_404(request, model, pk):
    rows = model.objects.select_related("provider")
    within = reach.narrow(rows, request.member, Permission.MANAGE_EMPLOYMENT, today(request))
    return get_object_or_404(within, pk=pk)


def _end_page(request, held, operation, told, refusal, title):
    form = EndForm(request.POST or None)
    if form.is_bound and form.is_valid():
        done = run_operation(
            operation,
            form=form,
            fields={"PERIOD-ENDS-BEFORE": "last_day"},
            **told,
            last_day=form.values["last_day"],
            by=request.member,
            at=timezone.now(),
        )
        if done:
            messages.success(request, _("The end is recorded."))
            return redirect("providers:provider-detail", held.provider_id)
    context = {"page_title": title, "provider": held.provider, "refusal": refusal}
    return form_page(request, "providers/file_form.html", form, context)
