"""Registers a small model under the name and role of the pipeline's, and prints its version as JSON."""

import json
import os
import sys
import warnings

import numpy as np
import pandas as pd
import xgboost
from model_service import quietly
from snowflake.ml.model import task
from snowflake.ml.registry import Registry
from snowflake.snowpark import Session


def main():
    warnings.simplefilter("ignore")
    connection = {**json.loads(os.environ["CONNECTION"]), "role": "ENGINEER", "warehouse": "DEMO_WH"}
    session = Session.builder.configs({**connection, "database": "SNOWBANK", "schema": "PIPELINE"}).create()
    loans = pd.DataFrame({"DEBT_TO_INCOME": np.linspace(0, 1, 40)})
    model = xgboost.XGBClassifier(n_estimators=3).fit(loans, loans.DEBT_TO_INCOME > 0.5)
    version = quietly(
        lambda: Registry(session, database_name="SNOWBANK", schema_name="PIPELINE").log_model(
            model,
            model_name="MORTGAGE_MODEL",
            version_name="V1",
            sample_input_data=loans,
            task=task.Task.TABULAR_BINARY_CLASSIFICATION,
            options={"enable_explainability": False},
        )
    )
    session.close()
    json.dump(version.version_name, sys.stdout)


main()
