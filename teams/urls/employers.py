from django.urls import path

from teams.views import employers

urlpatterns = [
    path("employers/<slug:slug>/region/", employers.set_region, name="employer-region"),
]
