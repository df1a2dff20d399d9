"""The tables of a page as data: what a reader sees, in rows and columns. Pure: HTML in, tables out.

Read are tables, lists of headline figures (`app-figures`) and summary lists that hold a figure. A table that only
lays out a form says so by `data-form`, and is no data.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape

from lxml import html
from lxml.html import HtmlElement

from design.table_grid import columns_of
from design.table_text import classes, tidy, words
from design.table_values import Column, Value, number_in, plain_value

FIGURES = "Headline figures"
DETAILS = "Details"
UNTITLED = "Table"
_TOKENS = re.compile(
    r"<h(?P<level>[2-6]) class=\"govuk-heading[^>]*>(?P<heading>.*?)</h(?P=level)>"
    r"|<table\b(?P<table>[^>]*)>(?:\s*<caption\b[^>]*>(?P<caption>.*?)</caption>)?"
    r"|<(?P<cards>ul|dl) class=\"app-figures\""
    r"|<dl class=\"govuk-summary-list[^>]*>(?=(?P<summary>.*?)</dl>)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Title:
    """What a table is called, and its name in an address; both once on a page."""

    text: str
    slug: str


@dataclass(frozen=True)
class Table:
    """A table as data: headings, and rows of as many values. A Decimal has the places it was written with."""

    title: Title
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]


def titles(page: str) -> list[Title]:
    """The titles of a page's tables in their order, without reading the tables: cheap enough for every page."""
    heading, found = "", []
    for token in _TOKENS.finditer(page):
        if token["level"]:
            heading = _said(token["heading"])
        elif token["table"] is not None:
            if "data-form" not in token["table"]:
                found.append((heading, _said(token["caption"] or "") or heading or UNTITLED))
        elif token["cards"]:
            found.append((heading, FIGURES))
        elif any(map(str.isdigit, _said(token["summary"]))):
            found.append((heading, heading or DETAILS))
    return _titled(found)


def tables(page: str) -> list[Table]:
    """Everything on a page that is data, in its order. An empty page has none."""
    if not page.strip():
        return []
    parts = [(title, columns) for title, columns in zip(titles(page), _read(page), strict=True) if columns]
    return [
        Table(title, [one.heading for one in columns], list(zip(*(one.values for one in columns), strict=True)))
        for title, columns in parts
    ]


def page_title(page: str) -> str:
    """What the page calls itself, without the name of the site."""
    found = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    return _said(found[1]).removesuffix(" – Team Health Check") if found else ""


def _said(markup: str) -> str:
    return tidy(unescape(re.sub(r"<[^>]*>", "", markup)))


def _titled(found: Sequence[tuple[str, str]]) -> list[Title]:
    """Where a caption comes more than once, the heading above it tells which; then a number does."""
    often = Counter(caption for _, caption in found)
    texts = [
        f"{heading}: {caption}" if often[caption] > 1 and heading not in {"", caption} else caption
        for heading, caption in found
    ]
    once = list(_numbered(texts, " ({})"))
    return [Title(text, slug) for text, slug in zip(once, _numbered(map(slug_of, once), "-{}"), strict=True)]


def _numbered(names: Iterable[str], form: str) -> Iterator[str]:
    taken: set[str] = set()
    for name in names:
        tries = (name if number == 1 else name + form.format(number) for number in range(1, 10_000))
        free = next(one for one in tries if one not in taken)
        taken.add(free)
        yield free


def slug_of(text: str) -> str:
    """A text as part of an address or of a file name: small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "table"


def _read(page: str) -> Iterator[Sequence[Column]]:
    for element in html.document_fromstring(page).iter("table", "ul", "dl"):
        kinds = classes(element)
        if element.tag == "table":
            if element.get("data-form") is None:
                yield columns_of(element)
        elif kinds == {"app-figures"}:
            yield _cards(element)
        elif "govuk-summary-list" in kinds and any(map(str.isdigit, element.text_content())):
            yield _summary(element)


def _cards(element: HtmlElement) -> Sequence[Column]:
    """Figure, value, its unit, its band and what is said beside it."""
    rows: list[tuple[str, Value, str, str, str]] = []
    for item in element.find_class("app-figures__item"):
        label = "; ".join(words(one) for one in (*item.iter("dt"), *item.find_class("app-figures__label")))
        told = "; ".join(words(one) for one in item.find_class("app-figures__value"))
        band = "; ".join(words(one) for one in item.find_class("govuk-tag"))
        number = number_in(told)
        value = number.value if number else plain_value(told)
        rows.append((label, value, number.unit if number else "", band, words(item, leaving_out=_told_apart)))
    return _columns(("Figure", "Value", "Unit", "Band", "Note"), rows)


def _told_apart(element: HtmlElement) -> bool:
    apart = {"app-figures__label", "app-figures__value", "govuk-tag"}
    leads_on = element.tag == "a" and (element.get("href") or "").startswith("#")
    return leads_on or element.tag == "dt" or bool(classes(element) & apart)


def _summary(element: HtmlElement) -> Sequence[Column]:
    rows: list[tuple[Value, ...]] = []
    for row in element.find_class("govuk-summary-list__row"):
        key = "; ".join(words(one) for one in row.iter("dt"))
        values = [one for one in row.iter("dd") if "govuk-summary-list__actions" not in classes(one)]
        text = "; ".join(filter(None, (words(one) for one in values)))
        number = number_in(text)
        rows.append((key, number.value if number else plain_value(text), number.unit if number else ""))
    return _columns(("Item", "Value", "Unit"), rows)


def _columns(headings: Sequence[str], rows: Sequence[Sequence[Value]]) -> Sequence[Column]:
    """Columns that say anything at all."""
    if not rows:
        return ()
    found = [Column(name, values) for name, values in zip(headings, zip(*rows, strict=True), strict=True)]
    return [one for one in found if any(value != "" for value in one.values)]
