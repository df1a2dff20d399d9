from django.urls import path

from caseloads.views import case_changes, cases, contests, recording

urlpatterns = [
    path("teams/<uuid:public_id>/cases/", cases.list_cases, name="team-cases"),
    path("teams/<uuid:public_id>/cases.csv", cases.download_cases, name="team-cases-csv"),
    path("teams/<uuid:public_id>/cases/new/", recording.record_new_case, name="case-new"),
    path("teams/<uuid:public_id>/cases/weight/", recording.weigh, name="case-weight"),
    path("cases/<uuid:public_id>/", cases.show_case, name="case"),
    path("cases/<uuid:public_id>/rate/", recording.rate_case, name="case-rate"),
    path("cases/<uuid:public_id>/correct/", case_changes.correct_case, name="case-correct"),
    path("cases/<uuid:public_id>/close/", case_changes.close_case, name="case-close"),
    path("cases/<uuid:public_id>/reopen/", case_changes.reopen_case, name="case-reopen"),
    path("cases/<uuid:public_id>/contest/", contests.contest_weight, name="case-contest"),
    path("contests/<uuid:public_id>/", contests.answer_contest, name="contest-answer"),
]
