"""The report as a workbook: numbers that can be counted with, charts of its own."""

from odoo.addons.pcu_registry.spreadsheets import Sheet
from odoo.addons.pcu_registry.spreadsheets import write as write_sheets


def write(report: dict, heads: dict) -> bytes:
    """Return the workbook of a report (see ``pcu.analysis.get_figures``).

    :param heads: translated words: ``what``, ``value``, ``unit``, ``summary``,
        ``months``, ``ages``, ``load``, and the heads of the tables as ``columns``
    """
    titles = (report["title"], report["today"])
    three = (heads["what"], heads["value"], heads["unit"])
    return write_sheets(
        Sheet(
            titles,
            three,
            [
                (f["label"], f["value"], f["unit"])
                for f in report["now"] + report["flow"]
            ],
            heads["summary"],
        ),
        Sheet(
            titles,
            ("", heads["columns"][1], heads["columns"][2]),
            [(month["label"], month["in"], month["out"]) for month in report["months"]],
            heads["months"],
            charted=2,
        ),
        *(
            Sheet(
                titles,
                heads["columns"],
                [row_values(row) for row in table["rows"]],
                table["label"],
            )
            for table in report["tables"]
        ),
        Sheet(
            titles,
            three[:2],
            [(row["label"], row["value"]) for row in report["ages"]],
            heads["ages"],
        ),
        Sheet(
            titles,
            (heads["what"], *heads["load_columns"]),
            [
                (
                    row["label"],
                    row["value"],
                    row["pace"],
                    heads["yes"] if row["overloaded"] else "",
                )
                for row in report["load"]
            ],
            heads["load"],
        ),
    )


def row_values(row: dict) -> tuple:
    """Return the figures of one row of a table, as they stand in its columns."""
    names = ("in", "out", "late_out", "open", "late")
    counts = (row[name]["value"] for name in names)
    return (row["label"], *counts, row["median"], row["p90"])
