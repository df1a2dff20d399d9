import pytest

from caseloads.intake.people import is_nobody, one_spelling, person_key, place_key, tidy_person, tidy_team


@pytest.mark.parametrize(
    "text",
    [
        "Zoë Ångström-Lee",
        "zoe  angstrom lee",
        "Ångström-Lee, Zoë",
        "ZOE\u00a0ANGSTROM-LEE",
        "Mrs Zoe Angstrom-Lee",
        "Zoë Ångström-Lee (Agency)",
        "Zoe Angstrom-Lee (SW) [T1]",
        "Zoe Angstrom-Lee - Social Worker",
        "Zoe Angstrom-Lee, Senior Practitioner",
        "Zoe Angstrom-Lee,",
    ],
)
def test_person_key_is_one_for_every_spelling(text: str) -> None:
    assert person_key(text) == "zoe angstrom lee"


def test_tidy_person_keeps_accents_and_hyphens() -> None:
    assert tidy_person("Ångström-Lee,  Zoë (Mon-Wed)") == "Zoë Ångström-Lee"
    assert tidy_person("Ann Able - Smith") == "Ann Able - Smith"
    assert tidy_person("(Agency)") == "(Agency)"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#N/A",
        "-",
        "TBC",
        "None",
        "Unallocated",
        "unknown",
        "Not allocated",
        "Not yet allocated",
        "Awaiting allocation",
        "Awaiting Allocation - MASH",
        "To be allocated",
        "No worker",
        "Vacant post",
        "Duty",
        "Locality 4 Duty Team",
        "Duty Tray",
        "MASH inbox",
        "CIC Unit 2",
        "0",
        "Social Worker",
    ],
)
def test_nobody(text: str) -> None:
    assert is_nobody(text)


@pytest.mark.parametrize("text", ["Ann Able", "Worker 12", "w1", "Noah Pending-Smith", "T. Bcole", "Ed Vacanti"])
def test_somebody(text: str) -> None:
    assert not is_nobody(text)


@pytest.mark.parametrize("text", ["", "#N/A", "unknown", "-", "0", "Unallocated"])
def test_tidy_team_names_the_placeholder_where_none_is_recorded(text: str) -> None:
    assert tidy_team(text) == "No team recorded"


def test_tidy_team_keeps_the_name() -> None:
    assert tidy_team("Duty") == "Duty"
    assert tidy_team(" Locality\u00a04  Duty Team") == "Locality 4 Duty Team"


def test_one_spelling_takes_the_commonest_then_the_alphabet() -> None:
    names = ["Team a", "Team A", "Team A", "team b", "Team B"]
    assert one_spelling(names, place_key) == {
        "Team a": "Team A",
        "Team A": "Team A",
        "team b": "Team B",
        "Team B": "Team B",
    }
