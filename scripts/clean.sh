#!/usr/bin/env bash
# Remove the run-time state of this checkout: programs, cluster, filestore, mail, logs.
set -euo pipefail
cd "$(dirname "$0")"
python3 - <<'PY'
import shutil

from stack.paths import RUN
from stack.postgres import Postgres

Postgres().remove()
shutil.rmtree(RUN, ignore_errors=True)
PY
