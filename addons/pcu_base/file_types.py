"""What a file really is, against what its name and its sender say.

libmagic looks at the bytes (the whole file, not its head); the name and the
declared type are only claims. A claim that does not hold is shown to the clerk,
never trusted and never a reason to refuse what was received.
"""

import mimetypes
import re
import unicodedata
import zipfile
from dataclasses import dataclass

import magic

UNKNOWN = "application/octet-stream"
EMPTY = "application/x-empty"
ZIP = "application/zip"
OLE = "application/x-ole-storage"
OFFICE_XML = "application/vnd.openxmlformats-officedocument"

# Notes are codes here; pcu.document translates them.
NOTE_EMPTY, NOTE_PROGRAM, NOTE_DIFFERENT = "empty", "program", "different"

PROGRAMS = frozenset({
    "application/x-dosexec",
    "application/vnd.microsoft.portable-executable",
    "application/x-executable",
    "application/x-pie-executable",
    "application/x-sharedlib",
    "application/x-object",
    "application/x-mach-binary",
    "application/x-msdownload",
    "application/x-ms-shortcut",
    "application/x-msi",
    "application/java-archive",
    "application/x-java-applet",
    "application/vnd.android.package-archive",
})  # fmt: skip
# libmagic guesses these from a few words: a letter may look like one of them.
SCRIPTS = frozenset({
    "text/x-shellscript",
    "text/x-msdos-batch",
    "text/x-php",
    "text/x-perl",
    "text/x-python",
    "text/x-script.python",
    "text/x-ruby",
    "text/javascript",
    "application/javascript",
})  # fmt: skip
PROGRAM_EXTENSIONS = frozenset({
    "apk", "app", "bat", "cmd", "com", "cpl", "dll", "exe", "hta", "jar", "js",
    "jse", "lnk", "msc", "msi", "ps1", "reg", "scr", "sh", "vb", "vbe", "vbs",
    "wsf", "wsh",
})  # fmt: skip
SAME = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "image/x-ms-bmp": "image/bmp",
    "application/x-pdf": "application/pdf",
    "application/acrobat": "application/pdf",
    "application/x-zip-compressed": ZIP,
    "application/x-zip": ZIP,
    "text/xml": "application/xml",
    "application/cdfv2": OLE,
    "application/x-cdf": OLE,
    "application/msword": OLE,
    "application/vnd.ms-excel": OLE,
    "application/vnd.ms-powerpoint": OLE,
    "application/vnd.ms-outlook": OLE,
    "application/vnd.rar": "application/x-rar",
    "application/x-rar-compressed": "application/x-rar",
    "application/gzip": "application/x-gzip",
    "text/rtf": "application/rtf",
    "audio/x-wav": "audio/wav",
    "video/x-m4v": "video/mp4",
}
# Not every system's list knows these; libmagic has no word for most signatures.
EXTRA_EXTENSIONS = {
    "docx": f"{OFFICE_XML}.wordprocessingml.document",
    "xlsx": f"{OFFICE_XML}.spreadsheetml.sheet",
    "pptx": f"{OFFICE_XML}.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "rtf": "application/rtf",
    "p7s": "application/pkcs7-signature",
    "p7m": "application/pkcs7-mime",
    "asice": "application/vnd.etsi.asic-e+zip",
    "asics": "application/vnd.etsi.asic-s+zip",
    "tsr": "application/timestamp-reply",
    "msg": "application/vnd.ms-outlook",
    "eml": "message/rfc822",
    "heic": "image/heic",
    "webp": "image/webp",
    "dwg": "image/vnd.dwg",
    "rar": "application/x-rar",
    "7z": "application/x-7z-compressed",
}
# What Windows declares by habit for files that are something else.
HABITS = frozenset({
    ("csv", "application/vnd.ms-excel"),
    ("txt", "application/vnd.ms-excel"),
    ("rtf", "application/msword"),
})  # fmt: skip
# Types that libmagic recognises reliably: content without their mark is a lie.
MARKED = frozenset({
    "application/pdf", "image/jpeg", "image/png", "image/gif", "image/tiff",
    "image/bmp", "image/webp", ZIP, OLE, "application/rtf",
    f"{OFFICE_XML}.wordprocessingml.document",
    f"{OFFICE_XML}.spreadsheetml.sheet",
    f"{OFFICE_XML}.presentationml.presentation",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
})  # fmt: skip
ZIP_PARTS = (
    ("word/", f"{OFFICE_XML}.wordprocessingml.document"),
    ("xl/", f"{OFFICE_XML}.spreadsheetml.sheet"),
    ("ppt/", f"{OFFICE_XML}.presentationml.presentation"),
)
# What a browser may show inside the desk; anything else is offered as a download.
PREVIEWED = frozenset({
    "application/pdf", "image/jpeg", "image/png", "image/gif", "image/webp",
    "image/bmp", "text/plain", "video/mp4", "audio/mpeg",
})  # fmt: skip
# What a clerk calls a type; the same word in every language.
LABELS = {
    EMPTY: "–",
    "application/pdf": "PDF",
    f"{OFFICE_XML}.wordprocessingml.document": "Word (DOCX)",
    f"{OFFICE_XML}.spreadsheetml.sheet": "Excel (XLSX)",
    f"{OFFICE_XML}.presentationml.presentation": "PowerPoint (PPTX)",
    "application/vnd.oasis.opendocument.text": "OpenDocument (ODT)",
    "application/vnd.oasis.opendocument.spreadsheet": "OpenDocument (ODS)",
    "application/msword": "Word (DOC)",
    "application/vnd.ms-excel": "Excel (XLS)",
    "application/rtf": "RTF",
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/tiff": "TIFF",
    "image/webp": "WebP",
    "image/svg+xml": "SVG",
    "text/plain": "TXT",
    "text/csv": "CSV",
    "text/html": "HTML",
    "application/xml": "XML",
    "application/json": "JSON",
    "message/rfc822": "EML",
    ZIP: "ZIP",
    "application/x-rar": "RAR",
    "application/x-7z-compressed": "7-Zip",
    "application/vnd.microsoft.portable-executable": "EXE",
    "application/x-dosexec": "EXE",
    "application/java-archive": "JAR",
}
MAX_NAME = 200


@dataclass(frozen=True)
class Verdict:
    """What was found out about one file."""

    true_type: str
    mismatch: bool
    suspicious: bool
    note: str | None


def safe_name(name: str) -> str:
    r"""Make a name that is safe to save under: no folders, no control characters.

    >>> safe_name("../../etc/Cerere înscriere școală.pdf")
    'Cerere înscriere școală.pdf'
    >>> safe_name("..")
    'document'
    """
    name = unicodedata.normalize("NFC", name or "").replace("\\", "/")
    name = name.rsplit("/", 1)[-1]
    # Cf: marks that reverse the direction of text ("gpj.exe" read backwards).
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf"))
    name = name.strip(" .")
    if len(name) > MAX_NAME:
        stem, dot, extension = name.rpartition(".")
        tail = dot + extension if dot and len(extension) <= 10 else ""
        name = (stem if tail else name)[: MAX_NAME - len(tail)] + tail
    return name or "document"


def storable(text: str | None) -> str:
    r"""Make a text from outside fit for the database, losing as little as possible.

    PostgreSQL stores no NUL, and no half of a character that a broken decoder left.

    >>> storable("a\x00\udcffb.pdf")
    'a?b.pdf'
    """
    return (text or "").replace("\x00", "").encode("utf-8", "replace").decode()


def detect(path: str) -> str:
    """Give the MIME type of a file by its content; nothing is loaded whole."""
    # libmagic may add words to the type: "application/x-executable, no program header".
    found = magic.from_file(path, mime=True).lower().partition(",")[0].strip()
    if found in (ZIP, UNKNOWN):
        return _detect_zip(path) or found
    return found


def _detect_zip(path: str) -> str | None:
    """Name the office format inside a zip; old libmagic only says "zip"."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None
    if "[Content_Types].xml" in names:
        for prefix, mimetype in ZIP_PARTS:
            if any(name.startswith(prefix) for name in names):
                return mimetype
    if "META-INF/MANIFEST.MF" in names:
        return "application/java-archive"
    return ZIP


def judge(path: str, name: str, declared_type: str | None, size: int) -> Verdict:
    """Compare what a file is with what its name and its sender say."""
    if not size:
        return Verdict(EMPTY, mismatch=False, suspicious=False, note=NOTE_EMPTY)
    true_type = detect(path)
    declared = base_type(declared_type)
    if (extension_of(name), declared) in HABITS:
        declared = ""
    mismatch = not (
        agrees(true_type, type_by_name(name)) and agrees(true_type, declared)
    )
    if is_program(true_type, name):
        return Verdict(true_type, mismatch, suspicious=True, note=NOTE_PROGRAM)
    note = NOTE_DIFFERENT if mismatch else None
    return Verdict(true_type, mismatch, suspicious=False, note=note)


def is_program(true_type: str, name: str) -> bool:
    """Tell whether opening the file could run something.

    >>> is_program("application/x-dosexec", "cerere.pdf")
    True
    >>> is_program("text/x-python", "scrisoare.txt")
    False
    """
    if true_type in PROGRAMS or extension_of(name) in PROGRAM_EXTENSIONS:
        return True
    return true_type in SCRIPTS and not type_by_name(name).startswith("text/plain")


def agrees(true_type: str, claimed: str) -> bool:
    """Tell whether content and claim can be the same thing.

    >>> agrees("application/pdf", "image/jpeg")
    False
    >>> agrees("text/plain", "text/csv")
    True
    """
    true_type, claimed = canonical(true_type), canonical(claimed)
    if claimed in ("", UNKNOWN) or true_type == claimed:
        return True
    if true_type == UNKNOWN:
        return claimed not in MARKED
    if claimed not in MARKED and true_type.startswith("text/"):
        # Letters, tables, XML, JSON, mails: all of it is text to libmagic.
        return not claimed.startswith(("image/", "audio/", "video/"))
    if claimed.endswith("+zip") or claimed == ZIP:
        return true_type == ZIP or true_type.endswith("+zip")
    # A claim libmagic has no word for (drawings, signatures) is not a lie yet.
    return claimed not in MARKED and true_type not in MARKED


def canonical(mimetype: str) -> str:
    return SAME.get(mimetype, mimetype)


def label(mimetype: str) -> str:
    """Give the name people use for a type.

    >>> label("image/jpg"), label("application/x-rare")
    ('JPEG', 'application/x-rare')
    """
    return LABELS.get(mimetype) or LABELS.get(canonical(mimetype), mimetype)


def base_type(mimetype: str | None) -> str:
    """Give a MIME type without its parameters.

    >>> base_type("Text/Plain; charset=utf-8")
    'text/plain'
    """
    return (mimetype or "").partition(";")[0].strip().lower()


def extension_of(name: str) -> str:
    found = re.search(r"\.([^.\s/\\]{1,10})\s*$", safe_name(name))
    return found[1].lower() if found else ""


def type_by_name(name: str) -> str:
    """Give the type that a file name claims, or an empty text."""
    extension = extension_of(name)
    if extension in EXTRA_EXTENSIONS:
        return EXTRA_EXTENSIONS[extension]
    return mimetypes.guess_type(f"x.{extension}")[0] or ""


def preview_type(verdict: Verdict) -> str:
    """Give the type a browser is told: only what is harmless to show."""
    if verdict.suspicious:
        return UNKNOWN
    true_type = canonical(verdict.true_type)
    if true_type.startswith(("text/", "message/")) or true_type == "application/xml":
        return "text/plain"
    if true_type in PREVIEWED:
        return true_type
    if true_type == "image/svg+xml":
        return "text/plain"
    return verdict.true_type
