"""The one address of the page machinery: a fresh form token for pages that outlived their session."""

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from peerworks.agencies.context import acting
from peerworks.web.pages import by_script


@by_script
@never_cache
@require_safe
def form_token(request: HttpRequest) -> JsonResponse:
    """Who is signed in now, for which agency, and a token: what autosave.js asks after a sign-in.

    401 without a session. The page compares the user with its own before it sends anything, so that
    one person's words are never saved under another's name.
    """
    if not request.user.is_authenticated:
        return JsonResponse({}, status=401)
    return JsonResponse(
        {
            "user": str(request.user.pk),
            "agency": acting.get().agency_id,
            "token": get_token(request),
        }
    )


# Open to everybody: it answers 401 itself, since a script would follow a redirect to the sign-in.
form_token.needs = None  # type: ignore[attr-defined]
form_token.before_factor = True  # type: ignore[attr-defined]
