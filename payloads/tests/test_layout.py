"""The modules as they lie on a stage: flat, each procedure with the files it imports and no others."""

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from mortgage_imports import closure
from mortgage_manifest import JOB_MODULE, STEPS, manifest

ROOT = Path(__file__).parent.parent
MODULES = sorted(path.stem for path in (ROOT / "src").glob("*.py"))


def import_alone(files: list[str], module: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Imports ``module`` in a new process that has ``files`` and no other file of this package."""
    for file in files:
        shutil.copy(ROOT / file, folder)
    # -I: neither the current folder nor PYTHONPATH; an installed package is taken off the path as well.
    code = (
        f"import sys; sys.path = [{str(folder)!r}, *(p for p in sys.path if {str(ROOT)!r} not in p)]; "
        f"import {module} as m; print(callable(getattr(m, 'handler', None) or m.main))"
    )
    return subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=100, check=False)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.task)
def test_a_procedures_imports_are_all_that_its_handler_needs(step, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    procedures = manifest()["procedures"]
    assert isinstance(procedures, dict)
    result = import_alone(procedures[step.task]["imports"], step.module, tmp_path)
    assert result.stdout == "True\n", result.stderr


def test_the_jobs_files_are_all_that_its_entry_point_needs(tmp_path: Path) -> None:
    files = [f"src/{name}.py" for name in closure(ROOT / "src", JOB_MODULE)]
    result = import_alone(files, JOB_MODULE, tmp_path)
    assert result.stdout == "True\n", result.stderr


def test_the_manifest_beside_the_package_is_the_packages_own() -> None:
    text = (ROOT / "manifest.json").read_text()
    assert json.loads(text) == manifest(), "write it anew: python -m mortgage_pipeline manifest > payloads/manifest.json"


def test_every_module_is_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["tool"]["setuptools"]["py-modules"] == MODULES


def test_a_changed_module_concerns_only_those_that_import_it() -> None:
    def users(module: str) -> set[str]:
        return {step.task for step in STEPS if module in closure(ROOT / "src", step.module)}

    assert users("mortgage_train_job") == set()
    assert users("mortgage_model") == {"CHECK_MODEL_QUALITY", "PROMOTE_MODEL"}
    assert users("mortgage_send_alert") == {"SEND_ALERT", "ALERT_DRIFT"}
    assert users("mortgage_config") == {step.task for step in STEPS}
