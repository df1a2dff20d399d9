from django.urls import path

from teams.views import accounts, own_account

OF = "employers/<slug:slug>/accounts/"
ONE = f"{OF}<uuid:public_id>/"

urlpatterns = [
    path("my-account/", own_account.show_own_account, name="own-account"),
    path("my-account/password/", own_account.change_password, name="own-password"),
    path("my-account/sign-ins/end/", own_account.sign_out_everywhere, name="own-sign-ins-end"),
    path("my-account/sign-ins/<slug:mark>/end/", own_account.end_sign_in, name="own-sign-in-end"),
    path("forgotten-password/", own_account.ask_for_password, name="forgotten-password"),
    path("set-password/<slug:token>/", own_account.set_password, name="set-password"),
    path(OF, accounts.show_accounts, name="accounts"),
    path(f"{OF}new/", accounts.invite, name="account-new"),
    path(ONE, accounts.show_account, name="account"),
    path(f"{ONE}change/", accounts.change_account, name="account-change"),
    path(f"{ONE}roles/new/", accounts.give_role, name="account-role-new"),
    path(f"{ONE}roles/<int:pk>/end/", accounts.end_role, name="account-role-end"),
    path(f"{ONE}<slug:step>/", accounts.take_step, name="account-step"),
]
