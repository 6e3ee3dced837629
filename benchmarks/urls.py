"""The product's doors and the empty one."""

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.urls import include, path
from django.views.decorators.http import require_POST


@login_not_required
@require_POST
def empty(request):
    """The same middleware, CSRF check, form parsing and answer as a cast, and nothing else."""
    return JsonResponse({"fields": len(request.POST)})


urlpatterns = [path("empty/", empty), path("", include("config.urls"))]
