"""Lists of many rows, page by page, and whole where they are taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.core.paginator import Page, Paginator

from design.table_values import LONGEST_LIST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

Row = TypeVar("Row")

WHOLE = "all"
PAGED = b'<nav class="govuk-pagination"'  # a page that shows a part of its list has it


def page_of(rows: QuerySet[Any, Row] | Sequence[Row], number: str | None, size: int) -> Page[Row]:
    """The page asked for, or the nearest there is; for `all` everything, up to the longest list that data hold."""
    if number == WHOLE:
        return Paginator(rows, LONGEST_LIST).get_page(1)
    return Paginator(rows, size).get_page(number)
