"""``python -m mortgage_pipeline``: the commands of the mortgage pipeline."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import asdict, replace
from pathlib import Path

from mortgage_config import ConfigError, PipelineConfig
from mortgage_environments import Environment, environment


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0 when it did what it was asked, 1 when it could not, 2 for a wrong command line."""
    options = _parser().parse_args(arguments)
    try:
        result = options.command(options)
    except Exception as error:
        if options.traceback or not _is_expected(error):
            raise
        print(f"{options.name}: {error}", file=sys.stderr)
        return 1
    print(json.dumps(result, indent=2))
    return 0


def _is_expected(error: Exception) -> bool:
    """The error is about what the command was given or what Snowflake answered, and its text says all."""
    return isinstance(error, ValueError | LookupError | RuntimeError) or type(error).__module__.startswith("snowflake.")


def _data(options: argparse.Namespace) -> dict[str, object]:
    from mortgage_data import write_csv

    return {"file": str(options.out), "rows": write_csv(options.out)}


def _load(options: argparse.Namespace) -> dict[str, object]:
    from mortgage_load import load_file
    from mortgage_session import open_session

    place = _place(options)
    with open_session(place, options.role, options.connection) as session:
        return asdict(load_file(session, place.config, options.file, options.stage))


def _setup(options: argparse.Namespace) -> dict[str, object]:
    from mortgage_feature_store import register
    from mortgage_load import create_raw_table
    from mortgage_session import open_session

    place = _place(options)
    with open_session(place, options.role, options.connection) as session:
        create_raw_table(session, place.config)
        view = register(session, place.config)
        return {"feature_view": str(view.name), "version": str(view.version)}


def _run(options: argparse.Namespace) -> dict[str, object]:
    from mortgage_run import run_pipeline
    from mortgage_session import open_session

    place = _place(options)
    # What the steps print is for their logs on Snowflake; here it is progress.
    with redirect_stdout(sys.stderr), open_session(place, options.role, options.connection) as session:
        return run_pipeline(session, place.config, register=options.register, tell=lambda line: print(line, file=sys.stderr))


def _baseline(options: argparse.Namespace) -> dict[str, object]:
    from mortgage_baseline import run_baseline

    return run_baseline(_configured(PipelineConfig(), options.config))


def _manifest(_: argparse.Namespace) -> dict[str, object]:
    from mortgage_manifest import manifest

    return manifest()


def _place(options: argparse.Namespace) -> Environment:
    place = environment(options.env)
    return replace(place, config=_configured(place.config, options.config))


def _configured(base: PipelineConfig, file: Path | None) -> PipelineConfig:
    """``base`` with the keys of the JSON ``file`` in place of its own."""
    if file is None:
        return base
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"the configuration file cannot be read: {error}") from None
    try:
        values: object = json.loads(text)
    except json.JSONDecodeError as error:
        raise ConfigError(f"{file} is not JSON: {error}") from None
    if not isinstance(values, dict):
        raise ConfigError(f'{file} must hold a JSON object, for example {{"threshold": 0.7}}')
    return PipelineConfig.from_mapping({**asdict(base), **values} if base.database else values)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mortgage_pipeline", description="The mortgage pipeline's commands.")
    parser.add_argument("--traceback", action="store_true", help="show where in the code an error came up")
    commands = parser.add_subparsers(dest="name", required=True)

    data = commands.add_parser("data", help="write the mortgage data as CSV")
    data.add_argument("--out", type=Path, required=True)
    data.set_defaults(command=_data)

    load = commands.add_parser("load", help="load such a CSV into the raw table")
    load.add_argument("--file", type=Path, required=True)
    load.add_argument("--stage", help="stage path to upload to (default: <job stage>/data)")
    _with_place(load)
    load.set_defaults(command=_load)

    setup = commands.add_parser("setup", help="create the raw table and register the features, where missing")
    _with_place(setup)
    setup.set_defaults(command=_setup)

    run = commands.add_parser("run", help="run the pipeline without the task graph")
    run.add_argument("--no-register", dest="register", action="store_false", help="neither promote nor alert")
    _with_place(run)
    run.set_defaults(command=_run)

    baseline = commands.add_parser("baseline", help="run the same without Snowflake and print how long it took")
    baseline.add_argument("--config", type=Path, help="JSON file with the keys that differ from the defaults")
    baseline.set_defaults(command=_baseline)

    manifest = commands.add_parser("manifest", help="print handlers, imports and packages for the stack")
    manifest.set_defaults(command=_manifest)
    return parser


def _with_place(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--env", default="local", help="environment: local, dev or prod (default: local)")
    parser.add_argument("--config", type=Path, help="JSON file with the keys that differ from the environment's")
    parser.add_argument("--connection", help="connection of connections.toml (default: the environment's name)")
    parser.add_argument("--role", help="role to use (default: ENGINEER with the environment's suffix)")


if __name__ == "__main__":
    sys.exit(main())
