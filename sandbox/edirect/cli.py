"""Command line: serve, seed, openapi."""

import argparse
import dataclasses
import logging
import sys
from pathlib import Path

import uvicorn

from edirect import config as configuration


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    try:
        return options.run(options)
    except configuration.ConfigError as error:
        print(f"edirect: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="edirect", description=__doc__)
    commands = parser.add_subparsers(required=True)

    serve = commands.add_parser("serve", help="run the platform")
    _common(serve)
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8069)
    serve.set_defaults(run=_serve)

    seed = commands.add_parser("seed", help="add believable submissions")
    _common(seed)
    seed.add_argument("--submissions", type=int, default=20)
    seed.add_argument("--seed", type=int, default=1)
    seed.add_argument("--files-per-submission", type=int, default=None)
    seed.add_argument("--small", action="store_true", help="files near 20 kB")
    seed.add_argument("--password", default=None, help="of the demo accounts")
    seed.add_argument("--today", default=None, help="YYYY-MM-DD; newest submission")
    seed.set_defaults(run=_seed)

    openapi = commands.add_parser("openapi", help="print the description as YAML")
    openapi.set_defaults(run=_openapi)
    return parser


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--config", type=Path, default=None)


def _serve(options: argparse.Namespace) -> int:
    from edirect.app import create_app
    from edirect.context import build

    config = configuration.load(options.data, options.config)
    if config.public_url == configuration.Config.public_url:
        address = f"http://{options.host}:{options.port}"
        config = dataclasses.replace(config, public_url=address)
    uvicorn.run(
        create_app(build(config)),
        host=options.host,
        port=options.port,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    return 0


def _seed(options: argparse.Namespace) -> int:
    from edirect.seed import run

    config = configuration.load(options.data, options.config)
    return run.main(config, options)


def _openapi(_options: argparse.Namespace) -> int:
    from edirect.api import description_yaml

    print(description_yaml(), end="")
    return 0
