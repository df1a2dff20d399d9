"""Long lists, piece by piece: whoever adds rows meanwhile moves nothing."""

from typing import Any

from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

MOST = 1_000


class ByCursor(CursorPagination):
    """A piece of a list, with the addresses of the next and the previous one."""

    page_size = 100
    max_page_size = MOST
    page_size_query_param = "limit"
    ordering = "pk"

    def decode_cursor(self, request: Request) -> Any:
        try:
            return super().decode_cursor(request)
        except NotFound as error:
            raise ValidationError({"cursor": ["Send a cursor as it was given, or none."]}) from error
