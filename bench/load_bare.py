"""A Django page with nothing behind it: no database, no session, no template. What the machine can serve at best."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="of nothing", MIDDLEWARE=[])  # noqa: S106


def nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("Nothing.")


urlpatterns = [path("", nothing)]
application = get_wsgi_application()
