"""The API described by its own code: as OpenAPI 3.1, and as a page that needs no program from anywhere."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from threading import Lock
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

Schema = Mapping[str, Any]
_ONE_AT_A_TIME = Lock()
"""The library breaks when two threads describe the API at once, as the first two readers of a new process do."""


@dataclass(frozen=True)
class Field:
    """A parameter, or one field of a body."""

    name: str
    kind: str
    required: bool
    words: str


@dataclass(frozen=True)
class Operation:
    """One address with one method."""

    part: str
    mark: str
    method: str
    path: str
    words: str
    scope: str
    parameters: Sequence[Field]
    sent: Sequence[Field]
    given: Sequence[Field]
    list_of_them: bool
    answers: Sequence[tuple[str, str]]


def description() -> dict[str, Any]:
    """The whole description; the code does not change while it runs."""
    with _ONE_AT_A_TIME:
        return _description()


@cache
def _description() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call, no-any-return]


def operations() -> list[Operation]:
    """Every operation, in the order of its address."""
    schema = description()
    return [
        _operation(schema, path, method, one)
        for path, methods in schema["paths"].items()
        for method, one in methods.items()
    ]


def _operation(schema: Schema, path: str, method: str, one: Schema) -> Operation:
    words, _, scope = one["description"].rpartition("\n\nTakes the scope ")
    success = next(answer for status, answer in one["responses"].items() if status.startswith("2"))
    given, many = _body(schema, success)
    return Operation(
        part=one["tags"][0],
        mark=one["operationId"],
        method=method.upper(),
        path=path,
        words=words,
        scope=scope.partition("`")[2].partition("`")[0],
        parameters=[
            Field(
                name=each["name"],
                kind=_kind(schema, each["schema"]),
                required=each.get("required", False),
                words=_words(each.get("description") or each["schema"].get("description", "")),
            )
            for each in one.get("parameters", ())
        ],
        sent=_body(schema, one.get("requestBody", {}))[0],
        given=given,
        list_of_them=many,
        answers=[(status, answer.get("description", "")) for status, answer in one["responses"].items()],
    )


def _body(schema: Schema, carrier: Schema) -> tuple[list[Field], bool]:
    """The fields of what is sent or given; whether it is a piece of a list of them."""
    content = carrier.get("content", {}).get("application/json", {}).get("schema")
    if content is None:
        return [], False
    whole = _resolved(schema, content)
    rows = whole.get("properties", {}).get("results")
    if rows is None or "cursor" not in str(whole["properties"].get("next", "")):
        return list(_fields(schema, whole, "")), False
    return list(_fields(schema, _resolved(schema, rows["items"]), "")), True


def _fields(schema: Schema, whole: Schema, place: str) -> Iterator[Field]:
    """Every field, those within a field after it."""
    needed = whole.get("required", ())
    for name, inner in whole.get("properties", {}).items():
        found = _resolved(schema, inner)
        yield Field(f"{place}{name}", _kind(schema, inner), name in needed, _words(inner.get("description", "")))
        within = _resolved(schema, found["items"]) if "items" in found else found
        yield from _fields(schema, within, f"{place}{name}.")


def _resolved(schema: Schema, one: Schema) -> Schema:
    """What a reference names, alone or among alternatives."""
    for inner in [one, *one.get("allOf", ()), *one.get("oneOf", ())]:
        if name := inner.get("$ref", "").rpartition("/")[2]:
            return schema["components"]["schemas"][name]  # type: ignore[no-any-return]
    return one


def _words(text: str) -> str:
    """A description in one line, with what each of its codes means."""
    said, _, listed = text.partition("* `")
    said = said.replace("`", "")
    codes = ", ".join(line.replace("` - ", ": ") for line in listed.replace("\n", "").split("* `") if line)
    return " ".join(filter(None, [said.strip(), codes]))


def _kind(schema: Schema, one: Schema) -> str:
    """What a value is, in words: a list of objects, a day, one of these."""
    found = _resolved(schema, one)
    if "enum" in found:
        return "one of " + ", ".join(str(each) for each in found["enum"] if each not in {"", None})
    names = found.get("type", "object")
    kinds = [each for each in (names if isinstance(names, list) else [names]) if each != "null"]
    word = {"date": "day", "date-time": "moment", "uuid": "key", "decimal": "decimal, as text"}.get(
        found.get("format", ""), kinds[0] if kinds else "anything"
    )
    if word == "array":
        word = f"list of {_kind(schema, found['items'])}s"
    return f"{word} or null" if isinstance(names, list) and "null" in names else word


@login_not_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The description as a page, for whoever writes the other system: it says nothing about anybody."""
    by_part = groupby(sorted(operations(), key=lambda one: one.part), key=lambda one: one.part)
    parts = [(part, list(group)) for part, group in by_part]
    return render(request, "api_description.html", {"parts": parts, "info": description()["info"]})


@login_not_required
@require_safe
def give(_: HttpRequest) -> JsonResponse:
    return JsonResponse(description(), json_dumps_params={"ensure_ascii": False})
