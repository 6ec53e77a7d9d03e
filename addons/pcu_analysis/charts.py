"""Charts of the printed report; pure, no ``env``."""

from reportlab.graphics.charts.barcharts import HorizontalBarChart, VerticalBarChart
from reportlab.graphics.shapes import Drawing, Rect, String
from reportlab.lib.colors import HexColor

#: Dark and light, so that a black-and-white print still tells them apart.
DARK, LIGHT, LINE = HexColor("#1f5a8a"), HexColor("#9cc3e0"), HexColor("#555555")
SIZE = 8


def months_chart(months, legend, font: str, width: float, height=150) -> Drawing:
    """Draw what came and went in each month, side by side.

    :param months: ``[{"label", "in", "out"}]``
    :param legend: what the dark and the light bar are
    """
    drawing = Drawing(width, height)
    chart = VerticalBarChart()
    chart.x, chart.y = 32, 24
    chart.width, chart.height = width - 40, height - 48
    chart.data = [[m["in"] for m in months], [m["out"] for m in months]]
    chart.categoryAxis.categoryNames = [m["label"] for m in months]
    chart.groupSpacing, chart.barSpacing = 8, 1
    _style(chart, font, max(max(row) for row in chart.data))
    drawing.add(chart)
    x = chart.x
    for colour, words in zip((DARK, LIGHT), legend, strict=True):
        drawing.add(Rect(x, height - 12, 8, 8, fillColor=colour, strokeWidth=0))
        drawing.add(String(x + 12, height - 11, words, fontName=font, fontSize=SIZE))
        x += 90
    return drawing


def bars_chart(bars, font: str, width: float) -> Drawing:
    """Draw one horizontal bar for each figure, its number at its end.

    :param bars: ``[(label, value)]``, the first one on top
    """
    height = 16 * len(bars) + 24
    drawing = Drawing(width, height)
    chart = HorizontalBarChart()
    chart.x, chart.y = width * 0.3, 16
    chart.width, chart.height = width * 0.6, height - 20
    turned = bars[::-1]
    chart.data = [[value for _label, value in turned]]
    chart.categoryAxis.categoryNames = [_short(label) for label, _value in turned]
    chart.barLabelFormat = "%d"
    chart.barLabels.fontName, chart.barLabels.fontSize = font, SIZE
    chart.barLabels.nudge = 10
    _style(chart, font, max(chart.data[0]))
    drawing.add(chart)
    return drawing


def heading(words: str, font: str) -> Drawing:
    """Draw the words over a chart."""
    drawing = Drawing(300, 12)
    drawing.add(String(0, 2, words, fontName=font, fontSize=SIZE + 2))
    return drawing


def step(most: int) -> int:
    """Return the step of an axis that people count in: 1, 2, 5, 10, 20, ...

    >>> [step(most) for most in (0, 5, 9, 92, 130, 736)]
    [1, 1, 2, 20, 50, 200]
    """
    size = 1
    while True:
        for nice in (1, 2, 5):
            if most <= 5 * nice * size:
                return nice * size
        size *= 10


def _style(chart, font: str, most: float) -> None:
    for axis in (chart.categoryAxis, chart.valueAxis):
        axis.labels.fontName, axis.labels.fontSize = font, SIZE
        axis.strokeColor = LINE
    chart.valueAxis.valueMin = 0
    chart.valueAxis.valueStep = step(most)
    chart.valueAxis.valueMax = -(-max(most, 1) // step(most)) * step(most)
    chart.valueAxis.labelTextFormat = "%d"
    for place, colour in enumerate((DARK, LIGHT)[: len(chart.data)]):
        chart.bars[place].fillColor, chart.bars[place].strokeWidth = colour, 0


def _short(label: str, most=34) -> str:
    """Cut a label that would run into the bars.

    >>> len(_short("Compartiment petiții și informații de interes public"))
    34
    """
    return label if len(label) <= most else label[: most - 1] + "…"
