"""What is in the database, without what no two runs share: keys, moments, attempts and the names of files."""

import hashlib
import json
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Value

APPS = ("teams", "caseloads", "standards", "checks", "reports")
APART = {"teams_signin", "teams_auditlink", "caseloads_scoringneed", "checks_dutykeeping"}
FLEETING = {"attempts", "rows_done", "detail", "token_hash", "changes", "content"}


def picture() -> dict[str, tuple[int, str]]:
    """How many rows each table has, and what they say."""
    tables = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    return {model._meta.db_table: _rows(model) for model in tables if model._meta.db_table not in APART}


def _rows(model: type[models.Model]) -> tuple[int, str]:
    names = [field.attname for field in model._meta.concrete_fields if _lasts(field)]
    rows = sorted(json.dumps(row, default=str) for row in model._default_manager.values_list(*names, Value("")))
    return len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()[:12]


def _lasts(field: "models.Field[Any, Any]") -> bool:
    passing = models.DateTimeField, models.UUIDField, models.FileField
    speaks_of_keys = models.ForeignKey, models.JSONField, models.BinaryField
    own = (*passing, *speaks_of_keys)
    return not field.primary_key and not isinstance(field, own) and field.name not in FLEETING
