from datetime import timedelta

from caseloads.queries.workloads import team_workload
from checks.actions.standards import load_shipped_standards
from checks.findings import Finding
from checks.queries.findings import StandardFinding, team_findings
from teams.actions.setting_up import add_workers
from tests.cast import AT, TODAY, Cast, case, holds, new_worker, record, supervise


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


def test_standard_5_is_known_from_the_supervision_log(cast: Cast) -> None:
    load_shipped_standards(at=AT)
    supervise(cast, cast.workers["Asha Test"], TODAY - timedelta(days=40))
    for name in ("Nia Test", "Una Test"):
        supervise(cast, cast.workers[name], TODAY, interrupted=name == "Nia Test")
    found = findings(cast)["5"]
    values = {one.indicator.code: (str(one.value), one.finding) for one in found.indicators}
    assert values["5-on-time"] == values["5-in-full"] == ("66.7", Finding.NOT_MET)
    assert values["5-policy"] == ("None", Finding.NOT_KNOWN)
    assert found.finding == Finding.NOT_MET


def test_essential_indicator_not_met_decides_the_standard(cast: Cast) -> None:
    load_shipped_standards(at=AT)
    una = cast.workers["Una Test"]
    record(cast, case("X", holds(una, cast.team), category="child_protection"))
    assert indicator(cast, "3-reserved") == Finding.NOT_MET
    assert findings(cast)["3"].finding == Finding.NOT_MET


def test_unknown_career_stage_may_hide_a_newly_qualified_worker(cast: Cast) -> None:
    load_shipped_standards(at=AT)
    assert indicator(cast, "3-newly-qualified") == Finding.MET
    new = [new_worker("Noor Test", cast.team, career_stage="")]
    add_workers(employer=cast.employer, workers=new, by=None, at=AT)
    (found,) = [one for one in findings(cast)["3"].indicators if one.indicator.code == "3-newly-qualified"]
    assert found.note


def test_beginner_of_unknown_stage_alone_is_not_known(cast: Cast) -> None:
    load_shipped_standards(at=AT)
    new = [new_worker("Noor Test", cast.elsewhere, career_stage="")]
    add_workers(employer=cast.elsewhere.employer, workers=new, by=None, at=AT)
    found = {one.standard.code: one for one in team_findings(team_workload(cast.elsewhere, as_of=TODAY))}
    values = {one.indicator.code: one.value for one in found["3"].indicators}
    assert values["3-newly-qualified"] is None
