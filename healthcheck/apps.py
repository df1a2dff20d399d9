from django.apps import AppConfig

from healthcheck.celery import app as celery_app

__all__ = ["HealthcheckConfig", "celery_app"]


class HealthcheckConfig(AppConfig):
    """Loads the Celery app with Django, not with the package: the embedded engines need neither."""

    name = "healthcheck"
