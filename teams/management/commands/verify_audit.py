import re
from argparse import ArgumentParser, ArgumentTypeError

from django.core.management.base import BaseCommand, CommandError

from teams import tenancy
from teams.audit_chain import verify_all
from teams.refusals import NotAllowed


def head(text: str) -> str:
    """A head as it was noted: a number and a hash."""
    if not re.fullmatch(r"[1-9]\d*:[0-9a-f]{64}", text):
        raise ArgumentTypeError("write the number and the hash as they were printed, such as 120:9f86d0…")
    return text


class Command(BaseCommand):
    help = "Walk the chain of the audit trail and name the first link that does not hold; the exit status is 1 then."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--employer", metavar="SLUG", help="one employer; without it, all and the service's own")
        parser.add_argument("--noted", type=head, help="a head that was noted before, with --employer")

    def handle(self, *, employer: str | None, noted: str | None, **_: object) -> None:
        if noted and not employer:
            raise CommandError("--noted needs --employer: each employer has a chain of its own.")
        broken = 0
        try:
            with tenancy.of_every_employer():
                for chain in verify_all(employer, noted=noted or ""):
                    broken |= chain.fault is not None
                    said = f"BROKEN: {chain.fault}" if chain.fault else "every link holds"
                    self.stdout.write(f"{chain.whose}: {said}; {chain.links} links walked, head {chain.head}")
        except NotAllowed as reason:
            raise CommandError(str(reason)) from reason
        if broken:
            raise CommandError(
                "The audit trail does not hold. Keep the database as it is, and see docs/how-to/audit.md."
            )
