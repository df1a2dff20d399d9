from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Tags, register

from healthcheck import observing
from healthcheck.celery import app as celery_app

__all__ = ["HealthcheckConfig", "celery_app"]


class HealthcheckConfig(AppConfig):
    """Loads the Celery app with Django, not with the package: the embedded engines need neither."""

    name = "healthcheck"

    def ready(self) -> None:
        from healthcheck.wall_login import login_is_held  # noqa: PLC0415 - the apps are there now

        observing.begin(
            sentry=settings.SENTRY_DSN, collector=settings.OTEL_EXPORTER_OTLP_ENDPOINT, version=settings.VERSION
        )
        register(login_is_held, Tags.database, deploy=True)
