import csv
import io
from datetime import datetime

import pytest

from design.figures import moment, sentence
from design.spreadsheets import csv_text


def test_moment_names_day_and_time() -> None:
    assert moment(datetime(2026, 3, 3, 14, 5)) == "3\xa0March\xa02026 at 14:05"  # noqa: DTZ001 - as on the wall


@pytest.mark.parametrize(
    ("words", "said"), [("Now on a plan", "Now on a plan."), (" Why? ", "Why?"), ("So.", "So."), ("", ""), ("…", "…")]
)
def test_words_become_a_sentence(words: str, said: str) -> None:
    assert sentence(words) == said


@pytest.mark.parametrize("cell", ["=1+1", "+44", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_taken_for_a_formula(cell: str) -> None:
    rows = list(csv.reader(io.StringIO(csv_text(["a", "b"], [[cell, None]]))))
    assert rows == [["a", "b"], [f"'{cell}", ""]]
