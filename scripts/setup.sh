#!/usr/bin/env bash
# Bring what is missing, and only that; a second run finds everything and takes a second.
#
#   system    PostgreSQL with contrib, libmagic, Chromium, gettext, venv, Dovecot, and
#             what scans and recognises documents  (apt, as root)
#   .venv     two Python environments, hash-locked: odoo, and tools for all the rest
#   .odoo     Odoo 19, unpacked (or ODOO_HOME=/path/to/a/checkout)
#   .run      template databases, so that demonstrations and tests only copy them
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}

say() { printf '%s\n' "$*" >&2; }

# --- System packages ----------------------------------------------------------------

missing=()
need() { missing+=("$1"); }
"$python" -c 'import ensurepip, venv' 2>/dev/null || need python3-venv
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null \
  || [ -n "${DATABASE_URL:-}" ] || need postgresql
command -v psql >/dev/null || need postgresql-client
ldconfig -p | grep -q "libmagic\.so\.1" || need libmagic1
command -v chromium >/dev/null || command -v google-chrome >/dev/null || need chromium
command -v msgfmt >/dev/null || need gettext
PATH=$PATH:/usr/sbin command -v clamd >/dev/null || need clamav-daemon
[ -e /usr/lib/dovecot/imap ] && [ -e /usr/lib/dovecot/pop3 ] \
  || { need dovecot-imapd; need dovecot-pop3d; }
tesseract --list-langs 2>/dev/null | grep -qx ron \
  || { need tesseract-ocr; need tesseract-ocr-ron; }

install_missing() {
  # The project runs a cluster of its own; without this the package would also start
  # one for the whole machine.
  local conf=/etc/postgresql-common/createcluster.conf
  export DEBIAN_FRONTEND=noninteractive
  say "Installing: ${missing[*]}"
  apt-get update -qq
  if [[ " ${missing[*]} " == *" postgresql "* ]]; then
    apt-get install -y -qq --no-install-recommends postgresql-common >/dev/null
    cp "$conf" "$conf.pcu"
    sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' "$conf"
    trap 'mv "$conf.pcu" "$conf"' RETURN
  fi
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    say "These packages are missing and can't be installed from here"
    say "(that takes root on Debian 12):"
    say "    ${missing[*]}"
    say "Install them, for example:  sudo apt-get install ${missing[*]}"
    say "and call make again. Nothing was changed."
    exit 1
  fi
  install_missing
fi

# --- Python -------------------------------------------------------------------------

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
  || { say "Python 3.11 or newer is needed; $python is older. Set PYTHON=."; exit 1; }

# environment NAME: .venv/NAME as requirements/NAME.lock says, made anew when it changed.
environment() {
  local home=.venv/$1 lock=requirements/$1.lock stamp
  stamp=$(cat "$lock" <("$python" --version) | sha256sum | cut -c1-64)
  [ "$(cat "$home/.stamp" 2>/dev/null)" = "$stamp" ] && return
  say "Making $home (Python packages, hash-checked) ..."
  rm -rf "$home"
  "$python" -m venv "$home"
  # The locks are complete: resolving anything again could only weaken them.
  "$home/bin/pip" install --quiet --disable-pip-version-check --no-deps \
    --require-hashes --requirement "$lock" 2> >(grep -v 'is ignored' >&2)
  echo "$stamp" > "$home/.stamp"
}

environment odoo
environment tools

# --- Odoo ---------------------------------------------------------------------------

site=$(.venv/odoo/bin/python -c 'import site; print(site.getsitepackages()[0])')
if [ -n "${ODOO_HOME:-}" ]; then
  [ -e "$ODOO_HOME/odoo-bin" ] || [ -e "$ODOO_HOME/usr/bin/odoo" ] \
    || { say "ODOO_HOME=$ODOO_HOME holds no Odoo (neither odoo-bin nor usr/bin/odoo)."; exit 1; }
  package=$ODOO_HOME
  [ -e "$ODOO_HOME/usr/bin/odoo" ] && package=$ODOO_HOME/usr/lib/python3/dist-packages
else
  scripts/fetch-odoo.sh .odoo
  package=$PWD/.odoo/usr/lib/python3/dist-packages
fi
echo "$package" > "$site/odoo.pth"
mkdir -p .run

# --- Databases ----------------------------------------------------------------------

.venv/tools/bin/python scripts/prepare.py
