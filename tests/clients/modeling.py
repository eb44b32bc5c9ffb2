"""Snowpark ML's estimators, transformers and metrics over a table; prints what they gave beside scikit-learn's own as one JSON object."""

import contextlib
import io
import json
import logging
import os
import warnings

import numpy as np
import pandas as pd
import sklearn.metrics
from outcomes import error_of
from sklearn.linear_model import LogisticRegression as PlainRegression
from snowflake.ml.modeling import metrics
from snowflake.ml.modeling.impute import SimpleImputer
from snowflake.ml.modeling.linear_model import LogisticRegression
from snowflake.ml.modeling.model_selection import GridSearchCV
from snowflake.ml.modeling.pipeline import Pipeline
from snowflake.ml.modeling.preprocessing import (
    KBinsDiscretizer,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    StandardScaler,
)
from snowflake.ml.modeling.xgboost import XGBRegressor
from snowflake.ml.registry import Registry
from snowflake.snowpark import Session

NUMBERS = ["A", "B"]
RANDOM = np.random.RandomState(0)
ROWS = pd.DataFrame({"ID": range(60), "A": RANDOM.rand(60), "B": RANDOM.rand(60) * 10, "C": RANDOM.choice(["x", "y", "z"], 60)})
ROWS["Y"] = (ROWS.A + ROWS.B / 10 > 1).astype(int)
ROWS["GUESS"] = (ROWS.A > 0.5).astype(int)
ROWS["SCORE"] = ROWS.A


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    session = Session.builder.configs(json.loads(os.environ["CONNECTION"])).create()
    for statement in ("create warehouse ML_WH", "create database ML", "create schema ML.MODELING"):
        session.sql(statement).collect()
    session.use_warehouse("ML_WH")
    session.use_schema("ML.MODELING")
    session.create_dataframe(ROWS).write.save_as_table("LOANS")
    frame = session.table("LOANS")
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        found = {
            "transformers": transformers(session, frame),
            "metrics": compared_metrics(frame),
            "regression": regression(frame),
            "pipeline": pipeline(session, frame),
            "search": search(frame),
        }
    print(json.dumps(found))
    session.close()


def in_order(frame, *columns):
    return frame.sort("ID").select(*columns).to_pandas().to_numpy()


def transformers(session, frame):
    def transformed(transformer, *columns):
        return in_order(transformer.fit(frame).transform(frame), *columns)

    scaled = transformed(StandardScaler(input_cols=NUMBERS, output_cols=["A1", "B1"]), "A1", "B1")
    squeezed = transformed(MinMaxScaler(input_cols=NUMBERS, output_cols=["A1", "B1"]), "A1", "B1")
    plain = ROWS[NUMBERS]
    one_hot = transformed(OneHotEncoder(input_cols=["C"], output_cols=["C1"]), '"C1_x"', '"C1_y"', '"C1_z"')
    ordinal = transformed(OrdinalEncoder(input_cols=["C"], output_cols=["C1"]), "C1")
    holes = session.create_dataframe(ROWS.assign(A=ROWS.A.where(ROWS.ID % 5 > 0)))
    filled = in_order(SimpleImputer(input_cols=["A"], output_cols=["A1"]).fit(holes).transform(holes), "A1")
    bins = KBinsDiscretizer(n_bins=3, encode="ordinal", strategy="uniform", input_cols=["A"], output_cols=["A1"])
    return {
        "standard": bool(np.allclose(scaled, (plain - plain.mean()) / plain.std(ddof=0))),
        "min_max": bool(np.allclose(squeezed, (plain - plain.min()) / (plain.max() - plain.min()))),
        "one_hot": bool((one_hot == pd.get_dummies(ROWS.C).to_numpy()).all()),
        "ordinal": bool((ordinal[:, 0] == ROWS.C.astype("category").cat.codes).all()),
        "bins": sorted(set(transformed(bins, "A1")[:, 0].tolist())),
        "imputed": bool(np.allclose(filled[0], ROWS.A[ROWS.ID % 5 > 0].mean())),
    }


def compared_metrics(frame):
    """Each metric in Snowflake, and by how much scikit-learn's differs."""
    labels = {"df": frame, "y_true_col_names": "Y", "y_pred_col_names": "GUESS"}
    numbers = {"df": frame, "y_true_col_names": "B", "y_pred_col_names": "A"}
    cases = {
        "accuracy_score": (labels, ROWS.Y, ROWS.GUESS),
        "f1_score": (labels, ROWS.Y, ROWS.GUESS),
        "precision_score": (labels, ROWS.Y, ROWS.GUESS),
        "recall_score": (labels, ROWS.Y, ROWS.GUESS),
        "mean_squared_error": (numbers, ROWS.B, ROWS.A),
        "mean_absolute_error": (numbers, ROWS.B, ROWS.A),
        "explained_variance_score": (numbers, ROWS.B, ROWS.A),
    }
    found = {
        name: bool(np.isclose(getattr(metrics, name)(**given), getattr(sklearn.metrics, name)(*plain), atol=1e-5))
        for name, (given, *plain) in cases.items()
    }
    auc = metrics.roc_auc_score(df=frame, y_true_col_names="Y", y_score_col_names="SCORE")
    confusion = metrics.confusion_matrix(df=frame, y_true_col_name="Y", y_pred_col_name="GUESS")
    found["roc_auc_score"] = bool(np.isclose(auc, sklearn.metrics.roc_auc_score(ROWS.Y, ROWS.SCORE)))
    found["confusion_matrix"] = bool((confusion == sklearn.metrics.confusion_matrix(ROWS.Y, ROWS.GUESS)).all())
    found["correlation"] = bool(np.allclose(metrics.correlation(df=frame.select(*NUMBERS)), ROWS[NUMBERS].corr()))
    return found


def regression(frame):
    model = LogisticRegression(input_cols=NUMBERS, label_cols=["Y"], output_cols=["P"])
    unfitted = error_of(lambda: model.predict(frame))
    model.fit(frame)
    plain = PlainRegression().fit(ROWS[NUMBERS], ROWS.Y)
    predicted = in_order(model.predict(frame), "P")
    return {
        "unfitted": unfitted,
        "text": error_of(lambda: LogisticRegression(input_cols=["C"], label_cols=["Y"], output_cols=["P"]).fit(frame)),
        "same": bool((predicted[:, 0].astype(int) == plain.predict(ROWS[NUMBERS])).all()),
        "score": bool(np.isclose(model.score(frame), plain.score(ROWS[NUMBERS], ROWS.Y))),
        "local": bool(np.allclose(model.to_sklearn().coef_, plain.coef_, atol=1e-3)),
    }


def pipeline(session, frame):
    steps = [
        ("scale", StandardScaler(input_cols=NUMBERS, output_cols=NUMBERS)),
        ("model", XGBRegressor(input_cols=NUMBERS, label_cols=["SCORE"], output_cols=["P"], n_estimators=20)),
    ]
    fitted = Pipeline(steps).fit(frame)
    version = Registry(session, database_name="ML", schema_name="MODELING").log_model(
        fitted, model_name="LOANS_MODEL", version_name="V1", sample_input_data=frame.select(*NUMBERS)
    )
    scored = in_order(version.run(frame, function_name="predict"), "P")
    return {
        "close": bool(np.abs(in_order(fitted.predict(frame), "P")[:, 0] - ROWS.SCORE).max() < 0.1),
        "registered": bool(np.abs(scored[:, 0] - ROWS.SCORE).max() < 0.1),
    }


def search(frame):
    grid = GridSearchCV(
        estimator=LogisticRegression(),
        param_grid={"C": [0.001, 10.0]},
        cv=2,
        input_cols=NUMBERS,
        label_cols=["Y"],
        output_cols=["P"],
    )
    return grid.fit(frame).to_sklearn().best_params_


main()
