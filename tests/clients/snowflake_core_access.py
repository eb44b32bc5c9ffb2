"""Who may do what, with the real snowflake.core: grants of roles and users in both of its ways. Prints what it saw as one JSON object."""

import json

from core_support import connect, failed
from snowflake.core import Root
from snowflake.core.database_role import ContainingScope as DatabaseScope
from snowflake.core.database_role import DatabaseRole
from snowflake.core.database_role import Securable as DatabaseSecurable
from snowflake.core.grant import Grant, Grantees, Privileges, Securables
from snowflake.core.role import ContainingScope, Role, Securable
from snowflake.core.user import Securable as UserSecurable
from snowflake.core.user import User


def shown(grants):
    seen = []
    for each in grants:
        where = each.securable or each.containing_scope
        parts = [getattr(where, name, None) for name in ("database", "var_schema", "name")] if where else []
        seen.append([each.privileges, each.securable_type, [part for part in parts if part], each.grant_option])
    return sorted(seen, key=str)


def through_roles(root):
    role = root.roles.create(Role(name="reader"))
    root.roles.create(Role(name="outer_role"))
    table = Securable(database="access", schema="s", name="t")
    schema = ContainingScope(database="access", schema="s")
    role.grant_privileges(["USAGE"], "database", Securable(name="access"))
    role.grant_privileges(["SELECT", "INSERT"], "table", table, grant_option=True)
    role.grant_privileges(["EXECUTE TASK"], "account")
    role.grant_privileges_on_all(["SELECT"], "view", schema)
    role.grant_future_privileges(["SELECT"], "table", schema)
    role.grant_future_privileges(["USAGE"], "schema", ContainingScope(database="access"))
    root.roles["outer_role"].grant_role("role", Securable(name="reader"))
    root.users["grantee"].grant_role("role", UserSecurable(name="outer_role"))
    seen = {
        "to": shown(role.iter_grants_to()),
        "future": shown(role.iter_future_grants_to()),
        "of": [[each.role, each.granted_to, each.grantee_name] for each in role.iter_grants_of()],
        "on": [[each.privilege, each.granted_on, each.name] for each in role.iter_grants_on()],
        "limited": len(list(role.iter_grants_to(show_limit=1))),
        "user": [[each.securable_type, each.securable.name] for each in root.users["grantee"].iter_grants_to()],
    }
    role.revoke_grant_option_for_privileges(["SELECT"], "table", table)
    role.revoke_privileges(["INSERT"], "table", table)
    role.revoke_privileges(["EXECUTE TASK"], "account")
    role.revoke_privileges_on_all(["SELECT"], "view", schema)
    role.revoke_future_privileges(["SELECT"], "table", schema)
    root.roles["outer_role"].revoke_role("role", Securable(name="reader"))
    root.users["grantee"].revoke_role("role", UserSecurable(name="outer_role"))
    seen["left"] = [shown(role.iter_grants_to()), shown(role.iter_future_grants_to())]
    seen["members"] = [list(role.iter_grants_of()), list(root.users["grantee"].iter_grants_to())]
    seen["no_privilege"] = failed(lambda: role.grant_privileges(["SELECT; drop"], "table", table))
    return seen


def database_roles(root):
    roles = root.databases["access"].database_roles
    role = roles.create(DatabaseRole(name="local_reader", comment="it's local"))
    roles.create(DatabaseRole(name="outer_reader"))
    schema = DatabaseScope(database="access", schema="s")
    role.grant_privileges(["SELECT"], "table", DatabaseSecurable(database="access", schema="s", name="t"))
    role.grant_future_privileges(["SELECT"], "view", schema)
    roles["outer_reader"].grant_role("database role", DatabaseSecurable(database="access", name="local_reader"))
    root.roles["reader"].grant_role("database role", Securable(database="access", name="outer_reader"))
    seen = {
        "listed": [[each.name, each.comment, each.granted_to_database_roles, each.granted_to_roles] for each in roles.iter(limit=5)],
        "to": shown(role.iter_grants_to()),
        "future": shown(role.iter_future_grants_to()),
        "nested": shown(roles["outer_reader"].iter_grants_to()),
        "conflict": failed(lambda: roles.create(DatabaseRole(name="local_reader"))),
    }
    role.revoke_privileges(["SELECT"], "table", DatabaseSecurable(database="access", schema="s", name="t"))
    roles["outer_reader"].revoke_role("database role", DatabaseSecurable(database="access", name="local_reader"))
    seen["left"] = [shown(role.iter_grants_to()), shown(roles["outer_reader"].iter_grants_to())]
    role.drop()
    seen["dropped"] = failed(role.drop)
    return seen


def through_grants(root):
    role, table = Grantees.role(name="writer"), Securables.table("access.s.t")
    root.roles.create(Role(name="writer"))
    grants = root.grants
    grants.grant(Grant(grantee=role, securable=table, privileges=[Privileges.insert, Privileges.select], grant_option=True))
    grants.grant(Grant(grantee=role, securable=Securables.current_account, privileges=[Privileges.create_database]))
    grants.grant(Grant(grantee=role, securable=Securables.function("access.s.f(number, varchar)"), privileges=[Privileges.usage]))
    grants.grant(Grant(grantee=role, securable=Securables.all_tables(Securables.schema("access.s")), privileges=[Privileges.delete]))
    grants.grant(Grant(grantee=role, securable=Securables.future_views(Securables.database("access")), privileges=[Privileges.select]))
    grants.grant(Grant(grantee=Grantees.user(name="grantee"), securable=Securables.role("writer")))

    def listed(grantee):
        found = [[each.privileges, each.securable_type, each.securable_name, each.grant_option] for each in grants.to(grantee)]
        return sorted(found, key=str)

    seen = {"role": listed(role), "user": listed(Grantees.user(name="grantee"))}
    grants.revoke_grant_option(Grant(grantee=role, securable=table, privileges=[Privileges.insert]))
    grants.revoke(Grant(grantee=role, securable=table, privileges=[Privileges.select, Privileges.delete]))
    grants.revoke(Grant(grantee=role, securable=Securables.current_account, privileges=[Privileges.create_database]))
    grants.revoke(Grant(grantee=Grantees.user(name="grantee"), securable=Securables.role("writer"), privileges=[Privileges.usage]))
    seen["left"] = [listed(role), listed(Grantees.user(name="grantee"))]
    share = Grant(grantee=Grantees.share(name="x"), securable=table, privileges=[Privileges.select])
    seen["share"] = failed(lambda: grants.grant(share))
    return seen


def forbidden(root, session):
    """What a role may not do is 403, and what it may not see is 404."""
    session.sql("grant role reader to user local_admin").collect()
    session.use_role("reader")
    session.use_secondary_roles("none")
    seen = [failed(lambda: root.warehouses["access_wh"].drop()), failed(lambda: root.databases["access"].drop())]
    session.use_role("accountadmin")
    return seen


def main():
    session = connect()
    for statement in (
        "create warehouse access_wh",
        "create database access",
        "create schema access.s",
        "create table access.s.t (n int)",
        "create view access.s.v as select * from access.s.t",
        "create function access.s.f(a number, b varchar) returns number as 'a'",
    ):
        session.sql(statement).collect()
    root = Root(session)
    root.users.create(User(name="grantee"))
    found = {"roles": through_roles(root), "database_roles": database_roles(root), "grants": through_grants(root), "forbidden": forbidden(root, session)}
    print(json.dumps(found))
    session.close()


main()
