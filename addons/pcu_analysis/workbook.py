"""The report as a workbook: numbers that can be counted with, charts of its own."""

import io

import xlsxwriter

#: A sheet's name has at most 31 characters and none of these.
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def write(report: dict, heads: dict) -> bytes:
    """Return the workbook of a report (see ``pcu.analysis.get_figures``).

    :param heads: translated words: ``what``, ``value``, ``unit``, ``summary``,
        ``months``, ``ages``, ``load``, and the heads of the tables as ``columns``

    Texts are written as texts: a name that begins with an equals sign is no formula.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    bold = book.add_format({"bold": True})
    title = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "bg_color": "#e8e8e8", "border": 1})

    def sheet(name, columns, rows, widths):
        page = book.add_worksheet(name.translate(FORBIDDEN)[:31])
        page.write_string(0, 0, report["title"], title)
        for place, (words, width) in enumerate(zip(columns, widths, strict=True)):
            page.write_string(2, place, words, head)
            page.set_column(place, place, width)
        for line, row in enumerate(rows, 3):
            for place, value in enumerate(row):
                if isinstance(value, (int, float)):
                    page.write_number(line, place, value)
                else:
                    page.write_string(line, place, value or "")
        page.freeze_panes(3, 1)
        return page

    three = (heads["what"], heads["value"], heads["unit"])
    sheet(
        heads["summary"],
        three,
        [(f["label"], f["value"], f["unit"]) for f in report["now"] + report["flow"]],
        (44, 12, 10),
    ).write_string(1, 0, report["today"], bold)
    page = sheet(
        heads["months"],
        ("", heads["columns"][1], heads["columns"][2]),
        [(m["label"], m["in"], m["out"]) for m in report["months"]],
        (12, 12, 12),
    )
    chart = book.add_chart({"type": "column"})
    last = 2 + len(report["months"])
    for place in (1, 2):
        chart.add_series(
            {
                "name": [page.name, 2, place],
                "categories": [page.name, 3, 0, last, 0],
                "values": [page.name, 3, place, last, place],
            }
        )
    page.insert_chart("E3", chart)
    for table in report["tables"]:
        sheet(
            table["label"],
            heads["columns"],
            [row_values(row) for row in table["rows"]],
            (40, *[12] * (len(heads["columns"]) - 1)),
        )
    sheet(heads["ages"], three[:2], _pairs(report["ages"]), (24, 12))
    sheet(
        heads["load"],
        (heads["what"], *heads["load_columns"]),
        [
            (r["label"], r["value"], r["pace"], heads["yes"] if r["overloaded"] else "")
            for r in report["load"]
        ],
        (36, 16, 16, 16),
    )
    book.close()
    return out.getvalue()


def row_values(row: dict) -> tuple:
    """Return the figures of one row of a table, as they stand in its columns."""
    names = ("in", "out", "late_out", "open", "late")
    counts = (row[name]["value"] for name in names)
    return (row["label"], *counts, row["median"], row["p90"])


def _pairs(rows):
    return [(row["label"], row["value"]) for row in rows]
