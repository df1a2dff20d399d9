"""The description of the API, as its code has it."""

from typing import TYPE_CHECKING, Any

from drf_spectacular.openapi import AutoSchema

from teams.problem_details import MEDIA_TYPE
from teams.scopes import SCOPE_NAMES

if TYPE_CHECKING:
    from teams.api.views import ApiView

TOKEN = {"type": "http", "scheme": "bearer", "description": "A token of an integration, made on its page."}
PROBLEMS = {
    "400": "Something in the call is not as it should be",
    "401": "No token, or one that does not work",
    "403": "The integration may not do that",
    "429": "Too many calls; Retry-After says how many seconds to wait",
}
FIELD = {
    "type": "object",
    "properties": {
        "field": {"type": "string", "description": "Where: a name, or names and numbers of rows joined by dots."},
        "message": {"type": "string"},
    },
    "required": ["field", "message"],
}
PROBLEM = {
    "type": "object",
    "description": "What went wrong, by RFC 9457.",
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence that says what to do next."},
        "errors": {"type": "array", "items": FIELD},
    },
    "required": ["title", "status", "detail"],
}
NOT_FOUND = {"404": "There is no such thing, or it is not for this integration"}

NOT_NOW = {"409": "It cannot be done now; detail says why"}


class Described(AutoSchema):
    """An address described by its view: what may be asked, the scope that it takes, and how it fails."""

    view: "ApiView"  # type: ignore[override]

    def get_override_parameters(self) -> list[Any]:
        return [self.view.asks] if self.method == "GET" and self.view.asks().fields else []

    def get_auth(self) -> list[dict[str, list[str]]]:
        return [{"token": [self.view.scope_of(self.method).value]}]

    def get_description(self) -> str:  # type: ignore[override]
        scope = self.view.scope_of(self.method)
        return f"{super().get_description()}\n\nTakes the scope `{scope.value}`: {SCOPE_NAMES[scope]}."


def with_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: FBT001
    """Every address may fail in the same ways: say so at each."""
    said = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            more = NOT_FOUND | NOT_NOW if method == "post" else NOT_FOUND if "{" in path else {}
            for status, words in (PROBLEMS | more).items():
                operation["responses"].setdefault(status, {"description": words, "content": said})
    result["components"]["schemas"]["Problem"] = PROBLEM
    result["components"]["securitySchemes"] = {"token": TOKEN}
    return result
