from django.urls import path

from checks.views import publishing

_OF_CYCLE = "published/<slug:employer>/<slug:slug>/"

urlpatterns = [
    path("cycles/<uuid:public_id>/publish/", publishing.publish_cycle, name="cycle-publish"),
    path("cycles/<uuid:public_id>/withdraw/", publishing.withdraw_cycle, name="cycle-withdraw"),
    path("published/schema.json", publishing.show_schema, name="publication-schema"),
    path("published/<slug:employer>/", publishing.show_publications, name="publications"),
    path(_OF_CYCLE, publishing.show_publication, name="publication"),
    path(f"{_OF_CYCLE}data.csv", publishing.download_csv, name="publication-csv"),
    path(f"{_OF_CYCLE}data.json", publishing.show_json, name="publication-json"),
    path(f"{_OF_CYCLE}teams/<int:number>/", publishing.show_published_team, name="publication-team"),
]
