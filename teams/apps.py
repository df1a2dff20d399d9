from importlib import import_module

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class TeamsConfig(AppConfig):
    name = "teams"

    def ready(self) -> None:
        from teams import tenancy  # noqa: PLC0415 - the database's settings are not there before

        connection_created.connect(tenancy.tell_new_connection, dispatch_uid="tenancy")
        import_module("teams.receivers")
