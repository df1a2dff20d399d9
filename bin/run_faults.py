#!/usr/bin/env python3
"""Breaks everything that the product runs on, at many random moments. Started by bin/faults inside .venv."""

import argparse
import os
import secrets
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/faults", description=__doc__)
    parser.add_argument("--moments", type=int, default=50, help="how many moments of each (default: 50)")
    parser.add_argument("--seed", default=str(secrets.randbelow(10_000)), help="the same seed gives the same moments")
    parser.add_argument("tests", nargs="*", default=["tests/faults"], help="some of tests/faults")
    options = parser.parse_args()
    print(f"Seed {options.seed}: bin/faults --moments {options.moments} --seed {options.seed}", flush=True)
    environment = os.environ | {"FAULTS_MOMENTS": str(options.moments), "FAULTS_SEED": options.seed}
    command = [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:randomly", "--durations=10", *options.tests]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
