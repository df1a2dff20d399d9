"""Template tags: GOV.UK components, and figures as people read them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from design import charts, components, figures, grid_charts, line_charts, navigation, range_charts, stacked_charts
from design.tabulated import titles

register = template.Library()


@register.simple_tag
def govuk(component: str, **params: object) -> SafeString:
    """A component without a form field: `{% govuk "inset-text" text="…" %}`."""
    return components.render(component, params)


@register.simple_tag
def govuk_field(field: BoundField, component: str, **extra: Any) -> SafeString:
    """A form field as a component: `{% govuk_field form.username "input" %}`."""
    return components.field_html(field, component, **extra)


@register.simple_tag
def govuk_form(form: BaseForm) -> SafeString:
    """All fields of a form, each as the component that its widget asks for; hidden ones as they are."""
    parts = [*(str(field) for field in form.hidden_fields())]
    parts += [components.field_html(field, components.component_for(field)) for field in form.visible_fields()]
    return SafeString("".join(parts))


@register.simple_tag
def govuk_errors(form: BaseForm) -> SafeString:
    """The error summary of a form, or nothing."""
    if not form.errors:
        return SafeString("")
    return components.render(
        "error-summary", {"titleText": "There is a problem", "errorList": components.error_list(form)}
    )


@register.inclusion_tag("design/subnav.html")
def team_nav(team: Any, here: str) -> dict[str, object]:
    """The pages of a team; `here` names the one that is open."""
    return {"links": navigation.links(navigation.TEAM_PAGES, here, team.public_id), "label": f"Pages of {team}"}


@register.inclusion_tag("design/subnav.html", takes_context=True)
def employer_nav(context: Context, employer: Any, here: str) -> dict[str, object]:
    """The pages of an employer that the reader may see; `here` names the one that is open."""
    held = (context.get("rights") or {}).get(employer.pk, ())
    pages = [page for page in navigation.EMPLOYER_PAGES if navigation.RIGHTS.get(page[0], "") in {"", *held}]
    return {"links": navigation.links(pages, here, employer.slug), "label": f"Pages of {employer}"}


@register.inclusion_tag("design/subnav.html")
def own_nav(here: str) -> dict[str, object]:
    """The pages of a worker's own; `here` names the one that is open."""
    return {"links": navigation.links(navigation.OWN_PAGES, here), "label": "My pages"}


@register.inclusion_tag("design/bar_chart.html")
def bar_chart(bars: Sequence[Mapping[str, str | None] | charts.Item], *, id: str, title: str) -> dict[str, object]:  # noqa: A002
    """Bars against the limit, from items or from their stored form."""
    items = [bar if isinstance(bar, charts.Item) else charts.stored_item(bar) for bar in bars]
    return {"chart": charts.bar_chart(items), "id": id, "title": title}


@register.inclusion_tag("design/line_chart.html")
def line_chart(
    points: Sequence[charts.Point],
    *,
    id: str,  # noqa: A002
    title: str,
    marks: Sequence[line_charts.Mark] = (),
    since: date | None = None,
    until: date | None = None,
    unit: str = "Load %",
    number: bool = False,
    table: str = "",
) -> dict[str, object]:
    """A percentage over time against the limit, or a number, with every figure in a table beside it.

    `unit` heads the figures; `table` names a table of the page that has them all, in place of the chart's own. Marks
    are numbered: the page says beside the chart what each stands for.
    """
    limit = None if number else Decimal(100)
    chart = line_charts.line_chart(points, limit=limit, marks=marks, since=since, until=until)
    return {"chart": chart, "points": points, "id": id, "title": title, "unit": unit, "number": number, "table": table}


@register.inclusion_tag("design/stacked_chart.html")
def stacked_chart(
    rows: Sequence[Mapping[str, object] | stacked_charts.Stack],
    *,
    id: str,  # noqa: A002
    title: str,
) -> dict[str, object]:
    """Stacked bars: how many are in which band of load, from stacks or from their stored form."""
    stacks = [row if isinstance(row, stacked_charts.Stack) else stacked_charts.stored_stack(row) for row in rows]
    return {"chart": stacked_charts.stacked_chart(stacks), "id": id, "title": title}


@register.inclusion_tag("design/grid_chart.html")
def grid_chart(
    rows: Sequence[Mapping[str, object] | grid_charts.GridRow],
    columns: Sequence[str],
    *,
    id: str,  # noqa: A002
    title: str,
) -> dict[str, object]:
    """A small grid of findings, from rows or from their stored form; `columns` are short: the codes of standards."""
    found = [row if isinstance(row, grid_charts.GridRow) else grid_charts.stored_row(row) for row in rows]
    return {"chart": grid_charts.grid_chart(found, columns), "rows": found, "id": id, "title": title}


@register.inclusion_tag("design/range_chart.html")
def range_chart(strip: range_charts.Strip, *, id: str, title: str) -> dict[str, object]:  # noqa: A002
    """A range with the figures that lie in it or beside it; a table with every figure stands below."""
    return {"chart": range_charts.range_chart(strip), "strip": strip, "id": id, "title": title}


@register.simple_block_tag
def row_header(content: str, rows: Sequence[object], classes: str = "", columns: int = 0) -> SafeString:
    """A row's first cell: a header, except in a table of one row, which needs none to be told from others.

    In a table of so few columns and rows that it would be more headers than data, the column heads are enough;
    `columns` says how many there are, the first one included.
    """
    enough = len(rows) * (columns - 1) > len(rows) + columns if columns else len(rows) > 1
    if enough:
        return format_html('<th scope="row" class="govuk-table__header {}">{}</th>', classes, content)
    return format_html('<td class="govuk-table__cell {}">{}</td>', classes, content)


@register.simple_block_tag(takes_context=True)
def data_of_page(context: Context, content: str) -> SafeString:
    """The content of a page and, below it, its tables to take away; nothing below a page that has none."""
    request, found = context.get("request"), titles(content)
    if not found or request is None or request.method not in {"GET", "HEAD"}:
        return SafeString(content)
    offered = render_to_string("design/data_of_page.html", {"titles": found, "request": request})
    return SafeString(content + offered)


@register.filter
def amount(value: Decimal | None) -> str:
    """A weight, load or capacity with two places."""
    return figures.amount(value)


@register.filter
def plain(value: Decimal) -> Decimal:
    """A figure without the zeros after its point that say nothing."""
    return figures.plain(value)


@register.filter
def pct(value: Decimal | None) -> str:
    """A percentage with one place."""
    return figures.pct(value)


@register.filter
def figure(value: Decimal | None, number: bool) -> str | Decimal:  # noqa: FBT001 - filters take what they are given
    """A figure of a chart: a number as it is, anything else as a percentage."""
    return figures.plain(value) if number and value is not None else figures.pct(value)


@register.filter
def day(value: date | None) -> str:
    """A date in words: 3 March 2026."""
    return figures.day(value)


@register.filter
def in_words(code: str) -> str:
    """A stored code as people read it: partly_met is "Partly met"."""
    return code.replace("_", " ").capitalize()


@register.filter
def iso_day(value: str) -> str:
    """A date that is stored as ISO text, in words."""
    return figures.iso_day(value)


@register.filter(expects_localtime=True)
def moment(value: datetime) -> str:
    """A day and a time in words: 3 March 2026 at 14:05."""
    return figures.moment(value)


@register.filter
def days(value: int | None) -> str:
    """A number of days in words: 1 day, 12 days."""
    return figures.days(value)
