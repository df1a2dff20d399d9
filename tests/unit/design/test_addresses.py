"""Numbers of rows in addresses: made by the service, and not to be counted on from."""

from typing import Any

import pytest

from design.addresses import RowConverter


def test_number_comes_back() -> None:
    assert RowConverter().to_python(RowConverter().to_url(17)) == 17


def test_what_somebody_made_up_is_none() -> None:
    said = RowConverter().to_url(17)
    other = "0" if said[-1] != "0" else "1"
    for made_up in ("18" + said[2:], said[:-1] + other):
        with pytest.raises(ValueError, match=r"^$"):
            RowConverter().to_python(made_up)


def test_address_of_the_key_before_is_still_known(settings: Any) -> None:
    said = RowConverter().to_url(17)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key of the tests", [settings.SECRET_KEY]
    assert RowConverter().to_python(said) == 17
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(ValueError, match=r"^$"):
        RowConverter().to_python(said)
