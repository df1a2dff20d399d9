"""One engine of the faults' house, as a program of its own: what is killed here takes nothing else with it.

    python -m tests.faults.engine postgres|valkey PLAN

Says the engine's process id when it is ready, and lives as long as the engine.
"""

import json
import signal
import sys
from pathlib import Path

from healthcheck.keeper import make_database, open_log, start_postgres, start_valkey
from healthcheck.privileges import Plan, step_down


def main() -> int:
    name, described = sys.argv[1], json.loads(sys.argv[2])
    places = {key: Path(described[key]) for key in ("var", "data", "run", "pg_bin", "valkey")}
    log = open_log(places["var"] / "log", name)
    plan = step_down(Plan(**places, throwaway=described["throwaway"]))
    signal.signal(signal.SIGTERM, lambda *_: child.send_signal(signal.SIGINT))
    child = start_postgres(plan, log) if name == "postgres" else start_valkey(plan, log)
    if name == "postgres":
        make_database(plan)
    sys.stdout.write(f"{child.pid}\n")
    sys.stdout.flush()
    return child.wait()


if __name__ == "__main__":
    sys.exit(main())
