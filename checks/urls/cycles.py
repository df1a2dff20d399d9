from django.urls import path

from checks.views import answers, cycles, follow_up, moves

urlpatterns = [
    path("health-checks/", cycles.show_employers, name="health-checks"),
    path("employers/<slug:slug>/cycles/", cycles.show_cycles, name="cycles"),
    path("employers/<slug:slug>/cycles/new/", cycles.open_cycle, name="cycle-new"),
    path("cycles/<uuid:public_id>/", cycles.show_cycle, name="cycle"),
    path("cycles/<uuid:public_id>/teams/", cycles.add_teams, name="cycle-teams"),
    path("cycles/<uuid:public_id>/due/", cycles.put_off_cycle, name="cycle-put-off"),
    path("cycles/<uuid:public_id>/close/", cycles.close_cycle, name="cycle-close"),
    path("teams/<uuid:public_id>/checks/", cycles.show_team_checks, name="team-checks"),
    path("checks/<uuid:public_id>/", answers.show_check, name="check"),
    path("checks/<uuid:public_id>/standards/<str:code>/", answers.show_standard, name="check-standard"),
    path("checks/<uuid:public_id>/indicators/<slug:code>/", answers.answer_indicator, name="check-answer"),
    path("checks/<uuid:public_id>/figures/", answers.take_figures_again, name="check-figures"),
    path("checks/<uuid:public_id>/indicators/<slug:code>/evidence/", answers.add_evidence, name="evidence-new"),
    path("evidence/<uuid:public_id>/", answers.download_evidence, name="evidence"),
    path("evidence/<uuid:public_id>/remove/", answers.remove_evidence, name="evidence-remove"),
    path("checks/<uuid:public_id>/submit/", moves.submit_check, name="check-submit"),
    path("checks/<uuid:public_id>/accept/", moves.move_check, {"step": "accept"}, name="check-accept"),
    path("checks/<uuid:public_id>/sign/", moves.move_check, {"step": "sign"}, name="check-sign"),
    path("checks/<uuid:public_id>/publish/", moves.move_check, {"step": "publish"}, name="check-publish"),
    path("checks/<uuid:public_id>/return/", moves.move_check, {"step": "return"}, name="check-return"),
    path("checks/<uuid:public_id>/indicators/<slug:code>/challenge/", moves.challenge_answer, name="challenge-new"),
    path("challenges/<uuid:public_id>/", moves.reply_to_challenge, name="challenge-reply"),
    path("checks/<uuid:public_id>/indicators/<slug:code>/action/", follow_up.plan_action, name="action-new"),
    path("checks/<uuid:public_id>/indicators/<slug:code>/no-action/", follow_up.decide_not_to_act, name="action-none"),
    path("actions/<uuid:public_id>/", follow_up.change_action, name="action"),
    path("checks/<uuid:public_id>/published/", follow_up.show_published, name="check-published"),
    path("teams/<uuid:public_id>/said/", follow_up.show_team_said, name="team-said"),
    path("my-workload/said/", follow_up.show_own_said, name="own-said"),
]
