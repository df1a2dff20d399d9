#!/usr/bin/env python3
"""Django's commands. Unless DATABASE_URL and REDIS_URL name servers, the embedded engines run while a command does."""

import contextlib
import importlib.util
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
NEED_NO_ENGINES = {"help", "--help", "-h", "version", "--version", "collectstatic", "findstatic", "score_scenario"}


def main() -> None:
    if importlib.util.find_spec("django") is None:
        use_our_own_python()
    from django.conf import settings
    from django.core.management import execute_from_command_line

    from healthcheck import embedded

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "healthcheck.settings")
    with contextlib.ExitStack() as running:
        if embedded.wanted(os.environ) and not NEED_NO_ENGINES.intersection(sys.argv[1:2] or ["help"]):
            try:
                running.enter_context(embedded.engines(settings.VAR_DIR))
            except embedded.EngineError as error:
                sys.exit(str(error))
        execute_from_command_line(sys.argv)


def use_our_own_python() -> None:
    python = ROOT / ".venv" / "bin" / "python"
    if not python.exists() or sys.prefix == str(ROOT / ".venv"):
        sys.exit("Django is not installed here: run bin/demo first, which makes .venv.")
    os.execv(python, [str(python), *sys.argv])  # noqa: S606


if __name__ == "__main__":
    main()
