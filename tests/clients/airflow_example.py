"""Runs the Airflow example in this process: a graph run that succeeds and one that fails. Prints what Airflow saw as JSON."""

import contextlib
import json
import logging
import os
import sys


def outcome(dag, config):
    run = dag.test(run_conf={"config": config})
    states = {each.task_id: each.state for each in run.get_task_instances()}
    follow = next(each for each in run.get_task_instances() if each.task_id == "follow")
    return [run.state, states, follow.xcom_pull("follow")]


def main():
    from airflow.utils.db import initdb

    initdb()
    from mortgage import mortgage_training

    dag = mortgage_training()
    return {"good": outcome(dag, {}), "bad": outcome(dag, json.loads(os.environ["BAD_CONFIG"]))}


if __name__ == "__main__":
    with contextlib.redirect_stdout(sys.stderr):
        found = main()
    json.dump(found, sys.stdout, default=str)
