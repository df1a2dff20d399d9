from django.urls import include, path

from caseloads import views

urlpatterns = [
    path("", views.show_home, name="home"),
    path("my-workload/", views.show_own_workload, name="own-workload"),
    path("teams/<uuid:public_id>/", views.show_team, name="team"),
    path("imports/", include("caseloads.import_urls")),
    path("workers/<uuid:public_id>/", views.show_worker, name="worker"),
]
