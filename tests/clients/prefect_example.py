"""Runs the Prefect example in this process: a graph run that succeeds and one that fails. Prints what Prefect saw as JSON."""

import json
import logging
import os
import sys

from mortgage import training
from prefect.testing.utilities import prefect_test_harness


def outcome(config):
    state = training(config=config, pause=0.2, return_state=True)
    return [state.type.value, state.result() if state.is_completed() else state.message]


def main():
    logging.disable(logging.CRITICAL)
    with prefect_test_harness(server_startup_timeout=280):
        return {"good": outcome({}), "bad": outcome(json.loads(os.environ["BAD_CONFIG"]))}


json.dump(main(), sys.stdout)
