from django.urls import path

import design.addresses  # noqa: F401 - makes <row:…> known
from caseloads.views import schemes

urlpatterns = [
    path("employers/<slug:slug>/schemes/", schemes.show_schemes, name="schemes"),
    path("employers/<slug:slug>/schemes/<row:pk>/", schemes.show_scheme, name="scheme"),
    path("employers/<slug:slug>/schemes/areas/<row:pk>/draft/", schemes.begin_draft, name="scheme-draft-new"),
    path("scheme-drafts/<uuid:public_id>/", schemes.edit_draft, name="scheme-draft"),
    path("scheme-drafts/<uuid:public_id>/preview/", schemes.preview_draft, name="scheme-draft-preview"),
    path("scheme-drafts/<uuid:public_id>/publish/", schemes.publish_draft, name="scheme-draft-publish"),
    path("scheme-drafts/<uuid:public_id>/drop/", schemes.drop_draft, name="scheme-draft-drop"),
]
