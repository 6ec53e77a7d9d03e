"""Where things are in this checkout, and what the environment overrides."""

import hashlib
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUN = Path(os.environ.get("PCU_RUN_DIR") or ROOT / ".run")
ADDONS = ROOT / "addons"
#: From the lowest floor to the highest; each uses only those before it.
MODULES = (
    "pcu_base",
    "pcu_registry",
    "pcu_archive",
    "pcu_intake",
    "pcu_requests",
    "pcu_petitions",
    "pcu_requests_archive",
    "pcu_analysis",
    "pcu_law544",
    "pcu_templates",
    "pcu_tacit",
    "pcu_audiences",
    "pcu_issues",
    "pcu_connector",
)
ODOO_PYTHON = ROOT / ".venv" / "odoo" / "bin" / "python"
TOOLS_PYTHON = ROOT / ".venv" / "tools" / "bin" / "python"

#: Tells two checkouts on one machine (or one database server) apart.
CHECKOUT = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]


def odoo_program() -> Path:
    """Return the `odoo` launcher: of `ODOO_HOME` if given, else of `.odoo/`.

    :raise SystemExit: with what to do, when there is neither
    """
    home = os.environ.get("ODOO_HOME")
    places = (
        [Path(home) / "odoo-bin", Path(home) / "usr/bin/odoo"]
        if home
        else [ROOT / ".odoo/usr/bin/odoo"]
    )
    for place in places:
        if place.exists():
            return place
    sys.exit(
        f"No Odoo 19 in {home}: expected odoo-bin there."
        if home
        else "Odoo 19 is not set up yet. Run: make setup"
    )
