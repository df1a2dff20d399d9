"""What the machine does with a caseload file: read it, compare it with the rows, write the difference."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, BinaryIO
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, transaction

from caseloads import bulk
from caseloads.comparing import Changes, Summary, compare
from caseloads.intake.annex_a import read_annex_a
from caseloads.intake.plain import read_plain
from caseloads.intake.reading import read_tables
from caseloads.intake.records import Counts, Intake, Problem, Refused, Table
from caseloads.intake.staff import read_staff
from caseloads.intake.words import Words, code_of
from caseloads.models import Allocation, Case, CaseCategory, ComplexityFactor, ImportRun, Rating, WeightingScheme
from caseloads.recorded import read_recorded
from teams.models import Contract, Employer, ServiceArea, Team, Worker

MOST_PROBLEMS_KEPT = 10_000
LARGE_WRITE = 1_000
MOST_NAMES_KEPT = 100
_NO_AREA = "{employer} has no service area for children yet. Add one, then import the file again."
_NO_KEY = "References are to be kept as hashes, but CASE_REFERENCE_KEY is not set. Ask whoever runs the server for it."
_NOTHING = "Choose a case list, a staff list or both."
_CONTRADICTS = (
    "The file contradicts what is recorded already, so nothing was changed. "
    "Check the shares of its cases and the dates of its contracts ({rule})."
)


@dataclass(frozen=True)
class Upload:
    """A file somebody brings: its name as they know it, and its bytes from the beginning."""

    name: str
    content: BinaryIO


@dataclass(frozen=True)
class Files:
    """A case list, a staff list, or both."""

    cases: Upload | None = None
    staff: Upload | None = None


@dataclass(frozen=True)
class Reading:
    """A file as it was understood, before it is compared with anything. `sha256` is of both files."""

    intake: Intake
    preset: ImportRun.Preset
    as_of: date
    name: str
    sha256: str


@dataclass(frozen=True)
class Outcome:
    """What an import would change, or has changed."""

    reading: Reading
    changes: Changes

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


def read_files(*, employer: Employer, preset: ImportRun.Preset, files: Files, as_of: date) -> Reading:
    """Understand the files. Raises Refused, a sentence, when one of them cannot be used at all."""
    if settings.HASH_CASE_REFERENCES and not settings.CASE_REFERENCE_KEY:
        raise Refused(_NO_KEY)
    if files.cases is None and files.staff is None:
        raise Refused(_NOTHING)
    service_area_for(employer)
    digest = hashlib.sha256()
    intake = Intake(counts=Counts())
    if files.cases is not None:
        intake = _read_cases(employer, preset, files.cases, as_of=as_of)
        _digest(digest, files.cases)
    if files.staff is not None:
        staff, problems = read_staff(_tables(files.staff), name=files.staff.name)
        intake = replace(intake, staff=staff, staff_problems=problems)
        _digest(digest, files.staff)
    names = [upload.name for upload in (files.cases, files.staff) if upload is not None]
    return Reading(intake, preset, as_of, " + ".join(names), digest.hexdigest())


def _read_cases(employer: Employer, preset: ImportRun.Preset, upload: Upload, *, as_of: date) -> Intake:
    secret = settings.CASE_REFERENCE_KEY if settings.HASH_CASE_REFERENCES else ""
    tables, words = _tables(upload), words_of(employer, on=as_of)
    if preset == ImportRun.Preset.ANNEX_A:
        intake = read_annex_a(tables, name=upload.name, as_of=as_of, secret=secret)
        return replace(intake, notes=(*intake.notes, *_unknown_categories(intake, words)))
    return read_plain(tables, name=upload.name, as_of=as_of, words=words, secret=secret)


def _unknown_categories(intake: Intake, words: Words) -> Iterable[str]:
    """Say which categories of the lists have no weight in the employer's scheme, where there is one."""
    known = set(words.categories.values())
    missing = Counter(case.category for case in intake.cases if case.category not in known)
    if known and missing:
        named = ", ".join(f"{category} ({number})" for category, number in sorted(missing.items()))
        yield f"Open cases of categories that the weighting scheme does not have, so they cannot be weighed: {named}."


def _tables(upload: Upload) -> tuple[Table, ...]:
    upload.content.seek(0)
    return read_tables(upload.content, name=upload.name)


def _digest(digest: Any, upload: Upload) -> None:
    upload.content.seek(0)
    while piece := upload.content.read(1 << 20):
        digest.update(piece)


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


def compare_with_records(*, employer: Employer, reading: Reading) -> Changes:
    """What the file would change now. A fixed number of queries."""
    intake = reading.intake
    references = [case.reference for case in intake.cases] + [closure.reference for closure in intake.closures]
    recorded = read_recorded(employer, references, as_of=reading.as_of)
    plain = reading.preset == ImportRun.Preset.PLAIN
    return compare(recorded, intake, as_of=reading.as_of, factors_given=plain)


def write_changes(*, employer: Employer, changes: Changes) -> set[int]:
    """Write everything or nothing, in bulk; return the keys of the teams whose figures change."""
    try:
        with transaction.atomic():
            return _write(employer, changes)
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        raise Refused(_CONTRADICTS.format(rule=getattr(diagnosis, "constraint_name", None) or "share limit")) from error


_ALLOCATED = ("employer_id", "case_id", "worker_id", "team_id", "role", "share", "started_on")


def _write(employer: Employer, changes: Changes) -> set[int]:
    teams = _write_teams(employer, changes)
    workers = _write_workers(employer, changes, teams)
    cases = _write_cases(employer, changes, teams)
    bulk.add_rows(
        Rating,
        ["case_id", "category", "factors", "override_reason", "reason", "rated_on"],
        (
            (cases.get(case, case), category, factors, "", "", day)
            for case, category, factors, day in changes.new_ratings
        ),
    )
    with bulk.joining_whole_tables():
        bulk.change_rows(Allocation, ["id", "ended_on"], changes.ended)
        bulk.add_rows(
            Allocation,
            [*_ALLOCATED, "agreement", "agreement_note"],
            (
                (employer.pk, cases.get(case, case), workers.get(worker, worker), teams.get(team, team), *rest, "", "")
                for case, worker, team, *rest in changes.started
            ),
        )
    if len(changes.started) + len(changes.new_ratings) > LARGE_WRITE:
        bulk.renew_statistics(Case, Rating, Allocation, Worker, Contract)
    return {teams.get(team, team) for team in changes.teams}


def _write_cases(employer: Employer, changes: Changes, teams: Mapping[int, int]) -> dict[int, int]:
    """New and changed cases; the new ones' real keys by the stand-ins."""
    keys = bulk.reserve_keys(Case, len(changes.new_cases))
    said = ("reference", "family_reference", "category", "opened_on")
    bulk.add_rows(
        Case,
        ["id", "public_id", "priority", "revision", "employer_id", "team_id", *said],
        (
            (
                *(key, uuid4(), Case.Priority.ROUTINE.value, 0, employer.pk, teams.get(row.team, row.team)),
                *(getattr(row, name) for name in said),
            )
            for key, row in zip(keys, changes.new_cases, strict=True)
        ),
    )
    bulk.change_rows(
        Case,
        ["id", "team_id", "family_reference", "category", "opened_on", "closed_on"],
        [
            (row.key, teams.get(row.team, row.team), row.family_reference, row.category, row.opened_on, row.closed_on)
            for row in changes.changed_cases
        ],
    )
    return {row.key: key for row, key in zip(changes.new_cases, keys, strict=True)}


def _write_teams(employer: Employer, changes: Changes) -> dict[int, int]:
    """New teams; their real keys by the stand-ins."""
    if not changes.new_teams:
        return {}
    area = service_area_for(employer)
    rows = Team.objects.bulk_create(
        Team(employer=employer, service_area=area, name=name) for _, name in changes.new_teams
    )
    return {key: row.pk for (key, _), row in zip(changes.new_teams, rows, strict=True)}


def _write_workers(employer: Employer, changes: Changes, teams: Mapping[int, int]) -> dict[int, int]:
    """New and changed workers and contracts; the new workers' real keys by the stand-ins."""
    described = ("staff_reference", "career_stage", "registered", "case_holding", "agency")
    rows = Worker.objects.bulk_create(
        Worker(employer=employer, name=row.name, **{name: getattr(row, name) for name in described})
        for row in changes.new_workers
    )
    workers = {stand_in.key: row.pk for stand_in, row in zip(changes.new_workers, rows, strict=True)}
    bulk.change_rows(
        Worker,
        ["id", *described],
        [(row.key, *(getattr(row, name) for name in described)) for row in changes.changed_workers],
    )
    bulk.change_rows(
        Contract,
        ["id", "weekly_hours", "starts_on", "ends_on"],
        [(row.key, row.weekly_hours, row.starts_on, row.ends_on) for row in changes.changed_contracts],
    )
    Contract.objects.bulk_create(
        Contract(
            worker_id=workers.get(row.worker, row.worker),
            team_id=teams.get(row.team, row.team),
            weekly_hours=row.weekly_hours,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
        )
        for row in changes.new_contracts
    )
    return workers


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
