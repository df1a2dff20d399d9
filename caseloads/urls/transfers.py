from django.urls import path

from caseloads.views import transfers

urlpatterns = [
    path("cases/<uuid:public_id>/transfer/", transfers.transfer_case, name="case-transfer"),
    path("transfers/<uuid:public_id>/handover/", transfers.record_handover_meeting, name="transfer-handover"),
    path("teams/<uuid:public_id>/transfer/", transfers.choose_bulk_transfer, name="bulk-transfer"),
    path("teams/<uuid:public_id>/transfer/<uuid:worker_id>/", transfers.transfer_many, name="bulk-transfer-proposal"),
]
