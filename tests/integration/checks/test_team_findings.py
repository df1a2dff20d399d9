from caseloads.queries import team_workload
from checks.actions import load_shipped_standards
from checks.findings import Finding
from checks.queries import StandardFinding, team_findings
from tests.cast import AT, TODAY, Cast, case, holds, record


def findings(cast: Cast) -> dict[str, StandardFinding]:
    return {found.standard.code: found for found in team_findings(team_workload(cast.team, as_of=TODAY))}


def indicator(cast: Cast, code: str) -> Finding:
    return {one.indicator.code: one.finding for one in findings(cast)["3"].indicators}[code]


def test_nothing_is_found_before_standards_are_loaded(cast: Cast) -> None:
    assert findings(cast) == {}


def test_figures_are_measured_against_thresholds(cast: Cast) -> None:
    load_shipped_standards(at=AT)
    assert indicator(cast, "3-load") == Finding.MET
    assert indicator(cast, "3-unallocated") == Finding.PARTLY_MET
    assert indicator(cast, "3-wait") == Finding.MET


def test_what_nobody_records_is_not_known(cast: Cast) -> None:
    load_shipped_standards(at=AT)
    supervision = findings(cast)["5"]
    assert supervision.finding == Finding.NOT_KNOWN
    assert supervision.indicators[0].note


def test_essential_indicator_not_met_decides_the_standard(cast: Cast) -> None:
    load_shipped_standards(at=AT)
    una = cast.workers["Una Test"]
    record(cast, case("X", holds(una, cast.team), category="child_protection"))
    assert indicator(cast, "3-reserved") == Finding.NOT_MET
    assert findings(cast)["3"].finding == Finding.NOT_MET
