from django.urls import path

from reports.views import workforce

urlpatterns = [
    path("employers/<slug:slug>/benchmarks/", workforce.show_benchmarks, name="benchmarks"),
]
