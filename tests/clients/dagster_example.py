"""Runs the Dagster example in this process: a graph run that succeeds and one that fails. Prints what Dagster saw as JSON."""

import json
import logging
import os
import sys

from dagster import DagsterInstance
from mortgage import defs

PACE = {"resources": {"snowflake": {"config": {"pause": 0.2}}}}


def materialized(instance, graph):
    config = {**PACE, "ops": {"mortgage_model": {"config": graph}}}
    result = defs.resolve_job_def("training").execute_in_process(instance=instance, run_config=config, raise_on_error=False)
    if not result.success:
        return [False, result.failure_data_for_node("mortgage_model").error.cause.message]
    (event,) = result.asset_materializations_for_node("mortgage_model")
    return [True, event.metadata["tasks"].value]


def main():
    logging.disable(logging.CRITICAL)
    with DagsterInstance.ephemeral() as instance:
        return {"good": materialized(instance, {}), "bad": materialized(instance, json.loads(os.environ["BAD_CONFIG"]))}


json.dump(main(), sys.stdout)
