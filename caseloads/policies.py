"""When something may be done with caseloads: a sentence that says why not, or None."""

from collections.abc import Sequence

_NAMED = 3


def why_not_import(*, others: Sequence[str]) -> str | None:
    """`others`: teams whose cases the file would change and in which the person may not import."""
    if not others:
        return None
    named = ", ".join(f"“{name}”" for name in sorted(others)[:_NAMED])
    more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
    return (
        f"This file changes cases of teams you do not manage: {named}{more}. "
        "Ask an administrator to import it, or upload your own team’s cases only."
    )
