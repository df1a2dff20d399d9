"""References as they are kept: as they come, or as keyed hashes where the employer's server is set to it."""

from django.conf import settings

from caseloads.intake.cells import keyed_hash, parse_reference
from teams.refusals import NotAllowed


def kept(reference: str) -> str:
    """A typed reference as it is kept; what an import makes of the same reference. Raises NotAllowed, a sentence."""
    try:
        tidy = parse_reference(reference)
    except ValueError as fault:
        raise NotAllowed(f"{fault}.") from fault
    if not settings.HASH_CASE_REFERENCES:
        return tidy
    if not settings.CASE_REFERENCE_KEY:
        raise NotAllowed(
            "References are to be kept as hashes, but CASE_REFERENCE_KEY is not set. "
            "Ask whoever runs the server for it."
        )
    return keyed_hash(tidy, secret=settings.CASE_REFERENCE_KEY)
