from typing import Any

import pytest
from django.core.management import CommandError, call_command

from teams.models import User


@pytest.mark.django_db
def test_no_service_for_others_takes_accounts_that_everybody_knows(settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="this service is for others"):
        call_command("load_demo")
    assert not User.objects.exists()
