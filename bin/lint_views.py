#!/usr/bin/env python3
"""Views, API views, tasks and commands translate and make one domain call: no query, no write, no sum in them."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from interfaces import APPS, ROOT, Function, interfaces, name_of, sources

MANAGERS = {"objects", "_default_manager", "_base_manager"}
WRITES = {"save", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
SUMS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def fault(node: ast.AST) -> str | None:
    """What is wrong with this piece of an interface."""
    match node:
        case ast.Attribute(attr=name) if name in MANAGERS:
            return f"asks a model's manager (.{name}): start from a scoped queryset in queries.py"
        case ast.Call(func=ast.Attribute(attr=name)) if name in WRITES:
            return f"writes (.{name}()): call an action"
        case ast.Call(func=called, args=[ast.Name(id=model), *_]) if (
            name_of(called) == "get_object_or_404" and model[0].isupper()
        ):
            return f"starts from every {model}: start from visible_to(user)"
        case ast.BinOp(op=op, left=left, right=right) if isinstance(op, SUMS) and not (is_text(left) or is_text(right)):
            return "does sums: figures come from the domain"
        case ast.AugAssign(op=op, value=value) if isinstance(op, SUMS) and not is_text(value):
            return "does sums: figures come from the domain"
    return None


def faults_in(function: Function) -> Iterator[tuple[int, str]]:
    for statement in function.body:
        for node in ast.walk(statement):
            if sentence := fault(node):
                yield getattr(node, "lineno", function.lineno), sentence


def faults_of(path: Path) -> list[str]:
    tree = ast.parse(path.read_text())
    found = {
        (line, f"{interface.kind} {interface.function.name} {sentence}")
        for interface in interfaces(tree)
        for line, sentence in faults_in(interface.function)
    }
    return [f"{path}:{line}: {sentence}" for line, sentence in sorted(found)]


def main() -> int:
    paths = [Path(word) for word in sys.argv[1:]] or sources(ROOT, APPS)
    found = [line for path in paths for line in faults_of(path)]
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
