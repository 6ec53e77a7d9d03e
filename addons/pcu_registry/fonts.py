"""The typeface of everything the suite prints; pure, no ``env``.

One family for stamps, slips, lists, books and legal forms: it has the Romanian letters,
and a PDF that uses it looks the same on every printer.
"""

from functools import lru_cache

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FONT, BOLD = "PcuSans", "PcuSansBold"


@lru_cache(maxsize=4)
def register_fonts(regular: str, bold: str) -> None:
    """Make ``FONT`` and ``BOLD`` known to reportlab.

    :param regular: path of the TrueType file
    :param bold: path of its bold face
    """
    pdfmetrics.registerFont(TTFont(FONT, regular))
    pdfmetrics.registerFont(TTFont(BOLD, bold))
    pdfmetrics.registerFontFamily(FONT, FONT, BOLD, FONT, BOLD)
