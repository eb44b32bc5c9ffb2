"""Loads the mortgage data, runs the exploration notebook, and prints what its cells showed as one JSON object."""

import json
import os
import pathlib
import sys
import tempfile

from mortgage_config import PipelineConfig
from mortgage_data import write_csv
from mortgage_load import load_file
from snowflake.snowpark import Session

NOTEBOOK = pathlib.Path(__file__).parents[2] / "notebooks" / "explore_mortgage_data.ipynb"


def prepare(session, folder):
    for statement in (
        "create warehouse EXPLORE_WH",
        "create database LENDING",
        "create schema LENDING.DATA",
        "create schema LENDING.NOTEBOOKS",
        "create stage LENDING.NOTEBOOKS.FILES",
    ):
        session.sql(statement).collect()
    write_csv(folder / "applications.csv")
    config = PipelineConfig(database="LENDING", schema="NOTEBOOKS", warehouse="EXPLORE_WH")
    load_file(session, config, folder / "applications.csv", "@LENDING.NOTEBOOKS.FILES/data")
    session.file.put(str(NOTEBOOK), "@LENDING.NOTEBOOKS.FILES", auto_compress=False)
    return config


def shown(cell):
    """What a reader sees below the cell; of values their text."""
    return "\n".join(
        "".join(output["text"]) if output["output_type"] == "stream" else output["data"]["text/plain"]
        for output in cell["outputs"]
    )


def main():
    session = Session.builder.configs(json.loads(os.environ["CONNECTION"])).create()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        config = prepare(session, folder)
        session.sql(
            "create notebook EXPLORE from '@LENDING.NOTEBOOKS.FILES' "
            f"main_file = '{NOTEBOOK.name}' query_warehouse = EXPLORE_WH"
        ).collect()
        session.sql(f"execute notebook EXPLORE('{config.raw_table_name}')").collect()
        [run] = session.sql("list 'snow://notebook/LENDING.NOTEBOOKS.EXPLORE/runs/'").collect()
        (folder / "run").mkdir()
        path = f"snow://notebook/LENDING.NOTEBOOKS.EXPLORE/{run['name']}"
        session.sql(f"get '{path}' 'file://{folder}/run/'").collect()
        [file] = (folder / "run").iterdir()
        cells = json.loads(file.read_text())["cells"]
    source = json.loads(NOTEBOOK.read_text())["cells"]
    found = {cell["metadata"]["name"]: shown(cell) for cell in cells if cell["cell_type"] == "code"}
    found["stored_outputs"] = sum(len(cell.get("outputs", [])) for cell in source)
    session.close()
    json.dump(found, sys.stdout)


main()
