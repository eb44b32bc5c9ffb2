"""Tables and what is made of them, and stages with their files, with the real snowflake.core. Prints what it saw as one JSON object."""

import json
import tempfile
from pathlib import Path

from core_support import connect, failed, fields
from snowflake.core import CreateMode, Root
from snowflake.core.dynamic_table import DownstreamLag, DynamicTable, UserDefinedLag
from snowflake.core.exceptions import ConflictError, NotFoundError
from snowflake.core.stage import Stage, StageDirectoryTable, StageEncryption
from snowflake.core.stream import (
    PointOfTimeOffset,
    Stream,
    StreamSourceStage,
    StreamSourceTable,
    StreamSourceView,
)
from snowflake.core.table import ForeignKey, PrimaryKey, Table, TableColumn, UniqueKey
from snowflake.core.view import View, ViewColumn


def columns(table):
    return [[each.name, each.datatype, each.nullable, each.default, each.autoincrement, each.comment] for each in table.columns]


def constraints(table):
    return [[type(each).__name__, each.column_names] for each in table.constraints or []]


def tables(schema, session):
    described = Table(
        name="events",
        columns=[
            TableColumn(name="id", datatype="int", nullable=False, autoincrement=True, autoincrement_start=0, autoincrement_increment=5),
            TableColumn(name="category", datatype="varchar(10)", default="'it''s'", comment="it's one"),
            TableColumn(name='"The key"', datatype="number(10, 2)", constraints=[UniqueKey()]),
        ],
        constraints=[PrimaryKey(name="pk", column_names=["id"])],
        cluster_by=["category", "round(id, -1)"],
        change_tracking=True,
        data_retention_time_in_days=0,
        comment="store events/logs in here",
    )
    table = schema.tables.create(described)
    session.sql('insert into tables.s.events (category, "The key") values (\'a\', 1.5), (\'b\', 2)').collect()
    fetched = table.fetch()
    seen = {
        "fetched": fields(fetched, "name", "kind", "cluster_by", "change_tracking", "data_retention_time_in_days", "comment", "rows"),
        "columns": columns(fetched),
        "constraints": constraints(fetched),
        "conflict": failed(lambda: schema.tables.create(described), ConflictError),
        "deep": [[each.name, len(each.columns or [])] for each in schema.tables.iter(like="ev%", deep=True)],
    }
    fetched.comment = None
    fetched.columns = [*fetched.columns[:2], TableColumn(name="added", datatype="float", default="1.5")]
    fetched.columns[1].datatype = "varchar(20)"
    fetched.columns[1].default = "'other'"
    fetched.constraints = None
    fetched.change_tracking = None
    table.create_or_alter(fetched)
    altered = table.fetch()
    session.sql("insert into tables.s.events (added) values (2)").collect()
    seen["altered"] = [columns(altered), altered.comment, altered.change_tracking, constraints(altered)]
    seen["rows"] = sorted([list(row) for row in session.table("tables.s.events").collect()], key=str)
    schema.tables["fresh"].create_or_alter(Table(name="fresh", columns=[TableColumn(name="n", datatype="int")], kind="TRANSIENT"))
    seen["fresh"] = schema.tables["fresh"].fetch().kind
    reordered = Table(name="events", columns=[TableColumn(name="added", datatype="float"), TableColumn(name="id", datatype="int")])
    seen["reordered"] = failed(lambda: table.create_or_alter(reordered))
    child = Table(
        name="child",
        columns=[TableColumn(name="event", datatype="int")],
        constraints=[ForeignKey(column_names=["event"], referenced_table_name="events", referenced_column_names=["id"])],
    )
    seen["unknown"] = failed(lambda: schema.tables.create(Table(name="x", columns=[TableColumn(name="n", datatype="int); drop table x")])))
    session.use_schema("tables.s")
    schema.tables.create(child)
    schema.tables.create("chosen", as_select="select id, category from tables.s.events where category = 'a'")
    schema.tables.create("like_it", like_table="events", mode=CreateMode.or_replace)
    seen["made"] = [[each.name, each.rows] for each in schema.tables.iter()]
    schema.tables["chosen"].swap_with("like_it")
    seen["swapped"] = [schema.tables[name].fetch().rows for name in ("chosen", "like_it")]
    seen["template"] = failed(lambda: schema.tables.create("templated", template="select 1"))
    seen["recluster"] = failed(table.suspend_recluster)
    table.drop()
    seen["dropped"] = failed(table.fetch, NotFoundError)
    return seen


def views_and_streams(schema, session):
    schema.tables.create("source", as_select="select 1 as n, 'a' as label")
    view = schema.views.create(
        View(
            name="picked",
            columns=[ViewColumn(name="number", comment="it's n"), ViewColumn(name="label")],
            query="select n, label from tables.s.source",
            comment="picked",
            secure=True,
        )
    )
    fetched = view.fetch()
    seen = {
        "view": fields(fetched, "name", "secure", "query", "comment"),
        "columns": [fields(each, "name", "datatype", "comment") for each in fetched.columns],
        "views": [[each.name, len(each.columns)] for each in schema.views.iter(deep=True)],
        "broken": failed(lambda: schema.views.create(View(name="x", columns=[ViewColumn(name="n")], query="select 1; select 2"))),
    }
    source = StreamSourceTable(name="source", append_only=True, show_initial_rows=True)
    stream = schema.streams.create(Stream(name="changes", stream_source=source, comment="it's new"))
    fetched = stream.fetch()
    schema.streams.create(Stream(name="over_view", stream_source=StreamSourceView(name="picked", database_name="tables", schema_name="s")))
    session.sql("create stage tables.s.listed directory = (enable = true)").collect()
    schema.streams.create(Stream(name="over_files", stream_source=StreamSourceStage(name="listed")))
    late = StreamSourceTable(name="source", point_of_time=PointOfTimeOffset(reference="before", offset="-60*60*24*30"))
    schema.streams.create("changes_too", clone_stream="changes")
    seen["stream"] = [
        *fields(fetched, "name", "comment", "mode", "stale", "table_name", "type"),
        type(fetched.stream_source).__name__,
        *fields(fetched.stream_source, "name", "database_name", "schema_name"),
    ]
    seen["streams"] = [[each.name, type(each.stream_source).__name__, each.stream_source.name] for each in schema.streams.iter()]
    seen["initial"] = session.sql("select n from tables.s.changes").collect()[0][0]
    seen["late"] = failed(lambda: schema.streams.create(Stream(name="late", stream_source=late)))
    stream.drop()
    view.drop()
    view.drop(if_exists=True)
    seen["dropped"] = [failed(stream.fetch, NotFoundError), failed(view.fetch, NotFoundError)]
    return seen


def dynamic_tables(schema, session):
    described = DynamicTable(
        name="totals",
        target_lag=UserDefinedLag(seconds=120),
        warehouse="tables_wh",
        query="select label, count(*) as n from tables.s.source group by label",
        comment="it's counted",
        refresh_mode="FULL",
    )
    table = schema.dynamic_tables.create(described)
    session.sql("insert into tables.s.source values (2, 'a')").collect()
    table.refresh()
    fetched = table.fetch()
    seen = {
        "fetched": fields(fetched, "name", "warehouse", "query", "comment", "refresh_mode", "scheduling_state", "rows"),
        "lag": fetched.target_lag.seconds,
        "columns": [each.name for each in fetched.columns],
        "refreshed": session.sql("select n from tables.s.totals").collect()[0][0],
    }
    table.suspend()
    seen["suspended"] = table.fetch().scheduling_state
    table.resume()
    copy = schema.dynamic_tables.create(DynamicTable(name="copy", target_lag=DownstreamLag(), warehouse="tables_wh", query=""), clone_table="totals")
    seen["clone"] = [type(copy.fetch().target_lag).__name__, copy.fetch().scheduling_state]
    seen["listed"] = [each.name for each in schema.dynamic_tables.iter(starts_with="T")]
    table.drop()
    table.undrop()
    seen["undropped"] = table.fetch().name
    seen["swap"] = failed(lambda: table.swap_with("copy"))
    table.drop()
    seen["dropped"] = failed(table.fetch, NotFoundError)
    return seen


def stages(schema):
    stage = schema.stages.create(
        Stage(
            name="files",
            comment="it's files",
            encryption=StageEncryption(type="SNOWFLAKE_SSE"),
            directory_table=StageDirectoryTable(enable=True),
        )
    )
    fetched = stage.fetch()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.csv").write_text("1,2\n")
        (Path(folder) / "b.txt").write_text("text")
        stage.put(f"{folder}/*", "/in/here", auto_compress=False)
        listed = [[each.name, each.size] for each in stage.list_files()]
        matching = [each.name for each in stage.list_files(pattern=".*[.]csv")]
        stage.get("/in/here/b.txt", f"{folder}/out")
        text = (Path(folder) / "out" / "b.txt").read_text()
    seen = {
        "fetched": [fetched.name, fetched.comment, fetched.encryption.type, fetched.directory_table.enable],
        "files": [listed, matching, text],
        "external": failed(lambda: schema.stages.create(Stage(name="x", url="s3://bucket/path"))),
        "listed": [each.name for each in schema.stages.iter(like="f%")],
    }
    stage.drop()
    seen["dropped"] = [failed(stage.fetch, NotFoundError), failed(lambda: list(stage.list_files()), NotFoundError)]
    return seen


def main():
    session = connect()
    for statement in ("create warehouse tables_wh", "create database tables", "create schema tables.s"):
        session.sql(statement).collect()
    schema = Root(session).databases["tables"].schemas["s"]
    session.use_warehouse("tables_wh")
    found = {
        "tables": tables(schema, session),
        "views": views_and_streams(schema, session),
        "dynamic": dynamic_tables(schema, session),
        "stages": stages(schema),
    }
    print(json.dumps(found))
    session.close()


main()
