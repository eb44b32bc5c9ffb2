"""A model whose method is a table function, through the Registry client; prints what it saw as one JSON object."""

import contextlib
import io
import json
import logging
import os
import warnings

import pandas as pd
from outcomes import error_of
from snowflake.ml.model import custom_model
from snowflake.ml.registry import Registry
from snowflake.snowpark import Session


class Totals(custom_model.CustomModel):
    """One row for each group of rows."""

    @custom_model.partitioned_api
    def predict(self, frame: pd.DataFrame) -> pd.DataFrame:
        return pd.DataFrame({"TOTAL": [float(frame["V"].sum())], "COUNTED": [len(frame)]})


ROWS = pd.DataFrame({"G": ["a", "b", "a"], "V": [1.0, 2.0, 3.0]})


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    session = Session.builder.configs(json.loads(os.environ["CONNECTION"])).create()
    for statement in ("create warehouse ML_WH", "use warehouse ML_WH", "create database ML", "create schema ML.REGISTRY"):
        session.sql(statement).collect()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        version = Registry(session, database_name="ML", schema_name="REGISTRY").log_model(
            Totals(), model_name="TOTALS", version_name="V1", sample_input_data=ROWS, options={"function_type": "TABLE_FUNCTION"}
        )
    of_pandas = version.run(ROWS, function_name="predict", partition_column="G").sort_values("G")
    of_frame = version.run(session.create_dataframe(ROWS), function_name="predict", partition_column="G")
    of_all = "select * from table(TOTALS!PREDICT('x', 5) over (partition by 1))"
    found = {
        "type": version.show_functions()[0]["target_method_function_type"],
        "pandas": of_pandas[["G", "TOTAL", "COUNTED"]].to_numpy().tolist(),
        "snowpark": [list(row) for row in of_frame.select("G", "TOTAL", "COUNTED").sort("G").collect()],
        "sql": [list(row) for row in session.sql(of_all).collect()],
        "as_value": error_of(lambda: session.sql("select TOTALS!PREDICT('x', 5)").collect()),
    }
    print(json.dumps(found))
    session.close()


main()
