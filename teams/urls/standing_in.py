from django.urls import path

from teams.views import standing_in

OF = "accounts/<uuid:public_id>/standing-in/"

urlpatterns = [
    path("standing-in/", standing_in.show_standing_in, name="standing-in"),
    path("standing-in/new/", standing_in.name_stand_in, name="stand-in-new"),
    path("standing-in/<uuid:deputy_id>/end/", standing_in.end_stand_in, name="stand-in-end"),
    path(OF, standing_in.show_standing_in, name="account-standing-in"),
    path(f"{OF}new/", standing_in.name_stand_in, name="account-stand-in-new"),
    path(f"{OF}<uuid:deputy_id>/end/", standing_in.end_stand_in, name="account-stand-in-end"),
]
