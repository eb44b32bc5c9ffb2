"""Times statements through the Python connector: `queries.py HOST PORT ACCOUNT USER PASSWORD`, or `queries.py duckdb`.

Prints one JSON object: statement name to its median in milliseconds.
"""

import json
import statistics
import sys
import time

ROWS = 100_000
# Both servers compile or cache what is used often.
WARM_UP = 200
ROUNDS = 200

# The same types everywhere: DuckDB alone would take 64-bit integers, which Snowflake does not have.
TABLE = "create or replace table bench_rows (id number(9, 0), grp number(4, 0), amount number(9, 0))"
SEQUENCE = f"select row_number() over (order by 1) - 1 as seq from table(generator(rowcount => {ROWS}))"
# DuckDB's own, for what has no GENERATOR.
RANGE = f"select range as seq from range({ROWS})"


def fill(source: str) -> str:
    return f"insert into bench_rows select seq, seq % 97, (seq * 7919) % 10007 from ({source}) as numbers"


STATEMENTS = {
    "select 1": "select 1",
    "group by over 100,000 rows": "select grp, count(*), sum(amount), avg(amount) from bench_rows group by grp order by grp",
}


def medians(execute) -> dict[str, float]:
    found = {}
    for name, sql in STATEMENTS.items():
        times = []
        for _ in range(WARM_UP):
            execute(sql)
        for _ in range(ROUNDS):
            begin = time.perf_counter()
            execute(sql)
            times.append((time.perf_counter() - begin) * 1000)
        found[name] = statistics.median(times)
    return found


def through_connector(host: str, port: str, account: str, user: str, password: str) -> dict[str, float]:
    import snowflake.connector

    connection = snowflake.connector.connect(
        host=host, port=int(port), protocol="http", account=account, user=user, password=password,
        session_parameters={"CLIENT_OUT_OF_BAND_TELEMETRY_ENABLED": False},
    )
    cursor = connection.cursor()
    cursor.execute("create database if not exists bench")
    cursor.execute("use database bench")
    cursor.execute("create schema if not exists bench.s")
    cursor.execute("use schema bench.s")
    cursor.execute(TABLE)
    try:
        cursor.execute(fill(SEQUENCE))
    except Exception:
        cursor.execute(fill(RANGE))
    return medians(lambda sql: cursor.execute(sql).fetchall())


def through_duckdb() -> dict[str, float]:
    import duckdb

    connection = duckdb.connect()
    connection.execute(TABLE.replace("number", "decimal"))
    connection.execute(fill(RANGE))
    return medians(lambda sql: connection.execute(sql).fetchall())


if __name__ == "__main__":
    print(json.dumps(through_duckdb() if sys.argv[1] == "duckdb" else through_connector(*sys.argv[1:6])))
