"""The scales of the shipped survey that a surveyed indicator may name. Pure."""

INSTRUMENT = "working-conditions"
SCALE_NAMES = (
    "demands",
    "control",
    "manager-support",
    "peer-support",
    "relationships",
    "role",
    "change",
    "manageability",
)

SCALES = frozenset(f"{INSTRUMENT}/{name}" for name in SCALE_NAMES)
