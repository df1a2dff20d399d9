from django.urls import include, path

urlpatterns = [
    path("", include("checks.urls.duties")),
]
