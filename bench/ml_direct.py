"""The same work without Snowflake: DuckDB, a plain Python process, a bare uvicorn. Prints one JSON object, as ml.py does."""

import asyncio
import json
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import xgboost as xgb
from ml_data import FEATURE_SQL, FEATURES, ROWS, columns, model, seconds
from ml_load import load

#: What Snowflake's SQL calls by other names.
IN_DUCKDB = columns("N").replace(
    "dateadd('second', N, '2026-01-01'::timestamp)", "'2026-01-01'::timestamp + to_seconds(N::bigint)"
)


def main(folder: Path) -> dict[str, float]:
    connection = duckdb.connect(str(folder / "loans.duckdb"))
    connection.execute(f"create table LOANS as select {IN_DUCKDB} from (select range::decimal(9, 0) as N from range({ROWS}))")
    found = {
        "feature store set-up": seconds(
            lambda: connection.execute(f"create table FEATURES as select ID, APPLIED, {FEATURE_SQL} from LOANS")
        )
    }
    joined = f"select s.ID, s.APPLIED, s.DENIED, {', '.join(FEATURES)} from LOANS s asof left join FEATURES f on s.ID = f.ID and s.APPLIED >= f.APPLIED"
    file = folder / "set.parquet"
    found["dataset of 1,000,000 rows"] = seconds(lambda: connection.execute(f"copy ({joined}) to '{file}' (format parquet)"))
    found["dataset of 1,000,000 rows to pandas"] = seconds(lambda: pd.read_parquet(file))
    found["job submit to start"] = start_of_python(folder)
    trained = model()
    found["log_model"] = seconds(lambda: save(trained, folder))
    found["batch scoring of 1,000,000 rows"] = seconds(lambda: score(connection, trained))
    found.update(serving(trained))
    return found


def start_of_python(folder: Path) -> float:
    file = folder / "job.py"
    file.write_text("import time\nprint(time.time())\n")
    times = []
    for _ in range(5):
        begin = time.time()
        times.append(float(subprocess.run([sys.executable, file], capture_output=True, check=True).stdout) - begin)
    return sorted(times)[2]


def save(trained: xgb.XGBClassifier, folder: Path) -> None:
    """As simple as it can be: train as ml.py does within its measurement, and keep the model in a file."""
    model().save_model(folder / "model.json")


def score(connection: duckdb.DuckDBPyConnection, trained: xgb.XGBClassifier) -> None:
    rows = connection.execute(f"select ID, {', '.join(FEATURES)} from FEATURES").df()
    scores = pd.DataFrame({"ID": rows["ID"], "P": trained.predict_proba(rows[FEATURES])[:, 1]})
    connection.register("scored", scores)
    connection.execute("create table SCORES as select * from scored")


def serving(trained: xgb.XGBClassifier) -> dict[str, float]:
    import uvicorn

    def answer(body: bytes) -> bytes:
        frame = pd.DataFrame.from_records(json.loads(body)["dataframe_records"])
        predicted = trained.predict_proba(frame)
        return json.dumps(
            {"data": [[number, row] for number, row in enumerate(np.asarray(predicted, float).tolist())]}
        ).encode()

    async def application(scope, receive, send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        content = await asyncio.get_running_loop().run_in_executor(None, answer, body)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": content})

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(application, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        port = listener.getsockname()[1]
        # The client in a process of its own: it must not share the server's interpreter.
        row = json.dumps({"dataframe_records": [dict.fromkeys(FEATURES, 0.5)]})
        code = f"import json, ml_load; print(json.dumps(ml_load.load('127.0.0.1:{port}', '/', {row!r}, {{}})))"
        client = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=Path(__file__).parent)
        server.should_exit = True
        thread.join()
    return json.loads(client.stdout)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="bench-ml-") as name:
        print(json.dumps(main(Path(name))))
