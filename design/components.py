"""GOV.UK Design System components, rendered by the macros of the govuk-frontend-jinja package."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.forms import BaseForm, BoundField
from django.utils.safestring import SafeString
from jinja2 import Environment, PackageLoader, PrefixLoader

_ENVIRONMENT = Environment(
    loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}), autoescape=True
)


@cache
def _macro(component: str) -> Any:
    module = _ENVIRONMENT.get_template(f"govuk_frontend_jinja/components/{component}/macro.html").module
    return getattr(module, "govuk" + component.replace("-", " ").title().replace(" ", ""))


def render(component: str, params: Mapping[str, object]) -> SafeString:
    """A component's HTML; `text` parameters are escaped by the macro, `html` ones are not."""
    return SafeString(_macro(component)(params))


def field_params(field: BoundField, *, label_classes: str = "", **extra: object) -> dict[str, object]:
    """What every form component needs to know of a Django field: label, hint, error and value."""
    params: dict[str, object] = {
        "id": field.id_for_label,
        "idPrefix": field.id_for_label,
        "name": field.html_name,
        "label": {"text": field.label, "classes": label_classes},
        "attributes": dict(field.field.widget.attrs),
    }
    if field.help_text:
        params["hint"] = {"text": field.help_text}
    if field.errors:
        params["errorMessage"] = {"text": field.errors[0]}
    return params | extra


def choice_items(field: BoundField) -> list[dict[str, object]]:
    """A choice field's options, as radios and selects want them."""
    chosen = str(field.value() or "")
    options = [(str(value), str(text)) for value, text in field.field.choices]  # type: ignore[attr-defined]
    return [
        {"value": value, "text": text, "checked": value == chosen, "selected": value == chosen}
        for value, text in options
    ]


def error_list(form: BaseForm) -> list[dict[str, str]]:
    """Every error of a form, each with the field it leads to; errors of the whole form lead to its first field."""
    first = next(iter(form))
    return [
        {"text": str(message), "href": f"#{(first if name == '__all__' else form[name]).id_for_label}"}
        for name, messages in form.errors.items()
        for message in messages
    ]
