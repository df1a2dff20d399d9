"""Reads a scenario from a YAML file and scores it. The only part of scenarios that knows files."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from caseloads.scenario import ScenarioError, parse
from caseloads.scenario_output import as_object
from caseloads.workload import score

LARGEST = 5_000_000


class FileError(ValueError):
    """A file that cannot be scored, in sentences that say why."""


class _Loader(yaml.SafeLoader):
    """Plain values only. A name given twice is a fault: YAML would quietly keep the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - as in the parent
        seen: set[object] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"“{key.value}” is there twice", key.start_mark)
            seen.add(key.value if isinstance(key, yaml.ScalarNode) else key)
        return super().construct_mapping(node, deep)


def score_file(name: str) -> dict[str, Any]:
    """Return the scored scenario of a file, as `as_object`. Raises FileError with a sentence for everything wrong."""
    try:
        scenario = parse(_document(name))
    except ScenarioError as error:
        raise FileError(f"{name} cannot be scored:\n" + "\n".join(f"- {fault}" for fault in error.faults)) from error
    return as_object(score(scenario.scheme, scenario.inputs, as_of=scenario.as_of))


def _document(name: str) -> object:
    path = Path(name)
    try:
        if path.is_file() and path.stat().st_size > LARGEST:
            raise FileError(f"{name} is larger than {LARGEST // 1_000_000} MB, which no scenario is.")
        return yaml.load(path.read_text(encoding="utf-8-sig"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    except OSError as error:
        raise FileError(f"{name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise FileError(f"{name} is not a text file in UTF-8.") from error
    except RecursionError as error:
        raise FileError(f"{name} is nested too deeply.") from error
    except (yaml.YAMLError, ValueError) as error:
        raise FileError(_where(name, error)) from error


def _where(name: str, error: Exception) -> str:
    """Say in one sentence where the YAML is broken, and how."""
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    place = f" in line {mark.line + 1}" if mark else ""
    return f"{name} is not YAML that can be read{place}: {problem or error}."
