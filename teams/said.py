"""The sentence about what was just saved, on its way to the next page: in a cookie with a name of ours."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class SaidInCookie(CookieStorage):
    """Called as the settings say, since the framework has no setting for it."""

    cookie_name = settings.MESSAGES_COOKIE_NAME


class Said(FallbackStorage):
    storage_classes = (SaidInCookie, SessionStorage)
