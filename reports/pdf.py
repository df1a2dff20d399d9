"""Draws a report's content as a tagged PDF (PDF/UA-1). The only module that knows WeasyPrint and pikepdf."""

import json
import os
import re
import threading
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import weasyprint
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.template.loader import render_to_string
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from teams.garbage import uncollected

# The font subsets in the file carry the time they were made, unless this says which; then the same report, made
# again, is the same file.
os.environ.setdefault("SOURCE_DATE_EPOCH", "1")

STATIC = "static:"
STYLE = "report.css"
LONG_WORD = re.compile(r"[^\s/.?&=_-]{36,}")
_KEPT = threading.local()
ARTIFACT = pikepdf.ContentStreamInstruction([pikepdf.Name.Artifact], pikepdf.Operator("BMC"))
PRINT = 4
TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


class StaticFilesOnly(URLFetcher):  # type: ignore[misc]
    """Answers addresses such as `static:dist/report.css` from the static files, and refuses every other one."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002
        name = url.removeprefix(STATIC)
        path = _found(name) if url.startswith(STATIC) else None
        if path is None:
            raise FatalURLFetchingError(f"A report may use static files only, not {url[:200]}.")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": TYPES[path.suffix]})


def _found(name: str) -> Path | None:
    """The static file of a name, if there is one of a type that a report may use."""
    try:
        found = finders.find(name)
    except SuspiciousFileOperation:
        return None
    return Path(found) if isinstance(found, str) and Path(found).suffix in TYPES else None


class NotDrawnError(Exception):
    """Why a document could not be drawn."""


def draw(name: str, content: Mapping[str, Any]) -> bytes:
    """A document as a PDF, by the print template of a name; the same content always gives the same bytes."""
    long_words = LONG_WORD.search(json.dumps(content, ensure_ascii=False)) is not None
    return drawn(render_to_string(f"reports/print/{name}.html", {"content": content, "long_words": long_words}))


def drawn(html: str) -> bytes:
    """A page as a PDF. Raises NotDrawnError where it asks for anything but static files."""
    document = weasyprint.HTML(string=html, url_fetcher=StaticFilesOnly(), base_url=STATIC)
    try:
        with uncollected():
            style, fonts = _dress()
            plain = document.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1", pdf_tags=True)
            return completed(plain)
    except FatalURLFetchingError as refusal:
        raise NotDrawnError(str(refusal)) from refusal


def _dress() -> tuple[Any, Any]:
    """The style sheet and the fonts it names: read once by each thread, because that takes as long as two pages."""
    if not hasattr(_KEPT, "dress"):
        fonts = FontConfiguration()
        address = f"{STATIC}{STYLE}"
        _KEPT.dress = weasyprint.CSS(url=address, url_fetcher=StaticFilesOnly(), font_config=fonts), fonts
    kept: tuple[Any, Any] = _KEPT.dress
    return kept


def completed(document: bytes) -> bytes:
    """Mend what WeasyPrint 70 leaves out: scopes of header cells, margins as no part of the text, links that print."""
    with pikepdf.open(BytesIO(document)) as pdf:
        owned: dict[tuple[int, int], set[int]] = {}
        for element in _elements(pdf.Root.StructTreeRoot.K):
            if element.S == "/TH":
                _give_scope(element)
            for page, mcid in _marked(element):
                owned.setdefault(page.objgen, set()).add(mcid)
        for page in pdf.pages:
            for annotation in page.obj.get("/Annots", []):
                annotation.F = int(annotation.get("/F", 0)) | PRINT
            _free_margins(pdf, page, owned.get(page.obj.objgen, set()))
        mended = BytesIO()
        pdf.save(mended, deterministic_id=True)
    return mended.getvalue()


def _elements(node: Any) -> Iterator[Any]:
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from _elements(child)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
        if "/K" in node:
            yield from _elements(node.K)


def _marked(element: Any) -> Iterator[tuple[Any, int]]:
    """The marked content that an element owns: page and number."""
    children = element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, int):
            yield element.Pg, child
        elif isinstance(child, pikepdf.Dictionary) and "/MCID" in child:
            yield child.get("/Pg", element.get("/Pg")), int(child.MCID)


def _give_scope(header: Any) -> None:
    """A header cell in a table's head heads its column, any other its row."""
    in_head = header.P.P.S == "/THead"
    for attributes in header.A if isinstance(header.A, pikepdf.Array) else [header.A]:
        if attributes.get("/O") == "/Table":
            attributes.Scope = pikepdf.Name.Column if in_head else pikepdf.Name.Row


def _free_margins(pdf: pikepdf.Pdf, page: pikepdf.Page, owned: set[int]) -> None:
    """Mark content that no element owns as an artifact: it is the running header and footer."""
    instructions: list[Any] = []
    for instruction in pikepdf.parse_content_stream(page):
        operands: Any = instruction.operands
        freed = str(instruction.operator) == "BDC" and "/MCID" in operands[1] and int(operands[1].MCID) not in owned
        instructions.append(ARTIFACT if freed else instruction)
    page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(instructions))
