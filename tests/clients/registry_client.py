"""The Registry client: models, versions with metrics, defaults and aliases; and what is refused."""

import contextlib
import io
import json
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import xgboost
from outcomes import error_of
from snowflake.ml.model import ExportMode, custom_model, model_signature, task
from snowflake.ml.registry import Registry

X = pd.DataFrame({"A": np.linspace(0, 1, 40), "B": np.linspace(1, 0, 40) ** 2})
MODEL = xgboost.XGBClassifier(n_estimators=3).fit(X, X.A > 0.5)


def log(registry, version, **more):
    """Logs a version; the client's progress bars go nowhere."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return registry.log_model(
            MODEL,
            model_name="DENIAL",
            version_name=version,
            sample_input_data=X,
            task=task.Task.TABULAR_BINARY_CLASSIFICATION,
            options={"enable_explainability": False},
            **more,
        )


def shown(model):
    frame = model.show_versions()
    return frame[["name", "is_default_version", "aliases", "comment"]].to_numpy().tolist()


def checks(session):
    registry = Registry(session, database_name="ML", schema_name="REGISTRY")
    found = {"none": [len(registry.show_models()), error_of(lambda: registry.get_model("DENIAL"))]}
    first = log(registry, "V1", comment="it's first", metrics={"accuracy": 0.75, "matrix": [[1, 2], [3, 4]]})
    found["twice"] = error_of(lambda: log(registry, "v1"))
    second = log(registry, "V2", metrics={"accuracy": 0.5})
    model = registry.get_model("denial")
    found["first"] = [first.comment, first.show_metrics(), first.get_model_task().name]
    found["functions"] = [[each["name"], len(each["signature"].inputs)] for each in first.show_functions()]
    found["listed"] = registry.show_models()[["name", "default_version_name", "versions"]].to_numpy().tolist()
    found["versions"] = shown(model)
    second.set_metric("accuracy", 0.9)
    second.set_metric("auc", 0.8)
    second.delete_metric("auc")
    found["metrics"] = model.version("V2").show_metrics()
    model.default = "V2"
    model.default.set_alias("CHAMPION")
    model.comment = "Who is denied"
    found["alias"] = [model.version("champion").version_name, model.version("LAST").version_name, model.comment]
    found["promoted"] = shown(model)
    found["refused"] = {
        "unknown_model": error_of(lambda: registry.get_model("NO_SUCH_MODEL")),
        "unknown_version": error_of(lambda: model.version("V9")),
        "unknown_default": error_of(lambda: setattr(model, "default", "V9")),
        "alias_taken": error_of(lambda: first.set_alias("CHAMPION")),
        "drop_default": error_of(lambda: model.delete_version("V2")),
        "no_package": error_of(lambda: log(registry, "V3", conda_dependencies=["no-such-package-anywhere==1.0"])),
        "no_python": error_of(lambda: log(registry, "V3", python_version="3.9")),
        "no_manifest": error_of(lambda: session.sql("create model ML.REGISTRY.EMPTY from @~/nothing").collect()),
    }
    found["after_refusals"] = shown(model)
    found["inference"] = inference(session, model)
    found["dropped_under_query"] = dropped_under_query(session, registry)
    found["raising"] = raising(session, registry)
    found["parameters"] = parameters(session, registry)
    found["tags"] = tags(session, model)
    loaded = second.load()
    found["loaded"] = bool((loaded.predict(X) == MODEL.predict(X)).all())
    found["exported"] = exported(second)
    model.default.unset_alias("CHAMPION")
    model.delete_version("V1")
    found["left"] = shown(model)
    model.rename("APPROVAL")
    found["renamed"] = registry.show_models()["name"].tolist()
    registry.delete_model("APPROVAL")
    found["deleted"] = [len(registry.show_models()), error_of(lambda: registry.get_model("APPROVAL"))]
    return found


class Moody(custom_model.CustomModel):
    """Raises for negative numbers."""

    @custom_model.inference_api
    def predict(self, frame: pd.DataFrame) -> pd.DataFrame:
        if (frame["N"] < 0).any():
            raise ValueError("this model takes no negative numbers")
        return pd.DataFrame({"twice": frame["N"] * 2})


def raising(session, registry):
    """A model that raises fails the statement that calls it, and nothing else."""
    signature = model_signature.infer_signature(pd.DataFrame({"N": [1.5]}), pd.DataFrame({"twice": [3.0]}))
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        moody = registry.log_model(Moody(), model_name="MOODY", version_name="V1", signatures={"predict": signature})
    session.sql("create table ML.REGISTRY.SCORED (S float)").collect()
    insert = "insert into ML.REGISTRY.SCORED select MOODY!PREDICT(N):twice::float from values ({}) as t(N)"
    found = {
        "client": error_of(lambda: moody.run(pd.DataFrame({"N": [-1.0]}), function_name="predict")),
        "sql": error_of(lambda: session.sql(insert.format("1), (-1")).collect()),
        "wrong_type": error_of(lambda: session.sql(insert.format("'many'")).collect()),
        "wrong_frame": error_of(lambda: moody.run(pd.DataFrame({"M": [1.0]}), function_name="predict")),
        "left": session.table("ML.REGISTRY.SCORED").count(),
    }
    session.sql(insert.format("2")).collect()
    registry.delete_model("MOODY")
    return {**found, "after": [row["S"] for row in session.table("ML.REGISTRY.SCORED").collect()]}


class Scaled(custom_model.CustomModel):
    """Methods that take parameters beside the rows."""

    @custom_model.inference_api
    def predict(self, frame: pd.DataFrame, *, factor: float = 2.0, note: str = "twice") -> pd.DataFrame:
        return pd.DataFrame({"V": frame["N"] * factor, "NOTE": [note] * len(frame)})


def parameters(session, registry):
    spec = model_signature.ParamSpec
    params = [
        spec(name="factor", dtype=model_signature.DataType.DOUBLE, default_value=2.0),
        spec(name="note", dtype=model_signature.DataType.STRING, default_value="twice"),
    ]
    rows = pd.DataFrame({"N": [1.0, 2.0]})
    made = pd.DataFrame({"V": [2.0], "NOTE": ["x"]})
    signature = model_signature.infer_signature(rows, made, params=params)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        version = registry.log_model(Scaled(), model_name="SCALED", version_name="V1", signatures={"predict": signature})
    call = "select SCALED!PREDICT({}) as S"
    found = {
        "defaults": version.run(rows).to_numpy().tolist(),
        "given": version.run(rows, params={"factor": 3.0, "note": "it's thrice"}).to_numpy().tolist(),
        "snowpark": [row["V"] for row in version.run(session.create_dataframe(rows), params={"factor": 4}).sort("N").collect()],
        "sql": [json.loads(session.sql(call.format(args)).collect()[0]["S"]) for args in ("1", "1, 5", "1, note => 'named'")],
        "unknown": error_of(lambda: version.run(rows, params={"nothing": 1})),
        "unknown_in_sql": error_of(lambda: session.sql(call.format("1, nothing => 1")).collect()),
        "too_many": error_of(lambda: session.sql(call.format("1, 2, 'x', 3")).collect()),
    }
    registry.delete_model("SCALED")
    return found


def dropped_under_query(session, registry):
    """A version is promoted, and the old one dropped, while a statement that scores with the old one has begun."""
    model = registry.get_model("DENIAL")
    session.sql("create model ML.REGISTRY.RACING with version OLD from model ML.REGISTRY.DENIAL version V1").collect()
    session.sql("alter model ML.REGISTRY.RACING add version NEW from model ML.REGISTRY.DENIAL version V2").collect()
    model = registry.get_model("RACING")
    with tempfile.TemporaryDirectory() as folder:
        session.sql(GATE.format(folder=folder)).collect()
        call = "select sum(RACING!PREDICT(ML.REGISTRY.GATE(A), B):output_feature_0::int) as S from values (0.9, 0.1), (0.1, 0.9) as t(A, B)"
        scoring = session.sql(call).collect_nowait()
        while not Path(folder, "started").exists():
            time.sleep(0.01)
        model.default = "NEW"
        model.delete_version("OLD")
        Path(folder, "go").touch()
        scored = scoring.result()[0]["S"]
    found = {
        "scored": int(scored),
        "left": model.show_versions()["name"].tolist(),
        "gone": error_of(lambda: session.sql("select MODEL(ML.REGISTRY.RACING, OLD)!PREDICT(1, 1)").collect()),
    }
    registry.delete_model("RACING")
    return found


GATE = """
create or replace function ML.REGISTRY.GATE(X float) returns float language python runtime_version = '3.11' handler = 'run' as $$
import pathlib, time
def run(x):
    folder = pathlib.Path('{folder}')
    (folder / 'started').touch()
    while not (folder / 'go').exists():
        time.sleep(0.01)
    return x
$$
"""


def inference(session, model):
    predicted = model.default.run(X, function_name="predict")
    frame = session.create_dataframe(X)
    in_snowpark = model.version("V1").run(frame, function_name="predict_proba").to_pandas()
    call = "select DENIAL!PREDICT(A, B):output_feature_0::int as P, MODEL(ML.REGISTRY.DENIAL, FIRST)!PREDICT(A, B) as O from "
    session.use_schema("ML.REGISTRY")
    values = session.sql(call + "values (0.9, 0.1), (0.1, 0.9), (null, 0.9) as t(A, B) order by A desc nulls last").collect()
    return {
        "pandas": bool((predicted["output_feature_0"] == MODEL.predict(X)).all()),
        "snowpark": bool(np.allclose(in_snowpark[["output_feature_0", "output_feature_1"]], MODEL.predict_proba(X))),
        "sql": [[row["P"], row["O"]] for row in values],
        "unknown_method": error_of(lambda: session.sql("select DENIAL!SCORE(1, 2)").collect()),
        "too_few": error_of(lambda: session.sql("select DENIAL!PREDICT(1)").collect()),
        "unknown_version": error_of(lambda: session.sql("select MODEL(DENIAL, V9)!PREDICT(1, 2)").collect()),
    }


def exported(version):
    """Which files of a version an export brings, the client's own mode and the whole; a folder with something in it is refused."""
    with tempfile.TemporaryDirectory() as folder:
        found = {}
        for mode in ExportMode:
            target = Path(folder) / mode.value
            target.mkdir()
            version.export(str(target), export_mode=mode)
            found[mode.value] = sorted(
                str(path.relative_to(target)) for path in target.rglob("*") if path.suffix in (".yaml", ".yml", ".ubj")
            )
        found["again"] = error_of(lambda: version.export(str(target)))
    return found


def tags(session, model):
    session.sql("create tag ML.REGISTRY.STAGE").collect()
    model.set_tag("STAGE", "live")
    found = [model.show_tags(), model.get_tag("STAGE")]
    model.unset_tag("STAGE")
    return [*found, model.get_tag("STAGE")]
