"""Who the embedded engines run as: PostgreSQL refuses to be root. Standard library alone."""

import ctypes
import hashlib
import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

NOBODY = 65534
NEW_USER_NAMESPACE = 0x10000000
OUTSIDE = Path("/var/lib/team-health-check")


@dataclass(frozen=True)
class Plan:
    """Where everything is: `var` is what the user named; `data` and `run` belong to whoever the engines run as."""

    var: Path
    data: Path
    run: Path
    pg_bin: Path
    valkey: Path
    throwaway: bool

    @property
    def cluster(self) -> Path:
        return self.data / "postgres"

    @property
    def queue(self) -> Path:
        return self.data / "valkey"

    @property
    def valkey_socket(self) -> Path:
        return self.run / "valkey.sock"


def step_down(plan: Plan) -> Plan:
    """As root, become somebody PostgreSQL accepts; return the plan with the places that somebody can reach."""
    if os.geteuid() != 0:
        return plan
    if plan.data.stat().st_uid == 0 and not os.environ.get("HEALTHCHECK_NO_NAMESPACE") and namespace_works():
        enter_namespace()
        return plan
    plan = within_reach(plan)
    for place in (plan.run, plan.data):
        give(place, NOBODY, NOBODY)
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    return plan


def namespace_works() -> bool:
    """Try in a child: a process that fails half-way in could not come back."""
    child = os.fork()
    if child == 0:
        try:
            enter_namespace()
        except (OSError, AttributeError):
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def enter_namespace() -> None:
    """A user namespace of this process alone: it sees itself as nobody, and its files stay root's."""
    if ctypes.CDLL(None, use_errno=True).unshare(NEW_USER_NAMESPACE) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{NOBODY} 0 1")
    Path("/proc/self/gid_map").write_text(f"{NOBODY} 0 1")


def within_reach(plan: Plan) -> Plan:
    """Another user cannot enter root's home: keep what is in it where that user can, linked from where it belongs."""
    outside = OUTSIDE / hashlib.sha256(os.fsencode(plan.var)).hexdigest()[:16]
    if not open_to_all(plan.var):
        outside.mkdir(mode=0o755, parents=True, exist_ok=True)
        move_out(plan.data, outside / "data")
        move_out(plan.run, outside / "run")
        plan = replace(plan, data=outside / "data", run=outside / "run")
    if not open_to_all(plan.pg_bin):
        package = plan.pg_bin.parents[1]
        libraries = package.with_name(f"{package.name}.libs")
        for folder in (package, *([libraries] if libraries.is_dir() else [])):
            copy_out(folder, outside / "programs" / folder.name)
        plan = replace(plan, pg_bin=outside / "programs" / plan.pg_bin.relative_to(package.parent))
    if not open_to_all(plan.valkey):
        copy_out(plan.valkey.parent, outside / "programs" / "valkey")
        plan = replace(plan, valkey=outside / "programs" / "valkey" / plan.valkey.name)
    return plan


def open_to_all(place: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in (place.resolve(), *place.resolve().parents))


def move_out(place: Path, outside: Path) -> None:
    if place.is_symlink():
        place.unlink()
    elif place.exists():
        shutil.rmtree(outside, ignore_errors=True)
        shutil.move(place, outside)
    outside.mkdir(mode=0o700, exist_ok=True)
    place.symlink_to(outside)


def copy_out(place: Path, outside: Path) -> None:
    shutil.rmtree(outside, ignore_errors=True)
    shutil.copytree(place, outside, symlinks=True)


def give(place: Path, uid: int, gid: int) -> None:
    for folder, _, files in os.walk(place):
        for path in (folder, *(f"{folder}/{name}" for name in files)):
            os.chown(path, uid, gid, follow_symlinks=False)
