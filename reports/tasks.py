from celery import shared_task
from django.utils import timezone

from reports import rendering, retention, stray_files
from teams import tenancy


@shared_task(name="reports.render")
def render(*, run_id: int) -> None:
    """Make a document; after the last part of a pack, the pack."""
    with tenancy.by(tenancy.By.REPORT, run_id):
        pack_id = rendering.render(run_id=run_id, clock=timezone.now)
    if pack_id:
        render.delay(run_id=pack_id)


@shared_task(name="reports.sweep")
def sweep() -> None:
    """Every minute: hand over again whatever a lost message left undone."""
    with tenancy.of_every_employer():
        lost = rendering.left_undone(at=timezone.now())
    for run_id in lost:
        render.delay(run_id=run_id)


@shared_task(name="reports.clear_stray_files")
def clear_stray_files() -> None:
    """Every night: what a full disk or a worker that died left behind is kept by nobody."""
    with tenancy.of_every_employer():
        stray_files.clear_away(at=timezone.now())


@shared_task(name="reports.apply_retention")
def apply_retention() -> None:
    """Every night, where the settings ask for it: delete what is older than its period."""
    with tenancy.of_every_employer():
        retention.carry_out(apply=True, slug=None, at=timezone.now())
