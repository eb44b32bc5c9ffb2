"""Drives the real Snowflake Python connector and prints what it saw as one JSON object, a key for each scenario."""

import datetime
import decimal
import io
import json
import os
import tempfile
import time
from pathlib import Path

import snowflake.connector

PARAMETERS = json.loads(os.environ["CONNECTION"])
EVERY_TYPE = """
    select 12345678901234567890::number(38,0) as fixed, 1.5::number(10,2) as decimal_, 0.0015::float as real_,
           'äöü "q" '' \\\\ 雪'::varchar as text_, true as boolean_, '2022-01-08'::date as date_,
           '01:01:01.123456'::time as time_, '2023-11-14 22:13:20.123456'::timestamp_ntz as ntz,
           '2023-11-14 22:13:20.123 +0000'::timestamp_ltz(3) as ltz, '2023-11-14 22:13:20.5 +0100'::timestamp_tz as tz,
           parse_json('{"a":[1,null,"x"]}') as variant_, object_construct('b', 2) as object_,
           array_construct(1, 'x') as array_, to_binary('DEADBEEF', 'HEX') as binary_, '1969-12-31 23:59:58.5'::timestamp_ntz as before_epoch
"""
NULLS = """
    select null::number(38,0), null::number(10,2), null::float, null::varchar, null::boolean, null::date, null::time,
           null::timestamp_ntz, null::timestamp_ltz, null::timestamp_tz, null::variant, null::object, null::array, null::binary
"""


def connect(**more):
    return snowflake.connector.connect(**{**PARAMETERS, **more})


def failure(action):
    try:
        action()
    except snowflake.connector.Error as error:
        return {
            "type": type(error).__name__,
            "errno": error.errno,
            "sqlstate": error.sqlstate,
            "message": error.raw_msg or str(error),
        }
    return None


def wrong_password():
    started = time.monotonic()
    found = failure(lambda: connect(password="wrong"))
    return {**found, "quick": time.monotonic() - started < 5}


def every_type(connection):
    cursor = (
        connection.cursor()
        .execute("alter session set timezone = 'Europe/Berlin'")
        .execute(EVERY_TYPE)
    )
    described = [
        [c.name, c.type_code, c.precision, c.scale, c.internal_size]
        for c in cursor.description
    ]
    row = {
        c.name: repr(value) for c, value in zip(cursor.description, cursor.fetchone())
    }
    nulls = connection.cursor().execute(NULLS).fetchone()
    return {
        "row": row,
        "described": described,
        "nulls": sum(value is None for value in nulls),
    }


def describe_only(connection):
    cursor = connection.cursor()
    columns = [c.name for c in cursor.describe("select 1 as a, 'x' as b")]
    return {
        "columns": columns,
        "error": failure(lambda: cursor.describe("select * from no_such_table")),
    }


def binds(connection):
    cursor = connection.cursor()
    cursor.execute("select %s, %s, %s", (1, "it's", None))
    client_side = cursor.fetchone()
    return {"client": client_side}


def server_binds():
    with_qmark = connect(paramstyle="qmark")
    cursor = with_qmark.cursor()
    cursor.execute(
        "select ?, ?, ?, ?::boolean", (1, "it's; -- not a comment", None, True)
    )
    row = cursor.fetchone()
    moments = [
        datetime.date(2022, 1, 8),
        datetime.time(1, 2, 3, 500000),
        datetime.datetime(1969, 12, 31, 23, 59, 58, 500000),
        b"\xde\xad",
        decimal.Decimal("1.50"),
    ]
    same = cursor.execute("select ?, ?, ?, ?, ?", moments).fetchone() == tuple(moments)
    cursor.execute("use database wire_py").execute(
        "create or replace table wire_py.public.many (n number, t varchar)"
    )
    cursor.executemany(
        "insert into wire_py.public.many values (?, ?)",
        [(n, f"row {n}") for n in range(1000)],
    )
    inserted = cursor.rowcount
    total = cursor.execute(
        "select count(*), sum(n), max(t) from wire_py.public.many"
    ).fetchone()
    with_qmark.close()
    return {
        "row": row,
        "same": same,
        "inserted": inserted,
        "total": [total[0], int(total[1]), total[2]],
    }


def large_result(connection):
    cursor = connection.cursor()
    cursor.execute(
        "select seq4() as n, repeat('x', 100) as t from table(generator(rowcount => 200000))"
    )
    rows = 0
    total = 0
    for n, text in cursor:
        rows += 1
        total += n
        assert len(text) == 100
    batches = len(cursor.get_result_batches() or [])
    return {
        "rows": rows,
        "rowcount": cursor.rowcount,
        "sum": total,
        "chunked": batches > 1,
    }


def asynchronous(connection):
    cursor = connection.cursor()
    cursor.execute_async("select 57 as x")
    query = cursor.sfqid
    cursor.get_results_from_sfqid(query)
    rows = cursor.fetchall()
    status = connection.get_query_status(query).name
    cursor.execute_async("select * from no_such_table")
    failed = cursor.sfqid
    while connection.is_still_running(connection.get_query_status(failed)):
        time.sleep(0.01)
    return {
        "rows": rows,
        "status": status,
        "failed": connection.get_query_status(failed).name,
        "error": failure(lambda: connection.get_query_status_throw_if_error(failed)),
        "unknown": connection.get_query_status(
            "01b0c0de-0000-0000-0000-000000000000"
        ).name,
    }


def multi_statement(connection):
    cursor = connection.cursor()
    cursor.execute("select 1; select 'two;'; select 3 as c", num_statements=3)
    results = [cursor.fetchall()]
    while cursor.nextset():
        results.append(cursor.fetchall())
    return {
        "results": results,
        "wrong": failure(lambda: connection.cursor().execute("select 1; select 2")),
    }


def transfers(connection):
    cursor = connection.cursor()
    folder = Path(tempfile.mkdtemp())
    source = folder / "hello.txt"
    source.write_text("hello\n" * 1000)
    stage = "@wire_py.public.files"
    found = {}
    found["put"] = cursor.execute(
        f"put 'file://{source}' {stage}/sub auto_compress=true"
    ).fetchall()[0][:7]
    found["stream"] = cursor.execute(
        f"put 'file:///tmp/stream.txt' {stage} auto_compress=false overwrite=true",
        file_stream=io.BytesIO(b"stream"),
    ).fetchall()[0][:7]
    found["listed"] = sorted(row[0] for row in cursor.execute(f"ls {stage}").fetchall())
    target = folder / "out"
    target.mkdir()
    found["get"] = [
        [row[0], row[2]]
        for row in cursor.execute(
            f"get {stage}/sub/hello.txt.gz 'file://{target}'"
        ).fetchall()
    ]
    found["got"] = sorted(path.name for path in target.iterdir())
    found["text"] = (
        cursor.execute(f"get {stage}/stream.txt 'file://{target}'")
        and (target / "stream.txt").read_text()
    )
    return found


def presigned_transfers():
    connection = connect(session_parameters={"LOCAL_SNOWFLAKE_TRANSFER": "PRESIGNED"})
    found = transfers(connection)
    connection.close()
    return found


def abort(connection):
    cursor = connection.cursor()
    started = time.monotonic()
    found = failure(lambda: cursor.execute("call system$wait(300)", timeout=1))
    return {**found, "quick": time.monotonic() - started < 60}


def dml(connection):
    cursor = connection.cursor()
    cursor.execute("create or replace table wire_py.public.t (n number not null)")
    inserted = cursor.execute(
        "insert into wire_py.public.t values (1), (2), (3)"
    ).rowcount
    stats = cursor.stats._asdict()
    updated = cursor.execute(
        "update wire_py.public.t set n = n + 1 where n > 1"
    ).rowcount
    deleted = cursor.execute("delete from wire_py.public.t where n = 1").rowcount
    return {
        "inserted": inserted,
        "stats": stats,
        "updated": updated,
        "deleted": deleted,
        "null": failure(
            lambda: cursor.execute("insert into wire_py.public.t values (null)")
        ),
    }


def session(connection):
    fresh = connect(database="wire_py", schema="public")
    found = {
        "database": fresh.database,
        "schema": fresh.schema,
        "role": fresh.role,
        "valid": fresh.is_valid(),
        "id": str(fresh.session_id)
        == fresh.cursor().execute("select current_session()").fetchone()[0],
    }
    fresh.cursor().execute("create schema if not exists wire_py.other")
    fresh.cursor().execute("use schema wire_py.other")
    found["changed"] = fresh.schema
    fresh.close()
    found["closed"] = fresh.is_closed()
    return found


def nested_types(connection):
    """Structured values and vectors, in both formats of results."""
    found = {}
    for result_format in ("ARROW", "JSON"):
        cursor = connection.cursor()
        cursor.execute(
            f"alter session set python_connector_query_result_format = '{result_format}'"
        )
        cursor.execute(
            "select [1, 2]::array(int), {'k': 1}::map(varchar, int), [1, 2.5]::vector(float, 2), [1, 2]::vector(int, 2)"
        )
        found[result_format] = [
            [json.loads(value) if isinstance(value, str) else value for value in row]
            for row in cursor.fetchall()
        ]
    connection.cursor().execute(
        "alter session unset python_connector_query_result_format"
    )
    return found


def nested_types(connection):
    """Structured values and vectors, in both formats of results."""
    found = {}
    for result_format in ("ARROW", "JSON"):
        cursor = connection.cursor()
        cursor.execute(f"alter session set python_connector_query_result_format = '{result_format}'")
        cursor.execute("select [1, 2]::array(int), {'k': 1}::map(varchar, int), [1, 2.5]::vector(float, 2), [1, 2]::vector(int, 2)")
        found[result_format] = [[json.loads(value) if isinstance(value, str) else value for value in row] for row in cursor.fetchall()]
    connection.cursor().execute("alter session unset python_connector_query_result_format")
    return found


def main():
    found = {"wrong_password": wrong_password()}
    connection = connect()
    for statement in (
        "create warehouse if not exists wire_wh",
        "create database if not exists wire_py",
        "create stage if not exists wire_py.public.files",
    ):
        connection.cursor().execute(statement)
    scenarios = {
        "every_type": lambda: every_type(connection),
        "nested_types": lambda: nested_types(connection),
        "nested_types": lambda: nested_types(connection),
        "describe_only": lambda: describe_only(connection),
        "binds": lambda: binds(connection),
        "server_binds": server_binds,
        "dml": lambda: dml(connection),
        "large_result": lambda: large_result(connection),
        "asynchronous": lambda: asynchronous(connection),
        "multi_statement": lambda: multi_statement(connection),
        "transfers": lambda: transfers(connection),
        "presigned_transfers": presigned_transfers,
        "abort": lambda: abort(connection),
        "session": lambda: session(connection),
        "unknown_table": lambda: failure(
            lambda: connection.cursor().execute("select * from no_such_table")
        ),
    }
    for name, scenario in scenarios.items():
        try:
            found[name] = scenario()
        except Exception as error:  # noqa: BLE001 - one broken scenario must not hide the others
            found[name] = {"broken": f"{type(error).__name__}: {error}"}
    connection.close()
    print(json.dumps(found, default=str))


main()
