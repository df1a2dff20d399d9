#!/bin/sh
# How release-0.1.0.dump was made: the first release's own demonstration, loaded and scored by its own code, and dumped.
# Needs a checkout prepared by bin/prepare.py dev: run as tests/integration/upgrades/make_dump.sh COMMIT FILE
set -eu
commit=${1:-1e1f505} # the last commit of 0.1.0
file=$(realpath "${2:-release-0.1.0.dump}")
root=$(cd "$(dirname "$0")/../../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git -C "$root" archive "$commit" | tar x -C "$work"
ln -s "$root/node_modules" "$work/node_modules"
cp -r "$root/static/dist" "$work/static/dist"
cd "$work"
export HEALTHCHECK_VAR="$work/var"
"$root/.venv/bin/python" -m healthcheck.supervisor --once
"$root/.venv/bin/python" - "$file" <<'DUMP'
import subprocess
import sys
from pathlib import Path

from healthcheck import embedded

var = Path("var").resolve()
with embedded.engines(var):
    words = [embedded.pg_bin() / "pg_dump", "-Fc", "-Z", "9", "--no-owner", "-f", sys.argv[1], embedded.database_url(var)]
    subprocess.run(list(map(str, words)), check=True)
DUMP
