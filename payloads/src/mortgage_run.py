"""The standalone pipeline: the steps of the task graph, one after the other, without the graph. For experiments.

The training job runs this machine's code, so a change is tried without deploying it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mortgage_imports import closure
from mortgage_run_files import version_of
from mortgage_task import Run, locate

if TYPE_CHECKING:
    from snowflake.snowpark import Session

    from mortgage_config import PipelineConfig


def run_pipeline(session: Session, config: PipelineConfig, *, register: bool, tell: Callable[[str], None]) -> dict[str, object]:
    """Runs every step and returns what each found; with ``register`` false nothing is promoted and nobody is alerted.

    ``tell`` gets a line of progress at each step.
    """
    # Imported here: each needs packages that the other commands do without.
    from mortgage_check_model_quality import check
    from mortgage_cleanup import clean_up
    from mortgage_prepare_data import prepare
    from mortgage_promote_model import promote
    from mortgage_send_alert import message, send
    from mortgage_train_model import train_model

    run = Run(locate(session, config), version_of(datetime.now(UTC)))
    result: dict[str, object] = {"version": run.version}
    try:
        tell(f"PREPARE_DATA: dataset {run.config.dataset_name} {run.version}")
        prepared = prepare(session, run)
        result["data"] = asdict(prepared)
        tell(f"TRAIN_MODEL: {prepared.train_rows} rows on {run.config.target_instances} instances of {run.config.compute_pool}")
        with tempfile.TemporaryDirectory(prefix="mortgage-job-") as folder:
            result["training"] = train_model(session, run, prepared.train_version, _job_code(Path(folder)))
        tell(f"CHECK_MODEL_QUALITY: {run.config.metric} from {run.config.threshold} up")
        quality = check(session, run)
        result["metrics"], result["branch"] = quality.metrics, quality.branch
        if not register:
            tell(f"{quality.branch} left out")
        elif quality.branch == "promote_model":
            tell(f"PROMOTE_MODEL: {run.config.model} {run.model_version}")
            result["promoted"] = promote(session, run).version_name
        else:
            tell(f"SEND_ALERT: {run.config.notification_integration}")
            result["alert"] = send(session, run, message(run, {"metrics": quality.metrics}))
    except Exception:
        # As the graph's finalizer would; what it meets must not hide what went wrong.
        try:
            clean_up(session, run)
        except Exception as error:  # noqa: BLE001
            tell(f"CLEANUP failed: {error}")
        raise
    tell("CLEANUP")
    result["dropped"] = asdict(clean_up(session, run))
    return result


def _job_code(folder: Path) -> Path:
    """``folder`` filled with the modules that the training job needs."""
    source = Path(__file__).parent
    for name in closure(source, "mortgage_train_job"):
        shutil.copyfile(source / f"{name}.py", folder / f"{name}.py")
    return folder
