"""Why something was not done: sentences for people, raised by actions."""


class NotAllowed(Exception):  # noqa: N818 - it reads as what happened
    """A sentence that says why something cannot be done now."""


class AlreadyDone(Exception):  # noqa: N818 - it reads as what happened
    """The same form was saved before; nothing was saved twice."""
