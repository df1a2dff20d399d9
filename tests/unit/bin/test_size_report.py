from pathlib import Path

import pytest
import size_report

BODY = "    x = 1\n"


def excesses(tmp_path: Path, text: str, name: str = "specimen.py") -> list[str]:
    file = tmp_path / name
    file.write_text(text)
    return list(size_report.excesses_of(file))


@pytest.mark.parametrize(
    ("head", "limit"),
    [
        ("def helper():\n", 40),
        ("def view(request):\n", 25),
        ("@shared_task\ndef score(*, team_id):\n", 10),
    ],
)
def test_function_may_have_its_limit_and_no_line_more(tmp_path: Path, head: str, limit: int) -> None:
    assert excesses(tmp_path, head + BODY * (limit - 1)) == []
    (found,) = excesses(tmp_path, head + BODY * limit)
    assert f"has {limit + 1} lines (it may have {limit})" in found


def test_reason_beside_function_excuses_it(tmp_path: Path) -> None:
    long = "def helper():\n" + BODY * 60
    assert excesses(tmp_path, "# size: because the table is long\n" + long) == []
    assert len(excesses(tmp_path, "# size: because\n" + long)) == 1


def test_module_may_have_350_lines(tmp_path: Path) -> None:
    assert excesses(tmp_path, "x = 1\n" * 350) == []
    assert "351 lines" in excesses(tmp_path, "x = 1\n" * 351)[0]
    assert excesses(tmp_path, "# size: because it is one long table\n" + "x = 1\n" * 351) == []


def test_template_may_have_120_lines(tmp_path: Path) -> None:
    assert excesses(tmp_path, "<p>\n" * 120, "page.html") == []
    assert "121 lines" in excesses(tmp_path, "<p>\n" * 121, "page.html")[0]
    assert excesses(tmp_path, "{# size: because it is one form #}\n" + "<p>\n" * 121, "page.html") == []


def test_blocks_may_be_three_deep(tmp_path: Path) -> None:
    three = "def f():\n  for a in b:\n    if a:\n      while a:\n        pass\n"
    assert excesses(tmp_path, three) == []
    (found,) = excesses(tmp_path, three + "        with a:\n          pass\n")
    assert "nested 4 deep" in found


def test_elif_and_inner_function_add_no_depth(tmp_path: Path) -> None:
    chain = "def f():\n  if a:\n    pass\n" + "".join(f"  elif b{n}:\n    pass\n" for n in range(6))
    outer = "def g():\n  for a in b:\n    for c in d:\n"
    inner = "      def h():\n        for e in f:\n          if e:\n            pass\n"
    assert excesses(tmp_path, chain + outer + inner) == []
