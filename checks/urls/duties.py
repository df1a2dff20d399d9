from django.urls import path

from checks.views import duties

urlpatterns = [
    path("duties/", duties.show_turn, name="duties"),
    path("duties/<uuid:public_id>/", duties.show_duty, name="duty"),
    path("duties/<uuid:public_id>/plan/", duties.plan_duty, name="duty-plan"),
    path("duties/<uuid:public_id>/note/", duties.update_duty, name="duty-update"),
    path("duties/<uuid:public_id>/close/", duties.close_duty, name="duty-close"),
    path("duties/<uuid:public_id>/reopen/", duties.reopen_duty, name="duty-reopen"),
    path("teams/<uuid:public_id>/duties/", duties.show_team_duties, name="team-duties"),
    path("my-workload/concerns/", duties.show_own_concerns, name="own-concerns"),
    path("my-workload/concerns/new/", duties.raise_concern, name="concern-new"),
    path("employers/<slug:slug>/response-times/", duties.set_response_times, name="response-times"),
]
