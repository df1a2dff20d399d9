from django.urls import path

from checks.views import drafts, standards, variations

_SET = "employers/<slug:slug>/standards/<slug:pack>/<str:version>/"
_DRAFT = "standards/drafts/<uuid:public_id>/"
_PART = f"{_DRAFT}standards/<int:standard>/"
_VARIATION = "variations/<uuid:public_id>/"

urlpatterns = [
    path("employers/<slug:slug>/standards/", standards.show_standards, name="standards"),
    path("employers/<slug:slug>/standards/choose/", standards.choose_sets, name="standards-choose"),
    path(_SET, standards.show_set, name="standard-set"),
    path(f"{_SET}copy/", standards.copy_set, name="standard-draft-new"),
    path(_DRAFT, drafts.show_draft, name="standard-draft"),
    path(f"{_DRAFT}about/", drafts.change_about, name="standard-draft-about"),
    path(f"{_DRAFT}add/", drafts.add_standard, name="standard-draft-add"),
    path(f"{_DRAFT}move/", drafts.move_part, name="standard-draft-move"),
    path(f"{_DRAFT}preview/", drafts.preview_draft, name="standard-draft-preview"),
    path(f"{_DRAFT}publish/", drafts.publish_draft, name="standard-draft-publish"),
    path(f"{_DRAFT}give-up/", drafts.give_up_draft, name="standard-draft-give-up"),
    path(_PART, drafts.show_draft_standard, name="standard-draft-standard"),
    path(f"{_PART}change/", drafts.change_part, name="standard-draft-standard-change"),
    path(f"{_PART}remove/", drafts.remove_part, name="standard-draft-standard-remove"),
    path(f"{_PART}add/<slug:what>/", drafts.add_entry, name="standard-draft-entry-new"),
    path(f"{_PART}<slug:part>/<int:entry>/", drafts.change_part, name="standard-draft-entry"),
    path(f"{_PART}<slug:part>/<int:entry>/remove/", drafts.remove_part, name="standard-draft-entry-remove"),
    path("employers/<slug:slug>/variations/", variations.show_variations, name="variations"),
    path(
        "employers/<slug:slug>/standards/<slug:pack>/indicators/<slug:indicator>/vary/",
        variations.propose_variation,
        name="variation-new",
    ),
    path(_VARIATION, variations.show_variation, name="variation"),
    path(f"{_VARIATION}approve/", variations.approve_variation, name="variation-approve"),
    path(f"{_VARIATION}decline/", variations.decline_variation, name="variation-decline"),
    path(f"{_VARIATION}withdraw/", variations.withdraw_variation, name="variation-withdraw"),
    path(f"{_VARIATION}end/", variations.end_variation, name="variation-end"),
]
