"""The words of a piece of a page as its readers see them. Pure: elements in, text out."""

import re
from collections.abc import Callable, Iterator

from lxml.html import HtmlElement

HIDDEN = "govuk-visually-hidden"
UNDER = "app-under"
CONTROLS = frozenset({"button", "input", "select", "textarea", "form"})
_UNREAD = CONTROLS | {"svg", "script", "style", "template"}
_APART = frozenset({"li", "p", "div", "dd", "dt", "tr", "details", "summary"})
_VERBS = frozenset(
    ["Allocate", "Answer", "Change", "Contest", "Decide", "Edit", "Open", "Put", "Record", "Remove", "Undo", "Withdraw"]
)
_MARK = "\0"  # stands between two pieces that a reader sees apart
_APART_CLASSES = frozenset({"app-block", "app-cell__figure", "app-cell__local", UNDER})  # each on a line of its own

Left = Callable[[HtmlElement], bool]


def classes(element: HtmlElement) -> set[str]:
    """The classes of an element."""
    return set((element.get("class") or "").split())


def tidy(text: str) -> str:
    """Every run of white space as one space, without the marks that say where a word may be broken."""
    return " ".join(text.replace("\u00ad", "").split())


def words(element: HtmlElement, *, leaving_out: Left = lambda _: False) -> str:
    """An element's text: pieces apart by semicolons, controls and drawings left out, hidden text only where all is."""
    shown = _joined(_pieces(element, lambda one: leaving_out(one) or HIDDEN in classes(one)))
    return shown or _joined(_pieces(element, leaving_out))


def cell_words(cell: HtmlElement) -> tuple[str, str]:
    """A cell's own text, and the note under it; a cell that is all note has it for its text."""
    own = words(cell, leaving_out=lambda one: is_note(one) or is_doing(one))
    notes = [words(note, leaving_out=is_explained) for note in cell.find_class(UNDER)]
    note = _joined(iter([_MARK.join(notes)]))
    return (own, note) if own else (note, "")


def is_note(element: HtmlElement) -> bool:
    return UNDER in classes(element)


def is_explained(element: HtmlElement) -> bool:
    """Whether it is a link that says more to those who hear it, as "Change the hours of Asha" does."""
    return element.tag == "a" and any(HIDDEN in classes(one) for one in element.iter("span"))


def is_doing(element: HtmlElement) -> bool:
    """Whether it is a link to do something."""
    return is_explained(element) and words(element).partition(" ")[0] in _VERBS


def _pieces(element: HtmlElement, left_out: Left) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        apart = child.tag in _APART or bool(classes(child) & _APART_CLASSES) if _is_element(child) else False
        if _is_element(child) and child.tag not in _UNREAD and not left_out(child):
            yield _MARK if apart else " " * (child.tag == "br" or "govuk-tag" in classes(child))
            yield from _pieces(child, left_out)
            yield _MARK if apart else ""
        yield child.tail or ""


def _is_element(child: HtmlElement) -> bool:
    return isinstance(child.tag, str)


def _joined(pieces: Iterator[str]) -> str:
    parts = [part for part in map(tidy, "".join(pieces).split(_MARK)) if part]
    text = "".join(f"{part} " if part[-1] in ".!?:;," else f"{part}; " for part in parts)
    return re.sub(r"[;\s]+$", "", text)
