from django.urls import path

from checks.views import answering, instruments, surveys

_OF_INSTRUMENT = "employers/<slug:slug>/surveys/<slug:code>/<str:version>/"

urlpatterns = [
    path("employers/<slug:slug>/surveys/", surveys.show_surveys, name="surveys"),
    path("employers/<slug:slug>/surveys/load/", instruments.new_instrument, name="instrument-new"),
    path(_OF_INSTRUMENT, instruments.show_instrument, name="instrument"),
    path(f"{_OF_INSTRUMENT}compare/", instruments.new_benchmarks, name="instrument-benchmarks"),
    path("cycles/<uuid:public_id>/surveys/", surveys.show_cycle_surveys, name="cycle-surveys"),
    path("cycles/<uuid:public_id>/surveys/open/", surveys.open_surveys, name="surveys-open"),
    path("cycles/<uuid:public_id>/surveys/links/", surveys.make_links, name="survey-links"),
    path("surveys/<uuid:public_id>/", surveys.show_results, name="survey-results"),
    path("surveys/<uuid:public_id>/results.csv", surveys.download_results, name="survey-results-file"),
    path("surveys/<uuid:public_id>/close/", surveys.close_survey, name="survey-close"),
    path("surveys/<uuid:public_id>/words/", surveys.decide_words, name="survey-words"),
    path("teams/<uuid:public_id>/surveys/", surveys.show_team_surveys, name="team-surveys"),
    path("s/thank-you/", answering.thank, name="survey-thanks"),
    path("s/<str:token>/", answering.answer_survey, name="survey"),
]
