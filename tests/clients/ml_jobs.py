"""Drives the real ML Jobs client (snowflake.ml.jobs) and prints what it saw as one JSON object."""

import json
import os
import pathlib
import tempfile
import time

from snowflake.ml import jobs
from snowflake.snowpark import Session

PARAMETERS = json.loads(os.environ["CONNECTION"])
POOL = "JOB_POOL"

TRAIN = """
import argparse, os
import numpy as np
from snowflake.snowpark.context import get_active_session
parser = argparse.ArgumentParser()
parser.add_argument("--rows", type=int)
options = parser.parse_args()
session = get_active_session()
print("role", session.get_current_role(), "schema", session.get_current_schema(), "warehouse", session.get_current_warehouse())
print("sum", session.sql("select sum(x) from numbers").collect()[0][0])
__return__ = {"rows": options.rows, "index": int(os.environ["SNOWFLAKE_JOB_INDEX"])}
"""

FAIL = """
import os
print("about to fail")
if os.environ["SNOWFLAKE_JOB_INDEX"] == os.environ.get("FAILING", "0"):
    raise ValueError("no such column")
"""

KILLED = """
import os, signal
print("about to be killed", flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""

USES = """
import helper
__return__ = helper.VALUE + 1
"""

SLEEP = """
import time
print("sleeping")
time.sleep(1000)
"""


def error_of(work):
    try:
        work()
    except Exception as error:
        chain = []
        while error is not None:
            chain.append(f"{type(error).__name__}: {error}")
            error = error.__cause__
        return chain
    return None


def refused(session, path):
    """Jobs that cannot be; none of them leaves a service behind."""
    before = len(jobs.list_jobs(session=session))

    def submit(pool=POOL, **options):
        return error_of(lambda: jobs.submit_file(str(path / "train.py"), pool, stage_name="payloads", session=session, **options))

    found = {
        "no_pool": submit(pool="NO_SUCH_POOL"),
        "pool_too_small": submit(target_instances=4),
        "overrides": submit(spec_overrides={"spec": {"containers": [{"name": "main", "command": ["ls"]}]}}),
        "no_repository": submit(artifact_repositories=["job_db.jobs.nothing"]),
        "no_entrypoint": error_of(lambda: jobs.submit_directory(str(path), POOL, entrypoint="none.py", stage_name="payloads", session=session)),
        "no_job": error_of(lambda: jobs.get_job("job_db.jobs.nothing", session=session)),
    }
    return {**{name: said and said[0] for name, said in found.items()}, "left": len(jobs.list_jobs(session=session)) - before}


def main():
    session = Session.builder.configs(PARAMETERS).create()
    for statement in (
        "create warehouse job_wh",
        "create database job_db",
        "create schema job_db.jobs",
        "create stage job_db.jobs.code encryption = (type = 'SNOWFLAKE_SSE')",
        f"create compute pool {POOL} min_nodes = 1 max_nodes = 3 instance_family = CPU_X64_S",
        "create table job_db.jobs.numbers (x int)",
        "insert into job_db.jobs.numbers values (1), (2), (39)",
    ):
        session.sql(statement).collect()
    session.use_schema("job_db.jobs")
    session.use_warehouse("job_wh")
    found = {}

    # A Python function, its arguments and its value pickled.
    @jobs.remote(POOL, stage_name="payloads", session=session)
    def double(values, name="x"):
        import numpy as np

        print("doubling", name)
        return {name: np.asarray(values) * 2}

    job = double([1, 2, 3], name="y")
    found["remote"] = job.result()["y"].tolist()
    found["remote_status"] = job.status
    found["remote_logs"] = job.get_logs()

    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        for name, text in (("train.py", TRAIN), ("fail.py", FAIL), ("killed.py", KILLED), ("sleep.py", SLEEP), ("helper.py", "VALUE = 41\n"), ("uses.py", USES), ("token.py", "import os\n__return__ = os.environ['API_TOKEN']\n")):
            (path / name).write_text(text)
            session.file.put(str(path / name), "@code/src", auto_compress=False)

        job = jobs.submit_file(str(path / "train.py"), POOL, stage_name="payloads", args=["--rows", "7"], session=session)
        found["file"] = job.result()
        found["file_logs"] = job.get_logs().splitlines()

        shared = ["snowflake.snowpark.pypi_shared_repository"]
        session.sql("create secret job_db.jobs.token type = generic_string secret_string = 'shh'").collect()
        secret = {"snowflakeSecret": {"objectName": "job_db.jobs.token"}, "secretKeyRef": "secret_string", "envVarName": "API_TOKEN"}
        overrides = {"spec": {"containers": [{"name": "main", "secrets": [secret]}]}}
        job = jobs.submit_file(str(path / "token.py"), POOL, stage_name="payloads", spec_overrides=overrides, session=session)
        found["secret"] = [job.result(), "shh" in str(session.sql(f"describe service {job.id}").collect())]
        more = {"artifact_repositories": shared, "pip_requirements": ["numpy"], "imports": [(str(path / "helper.py"), "helper")]}
        job = jobs.submit_file(str(path / "uses.py"), POOL, stage_name="payloads", session=session, **more)
        found["imports"] = job.result()

        job = jobs.submit_file(str(path / "fail.py"), POOL, stage_name="payloads", session=session)
        found["failed"] = [job.wait(), error_of(job.result)]

        job = jobs.submit_file(str(path / "killed.py"), POOL, stage_name="payloads", session=session)
        found["killed"] = [job.wait(), "about to be killed" in job.get_logs(), error_of(job.result)[0]]
        found["refused"] = refused(session, path)
        unknown = {"stage_name": "payloads", "pip_requirements": ["no-such-package-anywhere==9.9"], "session": session}
        job = jobs.submit_file(str(path / "train.py"), POOL, **unknown)
        found["unknown_package"] = [job.wait(), job.get_logs()]

    # Every instance of two runs the entry point.
    options = {"stage_name": "payloads", "target_instances": 2, "parallel": True, "session": session}
    job = jobs.submit_from_stage("@job_db.jobs.code/src/", POOL, entrypoint="train.py", args=["--rows", "9"], **options)
    result = job.distributed_result()
    found["parallel"] = [result.success, {str(key): value for key, value in result.exit_codes.items()}, result.return_value]
    found["parallel_logs"] = [len(job.get_logs(instance_id=index).splitlines()) for index in (0, 1)]

    job = jobs.submit_from_stage("@job_db.jobs.code/src/", POOL, entrypoint="fail.py", env_vars={"FAILING": "1"}, **options)
    found["parallel_failed"] = [job.wait(), error_of(job.distributed_result)]

    # The head alone runs it, a worker stands by.
    options = {**options, "parallel": False}
    job = jobs.submit_from_stage("@job_db.jobs.code/src/", POOL, entrypoint="train.py", args=["--rows", "1"], **options)
    found["head"] = [job.wait(), job.target_instances, job.get_logs(instance_id=1, verbose=True).splitlines()[0]]

    job = jobs.submit_from_stage("@job_db.jobs.code/src/", POOL, entrypoint="sleep.py", stage_name="payloads", session=session)
    while job.status == "PENDING" or "sleeping" not in job.get_logs():
        time.sleep(0.05)
    found["running"] = [
        session.sql(f"show compute pools like '{POOL}'").collect()[0].as_dict()[key] for key in ("state", "num_jobs", "active_nodes")
    ]
    job.cancel()
    found["cancelled"] = job.status

    again = jobs.get_job(job.id, session=session)
    found["again"] = [again.id == job.id, again.status]
    listed = jobs.list_jobs(session=session)
    found["listed"] = [len(listed), sorted(listed["status"].unique().tolist()), int(listed["target_instances"].astype(int).max())]
    history = "select name, status, deleted_time from table(snowflake.spcs.get_job_history())"
    found["history"] = sorted({row["STATUS"] for row in session.sql(history).collect()})
    stage_path = job._stage_path
    jobs.delete_job(job, session=session)
    found["deleted"] = [len(jobs.list_jobs(session=session)), sum(row["DELETED_TIME"] is not None for row in session.sql(history).collect()), len(session.sql(f"list {stage_path}/").collect())]
    found["gone"] = error_of(lambda: session.sql(f"describe service {job.id}").collect())[0]
    print(json.dumps(found))
    session.close()


main()
