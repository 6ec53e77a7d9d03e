"""Named fields in a template: found, checked against a closed list, filled; pure.

A field is a name between double braces. Nothing is ever evaluated: a name that is not
on the list is an error, which says the name and the line.
"""

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from markupsafe import escape

FIELD = re.compile(r"\{\{\s*([^{}<>]*?)\s*\}\}")
#: What the eye sees as a new line in the editor.
_LINE = re.compile(r"<(?:p|h[1-6]|li|tr|div|br|blockquote)\b", re.IGNORECASE)
_BRACES = re.compile(r"\{\{|\}\}")


class Mistake(NamedTuple):
    """What is wrong in a template: the name (empty: a brace alone) and the line."""

    name: str
    line: int


def line_at(html: str, position: int) -> int:
    """Return the line a reader sees at a position of the source, from 1 on.

    >>> html = "<p>One</p><p>Two {{ x }}</p>"
    >>> line_at(html, html.index("{{"))
    2
    """
    return max(1, len(_LINE.findall(html, 0, position)))


def find_mistakes(html: str, known: Collection[str]) -> list[Mistake]:
    """Return the fields that are not on the list and the braces without a partner.

    >>> find_mistakes("<p>{{ a }}</p><p>{{ b }} }}</p>", {"a"})
    [Mistake(name='b', line=2), Mistake(name='', line=2)]
    >>> find_mistakes("<p>{{ <b>a</b> }}</p>", {"a"})
    [Mistake(name='', line=1), Mistake(name='', line=1)]
    """
    mistakes = [
        Mistake(match[1], line_at(html, match.start()))
        for match in FIELD.finditer(html)
        if match[1] not in known
    ]
    # Blank what is a field, keeping positions, so that only lone braces are left.
    rest = FIELD.sub(lambda match: " " * len(match[0]), html)
    mistakes += [
        Mistake("", line_at(rest, match.start())) for match in _BRACES.finditer(rest)
    ]
    return mistakes


def fill(html: str, values: Mapping[str, str]) -> str:
    """Put values in the place of fields; what they hold is never read as markup.

    >>> fill("<p>{{ who }}</p>", {"who": "A & B\\nStr. 1"})
    '<p>A &amp; B<br/>Str. 1</p>'

    :raise KeyError: a field is not among the values
    """
    return FIELD.sub(lambda match: _as_html(values[match[1]]), html)


def fill_text(text: str, values: Mapping[str, str]) -> str:
    """Put values in the place of fields in plain text.

    >>> fill_text("No. {{ number }}", {"number": "12"})
    'No. 12'
    """
    return FIELD.sub(lambda match: values[match[1]], text)


def _as_html(value: str) -> str:
    return "<br/>".join(str(escape(line)) for line in value.split("\n"))
