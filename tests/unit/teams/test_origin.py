"""From where a request comes, behind as many proxies as are said to be ours."""

from uuid import UUID, uuid4

import pytest

from teams import origin


@pytest.mark.parametrize(
    ("connected", "forwarded", "proxies", "found"),
    [
        ("192.0.2.7", "", 0, "192.0.2.7"),
        ("192.0.2.7", "6.6.6.6", 0, "192.0.2.7"),
        ("10.0.0.1", "192.0.2.7", 1, "192.0.2.7"),
        ("10.0.0.1", "6.6.6.6, 192.0.2.7", 1, "192.0.2.7"),
        ("10.0.0.2", "6.6.6.6, 192.0.2.7, 10.0.0.1", 2, "192.0.2.7"),
        ("10.0.0.1", "", 1, "10.0.0.1"),
        ("10.0.0.1", "192.0.2.7:4711", 1, "192.0.2.7"),
        ("10.0.0.1", "[2001:db8::1]:443", 1, "2001:db8::1"),
        ("2001:DB8::1", "", 0, "2001:db8::1"),
        ("", "", 0, None),
        ("10.0.0.1", "unknown", 1, None),
    ],
)
def test_address_is_the_one_our_nearest_proxy_was_asked_by(
    connected: str, forwarded: str, proxies: int, found: str | None
) -> None:
    assert origin.address_of(connected, forwarded, proxies=proxies) == found


def test_origin_holds_for_one_request_only() -> None:
    with origin.request_from("192.0.2.7", uuid4()) as one:
        assert origin.current() == one
        with origin.request_from("192.0.2.8", uuid4()) as two:
            assert (two.address, two.request == one.request) == ("192.0.2.8", False)
        assert origin.current() == one
    assert origin.current() == origin.Origin(None, None)


GIVEN = "0f8fad5b-d9cb-469f-a165-70867728950e"


@pytest.mark.parametrize(
    ("told", "proxies", "believed"),
    [
        (GIVEN, 1, True),
        (GIVEN.replace("-", ""), 2, True),
        (GIVEN, 0, False),
        ("", 1, False),
        ("Asha was here", 1, False),
        (f"{GIVEN}\nAsha was here", 1, False),
    ],
)
def test_key_of_a_request_is_believed_from_our_proxy_and_when_it_is_one(
    told: str, proxies: int, believed: object
) -> None:
    assert (origin.key_of(told, proxies=proxies) == UUID(GIVEN)) is believed
    assert origin.key_of(told, proxies=proxies).hex != origin.key_of("", proxies=proxies).hex
