"""Drives the real Snowpark for Python and prints what it saw as one JSON object."""

import io
import json
import os

from snowflake.snowpark import Session
from snowflake.snowpark.exceptions import SnowparkSQLException
from snowflake.snowpark.functions import avg, col, count

PARAMETERS = json.loads(os.environ["CONNECTION"])


def main():
    session = Session.builder.configs(PARAMETERS).create()
    found = {}
    session.sql("create warehouse if not exists snowpark_wh").collect()
    session.sql("create database if not exists snowpark_db").collect()
    session.use_schema("snowpark_db.public")
    found["context"] = [session.get_current_database(), session.get_current_schema(), session.get_current_role()]
    frame = session.create_dataframe([[1, "a", 1.5], [2, "b", None], [3, "a", 2.5]], schema=["n", "g", "x"])
    found["schema"] = [[field.name, str(field.datatype)] for field in frame.schema.fields]
    found["grouped"] = [list(row) for row in frame.group_by("g").agg(count("n").alias("c"), avg("x").alias("m")).sort("g").collect()]
    frame.write.mode("overwrite").save_as_table("people")
    found["table"] = session.table("people").filter(col("n") > 1).count()
    found["pandas"] = session.table("people").sort("n").to_pandas()["N"].tolist()
    session.sql("create stage if not exists files").collect()
    session.file.put_stream(io.BytesIO(b"streamed"), "@files/a/b.txt", auto_compress=False)
    found["streamed"] = session.file.get_stream("@files/a/b.txt").read().decode()
    try:
        session.table("no_such_table").collect()
    except SnowparkSQLException as error:
        found["error"] = [error.sql_error_code, "does not exist or not authorized" in error.message]
    asynchronous = session.sql("select 42 as answer").collect(block=False)
    found["asynchronous"] = [list(row) for row in asynchronous.result()]
    session.close()
    print(json.dumps(found, default=str))


main()
