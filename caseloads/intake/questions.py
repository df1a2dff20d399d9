"""What a file leaves open: headings that are no column we know, and words that are no code. Asked before anything else.

A question is open until somebody answers it; what is recognised is shown with it and may be changed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from caseloads.intake import lists, ssd_tables, statuses
from caseloads.intake.cells import clean, is_empty, key
from caseloads.intake.columns import CASE_COLUMNS, HEADINGS_WITHIN, STAFF_COLUMNS, match
from caseloads.intake.layout import Sheet, recognise
from caseloads.intake.mapping import SET_ASIDE, Mapped
from caseloads.intake.records import LONGEST_VALUE, Intake, Row, Table
from caseloads.intake.sharing import CO_WORKER, LEAD
from caseloads.intake.ssd import OTHER, role_of
from caseloads.intake.staff import STAFF_NEEDED, stage_of
from caseloads.intake.words import Words, code_of

MOST_WORDS = 50
MOST_HEADINGS = 100
_LONGEST_HEADING = 150
NO_CATEGORY = ""

Choices = tuple[tuple[str, str], ...]
_ASIDE = (SET_ASIDE, "Set these rows aside")
_STAGES: Choices = (
    ("STUDENT", "Student"),
    ("NEWLY_QUALIFIED", "Newly qualified"),
    ("ESTABLISHED", "Established"),
    ("EXPERIENCED", "Experienced"),
    ("UNQUALIFIED", "Unqualified"),
    ("", "Not known"),
    _ASIDE,
)
_STATUSES: Choices = (
    *((code, clean(code.replace("_", " ")).capitalize()) for code in statuses.RANKS),
    (statuses.CLOSED, "Closed"),
    _ASIDE,
)
_ROLES: Choices = ((LEAD, "Holds the case"), (CO_WORKER, "Co-worker"), (OTHER, "Does not hold the case"))


@dataclass(frozen=True)
class FieldAsked:
    """One field of a table, under the heading it was found, "" when none. Nothing can be read without a needed one."""

    name: str
    label: str
    heading: str
    needed: bool
    open: bool


@dataclass(frozen=True)
class ColumnsAsked:
    """The columns of one table."""

    table: str
    title: str
    headings: tuple[str, ...]
    fields: tuple[FieldAsked, ...]

    @property
    def open(self) -> bool:
        return any(field.open for field in self.fields)


@dataclass(frozen=True)
class WordAsked:
    """A word of a column, on how many rows it stands, and the code it was said to mean; None: nobody has said."""

    word: str
    count: int
    code: str | None


@dataclass(frozen=True)
class ValuesAsked:
    """The words of one field that mean none of its codes by themselves."""

    field: str
    label: str
    choices: Choices
    words: tuple[WordAsked, ...]


@dataclass(frozen=True)
class Questions:
    columns: tuple[ColumnsAsked, ...] = ()
    values: tuple[ValuesAsked, ...] = ()

    @property
    def unreadable(self) -> bool:
        """Whether a column is missing without which nothing can be read."""
        return any(asked.open for asked in self.columns)

    @property
    def open(self) -> bool:
        """Whether somebody has to answer before what the file says can be trusted."""
        return self.unreadable or any(word.code is None for asked in self.values for word in asked.words)

    def with_more(self, other: "Questions") -> "Questions":
        return Questions(
            (*self.columns, *other.columns), tuple(one for one in (*self.values, *other.values) if one.words)
        )

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def questions_from(stored: Mapping[str, Any]) -> Questions:
    """Questions as they were before they were stored."""
    return Questions(
        tuple(
            ColumnsAsked(
                **(asked | {"headings": tuple(asked["headings"]), "fields": _each(FieldAsked, asked["fields"])})
            )
            for asked in stored.get("columns", ())
        ),
        tuple(
            ValuesAsked(
                **(asked | {"choices": tuple(map(tuple, asked["choices"])), "words": _each(WordAsked, asked["words"])})
            )
            for asked in stored.get("values", ())
        ),
    )


def _each(kind: Any, rows: Iterable[Mapping[str, Any]]) -> tuple[Any, ...]:
    return tuple(kind(**row) for row in rows)


def ask_of_cases(tables: Sequence[Table], words: Words) -> Questions:
    """Of a plain case list."""
    found = _best(tables, CASE_COLUMNS, words.mapped.headings("cases"))
    if found is None:
        return Questions()
    columns = _columns("cases", "Case list", found, CASE_COLUMNS, ("case_reference",))
    unknown = _unknown(found, "category", lambda text: not words.categories or code_of(text) in words.categories)
    values = ValuesAsked("category", "Category", category_choices(words), _words("category", unknown, words.mapped))
    return Questions((columns,)).with_more(Questions(values=(values,)))


def ask_of_staff(tables: Sequence[Table], mapped: Mapped) -> Questions:
    """Of a staff list."""
    found = _best(tables, STAFF_COLUMNS, mapped.headings("staff"))
    if found is None:
        return Questions()
    columns = _columns("staff", "Staff list", found, STAFF_COLUMNS, STAFF_NEEDED)
    unknown = _unknown(found, "career_stage", lambda text: stage_of(text) is not None)
    values = ValuesAsked("career_stage", "Career stage", _STAGES, _words("career_stage", unknown, mapped))
    return Questions((columns,)).with_more(Questions(values=(values,)))


def ask_of_annex_a(tables: Sequence[Table], mapped: Mapped) -> Questions:
    """Of an Annex A workbook: each list found, and the case statuses of list 6."""
    sheets = [sheet for table in tables if (sheet := recognise(table, mapped)) is not None]
    unknown: Counter[str] = Counter()
    for sheet in sheets:
        unknown.update(
            text
            for row in sheet.rows
            if not is_empty(text := clean(sheet.text(row, lists.STATUS))) and statuses.status_of(text) is None
        )
    values = ValuesAsked("status", "Case status", _STATUSES, _words("status", unknown, mapped))
    return Questions(tuple(_list_columns(sheet, mapped) for sheet in sheets)).with_more(Questions(values=(values,)))


def _list_columns(sheet: Sheet, mapped: Mapped) -> ColumnsAsked:
    """A group of columns of which one is needed is open until one is found, or said not to be there."""
    number, columns = str(sheet.listing.number), sheet.columns
    lacking = [group for group in sheet.listing.needed if not any(name in columns for name in group)]
    open_names = {name for group in lacking if not any(mapped.says(number, one) for one in group) for name in group}
    return ColumnsAsked(
        table=number,
        title=f"List {number}, {sheet.listing.subject} (sheet “{sheet.table}”)",
        headings=_headings(sheet.headings),
        fields=tuple(
            FieldAsked(
                name=name,
                label=_sentence(lists.NAMES.get(name, name)),
                heading=_tidy(sheet.headings[columns[name]]) if name in columns else "",
                needed=False,
                open=name in open_names,
            )
            for name in sheet.listing.columns
        ),
    )


def ask_of_ssd(tables: Sequence[Table], mapped: Mapped) -> Questions:
    """Of a Standard Safeguarding Dataset extract: each table found, and the roles in its involvements."""
    columns: dict[str, ColumnsAsked] = {}
    unknown: Counter[str] = Counter()
    for table in tables:
        name = ssd_tables.table_of(table)
        if name is None or not table.rows:
            continue
        at, found = ssd_tables.heading_row(table, name, mapped)
        layout = _Found(table.rows[at].cells, found, table.rows[at + 1 :])
        known, needed = ssd_tables.aliases(name), ssd_tables.needed_in(name)
        columns.setdefault(name, _columns(name, f"Table {name}", layout, known, needed, named=ssd_tables.NAMES))
        if name == ssd_tables.INVOLVEMENTS:
            unknown += _unknown(layout, "invo_professional_role_id", lambda text: role_of(text) is not None)
    values = ValuesAsked("role", "Role", _ROLES, _words("role", unknown, mapped))
    return Questions(tuple(columns.values())).with_more(Questions(values=(values,)))


def ask_of_categories(intake: Intake, words: Words) -> Questions:
    """Categories that the lists give and the employer's scheme does not have, so that their cases have no weight."""
    known = set(words.categories.values())
    found = Counter(case.category for case in intake.cases if known and case.category and case.category not in known)
    keep = tuple((code, f"Keep “{code}”, without a weight") for code in sorted(found))
    choices = tuple(choice for choice in category_choices(words) if choice[0] != SET_ASIDE)
    return Questions().with_more(
        Questions(
            values=(ValuesAsked("category", "Category", choices + keep, _words("category", found, words.mapped)),)
        )
    )


def category_choices(words: Words) -> Choices:
    """The codes of the employer's scheme, no category at all, or to set the rows aside."""
    codes = sorted(set(words.categories.values()))
    named = tuple((code, clean(code.replace("_", " ")).capitalize()) for code in codes)
    return (*named, (NO_CATEGORY, "No category: leave unrated"), _ASIDE)


@dataclass(frozen=True)
class _Found:
    """A table's row of headings, where its columns are, and the rows below."""

    headings: tuple[str, ...]
    columns: Mapping[str, int]
    rows: tuple[Row, ...]


def _best(tables: Sequence[Table], known: Mapping[str, tuple[str, ...]], said: Mapping[str, str]) -> _Found | None:
    """The row that knows most columns; where none knows any, the fullest one. None: there is no row at all."""
    best: tuple[tuple[int, int], _Found] | None = None
    for table in tables:
        for at, row in enumerate(table.rows[:HEADINGS_WITHIN]):
            columns = match(row.cells, known, said)
            score = (len(columns), len(row.cells) - sum(map(is_empty, row.cells)))
            if best is None or score > best[0]:
                best = score, _Found(row.cells, columns, table.rows[at + 1 :])
    return best[1] if best else None


def _columns(
    table: str,
    title: str,
    found: _Found,
    known: Mapping[str, tuple[str, ...]],
    needed: Sequence[str],
    *,
    named: Mapping[str, str] | None = None,
) -> ColumnsAsked:
    fields = (
        FieldAsked(
            name=name,
            label=_sentence((named or {}).get(name, name.replace("_", " "))),
            heading=_tidy(found.headings[found.columns[name]]) if name in found.columns else "",
            needed=name in needed,
            open=name in needed and name not in found.columns,
        )
        for name in known
    )
    return ColumnsAsked(table, title, _headings(found.headings), tuple(fields))


def _unknown(found: _Found, column: str, is_known: Any) -> Counter[str]:
    """Words of a column that are no code by themselves, and on how many rows each stands."""
    at = found.columns.get(column)
    if at is None:
        return Counter()
    texts = Counter(row.cells[at] for row in found.rows if at < len(row.cells))
    unknown: Counter[str] = Counter()
    for text, number in texts.items():
        if not is_empty(text) and not is_known(text):
            unknown[clean(text)] += number
    return unknown


def _words(field: str, unknown: Mapping[str, int], mapped: Mapped) -> tuple[WordAsked, ...]:
    """The commonest, each spelling once."""
    once: dict[str, tuple[str, int]] = {}
    for word, number in unknown.items():
        first, before = once.get(key(word), (word[:LONGEST_VALUE], 0))
        once[key(word)] = first, before + number
    commonest = sorted(once.values(), key=lambda one: (-one[1], one[0]))[:MOST_WORDS]
    return tuple(WordAsked(word, number, mapped.code(field, word)) for word, number in commonest)


def _headings(headings: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_tidy(text) for text in headings[:MOST_HEADINGS] if not is_empty(text)))


def _tidy(text: str) -> str:
    return clean(text)[:_LONGEST_HEADING]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
