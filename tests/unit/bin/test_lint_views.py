from pathlib import Path

import lint_views
import pytest

CLEAN = """
def show_team(request, team_id):
    team = queries.team_for(request.user, team_id)
    title = "Team " + team.name + f" on {team.day}"
    return render(request, "team.html", {"title": title, "page": dict(team=team)})

def helper(team):
    return Team.objects.count() + 1
"""


def faults(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "specimen.py"
    file.write_text(text)
    return lint_views.faults_of(file)


def test_clean_view_and_code_that_is_no_interface_pass(tmp_path: Path) -> None:
    assert faults(tmp_path, CLEAN) == []


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("return Team.objects.all()", "asks a model's manager"),
        ("return Team._default_manager.all()", "asks a model's manager"),
        ("team.save()", "writes (.save())"),
        ("team.delete()", "writes (.delete())"),
        ("team.members.get_or_create(name=1)", "writes (.get_or_create())"),
        ("return get_object_or_404(HealthCheck, pk=1)", "starts from every HealthCheck"),
        ("return shortcuts.get_object_or_404(Team, pk=1)", "starts from every Team"),
        ("return load / capacity", "does sums"),
        ("return load * 100", "does sums"),
        ("total += load", "does sums"),
    ],
)
@pytest.mark.parametrize(
    "interface",
    [
        "def view(request, pk):\n    {line}\n",
        "class TeamView(APIView):\n    def get(self, pk):\n        {line}\n",
        "class Teams(viewsets.ModelViewSet):\n    def list(self):\n        {line}\n",
        "@shared_task(name='x')\ndef score(*, team_id):\n    {line}\n",
        "@app.task\ndef score(*, team_id):\n    {line}\n",
        "class Command(BaseCommand):\n    def handle(self, *args, **options):\n        {line}\n",
    ],
)
def test_fault_is_found_in_every_kind_of_interface(tmp_path: Path, interface: str, line: str, complaint: str) -> None:
    (found,) = faults(tmp_path, interface.format(line=line))
    assert complaint in found


def test_scoped_get_object_or_404_is_allowed(tmp_path: Path) -> None:
    assert faults(tmp_path, "def view(request):\n    get_object_or_404(visible_teams(request.user), pk=1)\n") == []


def test_fault_names_file_and_line(tmp_path: Path) -> None:
    (found,) = faults(tmp_path, "\n\ndef view(request):\n    team.save()\n")
    assert found.startswith(f"{tmp_path / 'specimen.py'}:4: view view ")
