"""Alerts with the real snowflake.core, and tags of the kinds that can have them. Prints what it saw as one JSON object."""

import json
import time

from core_support import connect, failed, fields
from snowflake.core import Root
from snowflake.core.alert import Alert, CronSchedule, MinutesSchedule
from snowflake.core.exceptions import ConflictError, NotFoundError
from snowflake.core.tag import Tag, TagValue


def states(session, name):
    rows = session.sql(f"select state from table(alerts.information_schema.alert_history(alert_name => '{name}'))").collect()
    return [row[0] for row in rows]


def alerts(schema, session):
    described = Alert(
        name="watch",
        schedule=MinutesSchedule(minutes=5),
        warehouse="alerts_wh",
        condition="select n, n + 1 from alerts.s.numbers where n > 1",
        action="insert into alerts.s.found select max(n), 'it''s' from alerts.s.numbers",
        comment="it's watched",
    )
    alert = schema.alerts.create(described)
    cron = CronSchedule(cron_expr="0 8 * * MON-FRI", timezone="Europe/Zurich")
    schema.alerts.create(Alert(name="daily", schedule=cron, condition="show warehouses", action="select 1"))
    schema.alerts.create("copy", clone_alert="watch")
    fetched = alert.fetch()
    alert.execute()
    deadline = time.monotonic() + 60
    while states(session, "watch") != ["TRIGGERED"] and time.monotonic() < deadline:
        time.sleep(0.2)
    seen = {
        "fetched": fields(fetched, "name", "warehouse", "condition", "action", "comment", "state", "owner", "database_name", "schema_name"),
        "schedule": [fetched.schedule.minutes, *fields(schema.alerts["daily"].fetch().schedule, "cron_expr", "timezone")],
        "listed": [[each.name, each.state] for each in schema.alerts.iter()],
        "filtered": [each.name for each in schema.alerts.iter(like="D%", show_limit=1)],
        "executed": [states(session, "watch"), [list(row) for row in session.table("alerts.s.found").collect()]],
        "conflict": failed(lambda: schema.alerts.create(described), ConflictError),
        "injected": failed(lambda: schema.alerts.create(Alert(name="x", schedule=cron, condition="select 1)) then select 2 --", action="select 1"))),
    }
    alert.drop()
    alert.drop(if_exists=True)
    seen["dropped"] = [failed(alert.fetch, NotFoundError), failed(alert.execute, NotFoundError)]
    return seen


def tags(root, schema, session):
    """A tag on one object of each kind, read back, and taken away."""
    tag = schema.tags.create(Tag(name="layer"))
    session.sql("create view alerts.s.seen as select * from alerts.s.numbers").collect()
    session.sql("create dynamic table alerts.s.kept target_lag = '1 hour' warehouse = alerts_wh as select * from alerts.s.numbers").collect()
    session.sql("create stream alerts.s.changes on table alerts.s.numbers").collect()
    session.sql("create notification integration alerts_mail type = email enabled = true").collect()
    resources = {
        "alert": schema.alerts["daily"],
        "table": schema.tables["numbers"],
        "view": schema.views["seen"],
        "dynamic_table": schema.dynamic_tables["kept"],
        "stream": schema.streams["changes"],
        "role": root.roles["public"],
        "user": root.users["local_admin"],
        "integration": root.notification_integrations["alerts_mail"],
    }
    seen = {}
    for kind, resource in resources.items():
        resource.set_tags({tag: TagValue("gold")})
        found = [[each.name, value.value, value.level] for each, value in resource.get_tags().items()]
        resource.unset_tags({tag})
        seen[kind] = [found, len(resource.get_tags())]
    return seen


def main():
    session = connect()
    for statement in (
        "create warehouse alerts_wh",
        "create database alerts",
        "create schema alerts.s",
        "create table alerts.s.numbers as select 2 as n",
        "create table alerts.s.found (n int, note varchar)",
    ):
        session.sql(statement).collect()
    root = Root(session)
    schema = root.databases["alerts"].schemas["s"]
    print(json.dumps({"alerts": alerts(schema, session), "tags": tags(root, schema, session)}))
    session.close()


main()
