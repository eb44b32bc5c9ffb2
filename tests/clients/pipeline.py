"""Runs the commands of payloads/ against a local Snowflake, with good input and with bad, and prints what came of each."""

import contextlib
import io
import json
import logging
import pathlib
import shutil
import sys
import tempfile
import warnings
from unittest import mock

PAYLOADS = pathlib.Path(__file__).parents[2] / "payloads" / "src"
sys.path.insert(0, str(PAYLOADS))

import snowflake.connector  # noqa: E402

import mortgage_pipeline  # noqa: E402
import mortgage_run  # noqa: E402

FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="pipeline-test-"))
RAW = "SNOWBANK.DATA.MORTGAGE_APPLICATIONS"


def command(*arguments):
    """Exit code and result (standard output as JSON) of a command; for one that failed its last words instead."""
    output, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stderr(errors), contextlib.redirect_stdout(output):
        code = mortgage_pipeline.main(arguments)
    return [code, json.loads(output.getvalue()) if code == 0 else errors.getvalue().strip()]


def run(**config):
    """``run`` with the keys that differ from the environment's configuration."""
    file = FOLDER / "config.json"
    file.write_text(json.dumps(config))
    return command("run", "--config", str(file))


def query(text):
    with (
        snowflake.connector.connect(connection_name="local") as connection,
        connection.cursor(snowflake.connector.DictCursor) as cursor,
    ):
        return cursor.execute(text).fetchall()


def versions():
    """Version, whether it is the default, and metrics of each model version."""
    shown = query("show versions in model SNOWBANK.PIPELINE.MORTGAGE_MODEL")
    return {row["name"]: [row["is_default_version"], json.loads(row["metadata"])["metrics"]] for row in shown}


def lineage():
    """What the promoted version was made of, the nearest first."""
    call = "snowflake.core.get_lineage('SNOWBANK.PIPELINE.MORTGAGE_MODEL', 'MODULE', 'UPSTREAM')"
    return [row["NAME"] for row in query(f"select source_object_name as NAME from table({call}) order by distance, NAME")]


def dataset_versions():
    return sorted(row["version"] for row in query("show versions in dataset SNOWBANK.PIPELINE.MORTGAGE_DATASET"))


def count():
    return query(f"select count(*) as N, count_if(DENIED) as DENIED from {RAW}")[0]


def file_of(name, content):
    path = FOLDER / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


@contextlib.contextmanager
def training_code(changed):
    """The training job's code with ``changed`` in place of its entry point."""
    folder = FOLDER / "changed"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(PAYLOADS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "mortgage_train_job.py").write_text(changed)
    # The standalone pipeline submits the code that lies beside it.
    with mock.patch.object(mortgage_run, "__file__", str(folder / "mortgage_run.py")):
        yield


def bad_files(good):
    """What ``load`` says of each bad file. ``good`` is the text of a good one."""
    lines = good.splitlines()
    with_text = lines[1].split(",")
    with_text[2] = "much"
    cases = {
        "missing": str(FOLDER / "no-such-file.csv"),
        "empty": file_of("empty.csv", ""),
        "header": file_of("header.csv", lines[0] + "\n"),
        "columns": file_of("columns.csv", "ID,AGE\n1,2\n"),
        "binary": file_of("binary.csv", lines[0].encode() + b"\n\xff\xfe\n"),
        "text": file_of("text.csv", "\n".join([lines[0], lines[2], ",".join(with_text)]) + "\n"),
        "short": file_of("short.csv", "\n".join([lines[0], lines[2], "1,1997-01-01 00:00:00"]) + "\n"),
        "twice": file_of("twice.csv", "\n".join([lines[0], lines[2], lines[2]]) + "\n"),
    }
    return {name: command("load", "--file", file) for name, file in cases.items()}


RAISES = """
import os
print("looking for trouble on node", os.environ["SNOWFLAKE_JOB_INDEX"])
raise KeyError("no column BALANCE")
"""

# The other node waits for this one: it must not do so for ever.
DIES = """
import os, signal
import mortgage_collective, mortgage_topology
topology = mortgage_topology.read_topology(os.environ)
with mortgage_collective.meeting(topology, 60):
    if topology.index == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    from xgboost import collective
    import numpy
    print(collective.allreduce(numpy.ones(1), collective.Op.SUM))
"""


def environments():
    """The same commands in another environment than the default, and in one that no connection leads to."""
    other = FOLDER / "other.json"
    other.write_text('{"raw_table": "OTHER_TABLE"}')
    return {
        "dev_setup": command("setup", "--env", "dev"),
        "dev_tables": query("select TABLE_OWNER as OWNER, ROW_COUNT as ROWS from SNOWBANK_DEV.INFORMATION_SCHEMA.TABLES where TABLE_NAME = 'MORTGAGE_APPLICATIONS'"),
        "dev_run": command("run", "--env", "dev"),
        "dev_other_table": command("run", "--env", "dev", "--config", str(other)),
        "dev_other_role": command("run", "--env", "dev", "--role", "NO_SUCH_ROLE"),
        "prod_run": command("run", "--env", "prod"),
    }


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    found = {}
    csv = FOLDER / "hdma.csv"
    found["data"] = command("data", "--out", str(csv))
    found["run_without_table"] = run()
    found["setup"] = command("setup")
    found["setup_again"] = command("setup")
    found["run_without_rows"] = run()
    found.update(environments())
    found["load"] = command("load", "--file", str(csv))
    found["load_again"] = command("load", "--file", str(csv))
    found["loaded"] = count()
    found["bad_files"] = bad_files(csv.read_text())
    found["loaded_after_bad"] = count()
    found["unknown_key"] = run(treshold=0.5)
    found["threshold"] = run(threshold=1.5)
    found["unknown_pool"] = run(compute_pool="NO_SUCH_POOL")

    found["run"] = run()
    found["versions"] = versions()
    found["lineage"] = lineage()
    with training_code(RAISES):
        found["raises"] = run()
    with training_code(DIES):
        found["dies"] = run()
    found["versions_after_failures"] = versions()
    found["alert"] = run(threshold=0.99, keep_versions=1)
    found["versions_after_alert"] = versions()
    found["dataset_versions"] = dataset_versions()
    found["not_registered"] = command("run", "--no-register")
    found["versions_after_not_registered"] = versions()
    found["again"] = run(keep_versions=1)
    found["versions_at_last"] = versions()
    print(json.dumps(found))


try:
    main()
finally:
    shutil.rmtree(FOLDER)
