"""What watches the service asks these, before and beside everything else (operations/middleware.py)."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from operations import probes

urlpatterns = [
    path("-/alive/", login_not_required(probes.say_alive), name="alive"),
    path("-/ready/", login_not_required(probes.say_ready), name="ready"),
    path("-/metrics/", login_not_required(probes.show_metrics), name="metrics"),
]
