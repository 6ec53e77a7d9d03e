"""The text format of Prometheus; pure, no ``env``.

Source: Prometheus, "Exposition formats", text-based format, version 0.0.4.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metric(NamedTuple):
    """One figure, once or for several labels."""

    name: str
    help: str
    values: Iterable[tuple[Mapping[str, str], float]]
    kind: str = "gauge"


def render(metrics: Iterable[Metric]) -> str:
    r"""Write figures as Prometheus reads them.

    >>> print(render([Metric("pcu_items", "Rows.", [({"state": 'a"b'}, 2)])]), end="")
    # HELP pcu_items Rows.
    # TYPE pcu_items gauge
    pcu_items{state="a\"b"} 2
    """
    return "".join(f"{line}\n" for metric in metrics for line in _lines(metric))


def _lines(metric):
    yield f"# HELP {metric.name} {metric.help}"
    yield f"# TYPE {metric.name} {metric.kind}"
    for labels, value in metric.values:
        pairs = ",".join(f'{key}="{_escape(each)}"' for key, each in labels.items())
        yield f"{metric.name}{f'{{{pairs}}}' if pairs else ''} {value:.15g}"


def _escape(text):
    return str(text).replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
