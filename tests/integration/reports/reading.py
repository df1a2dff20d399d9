"""Reads what documents say, and has both checkers of PDF/UA-1 look at them."""

import subprocess
import sys
from pathlib import Path

import page as page_validation
import pypdfium2


def text(document: bytes) -> str:
    return "\n".join(sheet.get_textpage().get_text_range() for sheet in pypdfium2.PdfDocument(document))


def words(document: bytes) -> str:
    """The text on one line: no word is lost between lines."""
    return " ".join(text(document).split())


def faults(document: bytes, folder: Path) -> str:
    """What the checkers find wrong, "" where nothing is; they share no rules."""
    file = folder / "document.pdf"
    file.write_bytes(document)
    report = page_validation.validate_pdf(str(file), profile=page_validation.ValidationProfile.PDF_UA_1)
    heard = subprocess.run(
        [Path(sys.executable).with_name("outloud"), "--no-info", file], capture_output=True, text=True, check=False
    )
    return ("" if report.is_compliant else str(report)) + ("" if heard.returncode == 0 else heard.stdout)
