"""Works on single objects with the real snowflake.core, and prints what it saw as one JSON object."""

import json
import os
from datetime import timedelta

from core_support import failed
from snowflake.core import Clone, CreateMode, PointOfTimeOffset, PointOfTimeStatement, Root
from snowflake.core.database import Database
from snowflake.core.exceptions import ConflictError, NotFoundError
from snowflake.core.schema import Schema
from snowflake.core.tag import TagValue
from snowflake.core.task import Cron, Task
from snowflake.core.warehouse import Warehouse
from snowflake.snowpark import Session

PARAMETERS = json.loads(os.environ["CONNECTION"])


def single_task(tasks):
    """One task with every property that a root can have."""
    name = '"o\'clock: 8"'
    created = tasks.create(
        Task(
            name,
            "begin\n  let a := 1;\n  return a;\nend",
            user_task_managed_initial_warehouse_size="SMALL",
            schedule=Cron("0 8 * * MON-FRI", "Europe/Zurich"),
            condition="cast('1' as int) = 1",
            comment='it\'s \\ $$ "quoted"; drop table numbers',
            session_parameters={"TIMEZONE": "Europe/Zurich", "WEEK_START": 1, "QUOTED_IDENTIFIERS_IGNORE_CASE": False},
            suspend_task_after_num_failures=3,
            user_task_timeout_ms=60_000,
            task_auto_retry_attempts=2,
            allow_overlapping_execution=True,
        )
    )
    task = created.fetch()
    seen = {
        "name": task.name,
        "properties": [task.user_task_managed_initial_warehouse_size, task.condition, task.comment, task.definition],
        "numbers": [task.suspend_task_after_num_failures, task.user_task_timeout_ms, task.task_auto_retry_attempts],
        "parameters": task.session_parameters,
        "schedule": list(task.schedule),
        "overlap": [task.allow_overlapping_execution, str(task.overlap_policy)],
        "owner": [task.owner, task.database_name, task.schema_name],
    }
    task.comment = "another"
    task.schedule = timedelta(hours=2)
    created.create_or_alter(task)
    altered = created.fetch()
    seen["altered"] = [altered.comment, str(altered.schedule), altered.id == task.id]
    seen["kept"] = tasks.create(Task(name, "select 2"), mode=CreateMode.if_not_exists).fetch().definition
    seen["injected"] = failed(lambda: tasks.create(Task("x", "select 1", condition="true as select 2")))
    seen["two_statements"] = failed(lambda: tasks.create(Task("x", "select 1; select 2")))
    seen["tags"] = tags(created, tasks.database.root)
    created.drop()
    created.drop(if_exists=True)
    return seen


def tags(resource, root):
    """Tags set, read and taken away; with those of what contains the object."""
    defined = root.databases["objects"].schemas["s"].tags
    layer, stage = defined["layer"], defined['"the stage"']
    root.databases["objects"].set_tags({layer: TagValue("gold")})
    resource.set_tags({stage: TagValue("it's; prod")})

    def shown(found):
        return sorted([tag.fully_qualified_name, value.value, value.level] for tag, value in found.items())

    seen = [shown(resource.get_tags()), shown(resource.get_tags(with_lineage=True))]
    resource.unset_tags({stage})
    root.databases["objects"].unset_tags({layer})
    seen.append(shown(resource.get_tags(with_lineage=True)))
    return seen


def containers(root):
    """Databases and schemas; names with blanks and wildcards of LIKE."""
    database = root.databases.create(Database('"my %_ db"', comment="it's", data_retention_time_in_days=1, kind="TRANSIENT"))
    schema = database.schemas.create(Schema("data", managed_access=True, log_level="INFO"))
    seen = {
        "database": [
            getattr(database.fetch(), name) for name in ("name", "kind", "comment", "data_retention_time_in_days", "owner")
        ],
        "schema": [getattr(schema.fetch(), name) for name in ("name", "kind", "managed_access", "log_level", "database_name")],
        "databases": [each.name for each in root.databases.iter(like="my%")],
        "schemas": sorted(each.name for each in database.schemas.iter()),
        "limited": [each.name for each in database.schemas.iter(limit=1, from_name="DATA")],
        "other": failed(lambda: root.databases['"my xx db"'].fetch(), NotFoundError),
        "conflict": failed(lambda: database.schemas.create(Schema("data")), ConflictError),
        "permanent": failed(lambda: root.databases.create(Database("copy"), clone='"my %_ db"')),
    }
    schema.drop()
    seen["dropped"] = failed(schema.fetch, NotFoundError)
    schema.undrop()
    seen["undropped"] = schema.fetch().name
    database.drop()
    seen["gone"] = [each.name for each in root.databases.iter(like="my%")]
    database.undrop()
    seen["back"] = [each.name for each in root.databases.iter(like="my%")]
    seen["purged"] = failed(root.databases["never"].undrop)
    database.drop()
    return seen


def clones(root, session):
    """Databases, schemas and tables, as they are and as they were."""
    session.sql("create table objects.s.numbers (n int not null, label varchar comment 'what it is called')").collect()
    inserted = session.sql("insert into objects.s.numbers values (1, 'one'), (2, 'two')").collect_nowait()
    inserted.result()
    session.sql("delete from objects.s.numbers where n = 1").collect()
    point = PointOfTimeStatement(reference="at", when=inserted.query_id)
    copies = root.databases.create(Database("copies", comment="of objects"), clone="objects")
    schema = copies.schemas.create(Schema("was", managed_access=True), clone=Clone(source="objects.s", point_of_time=point))
    table = schema.tables.create("two", clone_table=Clone(source="objects.s.numbers", point_of_time=point))
    schema.tables.create("two", clone_table="objects.s.numbers", mode=CreateMode.if_not_exists)
    hour_ago = Clone(source="objects.s.numbers", point_of_time=PointOfTimeOffset(reference="before", when="-60*60"))

    def count(name):
        return session.sql(f"select count(*) from {name}").collect()[0][0]

    seen = {
        "database": [copies.fetch().comment, sorted(each.name for each in copies.schemas.iter())],
        "schema": schema.fetch().managed_access,
        "rows": [count(name) for name in ("copies.s.numbers", "copies.was.numbers", "copies.was.two")],
        "table": [[each.name, each.datatype, each.nullable, each.comment] for each in table.fetch().columns],
        "listed": sorted(each.name for each in schema.tables.iter()),
        "before": failed(lambda: schema.tables.create("x", clone_table=hour_ago)),
    }
    table.drop()
    seen["dropped"] = [each.name for each in schema.tables.iter(history=True) if each.dropped_on is not None]
    table.undrop()
    seen["undropped"] = count("copies.was.two")
    copies.drop()
    return seen


def warehouse(root):
    created = root.warehouses.create(
        Warehouse(
            "rest_wh",
            warehouse_size="SMALL",
            auto_suspend=60,
            auto_resume="false",
            initially_suspended="true",
            max_concurrency_level=4,
        )
    )
    fetched = created.fetch()
    seen = {
        "fetched": [
            fetched.name,
            fetched.size,
            fetched.auto_suspend,
            fetched.auto_resume,
            fetched.state,
            fetched.max_concurrency_level,
        ],
        "conflict": failed(created.suspend),
        "listed": [each.name for each in root.warehouses.iter(like="rest%")],
    }
    created.resume()
    seen["resumed"] = created.fetch().state
    created.use_warehouse()
    seen["current"] = created.fetch().is_current
    seen["tags"] = tags(created, root)[0]
    created.rename('"REST wh"')
    seen["renamed"] = [each.name for each in root.warehouses.iter(like="rest%")]
    created = root.warehouses['"REST wh"']
    created.drop()
    created.drop(if_exists=True)
    return seen


def main():
    session = Session.builder.configs(PARAMETERS).create()
    for statement in (
        "create warehouse objects_wh",
        "create database objects",
        "create schema objects.s",
        "create tag objects.s.layer",
        'create tag objects.s."the stage"',
    ):
        session.sql(statement).collect()
    root = Root(session)
    found = {
        "task": single_task(root.databases["objects"].schemas["s"].tasks),
        "containers": containers(root),
        "clones": clones(root, session),
        "warehouse": warehouse(root),
        "policies": failed(lambda: list(root.network_policies.iter())),
    }
    print(json.dumps(found))
    session.close()


main()
