"""What counts as reached by a scanner, and what its report says of the rest."""

from collections import Counter
from typing import Any

from scan_reach import FORM, LEFT_OUT, PAGE, Part, faults, missing, report, walk_of

from tests.addresses import TABLE

NAMES = {"/": "home", "/cases/1/": "case", "/cases/1/close/": "case-close", "/sign-out/": "sign-out"}
HOME, CASE, CLOSE = Part("home", PAGE), Part("case", PAGE), Part("case-close", FORM)


def told(*requests: tuple[str, str, int], **found: list[dict[str, Any]]) -> dict[str, Any]:
    pages = [
        {"request": {"method": method, "url": f"http://localhost{path}?page=2", "status_code": status}}
        for method, path, status in requests
    ]
    return {"infos": {"crawled_pages": pages}, "vulnerabilities": found, "anomalies": {}}


def walk(*requests: tuple[str, str, int], **found: list[dict[str, Any]]) -> Any:
    return walk_of("ben", told(*requests, **found), name_of=lambda path: NAMES[path])


def finding(level: int) -> dict[str, Any]:
    return {"level": level, "method": "GET", "path": "/", "info": "something", "parameter": ""}


def test_page_is_reached_when_it_opens_and_a_form_when_it_is_read() -> None:
    found = walk(("GET", "/", 200), ("POST", "/cases/1/close/", 302), ("GET", "/", 200))
    assert found.reached == {HOME, CLOSE}
    assert (found.count(PAGE), found.count(FORM), found.requests) == (1, 1, 3)


def test_what_was_refused_or_led_elsewhere_is_not_reached() -> None:
    refused = walk(("GET", "/", 302), ("GET", "/cases/1/", 404), ("POST", "/cases/1/close/", 403))
    limited = walk(("POST", "/cases/1/close/", 429), ("POST", "/cases/1/close/", 405))
    assert refused.reached == limited.reached == set()


def test_form_that_was_answered_by_what_is_wrong_with_it_is_reached() -> None:
    assert walk(("POST", "/cases/1/close/", 400)).reached == {CLOSE}


def test_missing_is_what_nobody_reached() -> None:
    assert missing([HOME, CASE, CLOSE], [walk(("GET", "/", 200)), walk(("GET", "/cases/1/", 200))]) == [CLOSE]


def test_scan_is_passed_when_all_is_reached_or_explained() -> None:
    walks = [walk(("GET", "/", 200), low=[finding(1)])]
    assert list(faults([HOME, Part("sign-out", FORM)], walks)) == []


def test_scan_is_not_passed_for_each_of_four_reasons() -> None:
    one = walk(("GET", "/", 200), ("POST", "/cases/1/close/", 500), high=[finding(2)])
    one.stayed = False
    assert [fault.split(":")[0] for fault in faults([HOME, CASE], [one])] == [
        "ABOVE LOW",
        "BROKEN",
        "SIGNED OUT",
        "NOT REACHED",
    ]


def test_report_counts_and_gives_each_reason() -> None:
    walks = [walk(("GET", "/", 200), low=[finding(1)]), walk(("GET", "/", 200))]
    walks[0].attacked, walks[1].attacked = Counter(sql=1), Counter(sql=1, csrf=1)
    said = report([HOME, CASE, Part("sign-out", FORM)], walks)
    assert "Of 2 requests, attacked in time by: csrf 1, sql 2." in said
    assert "Pages: 1 of 2 reached." in said
    assert "Forms: 0 of 1 reached." in said
    assert f"Left out: sign-out (form): {LEFT_OUT['sign-out']}." in said
    assert said.endswith("1 findings, 0 of them above low.")


def test_only_addresses_that_there_are_have_a_reason() -> None:
    assert set(LEFT_OUT) <= set(TABLE)
