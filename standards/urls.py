from django.urls import path

from standards import api

urlpatterns = [
    path("standards/", api.ShowStandards.as_view(), name="api-standards"),
]
