"""The instruments that come with the product, read from their files."""

from functools import cache
from importlib import resources

import yaml

from checks.instrument_files import read_shipped
from checks.surveys import Instrument


@cache
def shipped_instruments() -> tuple[Instrument, ...]:
    """Every instrument that comes with the product, by code."""
    folder = resources.files("checks").joinpath("instruments")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    return tuple(read_shipped(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files)


@cache
def shipped_scales() -> frozenset[str]:
    """The scales that every employer can ask about, as standards name them."""
    return frozenset(name for instrument in shipped_instruments() for name in instrument.scale_names)
