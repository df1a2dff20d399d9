from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """What those who run the service see of it."""

    name = "operations"

    def ready(self) -> None:
        from operations import task_watching  # noqa: PLC0415 - the apps are there now

        task_watching.begin()
