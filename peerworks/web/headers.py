"""Headers that no view should have to remember: nothing stays on a shared computer."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_ALWAYS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class PrivateMiddleware:
    """Marks every answer as not to be kept, and closes what the pages do not use.

    `no-store` goes on each answer of a view, signed in or not: the sign-in page, too, carries a
    token. Static files are answered before this by whitenoise and stay cacheable. What signing out
    must clear (`Clear-Site-Data`) is said once, on the answer that ends the session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then add the headers that the view did not set itself."""
        was_signed_in = _is_signed_in(request)
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        for name, value in _ALWAYS.items():
            response.headers.setdefault(name, value)
        if was_signed_in and not _is_signed_in(request):
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response


def _is_signed_in(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return bool(user is not None and user.is_authenticated)
