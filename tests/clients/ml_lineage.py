"""Drives the lineage of Snowflake ML's objects and the experiment tracking client; prints what they saw as one JSON object."""

import json
import logging
import os
import sys
import warnings

import experiment_client
import lineage_client
from snowflake.snowpark import Session


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    parameters = json.loads(os.environ["CONNECTION"])
    session = Session.builder.configs(parameters).create()
    for statement in ("create warehouse ML_WH", "create database ML", "create schema ML.RAW", "create schema ML.REGISTRY"):
        session.sql(statement).collect()
    session.use_warehouse("ML_WH")
    session.use_schema("ML.RAW")
    found = {
        "lineage": lineage_client.checks(session, parameters),
        "experiments": experiment_client.checks(session),
    }
    session.close()
    json.dump(found, sys.stdout, default=str)


main()
