#!/usr/bin/env python3
"""How long each kind of document takes and how much memory, beside a floor: WeasyPrint drawing one bare page.

Each is drawn in a process of its own, several times over, because the first drawing pays for loading. Then the same
compliance report with its chapters repeated, to see whether a page costs more in a long document than in a short one.

    .venv/bin/python bench/report.py [runs]
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from measuring import IS_CHILD, project, run_child, seconds_of, shown
from samples import make_employer, make_team

from checks.actions.standards import load_shipped_standards
from reports.content import as_json
from reports.queries.employers import report_of_day
from reports.queries.sheets import own_sheet
from reports.queries.teams import team_report
from teams.models import Employer, Team, Worker

HOLDERS, EACH = 12, 19
BARE = "<html lang=en><title>One page</title><p>One page."
PAGES = (5, 50, 200)
KINDS = {
    "bare": "one bare page (floor)",
    "team-drawn": "a team's report, content given",
    "team": "a team's report, from the rows",
    "sheet": "a supervision sheet, from the rows",
    "employer-drawn": "12 teams' compliance report, content given",
    "employer": "12 teams' compliance report, from the rows",
}


def content_of(kind: str) -> dict[str, Any]:
    today = timezone.localdate()
    teams = Team.objects.select_related("employer", "service_area")
    if kind == "employer":
        return as_json(report_of_day(Employer.objects.get(slug="benchshire-1"), as_of=today))
    team = teams.get(employer__slug="teamshire")
    if kind == "team":
        return as_json(team_report(team, as_of=today))
    held = Worker.objects.filter(contracts__team=team, case_holding=True).select_related("employer").order_by("pk")
    return as_json(own_sheet(held[0], as_of=today))


def long_content(pages: int) -> dict[str, Any]:
    """A compliance report of about so many pages: its fullest chapter as often as it takes, and little before it."""
    content = content_of("employer")
    fullest = max(content["chapters"], key=lambda chapter: len(chapter["values"]))
    copies = max(1, (pages - 4) // 4)
    content |= {"grid": [], "headings": [], "stacks": []}
    for table in ("teams", "duties", "exceptions"):
        content[table]["rows"] = []
    content["chapters"] = [fullest | {"anchor": f"copy-{number}"} for number in range(copies)]
    return content


def drawing(kind: str) -> Callable[[], bytes]:
    import weasyprint  # noqa: PLC0415 - what loading it costs is part of what is measured

    if kind == "bare":
        return lambda: bytes(weasyprint.HTML(string=BARE).write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True))
    from reports import pdf  # noqa: PLC0415

    name, _, given = kind.partition("-")
    if name == "pages":
        content = long_content(int(given))
        return lambda: pdf.draw("employer", content)
    if given:
        content = content_of(name)
        return lambda: pdf.draw(name, content)
    return lambda: pdf.draw(name, content_of(name))


def pages_of(document: bytes) -> int:
    from io import BytesIO  # noqa: PLC0415

    import pikepdf  # noqa: PLC0415

    with pikepdf.open(BytesIO(document)) as opened:
        return len(opened.pages)


def draw(kind: str, runs: int) -> None:
    """What a child does: print the seconds of the first drawing, loading included, of the others, and the size."""
    begun = time.perf_counter()
    action = drawing(kind)
    document = action()
    first = time.perf_counter() - begun
    found = {
        "first": first,
        "others": seconds_of(action, runs=runs),
        "size": len(document),
        "pages": pages_of(document),
    }
    print(json.dumps(found))


def measure(kind: str, name: str, runs: int) -> tuple[dict[str, Any], float]:
    said, megabytes = run_child(sys.executable, __file__, kind, str(runs))
    found: dict[str, Any] = json.loads(said)
    print(
        f"  {name:<44} {found['pages']:4} pages   first {found['first'] * 1000:6.0f} ms   {shown(found['others'])}"
        f"   {megabytes:4.0f} MB at most   {found['size'] / 1000:5.0f} kB"
    )
    return found, megabytes


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with project():
        now = timezone.now()
        today = timezone.localdate(now)
        load_shipped_standards(at=now)
        team = make_team(holders=HOLDERS, each=EACH, as_of=today, at=now)
        make_employer(1, as_of=today, at=now)
        print(f"\n{HOLDERS} case holders, {team.cases.open_on(today).count()} open cases; and an employer of 12 teams")
        for kind, name in KINDS.items():
            measure(kind, name, runs)
        print("\nA page of a long document")
        bare, _ = measure("bare", KINDS["bare"], runs)
        for pages in PAGES:
            found, _ = measure(f"pages-{pages}", f"about {pages} pages", 1 if pages == max(PAGES) else runs)
            each = min(found["others"]) / found["pages"]
            print(f"      {each * 1000:.0f} ms a page, {each / min(bare['others']):.1f} times the floor")


if __name__ == "__main__":
    if IS_CHILD:
        draw(sys.argv[1], int(sys.argv[2]))
    else:
        main()
