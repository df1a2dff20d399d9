"""When something may be done with caseloads: a sentence that says why not, or None."""

from collections.abc import Sequence

_NAMED = 3


def why_not_import(*, other_teams: int, strangers: Sequence[str]) -> str | None:
    """For a manager: `other_teams` the file would change, and `strangers` of other teams whom it puts into theirs.

    Which teams those are is not said: the sentence must not tell where a case or a person is.
    """
    if other_teams:
        return (
            "This file changes cases, people or teams that you do not manage. "
            "Ask an administrator to import it, or upload your own team’s cases only."
        )
    if strangers:
        named = ", ".join(f"“{name}”" for name in sorted(strangers)[:_NAMED])
        more = f" and {len(strangers) - _NAMED} more" if len(strangers) > _NAMED else ""
        return (
            f"This file puts people of other teams into yours: {named}{more}. "
            "Check their names, or ask an administrator to import it."
        )
    return None
