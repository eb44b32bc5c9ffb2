"""Kinds of objects that are one row of SHOW each, with the real snowflake.core. Prints what it saw as one JSON object."""

import json

from core_support import connect, failed, fields
from snowflake.core import CreateMode, Root
from snowflake.core.database import Database
from snowflake.core.exceptions import ConflictError, NotFoundError
from snowflake.core.notification_integration import (
    NotificationEmail,
    NotificationIntegration,
    NotificationWebhook,
    WebhookSecret,
)
from snowflake.core.role import Role
from snowflake.core.schema import Schema
from snowflake.core.secret import GenericStringSecret, PasswordSecret
from snowflake.core.sequence import Sequence
from snowflake.core.tag import Tag
from snowflake.core.user import User
from snowflake.core.warehouse import Warehouse


def roles(root):
    root.roles.create(Role(name="rest_analyst", comment="it's an analyst"))
    root.roles.create(Role(name='"rest role"'))
    root.roles.create(Role(name="rest_analyst"), mode=CreateMode.if_not_exists)
    seen = {
        "listed": [fields(each, "name", "comment", "owner", "is_current", "granted_roles") for each in root.roles.iter(like="rest%")],
        "filtered": [
            [each.name for each in root.roles.iter(starts_with="REST")],
            [each.name for each in root.roles.iter(like="rest%", limit=1)],
            [each.name for each in root.roles.iter(limit=1, from_name="rest")],
        ],
        "conflict": failed(lambda: root.roles.create(Role(name="rest_analyst")), ConflictError),
    }
    root.roles["rest_analyst"].drop()
    root.roles["rest_analyst"].drop(if_exists=True)
    seen["dropped"] = failed(root.roles["rest_analyst"].drop, NotFoundError)
    return seen


def users(root, session):
    described = User(
        name="rest_user",
        password="first password",
        login_name="rester",
        display_name="The Rester",
        first_name="Re",
        middle_name="S",
        last_name="Ter",
        email="rest@example.com",
        default_warehouse="kinds_wh",
        default_namespace="kinds.s",
        default_role="public",
        comment="it's me",
        must_change_password=False,
    )
    user = root.users.create(described)
    names = ["name", "login_name", "display_name", "first_name", "middle_name", "last_name", "email", "default_warehouse", "default_namespace"]
    names += ["default_role", "default_secondary_roles", "comment", "must_change_password", "disabled", "has_password", "password"]
    fetched = user.fetch()
    seen = {"fetched": fields(fetched, *names)}
    fetched.comment = None
    fetched.email = "other@example.com"
    user.create_or_alter(fetched)
    seen["altered"] = fields(user.fetch(), *names)
    root.users["other_user"].create_or_alter(User(name="other_user", disabled=True))
    seen["listed"] = [fields(each, "name", "disabled") for each in root.users.iter(like="%_user")]
    seen["conflict"] = failed(lambda: root.users.create(described), ConflictError)
    for name in ("rest_user", "other_user"):
        root.users[name].drop()
    seen["dropped"] = failed(user.fetch, NotFoundError)
    return seen


def tags_and_sequences(schema, other):
    tag = schema.tags.create(Tag(name="layer", allowed_values=["gold", "it's"], comment="of data"))
    seen = {"tag": fields(tag.fetch(), "name", "allowed_values", "comment", "database_name", "schema_name", "owner")}
    tag.create_or_alter(Tag(name="layer", allowed_values=["gold"]))
    seen["altered"] = fields(tag.fetch(), "allowed_values", "comment")
    tag.rename("tier")
    tag = schema.tags["tier"]
    tag.drop()
    tag.undrop()
    tag.rename("tier", target_schema="other", if_exists=True)
    seen["moved"] = [[each.name for each in where.tags.iter(like="ti%")] for where in (schema, other)]
    seen["refused"] = failed(lambda: schema.tags.create(Tag(name="x", propagate="ON_DEPENDENCY")))

    sequence = schema.sequences.create(Sequence(name="ids", start=10, increment=5, comment="ids"))
    seen["sequence"] = fields(sequence.fetch(), "name", "start", "increment", "ordered", "comment", "schema_name")
    sequence.clone(Sequence(name="ids_too"), target_schema="other")
    seen["clone"] = fields(other.sequences["ids_too"].fetch(), "name", "start", "increment", "schema_name")
    sequence.rename("numbers")
    seen["sequences"] = [each.name for each in schema.sequences.iter()]
    schema.sequences["numbers"].drop()
    seen["dropped"] = failed(schema.sequences["numbers"].fetch, NotFoundError)
    return seen


def secrets_and_integrations(root, schema):
    generic = schema.secrets.create(GenericStringSecret(name="token", secret_string="it's secret", comment="of the webhook"))
    schema.secrets.create(PasswordSecret(name="login", username="me", password="hidden"))
    fetched = schema.secrets["login"].fetch()
    seen = {
        "secret": [type(generic.fetch()).__name__, *fields(generic.fetch(), "name", "comment", "database_name", "schema_name")],
        "login": [type(fetched).__name__, *fields(fetched, "name", "username", "password")],
        "secrets": [each.name for each in schema.secrets.iter(starts_with="T")],
    }
    url = "https://hooks.slack.com/services/SNOWFLAKE_WEBHOOK_SECRET"
    hook = NotificationWebhook(
        webhook_url=url,
        webhook_secret=WebhookSecret(name="token", database_name="kinds", schema_name="s"),
        webhook_body_template='{"text": "SNOWFLAKE_WEBHOOK_MESSAGE"}',
        webhook_headers={"Content-Type": "application/json"},
    )
    integrations = root.notification_integrations
    webhook = integrations.create(NotificationIntegration(name="to_slack", notification_hook=hook, enabled=True, comment="it's slack"))
    email = integrations.create(NotificationIntegration(name="by_mail", notification_hook=NotificationEmail(default_subject="hi"), enabled=False))
    fetched = webhook.fetch()
    found = fetched.notification_hook
    seen["webhook"] = [
        fields(fetched, "name", "enabled", "comment"),
        fields(found, "webhook_url", "webhook_body_template", "webhook_headers"),
        fields(found.webhook_secret, "name", "database_name", "schema_name"),
    ]
    seen["email"] = [email.fetch().enabled, email.fetch().notification_hook.default_subject]
    seen["integrations"] = sorted(each.name for each in integrations.iter(like="%a%"))
    for each in (webhook, email):
        each.drop()
    seen["dropped"] = failed(webhook.fetch, NotFoundError)
    return seen


def altered_containers(root, session):
    """create_or_alter keeps tags, grants and contents, and gives what is left out its default again."""
    database = root.databases.create(Database("altered", comment="first", data_retention_time_in_days=0))
    schema = database.schemas.create(Schema("s", managed_access=True, comment="first"))
    warehouse = root.warehouses.create(Warehouse("altered_wh", warehouse_size="LARGE", auto_suspend=60, initially_suspended="true"))
    session.sql("create table altered.s.kept as select 1 as n").collect()
    session.sql("create tag altered.s.layer").collect()
    session.sql("alter schema altered.s set tag altered.s.layer = 'gold'").collect()
    session.sql("grant usage on database altered to role public").collect()
    database.create_or_alter(Database("altered", data_retention_time_in_days=1))
    schema.create_or_alter(Schema("s", log_level="INFO"))
    warehouse.create_or_alter(Warehouse("altered_wh", warehouse_size="SMALL", comment="smaller"))
    seen = {
        "database": fields(database.fetch(), "comment", "data_retention_time_in_days"),
        "schema": fields(schema.fetch(), "comment", "managed_access", "log_level"),
        "warehouse": fields(warehouse.fetch(), "size", "auto_suspend", "comment", "state"),
        "tags": [value.value for value in schema.get_tags().values()],
        "rows": session.sql("select count(*) from altered.s.kept").collect()[0][0],
        "grants": [row["privilege"] for row in session.sql("show grants on database altered").collect()],
        "transient": failed(lambda: database.create_or_alter(Database("altered", kind="TRANSIENT"))),
    }
    root.databases["altered_new"].create_or_alter(Database("altered_new"))
    seen["created"] = root.databases["altered_new"].fetch().name
    for each in (database, root.databases["altered_new"], warehouse):
        each.drop()
    return seen


def main():
    session = connect()
    for statement in ("create warehouse kinds_wh", "create database kinds", "create schema kinds.s", "create schema kinds.other"):
        session.sql(statement).collect()
    root = Root(session)
    schemas = root.databases["kinds"].schemas
    found = {
        "roles": roles(root),
        "users": users(root, session),
        "tags": tags_and_sequences(schemas["s"], schemas["other"]),
        "secrets": secrets_and_integrations(root, schemas["s"]),
        "altered": altered_containers(root, session),
    }
    print(json.dumps(found))
    session.close()


main()
