"""What the machine does with caseload files before it writes anything: read them, and compare them with the rows."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, BinaryIO

from django.conf import settings

from caseloads.comparing import Changes, Summary, compare
from caseloads.import_lines import Line
from caseloads.intake import questions as asking
from caseloads.intake.annex_a import read_annex_a
from caseloads.intake.mapping import NOTHING_SAID, SET_ASIDE, Mapped
from caseloads.intake.plain import read_plain
from caseloads.intake.questions import Questions
from caseloads.intake.reading import read_tables
from caseloads.intake.records import Counts, Intake, Problem, Refused, Table
from caseloads.intake.ssd import read_ssd
from caseloads.intake.staff import read_staff
from caseloads.intake.watching import Tell, quietly
from caseloads.intake.words import Words, code_of
from caseloads.models import CaseCategory, ComplexityFactor, ImportMapping, ImportRun, WeightingScheme
from caseloads.recorded import read_recorded
from caseloads.stored import Recorded
from teams.models import Employer, ServiceArea

MOST_PROBLEMS_KEPT = 10_000
MOST_NAMES_KEPT = 100
_NO_AREA = "{employer} has no service area for children yet. Add one, then import the file again."
_NO_KEY = "References are to be kept as hashes, but CASE_REFERENCE_KEY is not set. Ask whoever runs the server for it."
_NOTHING = "Choose a case list, a staff list or both."


class Unmapped(Refused):
    """A needed column was not recognised. `questions` asks which one it is."""

    def __init__(self, sentence: str, questions: Questions) -> None:
        super().__init__(sentence)
        self.questions = questions


@dataclass(frozen=True)
class Upload:
    """A file somebody brings: its name as they know it, and its bytes from the beginning."""

    name: str
    content: BinaryIO


@dataclass(frozen=True)
class Files:
    """A caseload in one or several files, a staff list, or both."""

    cases: Sequence[Upload] = ()
    staff: Upload | None = None

    @property
    def all(self) -> list[Upload]:
        return [*self.cases, *([self.staff] if self.staff else [])]

    @property
    def name(self) -> str:
        return " + ".join(upload.name for upload in self.all)


@dataclass(frozen=True)
class Reading:
    """Files as they were understood, before they are compared with anything. `sha256` is of all of them."""

    intake: Intake
    preset: ImportRun.Preset
    as_of: date
    name: str
    sha256: str
    questions: Questions = field(default_factory=Questions)


@dataclass(frozen=True)
class Outcome:
    """What an import would change, or has changed."""

    reading: Reading
    changes: Changes
    lines: Sequence[Line] = ()

    @property
    def summary(self) -> Summary:
        return self.changes.summary

    @property
    def counts(self) -> Counts:
        """Cases in the name of somebody who holds none count as unallocated, as they do in scoring."""
        counts = self.reading.intake.counts
        return replace(counts, unallocated=counts.unallocated + self.changes.held_in_name_only)

    @property
    def names(self) -> dict[str, list[str]]:
        """Who and what the import adds, by name, so that a misspelt one is seen before it is made."""
        added = {
            "Workers added": [row.name for row in self.changes.new_workers],
            "Teams added": [name for _, name in self.changes.new_teams],
        }
        return {title: sorted(names)[:MOST_NAMES_KEPT] for title, names in added.items() if names}

    @property
    def problems(self) -> list[dict[str, object]]:
        """The rows set aside, as they are stored and shown."""
        intake = self.reading.intake
        return [_stored(problem) for problem in (*intake.problems, *intake.staff_problems)]


def service_area_for(employer: Employer) -> ServiceArea:
    """Where teams that a file brings belong: the children's area, or the employer's only one."""
    areas = list(employer.service_areas.order_by("pk"))
    children = [area for area in areas if area.client_group == ServiceArea.ClientGroup.CHILDREN]
    if not children and len(areas) != 1:
        raise Refused(_NO_AREA.format(employer=employer.name))
    return (children or areas)[0]


def mapped_by(employer: Employer, preset: ImportRun.Preset) -> Mapped:
    """What the employer has said about files of this kind."""
    kept = ImportMapping.objects.filter(employer=employer, preset=preset).first()
    return Mapped(kept.columns, kept.values) if kept else NOTHING_SAID


def read_files(
    *, employer: Employer, preset: ImportRun.Preset, files: Files, as_of: date, tell: Tell = quietly
) -> Reading:
    """Understand the files. Raises Refused, a sentence, when they cannot be used at all."""
    if settings.HASH_CASE_REFERENCES and not settings.CASE_REFERENCE_KEY:
        raise Refused(_NO_KEY)
    if not files.cases and files.staff is None:
        raise Refused(_NOTHING)
    source = _Source(employer, preset, mapped_by(employer, preset), as_of, service_area_for(employer))
    intake, questions = Intake(counts=Counts()), Questions()
    if files.cases:
        intake, questions = _read_cases(source, files.cases, tell)
    if files.staff is not None:
        intake, asked = _with_staff(source, intake, files.staff)
        questions = questions.with_more(asked)
    return Reading(intake, preset, as_of, files.name, _digest(files), questions)


@dataclass(frozen=True)
class _Source:
    """Whose files they are, of what kind, and what has been said about them."""

    employer: Employer
    preset: ImportRun.Preset
    mapped: Mapped
    as_of: date
    area: ServiceArea


def _read_cases(source: _Source, uploads: Sequence[Upload], tell: Tell) -> tuple[Intake, Questions]:
    tables = [table for upload in uploads for table in _tables(upload)]
    words = replace(words_of(source.employer, on=source.as_of), mapped=source.mapped)
    asked = _asked(source, tables, words)
    name = uploads[0].name if len(uploads) == 1 else f"{uploads[0].name} and {len(uploads) - 1} more"
    try:
        intake = _understood(source, tables, words, name=name, tell=tell)
    except Refused as refusal:
        if asked.unreadable:
            raise Unmapped(str(refusal), asked) from refusal
        raise
    if source.preset != ImportRun.Preset.PLAIN:
        asked = asked.with_more(asking.ask_of_categories(intake, words))
        intake = _with_categories(intake, words)
    return intake, asked


def _asked(source: _Source, tables: Sequence[Table], words: Words) -> Questions:
    if source.preset == ImportRun.Preset.ANNEX_A:
        return asking.ask_of_annex_a(tables, source.mapped)
    if source.preset == ImportRun.Preset.SSD:
        return asking.ask_of_ssd(tables, source.mapped)
    return asking.ask_of_cases(tables, words)


def _understood(source: _Source, tables: Sequence[Table], words: Words, *, name: str, tell: Tell) -> Intake:
    secret = settings.CASE_REFERENCE_KEY if settings.HASH_CASE_REFERENCES else ""
    if source.preset == ImportRun.Preset.ANNEX_A:
        return read_annex_a(tables, name=name, as_of=source.as_of, secret=secret, mapped=source.mapped, tell=tell)
    if source.preset == ImportRun.Preset.SSD:
        return read_ssd(
            tables,
            name=name,
            as_of=source.as_of,
            full_time_hours=source.area.full_time_hours,
            most_shared=words.most_shared,
            secret=secret,
            mapped=source.mapped,
            tell=tell,
        )
    return read_plain(tables, name=name, as_of=source.as_of, words=words, secret=secret, tell=tell)


def _with_staff(source: _Source, intake: Intake, upload: Upload) -> tuple[Intake, Questions]:
    tables = _tables(upload)
    asked = asking.ask_of_staff(tables, source.mapped)
    try:
        staff, problems = read_staff(tables, name=upload.name, mapped=source.mapped)
    except Refused as refusal:
        raise Unmapped(str(refusal), asked) from refusal
    merged = replace(intake, staff=(*intake.staff, *staff), staff_problems=(*intake.staff_problems, *problems))
    return merged, asked


def _with_categories(intake: Intake, words: Words) -> Intake:
    """Categories that the lists give, as the employer has said they are called; and which of them have no weight."""
    called = {code: words.mapped.code("category", code) for code in {case.category for case in intake.cases}}
    meant = {code: said for code, said in called.items() if said not in {None, SET_ASIDE}}
    cases = tuple(replace(case, category=str(meant.get(case.category, case.category))) for case in intake.cases)
    renamed = replace(intake, cases=cases) if meant else intake
    return replace(renamed, notes=(*renamed.notes, *_unknown_categories(renamed, words)))


def _unknown_categories(intake: Intake, words: Words) -> Iterable[str]:
    """Say which categories of the lists have no weight in the employer's scheme, where there is one."""
    known = set(words.categories.values())
    missing = Counter(case.category for case in intake.cases if case.category and case.category not in known)
    if known and missing:
        named = ", ".join(f"{category} ({number})" for category, number in sorted(missing.items()))
        yield f"Open cases of categories that the weighting scheme does not have, so they cannot be weighed: {named}."


def _tables(upload: Upload) -> tuple[Table, ...]:
    upload.content.seek(0)
    return read_tables(upload.content, name=upload.name)


def _digest(files: Files) -> str:
    digest = hashlib.sha256()
    for upload in files.all:
        upload.content.seek(0)
        while piece := upload.content.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def words_of(employer: Employer, *, on: date) -> Words:
    """The categories and factors of the employer's schemes, by code and by name."""
    schemes = list(WeightingScheme.objects.in_force(employer=employer, on=on))
    categories = CaseCategory.objects.filter(scheme__in=schemes).values_list("code", "name")
    factors = ComplexityFactor.objects.filter(scheme__in=schemes).values_list("code", "name")
    return Words(
        categories=_spellings(categories),
        factors=_spellings(factors),
        most_shared=100 + min((scheme.joint_uplift for scheme in schemes), default=0),
    )


def _spellings(words: Sequence[tuple[str, str]] | Any) -> Mapping[str, str]:
    return {code_of(text): code for code, name in words for text in (name, code)}


def compare_with_records(*, employer: Employer, reading: Reading) -> tuple[Recorded, Changes]:
    """The rows as they are, and what the files would change now. A fixed number of queries."""
    intake = reading.intake
    references = [case.reference for case in intake.cases] + [closure.reference for closure in intake.closures]
    recorded = read_recorded(employer, references, as_of=reading.as_of)
    plain = reading.preset == ImportRun.Preset.PLAIN
    return recorded, compare(recorded, intake, as_of=reading.as_of, factors_given=plain)


def _stored(problem: Problem) -> dict[str, object]:
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "value": problem.value,
        "reason": problem.sentence,
    }


def stored_counts(outcome: Outcome) -> dict[str, object]:
    """What an import's row keeps of it: the counts, the changes, the notes."""
    intake = outcome.reading.intake
    return {
        "counts": asdict(outcome.counts),
        "names": outcome.names,
        "changes": asdict(outcome.summary),
        "notes": list(intake.notes),
        "staff": len(intake.staff),
        "staff_problems": len(intake.staff_problems),
    }
