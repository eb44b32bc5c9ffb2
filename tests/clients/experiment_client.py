"""The experiment tracking client: runs with metrics, parameters and artifacts, and models logged in them."""

import contextlib
import io
import tempfile
from pathlib import Path

import pandas as pd
from outcomes import error_of
from sklearn.linear_model import LinearRegression
from snowflake.ml.experiment import ExperimentTracking


def rows(frame, *order):
    pandas = frame.to_pandas().sort_values(list(order), ignore_index=True)
    return pandas.astype(object).where(pandas.notna(), None).to_numpy().tolist()


def checks(session):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return {**runs(session), **artifacts(session), **models(session), **ending(session)}


def tracking(session):
    return ExperimentTracking(session, database_name="ML", schema_name="RAW")


def runs(session):
    tracker = tracking(session)
    tracker.set_experiment("DENIALS")
    tracker.set_experiment("DENIALS")
    with tracker.start_run("FIRST"):
        tracker.log_param("learning_rate", 0.1)
        tracker.log_params({"depth": 3, "booster": "it's a tree"})
        for step in range(3):
            tracker.log_metric("loss", 1 / (step + 1), step=step)
        tracker.log_metrics({"accuracy": 0.75})
    with contextlib.suppress(ZeroDivisionError), tracker.start_run("SECOND"):
        tracker.log_metric("loss", 0.25)
        1 / 0  # noqa: B018
    session.sql("alter experiment ML.RAW.DENIALS add run OPEN").collect()
    unnamed = tracker.start_run().name.identifier()
    tracker.end_run()
    shown = session.sql("show runs in experiment ML.RAW.DENIALS").collect()
    history = tracker.get_metric_history("FIRST", "loss")
    found = {
        "experiments": [row["runs"].count(",") + 1 for row in session.sql("show experiments in schema ML.RAW").collect()],
        "runs": [["a name" if row["name"] == unnamed else row["name"], '"FAILED"' in row["metadata"]] for row in shown],
        "metrics": metrics_of(tracker),
        "params": rows(tracker.list_params("FIRST"), "run_name"),
        "history": rows(history.select('"step"', '"value"'), "step"),
        "like": [row["name"] for row in session.sql("show run parameters like 'd%' in experiment ML.RAW.DENIALS run FIRST").collect()],
    }
    found["refused"] = {
        "again": error_of(lambda: tracker.start_run("first")),
        "committed": error_of(lambda: tracker.end_run("FIRST")),
        "unknown_run": error_of(lambda: tracker.get_metric_history("NO_SUCH_RUN").collect()),
        "unknown_status": error_of(lambda: tracker.end_run("FIRST", status="PAUSED")),
        "bad_metric": error_of(
            lambda: session.sql("alter experiment ML.RAW.DENIALS modify run OPEN add metrics=$$[{}]$$").collect()
        ),
    }
    found["after_refusals"] = len(session.sql("show runs in experiment ML.RAW.DENIALS").collect())
    return found


def metrics_of(tracker):
    frame = tracker.list_metrics().to_pandas()
    named = frame[frame["run_name"].isin(["FIRST", "SECOND"])].sort_values("run_name")
    return named[["run_name", "accuracy", "loss"]].fillna(-1).to_numpy().tolist()


def artifacts(session):
    tracker = tracking(session)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "notes").mkdir()
        (Path(folder) / "notes" / "a.txt").write_text("alpha")
        (Path(folder) / "b.txt").write_text("beta")
        with tracker.start_run("FILES"):
            tracker.log_artifact(f"{folder}/b.txt", artifact_path="kept")
            tracker.log_artifact(folder)
        committed = error_of(
            lambda: session.file.put(f"{folder}/b.txt", "snow://experiment/ML.RAW.DENIALS/versions/FILES", auto_compress=False)
        )
        target = Path(folder) / "target"
        tracker.download_artifacts("FILES", target_path=str(target))
        fetched = sorted((str(path.relative_to(target)), path.read_text()) for path in target.rglob("*.txt"))
    return {
        "artifacts": sorted([each.name, each.size] for each in tracker.list_artifacts("FILES")),
        "below": [each.name for each in tracker.list_artifacts("FILES", "kept")],
        "fetched": fetched,
        "committed": committed,
        "no_run": error_of(lambda: session.sql("list snow://experiment/ML.RAW.DENIALS/versions/NOTHING").collect()),
        "outside": error_of(lambda: session.sql("list snow://experiment/ML.RAW.DENIALS/versions/FILES/../../x").collect()),
    }


def models(session):
    tracker = tracking(session)
    frame = pd.DataFrame({"X": [1.0, 2.0]})
    with tracker.start_run("MODEL"):
        version = tracker.log_model(
            LinearRegression().fit(frame, [1, 2]),
            model_name="FOUND",
            sample_input_data=frame,
            options={"enable_explainability": False},
        )
    upstream = version.lineage("upstream")
    return {
        "model_versions": [each.fully_qualified_model_name for each in tracker.list_model_versions("MODEL")],
        "upstream": [[type(each).__name__, each.name.identifier(), str(each.experiment_name)] for each in upstream],
    }


def ending(session):
    tracker = tracking(session)
    tracker.delete_run("FILES")
    # One run has a name that the client made up.
    shown = session.sql("show runs like '_i%s%' in experiment ML.RAW.DENIALS").collect()
    left = [row["name"] for row in shown if row["name"] in ("FIRST", "FILES")]
    tracker.delete_experiment("DENIALS")
    gone = error_of(lambda: session.sql("show runs in experiment ML.RAW.DENIALS").collect())
    return {"left": left, "gone": gone}
