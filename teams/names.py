"""Names of people, as accounts keep them."""


def names_of(name: str) -> dict[str, str]:
    """A name in the two parts that an account has; nobody is asked which of their names is which."""
    first, _, last = " ".join(name.split()).partition(" ")
    return {"first_name": first[:150], "last_name": last[:150]}
