from django.urls import path

import design.addresses  # noqa: F401 - makes <row:…> known
from teams.views import accounts, integrations, own_account

OF = "employers/<slug:slug>/accounts/"
ONE = f"{OF}<uuid:public_id>/"
SYSTEMS = "employers/<slug:slug>/integrations/"
SYSTEM = f"{SYSTEMS}<uuid:public_id>/"

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
    path(f"{ONE}roles/<row:pk>/end/", accounts.end_role, name="account-role-end"),
    path(f"{ONE}<slug:step>/", accounts.take_step, name="account-step"),
    path(SYSTEMS, integrations.show_integrations, name="integrations"),
    path(f"{SYSTEMS}new/", integrations.add_integration, name="integration-new"),
    path(SYSTEM, integrations.show_integration, name="integration"),
    path(f"{SYSTEM}change/", integrations.change_integration, name="integration-change"),
    path(f"{SYSTEM}end/", integrations.end_integration, name="integration-end"),
    path(f"{SYSTEM}tokens/new/", integrations.make_token, name="token-new"),
    path(f"{SYSTEM}tokens/<uuid:token_id>/end/", integrations.end_token, name="token-end"),
]
