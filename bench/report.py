#!/usr/bin/env python3
"""How long a team's report takes as a PDF and how much memory, beside a floor: WeasyPrint drawing one bare page.

Each kind of document is drawn in a process of its own, several times over, because the first one pays for loading.

    .venv/bin/python bench/report.py [runs]
"""

import json
import sys
import time
from collections.abc import Callable

from django.utils import timezone
from measuring import IS_CHILD, project, run_child, seconds_of, shown
from samples import make_team

from reports.content import as_json
from reports.queries.teams import team_report
from teams.models import Team

HOLDERS, EACH = 12, 19
BARE = "<html lang=en><title>One page</title><p>One page."


def drawing(kind: str) -> Callable[[], bytes]:
    import weasyprint  # noqa: PLC0415 - what loading it costs is part of what is measured

    if kind == "bare":
        return lambda: bytes(weasyprint.HTML(string=BARE).write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True))
    from reports import pdf  # noqa: PLC0415

    team = Team.objects.select_related("employer", "service_area").get()
    if kind == "drawing":
        content = as_json(team_report(team, as_of=timezone.localdate()))
        return lambda: pdf.draw("team", content)
    return lambda: pdf.draw("team", as_json(team_report(team, as_of=timezone.localdate())))


def draw(kind: str, runs: int) -> None:
    """What a child does: print the seconds of the first drawing, loading included, of the others, and the size."""
    begun = time.perf_counter()
    action = drawing(kind)
    size = len(action())
    first = time.perf_counter() - begun
    print(json.dumps({"first": first, "others": seconds_of(action, runs=runs), "size": size}))


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    names = {"bare": "one bare page (floor)", "drawing": "report, content given", "report": "report, from the rows"}
    with project():
        now = timezone.now()
        team = make_team(holders=HOLDERS, each=EACH, as_of=timezone.localdate(now), at=now)
        print(f"\n{HOLDERS} case holders, {team.cases.open_on(timezone.localdate(now)).count()} open cases")
        for kind, name in names.items():
            said, megabytes = run_child(sys.executable, __file__, kind, str(runs))
            found = json.loads(said)
            print(
                f"  {name:<22} first {found['first'] * 1000:6.0f} ms   {shown(found['others'])}"
                f"   {megabytes:.0f} MB at most   {found['size'] / 1000:.0f} kB"
            )


if __name__ == "__main__":
    if IS_CHILD:
        draw(sys.argv[1], int(sys.argv[2]))
    else:
        main()
