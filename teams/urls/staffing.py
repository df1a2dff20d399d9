from django.urls import path

import design.addresses  # noqa: F401 - makes <row:…> known
from teams.views import capacity, staffing

TEAM = "teams/<uuid:public_id>/"
WORKER = f"{TEAM}people/<uuid:worker_id>/"

urlpatterns = [
    path(f"{TEAM}people/", staffing.show_staffing, name="team-staffing"),
    path(f"{TEAM}people/new/", staffing.add_starter, name="starter-new"),
    path(f"{TEAM}people/colleague/", staffing.add_colleague, name="colleague-new"),
    path(f"{TEAM}posts/", staffing.set_posts, name="team-posts"),
    path(WORKER, staffing.show_member, name="team-member"),
    path(f"{WORKER}hours/", staffing.change_hours, name="member-hours"),
    path(f"{WORKER}hours/<row:pk>/", staffing.correct_first_day, name="member-first-day"),
    path(f"{WORKER}details/", staffing.change_details, name="member-details"),
    path(f"{WORKER}leave/", staffing.end_contract, name="member-leave"),
    path(f"{WORKER}reductions/new/", capacity.add_reduction, name="reduction-new"),
    path(f"{WORKER}reductions/<row:pk>/", capacity.change_reduction, name="reduction"),
    path(f"{WORKER}absences/new/", capacity.add_absence, name="absence-new"),
    path(f"{WORKER}absences/<row:pk>/", capacity.change_absence, name="absence"),
]
