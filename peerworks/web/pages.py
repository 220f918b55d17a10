"""What views share: answering with a form's errors, pages of a list, a safe way back, who asks."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

M = TypeVar("M", bound=Model)
PER_PAGE = 50


def form_page(
    request: HttpRequest, template: str, form: BaseForm, context: dict[str, Any] | None = None
) -> HttpResponse:
    """A page with a form: 422 where the form has errors, else 200. htmx swaps both."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **(context or {})}, status=status)


def paginate(
    request: HttpRequest, rows: "QuerySet[M] | list[Any]", per_page: int = PER_PAGE
) -> "Page[Any]":
    """The page of a list that the address asks for; nonsense gives the first, too far the last."""
    return Paginator(rows, per_page).get_page(request.GET.get("page"))


def safe_next(request: HttpRequest, fallback: str, *args: Any) -> str:
    """Where a form wants to lead back to, if that is an address of ours; else the fallback by name."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # A word alone would be taken for the name of a view.
    is_whole = wanted.startswith(("/", "http://", "https://"))
    return wanted if is_ours and is_whole else reverse(fallback, args=args)


def with_next(url: str, path: str) -> str:
    """An address that leads on to `path` afterwards."""
    return f"{url}?next={quote(path, safe='/')}" if path else url


def page_before(request: HttpRequest) -> str:
    """The page of ours that a form was sent from, "" where the browser does not say or says another's."""
    try:
        told = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    path = f"{told.path}?{told.query}" if told.query else told.path
    is_ours = url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if told.netloc == request.get_host() and is_ours else ""


V = TypeVar("V", bound=Callable[..., Any])


def by_script(view: V) -> V:
    """Mark a view that scripts ask by themselves: a draft, a fragment, a poll. It never extends a session.

    The mark stands on the view and nowhere else, so that nothing in a request can put it on or off. A
    part that comes because somebody pressed something needs none.
    """
    view.by_script = True  # type: ignore[attr-defined]
    return view


def is_by_script(view: Any) -> bool:
    """Whether a view carries the mark."""
    return bool(getattr(view, "by_script", False))
