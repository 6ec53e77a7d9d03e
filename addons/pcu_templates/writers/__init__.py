"""Writers of a ``letter.Letter``; each knows one format and nothing of the others."""

from . import docx, odt, pdf

FORMATS = {"pdf": pdf.write, "docx": docx.write, "odt": odt.write}
"""Format, which is also the ending of the file: its writer."""
