"""The runtime side of an ML job: what Snowflake's container image does around the entry point.

The client's own launcher (`mljob_launcher.py`, embedded in snowflake-ml-python) runs the entry point and writes the result.
Around it stand the image's start-up script, which installs packages and starts Ray (here: packages are checked, and there is no
Ray), and the direct per-instance execution that `parallel=True` asks for.
https://docs.snowflake.com/en/developer-guide/snowflake-ml/ml-jobs/overview
https://docs.snowflake.com/en/developer-guide/snowflake-ml/ml-jobs/direct-per-instance-execution
"""

import argparse
import importlib.metadata
import importlib.util
import json
import os
import sys
import time
import traceback
from types import ModuleType
from typing import Any


def run(arguments: list[str], *, every_instance: bool) -> int:
    """Runs the entry point with the launcher's arguments; returns the exit code."""
    started = os.path.join(os.environ["MLRS_STAGE_MOUNT_PATH"], os.environ.get("MLRS_PAYLOAD_DIR", ""))
    os.chdir(started)
    if missing := _missing_packages(started):
        print(f"Packages that the job requires are not installed: {', '.join(missing)}", file=sys.stderr)
        return 1
    launcher: Any = _launcher()
    index = int(os.environ.get("SNOWFLAKE_JOB_INDEX", "0"))
    result = _result_path(launcher)
    if every_instance and index > 0:
        # The job's result is instance 0's; the others' are of no use, but the launcher will write them.
        launcher.JOB_RESULT_PATH = os.path.join(os.environ["TMPDIR"], "mljob_result")
    error: BaseException | None = None
    try:
        _launch(launcher, arguments)
    except BaseException as raised:  # noqa: BLE001 - whatever ends the entry point is the job's outcome
        error = raised
    code = _exit_code(error)
    if every_instance:
        _record(os.path.join(os.path.dirname(result), "instances", f"{index}.json"), code, error)
    return code


def _launcher() -> ModuleType:
    """The launcher of the installed package, or the one that an older client uploaded beside the payload."""
    embedded = os.environ.get("MLRS_USE_EMBEDDED_SCRIPTS", "").lower() == "true"
    spec = importlib.util.find_spec("snowflake.ml.jobs._utils.scripts") if embedded else None
    if spec is not None and spec.submodule_search_locations:
        folder = next(iter(spec.submodule_search_locations))
    else:
        folder = os.path.join(os.environ["MLRS_STAGE_MOUNT_PATH"], "system")
    path = os.path.join(folder, "mljob_launcher.py")
    found = importlib.util.spec_from_file_location("mljob_launcher", path)
    if found is None or found.loader is None or not os.path.exists(path):
        raise FileNotFoundError(f"the launcher of ML jobs is not at {path}")
    module = importlib.util.module_from_spec(found)
    sys.modules["mljob_launcher"] = module
    found.loader.exec_module(module)
    # It counts instances as Ray's nodes. Here the server starts the entry point when there are enough.
    module.MIN_INSTANCES = module.TARGET_INSTANCES = 1  # type: ignore[attr-defined]
    return module


def _result_path(launcher: Any) -> str:
    return os.path.join(os.environ["MLRS_STAGE_MOUNT_PATH"], launcher.JOB_RESULT_PATH)


def _launch(launcher: Any, arguments: list[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("entrypoint")
    parser.add_argument("--script_main_func")
    parser.add_argument("--function_args")
    options, script_arguments = parser.parse_known_args(arguments)
    if options.function_args and script_arguments:
        raise ValueError("Only one of function_args and script_args can be provided")

    from snowflake.ml._internal.utils.connection_params import SnowflakeLoginOptions
    from snowflake.snowpark import Session

    login = {**SnowflakeLoginOptions(), "client_session_keep_alive": "True", "platform_detection_timeout_seconds": 0}
    session = Session.builder.configs(login).create()
    if options.function_args:
        positional, named = launcher._load_function_args(session, options.function_args)
    else:
        positional, named = tuple(script_arguments), {}
    launcher.main(
        options.entrypoint,
        session=session,
        payload_args=positional,
        payload_kwargs=named,
        script_main_func=options.script_main_func,
    )


def _exit_code(error: BaseException | None) -> int:
    if error is None:
        return 0
    if isinstance(error, SystemExit):
        if error.code is None:
            return 0
        if isinstance(error.code, int):
            return error.code & 0xFF
        print(error.code, file=sys.stderr)
        return 1
    traceback.print_exception(error)
    return 1


def _record(path: str, code: int, error: BaseException | None) -> None:
    """What MLJob.distributed_result() reads of an instance."""
    described = None
    if error is not None and not isinstance(error, SystemExit):
        described = {
            "type": f"{type(error).__module__}.{type(error).__qualname__}",
            "message": str(error),
            "repr": repr(error),
            "traceback": "".join(traceback.format_tb(error.__traceback__)),
        }
    os.makedirs(os.path.dirname(path), exist_ok=True)
    # Readers take what they find: it must be whole.
    between = f"{path}.partial"
    with open(between, "w", encoding="utf-8") as file:
        json.dump({"exit_code": code, "ended_at": time.time(), "exc": described}, file)
    os.replace(between, path)


def _missing_packages(payload: str) -> list[str]:
    """Requirements of the job that the environment does not fulfil; Snowflake's start-up script would install them."""
    system = os.path.join(os.environ["MLRS_STAGE_MOUNT_PATH"], "system")
    files = [
        os.environ.get("MLRS_SYSTEM_REQUIREMENTS_FILE") or os.path.join(system, "requirements.txt"),
        os.environ.get("MLRS_REQUIREMENTS_FILE") or os.path.join(payload, "requirements.txt"),
    ]
    return [line for file in files if os.path.isfile(file) for line in _unfulfilled(file)]


def _unfulfilled(file: str) -> list[str]:
    from packaging.requirements import InvalidRequirement, Requirement

    found: list[str] = []
    with open(file, encoding="utf-8") as lines:
        for line in lines:
            text = line.partition("#")[0].strip()
            if not text:
                continue
            try:
                requirement = Requirement(text)
            except InvalidRequirement:
                found.append(f"{text} (not a name and version)")
                continue
            if requirement.marker is not None and not requirement.marker.evaluate():
                continue
            try:
                version = importlib.metadata.version(requirement.name)
            except importlib.metadata.PackageNotFoundError:
                found.append(text)
                continue
            if not requirement.specifier.contains(version, prereleases=True):
                found.append(f"{text} (installed: {version})")
    return found
