#!/usr/bin/env python3
"""Reports what is too long or too deep. Something may be so with a reason written beside it: `# size: because ...`."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from interfaces import APPS, ROOT, Function, Kind, interfaces, sources

FUNCTION, VIEW, TASK, MODULE, TEMPLATE, NESTING = 40, 25, 10, 350, 120, 3
REASON = re.compile(r"size: because \S.{7,}")
BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)
HEAD = 6


def nesting(node: ast.AST) -> int:
    """How many blocks deep the deepest is. An `elif` is no deeper than its `if`; inner functions begin anew."""
    deepest = 0
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            continue
        is_elif = isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]
        deepest = max(deepest, nesting(child) + (isinstance(child, BLOCKS) and not is_elif))
    return deepest


def limit_of(function: Function, kinds: dict[int, Kind]) -> int:
    return {Kind.VIEW: VIEW, Kind.TASK: TASK}.get(kinds.get(id(function), Kind.COMMAND), FUNCTION)


def excused(lines: list[str], function: Function) -> bool:
    """A reason in the line above the function (or its decorators), or on its first line."""
    first = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
    return any(REASON.search(line) for line in lines[max(first - 2, 0) : function.body[0].lineno])


def excesses_of_module(path: Path) -> Iterator[str]:
    text = path.read_text()
    lines, tree = text.splitlines(), ast.parse(text)
    if len(lines) > MODULE and not any(REASON.search(line) for line in lines[:HEAD]):
        yield f"{path}:1: {len(lines)} lines (a module may have {MODULE})"
    kinds = {id(interface.function): interface.kind for interface in interfaces(tree)}
    for function in (node for node in ast.walk(tree) if isinstance(node, Function)):
        if excused(lines, function):
            continue
        length, limit = (function.end_lineno or 0) - function.lineno + 1, limit_of(function, kinds)
        if length > limit:
            yield f"{path}:{function.lineno}: {function.name} has {length} lines (it may have {limit})"
        if (depth := nesting(function)) > NESTING:
            yield f"{path}:{function.lineno}: {function.name} is nested {depth} deep (it may be {NESTING})"


def excesses_of_template(path: Path) -> Iterator[str]:
    text = path.read_text()
    length = len(text.splitlines())
    if length > TEMPLATE and not REASON.search(text):
        yield f"{path}:1: {length} lines (a template may have {TEMPLATE})"


def excesses_of(path: Path) -> Iterator[str]:
    return excesses_of_module(path) if path.suffix == ".py" else excesses_of_template(path)


def main() -> int:
    paths = [Path(word) for word in sys.argv[1:]]
    if not paths:
        paths = [*sources(ROOT, (*APPS, "bin", "bench")), *sorted((ROOT / "templates").rglob("*.html"))]
    found = [line for path in paths for line in excesses_of(path)]
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
