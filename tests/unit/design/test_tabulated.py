"""Tables of a page as data: nothing a reader sees is lost, and figures are figures."""

from datetime import date
from decimal import Decimal
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from design.figures import amount, days, pct
from design.table_values import Value, column_of, day_in, number_in, plain_value
from design.tabulated import Table, page_title, slug_of, tables, titles

FIGURE = "govuk-table__cell govuk-table__cell--numeric"


def page(*rows: str, head: str = "", caption: str = "Teams") -> str:
    thead = f"<thead>{head}</thead>" if head else ""
    return f'<table class="govuk-table"><caption>{caption}</caption>{thead}{"".join(rows)}</table>'


def heads(*names: str) -> str:
    return "<tr>" + "".join(f"<th>{name}</th>" for name in names) + "</tr>"


def figures(*cells: str) -> str:
    return "<tr>" + "".join(f'<td class="{FIGURE}">{cell}</td>' for cell in cells) + "</tr>"


def cells(*told: str) -> str:
    return "<tr>" + "".join(f"<td>{one}</td>" for one in told) + "</tr>"


def only(html: str) -> Table:
    (found,) = tables(html)
    return found


def column(*told: str, heading: str = "Load", figure: bool = True) -> tuple[str, list[Value]]:
    read = column_of(heading, [(one, figure) for one in told])
    return read.heading, list(read.values)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1,204.50", "1204.50", ""),
        ("97.8 %", "97.8", "%"),
        ("−10.00", "-10.00", ""),
        ("+5", "5", ""),
        ("-5", "-5", ""),
        ("× 50 %", "50", "%"),
        ("12 days", "12", "days"),
        ("0", "0", ""),
    ],
)
def test_numbers_are_read_with_places_and_unit(text: str, value: str, unit: str) -> None:
    found = number_in(text)
    assert found is not None
    assert (str(found.value), found.unit) == (value, unit)


@pytest.mark.parametrize("text", ["1 of 9", "", "–", "1,20", "12 days late", "v1.2.3", "1.", "97.8 % over", "one"])
def test_what_is_no_number_stays_text(text: str) -> None:
    assert number_in(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("–", "z"),
        ("not known", "x"),
        ("suppressed", "c"),
        ("under 0.1 %", "low"),
        ("under 0.01", "low"),
        ("3 March 2026", date(2026, 3, 3)),
        ("30 February 2026", "30 February 2026"),
        ("since 3 March 2026", "since 3 March 2026"),
        ("not known to us", "not known to us"),
    ],
)
def test_symbols_and_days_stand_for_their_words(text: str, value: Value) -> None:
    assert plain_value(text) == value


def test_unit_that_all_share_goes_to_the_heading() -> None:
    assert column("97.8 %", "–") == ("Load %", [Decimal("97.8"), "z"])
    assert column("97.8 %", heading="Load %") == ("Load %", [Decimal("97.8")])
    assert column("1 day", "12 days", heading="Waiting") == ("Waiting (days)", [Decimal(1), Decimal(12)])
    assert column("3", "not known") == ("Load", [Decimal(3), "x"])


def test_unit_that_not_all_share_stays_in_the_cells() -> None:
    assert column("97.8 %", "12 days", "4") == ("Load", ["97.8 %", "12 days", Decimal(4)])


def test_only_cells_of_figures_are_numbers() -> None:
    assert column("000123", figure=False) == ("Load", ["000123"])


@given(st.decimals(-(10**7), 10**7, places=2))
def test_every_amount_on_a_page_comes_back(value: Decimal) -> None:
    told = number_in(amount(value))
    assert told is None if plain_value(amount(value)) == "low" else told is not None and told.value == value


@given(st.decimals(0, 10**5, places=3))
def test_every_percentage_comes_back_as_shown(value: Decimal) -> None:
    text = pct(value).replace("\xa0", " ")
    (found,) = column_of("Load", [(text, True)]).values
    assert found == "low" if value > 0 and f"{value:.1f}" == "0.0" else f"{found:,} %" == text


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.integers(0, 10**6))
def test_days_and_counts_of_days_come_back(day: date, count: int) -> None:
    assert day_in(f"{day.day} {day:%B %Y}") == day
    assert number_in(days(count).replace("\xa0", " ")) is not None


def test_a_table_is_read_as_its_reader_sees_it() -> None:
    html = page(
        '<tr><th scope="row"><a href="/t/1/">Heron\n Team</a><span class="app-under">Children’s work</span></th>'
        f'<td class="{FIGURE}">1,204.50</td><td class="{FIGURE}">97.8&nbsp;% </td>'
        '<td><strong class="govuk-tag">over</strong></td></tr>',
        head=heads('<a href="?sort=name">Team</a>', "Load", "Load&nbsp;%", "Band"),
    )
    found = only(html)
    assert found.columns == ["Team", "Team: note", "Load", "Load %", "Band"]
    assert found.rows == [("Heron Team", "Children’s work", Decimal("1204.50"), Decimal("97.8"), "over")]


def test_hidden_words_are_read_only_where_there_are_no_others() -> None:
    hidden = '<span class="govuk-visually-hidden">{}</span>'
    html = page(figures("3" + hidden.format(" of Asha"), hidden.format("none")), head=heads("Flags", "More"))
    assert only(html).rows == [(Decimal(3), "none")]


def test_pieces_apart_on_the_page_are_apart_in_the_data() -> None:
    html = page(
        cells(
            "<p>One.</p><p>Two</p><ul><li>a</li><li>b</li></ul>",
            'x<strong class="govuk-tag">y</strong>z<br>w',
            '<span class="app-block">c</span><span class="app-cell__local">d</span>',
            "<!-- no --><svg><text>drawn</text></svg>e<script>no()</script>",
            '<span class="app-under">A</span><span class="app-under">B</span>',
        ),
        head=heads(*"abcde"),
    )
    assert only(html).rows == [("One. Two; a; b", "x yz w", "c; d", "e", "A; B")]


def test_what_is_only_to_do_is_left_out() -> None:
    link = '<a href="/">Change<span class="govuk-visually-hidden"> it</span></a>'
    html = page(
        cells(
            "Asha", link, "<form><button>Go</button></form>", f"late {link}", f'5<span class="app-under">{link}</span>'
        ),
        cells("Ben", "", "", "", "6"),
        head=heads("Worker", "What to do", "Do", "State", "Cases"),
    )
    found = only(html)
    assert found.columns == ["Worker", "State", "Cases"]
    assert found.rows == [("Asha", "late", "5"), ("Ben", "", "6")]


def test_a_link_to_a_figure_is_no_doing() -> None:
    html = page(cells('<a href="/">3<span class="govuk-visually-hidden"> flags</span></a>'), head=heads("Flags"))
    assert only(html).rows == [("3",)]


def test_spans_are_laid_out() -> None:
    html = page(
        '<tr><td rowspan="2">North</td><td colspan="2">no hours</td><td>x</td></tr>',
        "<tr><td>1</td><td>2</td></tr>",
        "<tr><td colspan='wide'>South</td><td>3</td><td>4</td><td>5</td></tr>",
        head='<tr><th rowspan="2">Area</th><th colspan="2">Load</th><th rowspan="2">Band</th></tr>'
        "<tr><th>before</th><th>after</th></tr>",
    )
    found = only(html)
    assert found.columns == ["Area", "Load, before", "Load, after", "Band"]
    assert found.rows == [("North", "no hours", "", "x"), ("North", "1", "2", ""), ("South", "3", "4", "5")]


def test_a_cell_over_many_rows_is_in_each() -> None:
    rows = ('<tr><td rowspan="3">North</td><td>1</td></tr>', "<tr><td>2</td></tr>", "<tr><td>3</td></tr>")
    assert only(page(*rows, head=heads("Area", "Team"))).rows == [("North", "1"), ("North", "2"), ("North", "3")]


def test_headings_without_a_head_and_a_table_of_none() -> None:
    assert only(page(heads("a", "b"), cells("1", "2"))).columns == ["a", "b"]
    assert only(page(cells("1", "2"))).columns == ["", ""]
    assert tables(page()) == []
    assert only(page(head=heads("a"))).rows == []


def test_a_table_inside_a_cell_is_a_table_of_its_own() -> None:
    outer, inner = tables(page(cells(page(cells("in"), caption="Inner")), caption="Outer"))
    assert (outer.title.text, inner.title.text) == ("Outer", "Inner")
    assert inner.rows == [("in",)]


def test_cards_and_summary_lists_are_tables() -> None:
    cards = (
        '<ul class="app-figures"><li class="app-figures__item"><span class="app-figures__label">Load</span>'
        '<span class="app-figures__value">97.8&nbsp;%</span><strong class="govuk-tag">near</strong>'
        '<span class="app-figures__note">88.00 of 90.00 <a href="#x">why</a></span></li></ul>'
        '<dl class="app-figures"><div class="app-figures__item"><dt>Posts</dt>'
        '<dd><span class="app-figures__value">not known</span>FTE</dd></div></dl>'
    )
    lists = (
        '<h2 class="govuk-heading-m">Cases</h2>'
        '<dl class="govuk-summary-list"><div class="govuk-summary-list__row"><dt>Held</dt>'
        '<dd>12 days</dd><dd class="govuk-summary-list__actions"><a href="/">Change</a></dd></div></dl>'
        '<dl class="govuk-summary-list"><div class="govuk-summary-list__row"><dt>Kind</dt><dd>plain</dd></div></dl>'
        '<dl class="govuk-summary-list govuk-summary-list--no-border"></dl>'
        '<ul><li>3</li></ul><dl class="app-figures"></dl>'
    )
    first, second, third = tables(cards + lists)
    assert first.title.text == "Headline figures"
    assert first.columns == ["Figure", "Value", "Unit", "Band", "Note"]
    assert first.rows == [("Load", Decimal("97.8"), "%", "near", "88.00 of 90.00")]
    assert second.rows == [("Posts", "x", "FTE")]
    assert (third.title.text, third.columns) == ("Cases", ["Item", "Value", "Unit"])
    assert third.rows == [("Held", Decimal(12), "days")]


def test_titles_come_once_by_their_heading_or_a_number() -> None:
    one = "<table><caption>Figures</caption></table>"
    load, wait = '<h2 class="govuk-heading-m">Load</h2>', '<h3 class="govuk-heading-s">Wait &amp; see</h3>'
    html = f"{load}{one}{one}{wait}{one}<table></table>"
    told = [(title.text, title.slug) for title in titles(html + "<table data-form></table><table>")]
    assert told == [
        ("Load: Figures", "load-figures"),
        ("Load: Figures (2)", "load-figures-2"),
        ("Wait & see: Figures", "wait-see-figures"),
        ("Wait & see", "wait-see"),
        ("Wait & see (2)", "wait-see-2"),
    ]
    assert [title.text for title in titles("<table></table>")] == ["Table"]


def test_tables_that_lay_out_a_form_are_no_data() -> None:
    assert tables("<table data-form><caption>x</caption><tr><td>1</td></tr></table>") == []
    assert tables("  ") == []


@pytest.mark.parametrize(
    ("title", "slug"), [("Load % of Ánná’s team", "load-of-annas-team"), ("Δ", "table"), ("--a--", "a")]
)
def test_slugs(title: str, slug: str) -> None:
    assert slug_of(title) == slug


def test_page_title_is_without_the_site() -> None:
    assert page_title("<title>Heron &amp; co – Team Health Check</title>") == "Heron & co"
    assert page_title("") == ""


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\xad"), min_size=1, max_size=20)


@given(st.lists(st.lists(WORDS, min_size=2, max_size=2), min_size=1, max_size=4))
def test_no_words_are_lost(rows: list[list[str]]) -> None:
    found = only(page(*(cells(*map(escape, row)) for row in rows), head=heads("a", "b")))
    for row, told in zip(rows, found.rows, strict=True):
        for text, value in zip(row, told, strict=True):
            tidy = " ".join(text.split())
            assert value == plain_value(tidy) or str(value) == tidy.strip("; ")
