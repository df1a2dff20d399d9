"""Querysets as columns: PostgreSQL gathers each into one value, so that nothing has to be made of each cell."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Expression, F, Func, IntegerField, QuerySet

from caseloads.workload import COLUMNS, typed

AMOUNTS = frozenset({"contracted", "amount", "override"})
NO_NUMBER = np.iinfo(np.int64).min
"""What stands for a number that is not there: what numpy takes for a date that is not there."""
HEADER = 20
SENT = np.dtype([("size", ">i4"), ("number", ">i8")])
"""An array of bigint as PostgreSQL sends it: behind the header each number, and its size before it."""
NUMBERS = f"array_send(array_agg(coalesce({{}}::bigint, {NO_NUMBER})))"
YES_OR_NO = NUMBERS.replace("::bigint", "::integer::bigint")
TEXTS = "json_agg({})::text"
GATHERED = {"": NUMBERS, "date": NUMBERS, "Int64": NUMBERS, "bool": YES_OR_NO, "boolean": YES_OR_NO, "str": TEXTS}
AS_IT_IS = "array_agg({})"


class DayNumber(Func):
    """A date as the number of days since 1970."""

    template = "(%(expressions)s - DATE '1970-01-01')"
    output_field = IntegerField()


class Hundredths(Func):
    """A two-place decimal as whole hundredths."""

    template = "(%(expressions)s * 100)::integer"
    output_field = IntegerField()


def read_frame(name: str, fields: Mapping[str, str | Expression], rows: QuerySet[Any]) -> pd.DataFrame:
    """A queryset as one of the frames that scoring reads: frame column → field. One statement."""
    return typed(name, read_columns(name, fields, rows.order_by()))


def read_columns(name: str, fields: Mapping[str, str | Expression], rows: QuerySet[Any]) -> dict[str, Any]:
    """A queryset, in its order, as the columns of such a frame; further ones come as the driver gives them."""
    dtypes = [COLUMNS[name].get(column) for column in fields]
    asked = [_asked(column, field, COLUMNS[name].get(column, "")) for column, field in fields.items()]
    cells = _gathered([AS_IT_IS if dtype is None else GATHERED[dtype] for dtype in dtypes], rows.values_list(*asked))
    return {column: _column(found, dtype) for column, found, dtype in zip(fields, cells, dtypes, strict=True)}


def _asked(column: str, field: str | Expression, dtype: str) -> F | Expression:
    """Dates as day numbers and amounts as hundredths: whole numbers need no object for each."""
    if isinstance(field, Expression):
        return field
    if dtype == "date":
        return DayNumber(field)
    return Hundredths(field) if column in AMOUNTS else F(field)


def _gathered(ways: Sequence[str], rows: QuerySet[Any]) -> Sequence[Any]:
    """Each column of a queryset as one value, None where there is no row."""
    try:
        sql, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return [None] * len(ways)
    names = [f"c{number}" for number in range(len(ways))]
    wanted = ", ".join(way.format(name) for way, name in zip(ways, names, strict=True))
    gathering = f"SELECT {wanted} FROM ({sql}) AS told ({', '.join(names)})"  # noqa: S608 - Django's own, and our names
    with connection.cursor() as cursor:
        cursor.execute(gathering, parameters)
        (found,) = cursor.fetchall()
    return list(found)


def _column(found: Any, dtype: str | None) -> Any:
    if found is None:
        return []
    if dtype is None:
        return found
    return json.loads(found) if dtype == "str" else _numbers(found, dtype)


def _numbers(found: bytes, dtype: str) -> Any:
    numbers = np.frombuffer(found, SENT, offset=HEADER)["number"].astype(np.int64)
    missing = numbers == NO_NUMBER
    match dtype:
        case "date":
            return numbers.astype("datetime64[D]")
        case "Int64":
            return pd.arrays.IntegerArray(np.where(missing, 0, numbers), missing)
        case "boolean":
            return pd.arrays.BooleanArray(numbers > 0, missing)
        case "bool":
            return numbers > 0
        case _:
            return numbers
