"""Querysets as columns: whole numbers for dates and amounts, for which nothing has to be made of each cell."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Func, IntegerField, QuerySet

from caseloads.workload import COLUMNS, typed

AMOUNTS = frozenset({"contracted", "amount", "override"})
NO_DAY = np.iinfo(np.int64).min
"""What numpy takes for a date that is not there."""


class DayNumber(Func):
    """A date as the number of days since 1970."""

    template = "(%(expressions)s - DATE '1970-01-01')"
    output_field = IntegerField()


class Hundredths(Func):
    """A two-place decimal as whole hundredths."""

    template = "(%(expressions)s * 100)::integer"
    output_field = IntegerField()


def read_frame(name: str, fields: Mapping[str, str], rows: QuerySet[Any]) -> pd.DataFrame:
    """A queryset as one of the frames that scoring reads: frame column → field."""
    told = rows.order_by().values_list(*(expression(name, column, field) for column, field in fields.items()))
    return columns_frame(name, list(fields), fetched(told))


def fetched(rows: QuerySet[Any]) -> list[tuple[Any, ...]]:
    """All rows as the driver gives them: there is nothing in them that Django would have to convert."""
    try:
        sql, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def expression(name: str, column: str, field: str) -> F | Func:
    """Dates as day numbers and amounts as hundredths: whole numbers need no object for each."""
    if COLUMNS[name].get(column) == "date":
        return DayNumber(field)
    return Hundredths(field) if column in AMOUNTS else F(field)


def columns_frame(name: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    cells = zip(*rows, strict=True) if rows else ((),) * len(columns)
    dtypes = COLUMNS[name]
    return typed(
        name, {column: _cells(values, dtypes.get(column, "")) for column, values in zip(columns, cells, strict=True)}
    )


def _cells(values: Sequence[Any], dtype: str) -> Any:
    """The cells of a column as an array, where that is quicker to make of whole numbers than of anything."""
    if dtype not in {"date", "Int64"}:
        return np.array(values) if dtype == "" and values and type(values[0]) is int else values
    empty = np.array([value is None for value in values], np.bool_)
    numbers = np.array([0 if value is None else value for value in values] if empty.any() else values, np.int64)
    if dtype == "Int64":
        return pd.arrays.IntegerArray(numbers, empty)
    numbers[empty] = NO_DAY
    return numbers.astype("datetime64[D]")
