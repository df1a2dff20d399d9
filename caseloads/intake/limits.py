"""How large and how slow an uploaded file may be. A caseload of 100,000 rows stays well within these."""

from dataclasses import dataclass

_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes or characters, times in seconds."""

    file_bytes: int = 32 * _MB
    unpacked_bytes: int = 256 * _MB
    members: int = 2_000
    rows: int = 300_000
    cells: int = 6_000_000
    columns: int = 1_000
    cell_characters: int = 32_767  # what a spreadsheet's cell can hold
    line_characters: int = 100_000
    reader_memory: int = 176 * _MB
    reader_seconds: float = 4.0


LIMITS = Limits()
