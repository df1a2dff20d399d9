"""The packs that come with the product, read from their files: one for each version that was ever published."""

from collections.abc import Collection, Hashable
from importlib import resources
from typing import Any

import yaml

from standards.definition import StandardSet
from standards.pack import Fault, PackError, parse_pack


def shipped_packs() -> list[str]:
    """Return the names of the packs that come with the product: id and version, joined by a hyphen."""
    folder = resources.files("standards").joinpath("packs")
    return sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml"))


def shipped_pack(name: str, *, measures: Collection[str], scales: Collection[str]) -> StandardSet:
    """Return a pack that comes with the product. Raises KeyError for one that does not, PackError for a faulty one."""
    if name not in shipped_packs():
        raise KeyError(name)
    file = resources.files("standards").joinpath("packs", f"{name}.yaml")
    return read_pack(file.read_text(encoding="utf-8"), measures=measures, scales=scales)


def read_pack(text: str, *, measures: Collection[str], scales: Collection[str]) -> StandardSet:
    """Read a pack from YAML. Raises PackError with a sentence for every fault."""
    try:
        document = yaml.load(text, _Loader)  # noqa: S506 - a safe loader that also refuses repeated fields
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        place = "The pack" if mark is None else f"Line {mark.line + 1}"
        raise PackError([Fault(place, f"cannot be read: {fault.problem or fault.context}.")]) from fault
    except yaml.YAMLError as fault:
        raise PackError([Fault("The pack", "cannot be read: it is not YAML.")]) from fault
    return parse_pack(document, measures=measures, scales=scales)


class _Loader(yaml.SafeLoader):
    """Reads plain values only, and no field twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002
        made = super().construct_mapping(node, deep=deep)
        seen: set[Hashable] = set()
        for key, _ in node.value:
            name = self.construct_object(key, deep=True)
            if name in seen:
                problem = f"the field “{name}” is there twice"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.add(name)
        return made
