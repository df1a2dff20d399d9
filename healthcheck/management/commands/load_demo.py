from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from healthcheck.demo import loading


class Command(BaseCommand):
    help = "Load the fictional demo employer, once; --employers N loads N of that size."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--employers", type=int, default=1, metavar="N")

    def handle(self, *, employers: int, **_: object) -> None:
        if settings.PRODUCTION:
            raise CommandError("Not loaded: everybody knows the password of the demo, and this service is for others.")
        loaded = loading.load_all(employers, as_of=timezone.localdate(), at=timezone.now())
        self.stdout.write("The demo is loaded." if loaded else "The demo was loaded before.")
        for account in loading.CAST:
            self.stdout.write(f"  {account.username:5} {account.name}, {account.what}")
        self.stdout.write(f"  Everybody's password: {loading.PASSWORD}")
