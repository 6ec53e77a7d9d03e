"""Whether sources are still what they were."""

import hashlib
from pathlib import Path

from .paths import ROOT


def digest_of(*places: Path) -> str:
    """Return a short digest of the contents of files and folders."""
    total = hashlib.sha256()
    for place in places:
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        for file in files:
            if file.is_file() and file.suffix != ".pyc":
                total.update(str(file.relative_to(ROOT)).encode())
                total.update(file.read_bytes())
    return total.hexdigest()[:8]
