from allauth.account.views import ReauthenticateView
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.decorators.http import require_POST

import design.addresses  # noqa: F401 - makes <row:…> known
from teams.views import directory, second_factor
from teams.views.signing_in import SignIn, SignInByPasskey, SignOut

sign_in = SignIn.as_view()
sign_out = login_not_required(require_POST(SignOut.as_view()))  # also for whoever has given a password so far

# The sign-in library finds its pages by the names that begin with account_ and mfa_; no other page of it is here.
urlpatterns = [
    path("sign-in/", sign_in, name="sign-in"),
    path("sign-in/", sign_in, name="account_login"),
    path("sign-in/second-factor/", second_factor.GiveFactor.as_view(), name="mfa_authenticate"),
    path("sign-in/passkey/", SignInByPasskey.as_view(), name="mfa_login_webauthn"),
    path(
        "sign-in/again/",
        ReauthenticateView.as_view(template_name="teams/sign_in_again.html"),
        name="account_reauthenticate",
    ),
    path("sign-in/directory/", directory.sign_in_by_directory, name="directory"),
    path("sign-in/directory/back/", directory.come_back_from_directory, name="directory-back"),
    path("sign-in/directory/ended/", directory.end_sign_ins, name="directory-ended"),
    path("sign-out/", sign_out, name="sign-out"),
    path("second-factor/", second_factor.ShowFactors.as_view(), name="mfa_index"),
    path("second-factor/app/", second_factor.SetUpApp.as_view(), name="mfa_activate_totp"),
    path("second-factor/app/remove/", second_factor.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("second-factor/passkeys/new/", second_factor.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("second-factor/passkeys/<row:pk>/remove/", second_factor.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("second-factor/recovery-codes/", second_factor.ShowRecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path(
        "second-factor/recovery-codes/new/",
        second_factor.MakeRecoveryCodes.as_view(),
        name="mfa_generate_recovery_codes",
    ),
]
