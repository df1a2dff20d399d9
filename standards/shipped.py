"""The packs that come with the product, read from their files."""

from collections.abc import Collection
from importlib import resources

import yaml

from standards.definition import StandardSet, parse_pack


def shipped_packs() -> list[str]:
    """Return the ids of the packs that come with the product."""
    folder = resources.files("standards").joinpath("packs")
    return sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml"))


def shipped_pack(pack: str, *, measures: Collection[str]) -> StandardSet:
    """Return a pack that comes with the product. Raises KeyError for one that does not, PackError for a faulty one."""
    if pack not in shipped_packs():
        raise KeyError(pack)
    file = resources.files("standards").joinpath("packs", f"{pack}.yaml")
    return parse_pack(yaml.safe_load(file.read_text(encoding="utf-8")), measures=measures)
