#!/usr/bin/env bash
# Unpack Odoo 19 from Debian's `odoo-19` package into $1 (default .odoo/).
#
# Nothing is installed into the system: apt runs with private state (its own lists, cache
# and dpkg status), takes the mirror from the machine's own configuration, checks the
# archive's signatures with the Debian keyring, and the packages are only unpacked.
#   unstable  odoo-19 itself
#   trixie    the packages that Odoo's links point to (fonts and JavaScript libraries)
set -euo pipefail

target=${1:-.odoo}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
linked=(libjs-jquery libjs-jquery-form libjs-underscore fonts-font-awesome
        fonts-montserrat fonts-roboto-unhinted fonts-inconsolata fonts-ocr-b)

fail() {
  printf 'Odoo 19 could not be fetched: %s\n' "$1" >&2
  printf 'Give a checkout of Odoo 19 that you already have:  make setup ODOO_HOME=/path/to/odoo\n' >&2
  exit 1
}

[ -e "$target/.complete" ] && exit 0
command -v apt-get >/dev/null || fail "this is not a Debian machine (no apt-get)"
[ -r "$keyring" ] || fail "the Debian archive keyring ($keyring) is missing"

# The mirror of the main archive: the one that carries the machine's own release and is
# not the security archive (that one has no unstable suite).
mirror=$(apt-get indextargets --format '$(SUITE)|$(RELEASE)|$(REPO_URI)|$(ORIGIN)' \
           'Created-By: Packages' 2>/dev/null \
         | awk -F'|' '$4 == "Debian" && $3 !~ /security/ {print $3; exit}')
[ -n "$mirror" ] || fail "no Debian mirror in apt's configuration (run 'apt-get update' once)"

rm -rf "$target.new"
mkdir -p "$target.new"
state=$(mktemp -d)
trap 'rm -rf "$state" "$target.new"' EXIT
chmod 755 "$state"

# apt-get in private state; $1 = suite, the rest = its arguments.
private_apt() {
  local suite=$1 root=$state/$1
  shift
  if [ ! -d "$root" ]; then
    mkdir -p "$root"/{lists/partial,cache/archives/partial,preferences.d,parts}
    : > "$root/status"
    printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n' \
      "$mirror" "$suite" "$keyring" > "$root/parts/$suite.sources"
  fi
  apt-get -q -o Dir::State::Lists="$root/lists" -o Dir::State::Status="$root/status" \
    -o Dir::Cache="$root/cache" -o Dir::Etc::SourceList=/dev/null \
    -o Dir::Etc::SourceParts="$root/parts" -o Dir::Etc::Preferences=/dev/null \
    -o Dir::Etc::PreferencesParts="$root/preferences.d" \
    -o Acquire::Languages=none -o Acquire::AllowInsecureRepositories=false \
    -o APT::Get::AllowUnauthenticated=false -o APT::Sandbox::User=root \
    -o Debug::NoLocking=true "$@"
}

# download SUITE PACKAGE...: the .deb files of these packages alone, signature checked.
download() {
  local suite=$1
  shift
  private_apt "$suite" update >&2 || fail "the $suite suite of the mirror can't be read"
  (cd "$state/$suite" && private_apt "$suite" download "$@" >&2) \
    || fail "no $* in the $suite suite of the mirror"
}

echo "Fetching Odoo 19 (about 150 MB) ..." >&2
download unstable odoo-19
download trixie "${linked[@]}"
for deb in "$state"/unstable/*.deb "$state"/trixie/*.deb; do
  dpkg-deb -x "$deb" "$target.new"
done

# Debian leaves this file out but one of its two references in: the browser would report
# an error on every backend page.
stub=$target.new/usr/lib/python3/dist-packages/odoo/addons/mail/static/lib/selfie_segmentation
mkdir -p "$stub"
echo '/* not shipped by Debian; nothing in the suite uses it */' > "$stub/selfie_segmentation.js"

dangling=$(find "$target.new" -xtype l | wc -l)
[ "$dangling" = 0 ] || fail "$dangling links of the package point nowhere (its layout changed)"
touch "$target.new/.complete"
rm -rf "$target"
mv "$target.new" "$target"
