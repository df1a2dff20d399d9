"""The web server, wherever it is started: its log is ours, and its processes count together."""

import os
import shutil
import tempfile
from typing import Any

from healthcheck import logs

control_socket_disable = True
limit_request_line = 8190
logconfig_dict = logs.configuration(os.environ.get("LOG_FORMAT", logs.PLAIN))
# where each process keeps its counts; read by the library when it is imported
os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="figures-")


def child_exit(_server: Any, worker: Any) -> None:
    from prometheus_client import multiprocess  # noqa: PLC0415 - not before its folder is named

    multiprocess.mark_process_dead(worker.pid)


def on_exit(_server: Any) -> None:
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
