"""What the stack needs to know of the payloads.

Each procedure's handler, the files it imports, its packages, the training job, what is scored, and the keys of the graphs'
configuration with their defaults.

``python -m mortgage_pipeline manifest`` prints it; ``payloads/manifest.json`` is a copy that a test keeps equal, so that a
program in another language reads it without Python.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from mortgage_config import PipelineConfig
from mortgage_imports import closure
from mortgage_inference_log import FEATURE_VIEW, scoring

_SNOWPARK = "snowflake-snowpark-python"
_ML = "snowflake-ml-python"


@dataclass(frozen=True, slots=True)
class Step:
    """A task of the graph: its name, the module with its handler, the packages of the procedure that it calls."""

    task: str
    module: str
    packages: tuple[str, ...]


STEPS: tuple[Step, ...] = (
    Step("PREPARE_DATA", "mortgage_prepare_data", (_SNOWPARK, _ML)),
    Step("TRAIN_MODEL", "mortgage_train_model", (_SNOWPARK, _ML)),
    Step("CHECK_MODEL_QUALITY", "mortgage_check_model_quality", (_SNOWPARK, _ML, "pandas", "scikit-learn", "xgboost")),
    Step("PROMOTE_MODEL", "mortgage_promote_model", (_SNOWPARK, _ML, "scikit-learn", "xgboost")),
    Step("SEND_ALERT", "mortgage_send_alert", (_SNOWPARK,)),
    Step("CLEANUP", "mortgage_cleanup", (_SNOWPARK, _ML)),
    # Of the scoring graph.
    Step("WATCH_MODEL", "mortgage_watch_model", (_SNOWPARK, _ML)),
    Step("CHECK_DRIFT", "mortgage_check_drift", (_SNOWPARK,)),
    Step("ALERT_DRIFT", "mortgage_alert_drift", (_SNOWPARK,)),
)
JOB_MODULE = "mortgage_train_job"


def manifest() -> dict[str, object]:
    """The manifest; paths are relative to ``payloads/`` and, with the same text, to the folder of the code stage."""
    source = Path(__file__).parent

    def files(module: str) -> list[str]:
        return [f"src/{name}.py" for name in closure(source, module)]

    return {
        "runtimeVersion": "3.11",
        "procedures": {
            step.task: {
                "handler": f"{step.module}.handler",
                "imports": files(step.module),
                "packages": list(step.packages),
                "executeAs": "CALLER",
                **({"job": "training"} if step.task == "TRAIN_MODEL" else {}),
            }
            for step in STEPS
        },
        "jobs": {"training": {"source": "src", "entryPoint": f"{JOB_MODULE}.py", "files": files(JOB_MODULE)}},
        "scoring": scoring(FEATURE_VIEW),
        "config": asdict(PipelineConfig()),
    }
