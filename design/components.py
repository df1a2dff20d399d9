"""GOV.UK Design System components, rendered by the macros of the govuk-frontend-jinja package."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django import forms
from django.forms import BaseForm, BoundField
from django.utils.safestring import SafeString
from jinja2 import Environment, PackageLoader, PrefixLoader

from design.fields import WordsBox

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
        "attributes": {
            name: value for name, value in field.field.widget.attrs.items() if name not in {"class", "rows"}
        },
        "classes": field.field.widget.attrs.get("class", ""),
    }
    if field.help_text:
        params["hint"] = {"text": field.help_text}
    if field.errors:
        params["errorMessage"] = {"text": field.errors[0]}
    return params | extra


def choice_items(field: BoundField) -> list[dict[str, object]]:
    """A choice field's options, as radios, checkboxes and selects want them."""
    value = field.value()
    chosen = {str(one) for one in (value if isinstance(value, list | tuple) else [value or ""])}
    options = [(str(value), str(text)) for value, text in field.field.choices]  # type: ignore[attr-defined]
    return [
        {"value": value, "text": text, "checked": value in chosen, "selected": value in chosen}
        for value, text in options
    ]


_COMPONENTS: Sequence[tuple[type[forms.Widget], str]] = (
    (forms.Textarea, "textarea"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkboxes"),
    (forms.Select, "select"),
    (forms.FileInput, "file-upload"),
    (forms.PasswordInput, "password-input"),
)


def component_for(field: BoundField) -> str:
    """The component that a field's widget asks for."""
    return next((name for widget, name in _COMPONENTS if isinstance(field.field.widget, widget)), "input")


def field_html(field: BoundField, component: str, **extra: Any) -> SafeString:
    """A form field as a component: label, hint, error and what was typed or chosen."""
    params = field_params(field, **extra)
    if isinstance(field.field.widget, forms.CheckboxInput):
        params["items"] = [{"value": "on", "text": field.label, "checked": bool(field.value())}]
        del params["label"], params["idPrefix"]
        params["idPrefix"] = field.id_for_label
    elif component in {"radios", "select", "checkboxes"}:
        params["items"] = choice_items(field)
        if component != "select":
            params["fieldset"] = {"legend": params.pop("label")}
    elif component in {"input", "textarea"}:
        params["value"] = _typed(field)
        params |= {name: field.field.widget.attrs[name] for name in ("rows",) if name in field.field.widget.attrs}
    return render(component, params) + _choice_to_keep(field)


def _choice_to_keep(field: BoundField) -> SafeString:
    """The choice to keep what looks identifying, where something in a box for words does."""
    if not isinstance(field, WordsBox):
        return SafeString()
    errors = field.form.errors.as_data().get(field.name, ())
    asked = next((error.params["mark"] for error in errors if error.code == "identifying" and error.params), "")
    if not (mark := asked or field.kept):
        return SafeString()
    text = "Keep it as written: it is about nobody who uses services"
    return render(
        "checkboxes",
        {
            "idPrefix": f"{field.id_for_label}-keep",
            "name": field.choice,
            "classes": "govuk-checkboxes--small",
            "items": [{"value": mark, "text": text, "checked": field.kept == mark}],
        },
    )


def _typed(field: BoundField) -> object:
    value = field.value()
    return "" if value is None else field.field.widget.format_value(value) or ""


def error_list(form: BaseForm) -> list[dict[str, str]]:
    """Every error of a form, each with the field it leads to; errors of the whole form lead to its first field."""
    first = next(iter(form.visible_fields()), next(iter(form)))
    return [
        {"text": str(message), "href": f"#{(first if name == '__all__' else form[name]).id_for_label}"}
        for name, messages in form.errors.items()
        for message in messages
    ]
