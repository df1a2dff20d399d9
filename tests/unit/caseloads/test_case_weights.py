"""A case weighed by itself weighs what it weighs in its caseload, open or closed."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from caseloads.workload import case_weights, category_name, frame
from tests.unit.caseloads.building import Area, scheme

SCHEME = scheme(lowest_weight=2_00, highest_weight=20_00)
CODES = sorted([*SCHEME.categories, "unheard of", ""])
FACTORS = st.dictionaries(st.sampled_from(sorted(SCHEME.factors)), st.integers(0, 30))


@given(category=st.sampled_from(CODES), factors=FACTORS, override=st.none() | st.integers(0, 3000), rated=st.booleans())
def test_weighs_what_scoring_weighs(
    category: str, factors: dict[str, int], override: int | None, *, rated: bool
) -> None:
    area = Area().worker("w")
    area.case("C1", "w", factors=factors, category=category, override=override, rated=rated)
    inputs = area.inputs()
    (alone,) = case_weights(SCHEME, inputs.cases, inputs.factors).to_dict("records")
    (line,) = area.score(SCHEME).lines.to_dict("records")
    same = ("case", "category_name", "weight", "unrated", "overridden", "parts")
    assert {name: str(alone[name]) for name in same} == {name: str(line[name]) for name in same}


def test_dates_do_not_matter() -> None:
    closed = {"opened_on": date(2020, 1, 1), "closed_on": date(2021, 1, 1)}
    ahead = {"opened_on": date(2030, 1, 1)}
    rows = [
        {"case": number, "reference": reference, "category": "proceedings", "rated": True} | dates
        for number, (reference, dates) in enumerate([("B", closed), ("A", ahead), ("C", {})])
    ]
    weights = case_weights(SCHEME, frame("cases", rows), frame("factors"))
    assert weights["case"].tolist() == [1, 0, 2]
    assert weights["weight"].tolist() == [10_00] * 3
    assert weights["parts"].tolist() == ["Proceedings 10.00"] * 3


def test_no_cases_weigh_nothing() -> None:
    assert case_weights(SCHEME, frame("cases"), frame("factors")).empty


def test_categories_go_by_the_schemes_names() -> None:
    assert category_name(SCHEME, "proceedings") == "Proceedings"
    assert category_name(SCHEME, "unheard of") == "unheard of"
    assert category_name(SCHEME, "") == "No category"
