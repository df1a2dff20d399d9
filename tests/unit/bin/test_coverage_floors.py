from typing import Any

import coverage_floors

PURE = ["caseloads.workload", "caseloads.intake"]


def file(covered: int, of: int) -> dict[str, Any]:
    summary = {"num_statements": of, "num_branches": 0, "covered_lines": covered, "covered_branches": 0}
    return {"summary": summary, "missing_lines": [7] if covered < of else [], "missing_branches": []}


def test_everything_covered_is_enough() -> None:
    assert coverage_floors.shortfalls({"caseloads/workload.py": file(9, 9), "teams/views.py": file(9, 10)}, PURE) == []


def test_pure_module_or_action_must_be_whole() -> None:
    files = {
        "caseloads/workload.py": file(99, 100),
        "teams/actions.py": file(99, 100),
        "caseloads/intake/plain.py": file(99, 100),
    }
    found = coverage_floors.shortfalls(files, PURE)
    assert [line.split(":")[0] for line in found] == [
        "caseloads/intake/plain.py",
        "caseloads/workload.py",
        "teams/actions.py",
    ]
    assert "[7]" in found[0]


def test_package_below_ninety_percent_is_named() -> None:
    (found,) = coverage_floors.shortfalls({"teams/views.py": file(89, 100)}, PURE)
    assert found.startswith("teams: 89.0 %")


def test_module_that_only_begins_like_a_pure_one_need_not_be_whole() -> None:
    assert coverage_floors.shortfalls({"caseloads/workload_page.py": file(9, 10)}, PURE) == []


def test_pure_modules_are_those_of_the_import_contract() -> None:
    project = {
        "tool": {"importlinter": {"contracts": [{"name": "Pure modules know no framework", "source_modules": PURE}]}}
    }
    assert coverage_floors.pure_modules(project) == PURE
