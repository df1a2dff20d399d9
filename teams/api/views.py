"""What every address of the API is made of: a scope, what may be asked for, and rows."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.views.decorators.http import conditional_page
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from teams.api.listing import MOST
from teams.models import ApiToken, Employer, User
from teams.scopes import Scope


class Asked(serializers.Serializer[Any]):
    """What may stand in the query of an address; anything else is refused, so that a slip is not an unfiltered list."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if unknown := sorted(set(self.initial_data) - set(self.fields)):
            known = ", ".join(self.fields) or "nothing"
            raise ValidationError(dict.fromkeys(unknown, f"There is no such parameter here. There is: {known}."))
        return attrs


class ListAsked(Asked):
    limit = serializers.IntegerField(
        min_value=1, max_value=MOST, required=False, help_text="How many rows at once; 100 unless you say."
    )
    cursor = serializers.CharField(
        required=False, max_length=500, help_text="Where to go on: part of the address in `next`."
    )


class ApiView(APIView):
    """An address of the API."""

    scope: ClassVar[Scope]
    scopes: ClassVar[Mapping[str, Scope]] = {}  # by method, where they differ
    asks: ClassVar[type[Asked]] = Asked

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        view: Any = login_not_required(conditional_page(super().as_view(**initkwargs)))
        view.asks_token = True
        return view

    def scope_of(self, method: str) -> Scope:
        return self.scopes.get(method, self.scope)

    @cached_property
    def asked(self) -> dict[str, Any]:
        """The query of the address, checked."""
        query = self.asks(data=self.request.query_params.dict())
        query.is_valid(raise_exception=True)
        return dict(query.validated_data)

    @property
    def user(self) -> User:
        return self.request.user  # type: ignore[return-value]

    @property
    def token(self) -> ApiToken:
        return self.request.auth  # type: ignore[return-value]

    @property
    def employer(self) -> Employer:
        return self.token.integration.employer

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        _ = self.asked


class Listing(ApiView, ListAPIView[Any]):
    """A list of rows, piece by piece. `rows` reads them as the integration may see them."""

    asks = ListAsked

    def rows(self) -> QuerySet[Any]:
        raise NotImplementedError

    @property
    def narrowed(self) -> dict[str, Any]:
        """What was asked for, without the place in the list."""
        return {name: value for name, value in self.asked.items() if name not in {"limit", "cursor"}}

    def get_queryset(self) -> QuerySet[Any]:
        return self.rows()


class Showing(ApiView):
    """One thing. `thing` finds it, or says that there is none (404)."""

    serializer_class: ClassVar[type[serializers.BaseSerializer[Any]]]

    def thing(self, **keys: Any) -> Any:
        raise NotImplementedError

    def get(self, request: Request, **keys: Any) -> Response:
        return Response(self.serializer_class(self.thing(**keys)).data)
