"""What a file leaves open, and that an answer is used the next time."""

from caseloads.intake.annex_a import read_annex_a
from caseloads.intake.mapping import NOTHING_SAID, Mapped
from caseloads.intake.plain import read_plain
from caseloads.intake.questions import (
    Questions,
    WordAsked,
    ask_of_annex_a,
    ask_of_cases,
    ask_of_categories,
    ask_of_ssd,
    ask_of_staff,
    questions_from,
)
from caseloads.intake.records import Counts, Table
from caseloads.intake.ssd_tables import COLUMNS
from caseloads.intake.staff import read_staff
from caseloads.intake.words import Words
from tests.unit.caseloads.intake.books import AS_OF, HEADINGS, OPEN, a_list, annex_a, changed, table

SCHEME = {"child_in_need": "child_in_need", "cin": "child_in_need", "court": "court"}
ODD = table(
    "cases", [("Our list",), ("Ref no.", "Kind", "Who", ""), ("C1", "CIN", "Ann Able"), ("C2", "Odd one", "Ann Able")]
)


def words(mapped: Mapped = NOTHING_SAID) -> Words:
    return Words(categories=SCHEME, mapped=mapped)


def asked(questions: Questions, table_name: str, field: str) -> tuple[str, bool, bool]:
    [columns] = [one for one in questions.columns if one.table == table_name]
    [found] = [one for one in columns.fields if one.name == field]
    return found.heading, found.needed, found.open


def test_a_needed_column_that_is_not_recognised_is_asked_for() -> None:
    questions = ask_of_cases([ODD], words())
    assert questions.columns[0].headings == ("Ref no.", "Kind", "Who")
    assert asked(questions, "cases", "case_reference") == ("", True, True)
    assert asked(questions, "cases", "category") == ("", False, False)
    assert questions.unreadable
    assert questions.open


def test_what_was_said_is_used_and_the_words_are_asked_for_next() -> None:
    mapped = NOTHING_SAID.with_more({"cases": {"case_reference": "ref  no", "category": "Kind", "worker": "Gone"}}, {})
    questions = ask_of_cases([ODD], words(mapped))
    assert asked(questions, "cases", "case_reference") == ("Ref no.", True, False)
    [values] = questions.values
    assert values.words == (WordAsked("Odd one", 1, None),)
    assert values.choices == (
        ("child_in_need", "Child in need"),
        ("court", "Court"),
        ("", "No category: leave unrated"),
        ("-", "Set these rows aside"),
    )
    assert (questions.unreadable, questions.open) == (False, True)
    answered = mapped.with_more({}, {"category": {"ODD one": "court"}})
    assert not ask_of_cases([ODD], words(answered)).open
    intake = read_plain([ODD], name="cases.csv", as_of=AS_OF, words=words(answered))
    assert [case.category for case in intake.cases] == ["child_in_need", "court"]


def test_words_may_mean_no_category_or_be_set_aside() -> None:
    mapped = NOTHING_SAID.with_more(
        {"cases": {"case_reference": "Ref no.", "category": "Kind"}}, {"category": {"Odd one": ""}}
    )
    assert [one.category for one in read_plain([ODD], name="c", as_of=AS_OF, words=words(mapped)).cases] == [
        "child_in_need",
        "",
    ]
    aside = mapped.with_more({}, {"category": {"Odd one": "-"}})
    assert read_plain([ODD], name="c", as_of=AS_OF, words=words(aside)).counts.quarantined == 1
    assert not ask_of_cases([ODD], words(aside)).open


def test_a_column_may_be_said_not_to_be_there() -> None:
    rows = table("cases", [("case_reference", "status"), ("C1", "Open")])
    mapped = NOTHING_SAID.with_more({"cases": {"category": ""}}, {})
    assert asked(ask_of_cases([rows], words()), "cases", "category") == ("status", False, False)
    assert asked(ask_of_cases([rows], words(mapped)), "cases", "category") == ("", False, False)
    assert read_plain([rows], name="c", as_of=AS_OF, words=words(mapped)).cases[0].category == ""


def test_any_category_is_taken_where_no_scheme_is_known() -> None:
    rows = table("cases", [("case_reference", "category"), ("C1", "Odd"), ("C2",)])
    assert ask_of_cases([rows], Words()).values == ()


def test_an_empty_file_asks_nothing() -> None:
    assert ask_of_cases([Table("cases", ())], words()) == Questions()
    assert ask_of_staff([], NOTHING_SAID) == Questions()
    assert ask_of_ssd([Table("ssd_involvements", ()), table("other", [("a",)])], NOTHING_SAID) == Questions()


def test_career_stages_are_asked_for() -> None:
    rows = table(
        "staff",
        [("Name", "Team", "Level"), ("Ann", "North", "Grade 9"), ("Bo", "North", "grade 9"), ("Cy", "North", "NQSW")],
    )
    questions = ask_of_staff([rows], NOTHING_SAID)
    assert asked(questions, "staff", "worker") == ("Name", True, False)
    assert [(one.field, one.words) for one in questions.values] == [("career_stage", (WordAsked("Grade 9", 2, None),))]
    mapped = NOTHING_SAID.with_more({}, {"career_stage": {"Grade 9": "EXPERIENCED"}})
    records, problems = read_staff([rows], name="staff.csv", mapped=mapped)
    assert ([one.career_stage for one in records], problems) == (["EXPERIENCED", "EXPERIENCED", "NEWLY_QUALIFIED"], ())
    aside = NOTHING_SAID.with_more({}, {"career_stage": {"Grade 9": "-"}})
    assert len(read_staff([rows], name="staff.csv", mapped=aside)[1]) == 2


def test_the_lists_of_annex_a_ask_for_their_columns_and_statuses() -> None:
    headings = tuple("Kind of plan" if text in {"Case Status", "CIN Closure Date"} else text for text in HEADINGS[6])
    sheet = table("List 6", [headings, changed(6, Status="Odd plan")])
    questions = ask_of_annex_a([sheet, table("Notes", [("x",)])], NOTHING_SAID)
    assert questions.columns[0].title == "List 6, children in need (sheet “List 6”)"
    assert asked(questions, "6", "status") == ("", False, True)
    assert asked(questions, "6", "ended") == ("", False, True)
    mapped = NOTHING_SAID.with_more({"6": {"status": "Kind of plan"}}, {})
    columns_said = ask_of_annex_a([a_list(6, changed(6, Status="Odd plan"))], mapped)
    assert columns_said.values[0].words == (WordAsked("Odd plan", 1, None),)
    closed = mapped.with_more({}, {"status": {"Odd plan": "closed"}})
    intake = read_annex_a([a_list(6, changed(6, Status="Odd plan"))], name="a", as_of=AS_OF, mapped=closed)
    assert intake.counts == Counts(rows=1, closed=1)
    aside = mapped.with_more({}, {"status": {"Odd plan": "-"}})
    assert read_annex_a([a_list(6, changed(6, Status="Odd plan"))], name="a", as_of=AS_OF, mapped=aside).problems


def test_a_list_may_be_said_to_lack_what_it_needs() -> None:
    headings = tuple(text for text in HEADINGS[7] if "End" not in text)
    sheet = table(
        "List 7", [headings, tuple(cell for cell, text in zip(OPEN[7], HEADINGS[7], strict=True) if "End" not in text)]
    )
    assert ask_of_annex_a([sheet], NOTHING_SAID).open
    absent = NOTHING_SAID.with_more({"7": {"ended": "", "team": ""}}, {})
    questions = ask_of_annex_a([sheet], absent)
    assert not questions.open
    assert asked(questions, "7", "team") == ("", False, False)


def test_categories_that_the_scheme_does_not_have_are_asked_for() -> None:
    intake = annex_a(a_list(6, OPEN[6]), a_list(8, changed(8, Child="2")))
    [values] = ask_of_categories(intake, words()).values
    assert values.words == (WordAsked("looked_after", 1, None),)
    assert [code for code, _ in values.choices] == ["child_in_need", "court", "", "looked_after"]
    told = NOTHING_SAID.with_more({}, {"category": {"looked_after": "court"}})
    assert not ask_of_categories(intake, words(told)).open
    assert ask_of_categories(intake, Words()) == Questions()


def test_an_extract_asks_for_its_columns_and_roles() -> None:
    rows = table("ssd_involvements", [("person", *COLUMNS["ssd_involvements"][1:]), ("1", "1", "R17", "", "", "", "")])
    questions = ask_of_ssd([rows, rows, table("ssd_department", [COLUMNS["ssd_department"]])], NOTHING_SAID)
    assert [one.table for one in questions.columns] == ["ssd_involvements", "ssd_department"]
    assert asked(questions, "ssd_involvements", "invo_person_id") == ("", True, True)
    assert questions.columns[0].fields[0].label == "The child's reference"
    [values] = questions.values
    assert (values.field, values.words) == ("role", (WordAsked("R17", 2, None),))


def test_questions_survive_being_stored() -> None:
    questions = ask_of_cases([ODD], words(NOTHING_SAID.with_more({"cases": {"category": "Kind"}}, {})))
    assert questions.values
    assert questions_from(questions.as_json()) == questions
    assert questions_from({}) == Questions()


def test_what_was_said_survives_being_stored() -> None:
    mapped = NOTHING_SAID.with_more({"cases": {"team": "T"}}, {"role": {"R 17": "LEAD"}})
    assert mapped.as_json() == {"columns": {"cases": {"team": "T"}}, "values": {"role": {"r 17": "LEAD"}}}
    assert mapped.says("cases", "team")
    assert not mapped.says("staff", "team")
