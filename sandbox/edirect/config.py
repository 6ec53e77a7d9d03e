"""Settings: a TOML file, with every value also from the environment.

`EDIRECT_<KEY>` overrides a plain value of the file. Secrets that nobody gave are made
at the first start and kept in `DATA/secrets.toml`, readable by the owner only; there
is no default password anywhere in the code.
"""

import os
import secrets
import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

DEFAULT_CLIENT = "pcu-valea-mare"
MIB = 1024 * 1024


class ConfigError(Exception):
    """The settings cannot be used; the message says which and why."""


@dataclass(frozen=True)
class Institution:
    code: str
    name: str
    aliases: tuple[str, ...] = ()
    wakeup_url: str = ""
    wakeup_secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Client:
    client_id: str
    institutions: tuple[str, ...]
    secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Config:
    data: Path
    public_url: str = "http://127.0.0.1:8069"
    platform_name: str = "eDirect"
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 1025
    smtp_from: str = "nu-raspundeti@edirect.invalid"
    token_seconds: int = 3600
    rate_limit: int = 3000
    rate_window_seconds: int = 60
    citizen_file_max_bytes: int = 50 * MIB
    citizen_form_max_bytes: int = 250 * MIB
    upload_max_bytes: int = 2048 * MIB
    json_max_bytes: int = MIB
    upload_idle_seconds: float = 30.0
    scan_seconds: float = 0.0
    password_min_length: int = 12
    notify_citizen: tuple[str, ...] = ()
    control_token: str = field(default="", repr=False)
    session_secret: str = field(default="", repr=False)
    institutions: tuple[Institution, ...] = (
        Institution(
            "primaria-valea-mare",
            "Primăria Orașului Valea Mare",
            ("UAT Valea Mare", "Orașul Valea Mare"),
        ),
    )
    clients: tuple[Client, ...] = (Client(DEFAULT_CLIENT, ("primaria-valea-mare",)),)
    faults: dict[str, Any] = field(default_factory=dict)

    def institution(self, code: str) -> Institution | None:
        return next((item for item in self.institutions if item.code == code), None)

    def client(self, client_id: str) -> Client | None:
        return next((c for c in self.clients if c.client_id == client_id), None)


def load(data: Path, file: Path | None = None) -> Config:
    """Read the settings and make sure that the folder and the secrets exist."""
    data.mkdir(parents=True, exist_ok=True)
    values = _read(file) if file else {}
    known = {item.name for item in fields(Config)} - {"data"}
    unknown = set(values) - known
    if unknown:
        message = f"Unknown settings: {', '.join(sorted(unknown))}."
        raise ConfigError(message)
    for key, parts in (("institutions", Institution), ("clients", Client)):
        if key in values:
            values[key] = tuple(_part(parts, item) for item in values[key])
    if "notify_citizen" in values:
        values["notify_citizen"] = tuple(values["notify_citizen"])
    config = _with_environment(Config(data=data, **values))
    for institution in config.institutions:
        url = institution.wakeup_url
        if url and not url.startswith(("http://", "https://")):
            message = f"The wake-up address {url} is not an http address."
            raise ConfigError(message)
    return _with_secrets(config)


def _read(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as source:
            return tomllib.load(source)
    except (OSError, tomllib.TOMLDecodeError) as error:
        message = f"The settings file {file} cannot be read: {error}"
        raise ConfigError(message) from error


def _part(kind: type, values: dict[str, Any]) -> Any:
    try:
        return kind(
            **{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
        )
    except TypeError as error:
        message = f"Settings of {kind.__name__}: {error}"
        raise ConfigError(message) from error


def _with_environment(config: Config) -> Config:
    changes: dict[str, Any] = {}
    for item in fields(config):
        text = os.environ.get(f"EDIRECT_{item.name.upper()}")
        if text is None:
            continue
        current = getattr(config, item.name)
        if isinstance(current, int | float | str):
            changes[item.name] = _convert(item.name, text, type(current))
        elif item.name == "notify_citizen":
            changes[item.name] = tuple(text.split())
    for key in ("clients", "institutions"):
        changes[key] = tuple(_secret_from_environment(p) for p in getattr(config, key))
    return replace(config, **changes)


def _convert(name: str, text: str, kind: type) -> Any:
    try:
        return kind(text)
    except ValueError as error:
        message = f"EDIRECT_{name.upper()} is not a {kind.__name__}."
        raise ConfigError(message) from error


def _secret_from_environment(part: Client | Institution) -> Client | Institution:
    """`EDIRECT_CLIENT_SECRET_PCU_VALEA_MARE`, `EDIRECT_WAKEUP_URL_<CODE>` and so on."""
    if isinstance(part, Client):
        key = _environment_name(part.client_id)
        secret = os.environ.get(f"EDIRECT_CLIENT_SECRET_{key}")
        return replace(part, secret=secret) if secret else part
    key = _environment_name(part.code)
    url = os.environ.get(f"EDIRECT_WAKEUP_URL_{key}", part.wakeup_url)
    secret = os.environ.get(f"EDIRECT_WAKEUP_SECRET_{key}", part.wakeup_secret)
    return replace(part, wakeup_url=url, wakeup_secret=secret)


def _environment_name(code: str) -> str:
    return code.upper().replace("-", "_").replace(".", "_")


def _with_secrets(config: Config) -> Config:
    """Fill in the secrets nobody gave, from the kept file or freshly made."""
    file = config.data / "secrets.toml"
    kept = _read(file) if file.exists() else {}
    before = dict(kept)

    def secret(name: str, given: str) -> str:
        return given or kept.setdefault(name, secrets.token_urlsafe(32))

    config = replace(
        config,
        session_secret=secret("session", config.session_secret),
        clients=tuple(
            replace(c, secret=secret(f"client.{c.client_id}", c.secret))
            for c in config.clients
        ),
        institutions=tuple(
            replace(i, wakeup_secret=secret(f"wakeup.{i.code}", i.wakeup_secret))
            if i.wakeup_url
            else i
            for i in config.institutions
        ),
    )
    if kept != before:
        text = "".join(f'"{name}" = "{value}"\n' for name, value in kept.items())
        temporary = file.with_suffix(".new")
        handle = os.open(temporary, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as target:
            target.write(text)
        temporary.replace(file)
    return config
