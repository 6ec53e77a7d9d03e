"""Everything that can be found wrong without running it."""

import os
import re
import subprocess
from pathlib import Path

from .digest import digest_of
from .paths import ADDONS, ODOO_PYTHON, ROOT, RUN, TOOLS_PYTHON

PYTHON_PLACES = ("addons", "bench", "sandbox", "scripts", "tests")
TOOLS = TOOLS_PYTHON.parent
#: pylint-odoo's own checks for 19.0, and the plain ones that find bugs.
PYLINT = (
    "odoolint", "anomalous-backslash-in-string", "assignment-from-none",
    "dangerous-default-value", "duplicate-key", "method-required-super",
    "missing-return", "pointless-statement", "print-used", "redundant-keyword-arg",
    "return-in-init", "too-few-format-args", "unreachable", "used-before-assignment",
)  # fmt: skip
#: Checks of pylint-odoo that ask for what this project decides otherwise.
PYLINT_OFF = (
    "missing-readme", "license-allowed", "manifest-author-string",
    "manifest-required-author", "no-wizard-in-models", "prefer-env-translation",
)  # fmt: skip
#: Files without English text.
NOT_ENGLISH = (
    "*.po,*.pot,*.lock,*.svg,*.png,*.pdf,*.docx,*.jpg,*/templates/*,docs/clerk,"
    "docs/head,*.toml,*.csv,*/seed/*,*/schemas/*,mail_template_data.xml,pcu_term_type.xml,"
    "pcu_law544_ground.xml,"
    "procedures.xml"
)
#: Romanian words (and Odoo's own) that look like misspelt English ones.
WORDS = ROOT / ".codespell-ignore"


def lint(paths=()) -> int:
    """Run all checks (or the Python ones on some paths); return 0 if clean."""
    checks = [_ruff, _format, _pylint]
    if not paths:
        checks += [_spelling, _xml, _translations, _compose, _metadata]
        checks += [_imports, _buttons]
    failed = []
    for check in checks:
        problems = check([Path(p) for p in paths])
        print(f"{'FAILED' if problems else 'ok':7}{check.__doc__}", flush=True)
        if problems:
            print(problems)
            failed.append(check)
    return 1 if failed else 0


def _ruff(paths) -> str:
    """ruff: rules"""
    return _words([TOOLS / "ruff", "check", "--quiet", *_places(paths)])


def _format(paths) -> str:
    """ruff: format"""
    return _words([TOOLS / "ruff", "format", "--check", "--quiet", *_places(paths)])


def _pylint(paths) -> str:
    """pylint-odoo: the modules"""
    modules = [p for p in paths if ADDONS in p.absolute().parents or p == ADDONS]
    if modules:
        return _run_pylint(modules)
    # The slowest check by far: a module in which nothing changed since it was found
    # clean is not read again.
    notes = {
        RUN / f"pylint-{module.parent.name}": digest_of(
            module.parent, ROOT / "requirements" / "odoo.lock", Path(__file__)
        )
        for module in sorted(ADDONS.glob("*/__manifest__.py"))
    }
    changed = {n: d for n, d in notes.items() if not n.exists() or n.read_text() != d}
    modules = [ADDONS / note.name.removeprefix("pylint-") for note in changed]
    problems = _run_pylint(modules) if modules else ""
    if not problems:
        for note, digest in changed.items():
            note.write_text(digest)
    return problems


def _run_pylint(modules) -> str:
    return _words(
        [
            ODOO_PYTHON, "-m", "pylint", "--rcfile=/dev/null", "--score=n",
            "--load-plugins=pylint_odoo", "--valid-odoo-versions=19.0",
            "--disable=all", f"--enable={','.join(PYLINT)}",
            f"--disable={','.join(PYLINT_OFF)}", "--jobs=2", *modules,
        ]
    )  # fmt: skip


def _spelling(_paths) -> str:
    """codespell: English texts and code"""
    return _words(
        [
            TOOLS / "codespell", "--quiet-level=2", f"--ignore-words={WORDS}",
            f"--skip={NOT_ENGLISH}",
            *_places(()), "docs", "README.md", "CONTRIBUTING.md", "CHANGELOG.md",
        ]
    )  # fmt: skip


def _xml(_paths) -> str:
    """XML: well-formed, no cedilla where a comma belongs"""
    return _python(
        """
        from lxml import etree
        for path in sorted(Path("addons").rglob("*.xml")):
            try:
                etree.parse(str(path))
            except etree.XMLSyntaxError as error:
                print(f"{path}: {error}")
        for kind in ("xml", "py", "md", "html", "po", "toml", "js"):
            for path in sorted([*Path("addons").rglob(f"*.{kind}"),
                                *Path("sandbox").rglob(f"*.{kind}"),
                                *Path("docs").rglob(f"*.{kind}")]):
                if set(path.read_text()) & set(chr(c) for c in (351, 355, 350, 354)):
                    print(f"{path}: s or t with cedilla instead of comma below")
        """
    )


def _translations(_paths) -> str:
    """Romanian: every term translated, placeholders kept"""
    return _python(
        """
        import polib, re
        holders = re.compile(r"%[(]\\w+[)][sdf]|%[sdf]|[{]\\w+[}]")
        for module in sorted(Path("addons").iterdir()):
            if not (module / "__manifest__.py").exists():
                continue
            file = module / "i18n" / "ro.po"
            if not file.exists():
                print(f"{file}: missing")
                continue
            po = polib.pofile(str(file))
            for entry in po.untranslated_entries():
                print(f"{file}: not translated: {entry.msgid[:80]}")
            for entry in po.fuzzy_entries():
                print(f"{file}: fuzzy: {entry.msgid[:80]}")
            for entry in po.translated_entries():
                a, b = (sorted(holders.findall(t)) for t in (entry.msgid, entry.msgstr))
                if a != b:
                    print(f"{file}: placeholders differ: {entry.msgid[:80]}")
        """
    )


def _compose(_paths) -> str:
    """docker-compose.yml: read by a parser of the Compose specification"""
    return _python(
        """
        from compose_spec import PyCompose
        compose = PyCompose.from_yaml(Path("docker-compose.yml").read_text())
        compose.validate()
        if len(compose.service_names()) < 4:
            print("docker-compose.yml: a service is missing")
        """
    )


def _metadata(_paths) -> str:
    """manifests and publiccode.yaml: licence, version, fields"""
    return _python(
        """
        import ast, yaml
        for file in sorted(Path("addons").glob("*/__manifest__.py")):
            manifest = ast.literal_eval(file.read_text())
            if manifest.get("license") != "LGPL-3":
                print(f"{file}: licence is not LGPL-3")
            if not manifest.get("version", "").startswith("19.0."):
                print(f"{file}: version is not 19.0.x.y.z")
        code = yaml.safe_load(Path("publiccode.yaml").read_text())
        for key in ("publiccodeYmlVersion", "name", "url", "platforms", "categories",
                    "developmentStatus", "softwareType", "description", "legal",
                    "maintenance", "localisation"):
            if key not in code:
                print(f"publiccode.yaml: {key} is missing")
        """
    )


def _imports(_paths) -> str:
    """modules' tests: each file is imported, for Odoo runs no others"""
    forgotten = []
    for folder in sorted(ADDONS.glob("*/tests")):
        imported = re.findall(r"\btest_\w+", (folder / "__init__.py").read_text())
        files = {file.stem for file in folder.glob("test_*.py")}
        forgotten += [f"{folder}/{name}.py" for name in files - set(imported)]
    return "\n".join(sorted(forgotten))


def _buttons(_paths) -> str:
    """views' buttons: none calls an @api.model method, which takes no rows"""
    without_rows = {
        (model, name)
        for file in ADDONS.glob("*/*/*.py")
        for text in [file.read_text()]
        for model in re.findall(r'_(?:name|inherit) = "([\w.]+)"', text)
        for name in re.findall(r"@api\.model\n(?:    @.*\n)*    def (\w+)", text)
    }
    return "\n".join(
        f"{file}: {name}"
        for file in sorted(ADDONS.glob("*/*/*.xml"))
        for view in file.read_text().split("<record ")
        for model in re.findall(r'<field name="model">([\w.]+)<', view)
        for button in re.findall(r'<button\b[^>]*type="object"[^>]*>', view)
        for name in re.findall(r'\bname="(\w+)"', button)
        if (model, name) in without_rows
    )


def _places(paths) -> list:
    return list(paths) or [p for p in PYTHON_PLACES if (ROOT / p).exists()]


def _python(code: str) -> str:
    lines = code.strip("\n").splitlines()
    indent = len(lines[0]) - len(lines[0].lstrip())
    text = "from pathlib import Path\n" + "\n".join(line[indent:] for line in lines)
    return _words([TOOLS_PYTHON, "-c", text])


def _words(command) -> str:
    """Return what a checker prints (nothing = clean), or its bad exit code."""
    done = subprocess.run(
        [str(c) for c in command], cwd=ROOT, text=True, capture_output=True,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )  # fmt: skip
    text = (done.stdout + (done.stderr if done.returncode else "")).strip()
    return text or (f"exit code {done.returncode}" if done.returncode else "")
