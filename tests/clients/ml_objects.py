"""Drives the real Feature Store, Dataset, file set and Registry clients in one session and prints what they saw as one JSON object."""

import json
import logging
import os
import sys
import warnings

import dataset_client
import feature_store_client
import fileset_client
import registry_client
from snowflake.snowpark import Session


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    session = Session.builder.configs(json.loads(os.environ["CONNECTION"])).create()
    for statement in ("create warehouse ML_WH", "create database ML", "create schema ML.RAW", "create schema ML.REGISTRY"):
        session.sql(statement).collect()
    session.use_warehouse("ML_WH")
    session.use_schema("ML.RAW")
    found = {
        "feature_store": feature_store_client.checks(session),
        "dataset": dataset_client.checks(session),
        "fileset": fileset_client.checks(session),
        "registry": registry_client.checks(session),
    }
    session.close()
    json.dump(found, sys.stdout, default=str)


main()
