"""As many people as in load_people.py, each opening a page with nothing on it as often as those open theirs."""

from load_people import Person, tell
from locust import between, task

__all__ = ["Visitor", "tell"]


class Visitor(Person):
    wait_time = between(5, 15)

    def on_start(self) -> None:
        self.address = "10.0.0.1"

    @task
    def open_the_page(self) -> None:
        self.read("/", "bare")
