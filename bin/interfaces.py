"""Finds the interfaces of the code - views, API views, tasks, commands - by what they are, not by where they are."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("teams", "caseloads", "standards", "checks", "reports", "operations", "design", "healthcheck")
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Kind(StrEnum):
    VIEW = "view"
    TASK = "task"
    COMMAND = "command"


@dataclass(frozen=True)
class Interface:
    kind: Kind
    function: Function


def sources(root: Path, folders: tuple[str, ...]) -> list[Path]:
    """Python files below those folders, without migrations."""
    found = [path for folder in folders for path in (root / folder).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


def name_of(node: ast.expr) -> str:
    """The last word of `a.b.c`, `c(...)` or `c[...]`."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=inner) | ast.Subscript(value=inner):
            return name_of(inner)
    return ""


def interfaces(tree: ast.Module) -> Iterator[Interface]:
    owners = {id(child): node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for child in node.body}
    for node in ast.walk(tree):
        if isinstance(node, Function) and (kind := kind_of(node, owners.get(id(node)))):
            yield Interface(kind, node)


def kind_of(function: Function, owner: ast.ClassDef | None) -> Kind | None:
    decorators = {name_of(decorator) for decorator in function.decorator_list}
    bases = [name_of(base) for base in owner.bases] if owner else []
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    if decorators & {"shared_task", "task"}:
        return Kind.TASK
    if any(base.endswith("Command") for base in bases):
        return Kind.COMMAND
    takes_request = any(argument.arg == "request" for argument in arguments)
    if takes_request or any(base.endswith(("View", "ViewSet")) for base in bases):
        return Kind.VIEW
    return None
