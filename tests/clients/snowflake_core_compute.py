"""Works on compute pools and what runs in them with the real snowflake.core, and prints what it saw as one JSON object."""

import io
import json
import os
import time

from core_support import failed
from snowflake.core import CreateMode, Root
from snowflake.core.compute_pool import ComputePool
from snowflake.core.exceptions import ConflictError, NotFoundError
from snowflake.core.image_repository import ImageRepository
from snowflake.core.notebook import Notebook
from snowflake.core.service import Service, ServiceSpec
from snowflake.snowpark import Session

PARAMETERS = json.loads(os.environ["CONNECTION"])


def shown(pool):
    """What a pool says of itself, without times."""
    return [
        *[pool.name, pool.instance_family, pool.min_nodes, pool.max_nodes, pool.auto_resume, pool.auto_suspend_secs],
        *[pool.comment, pool.state, pool.owner, pool.is_exclusive, pool.num_services, pool.status_message],
    ]


def compute_pools(root):
    pools = root.compute_pools
    described = ComputePool("rest_pool", 1, 2, "CPU_X64_XS", comment="it's; one", auto_resume=False, auto_suspend_secs=600)
    pool = pools.create(described, initially_suspended=True)
    pools.create(ComputePool('"REST pool"', 1, 1, "CPU_X64_S"), mode=CreateMode.if_not_exists)
    seen = {
        "fetched": shown(pool.fetch()),
        "created_on": pool.fetch().created_on is not None,
        "listed": sorted(each.name for each in pools.iter(like="rest%")),
        "limited": [each.name for each in pools.iter(starts_with="REST", limit=1)],
        "conflict": failed(lambda: pools.create(described), ConflictError),
        "replaced": failed(lambda: pools.create(described, mode=CreateMode.or_replace)),
        "tags": list(pool.get_tags()),
    }
    pool.create_or_alter(ComputePool("rest_pool", 1, 3, "CPU_X64_S"))
    seen["altered"] = shown(pool.fetch())
    pools['"new"'].create_or_alter(ComputePool('"new"', 1, 1, "CPU_X64_XS"))
    seen["new"] = pools['"new"'].fetch().name
    pool.resume()
    seen["resumed"] = pool.fetch().state in ("STARTING", "IDLE", "ACTIVE")
    pool.stop_all_services()
    pool.suspend()
    seen["suspended"] = pool.fetch().state in ("STOPPING", "SUSPENDED")
    for name in ("rest_pool", '"REST pool"', '"new"'):
        pools[name].drop()
    pool.drop(if_exists=True)
    seen["dropped"] = [failed(pool.fetch, NotFoundError), failed(pool.suspend, NotFoundError)]
    return seen


def image_repositories(schema):
    repositories = schema.image_repositories
    repository = repositories.create(ImageRepository("images"))
    repositories.create(ImageRepository('"it\'s"'))
    repositories.create(ImageRepository("images"), mode=CreateMode.or_replace)
    fetched = repository.fetch()
    seen = {
        "fetched": [fetched.name, fetched.database_name, fetched.schema_name, fetched.owner, fetched.owner_role_type],
        "url": fetched.repository_url.endswith("/compute/my s/images"),
        "images": list(repository.list_images_in_repository()),
        "listed": sorted(each.name for each in repositories.iter()),
        "like": [each.name for each in repositories.iter(like="IMAG%")],
        "conflict": failed(lambda: repositories.create(ImageRepository("images")), ConflictError),
    }
    repository.drop()
    repository.drop(if_exists=True)
    seen["dropped"] = failed(repository.fetch, NotFoundError)
    return seen


SPECIFICATION = """
spec:
  containers:
  - name: waiting
    image: /compute/s/images/waiting:latest
    command: [python, -c, "print('started', flush=True); import time; time.sleep(3600)"]
  endpoints:
  - {name: idle, port: 4711}
"""


def wait_for(service, statuses):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        status = service.fetch().status
        if status in statuses:
            return status
        time.sleep(0.2)
    raise TimeoutError(f"{service.name} is {status}")


def services(root, schema, session):
    root.compute_pools.create(ComputePool("service_pool", 1, 1, "CPU_X64_XS"))
    session.sql("create warehouse service_wh").collect()
    described = Service(
        name="idler",
        compute_pool="service_pool",
        spec=ServiceSpec(SPECIFICATION),
        min_instances=1,
        comment="it's idle",
        query_warehouse="service_wh",
    )
    service = schema.services.create(described)
    schema.services.create(described, mode=CreateMode.if_not_exists)
    wait_for(service, ("RUNNING",))
    fetched = service.fetch()
    [status] = service.get_service_status()
    seen = {
        "fetched": [
            fetched.name,
            fetched.database_name,
            fetched.schema_name,
            fetched.compute_pool,
            fetched.query_warehouse,
        ],
        "settings": [
            fetched.comment,
            fetched.min_instances,
            fetched.max_instances,
            fetched.auto_resume,
            fetched.is_job,
        ],
        "spec": "name: waiting" in fetched.spec.spec_text,
        "listed": [[each.name, each.status] for each in schema.services.iter(like="idl%")],
        "status": [status["status"], status["containerName"], status["instanceId"]],
        "instances": [[each.service_name, each.schema_name, each.instance_id, each.status] for each in service.get_instances()],
        "containers": [[each.container_name, each.status, each.restart_count] for each in service.get_containers()],
        "endpoints": [
            [each.name, each.port, each.protocol, each.is_public, each.ingress_url] for each in service.get_endpoints()
        ],
        "conflict": failed(lambda: schema.services.create(described), ConflictError),
        "container": failed(lambda: service.get_service_logs("0", "other")),
        "file": failed(
            lambda: schema.services.create(
                Service(
                    name="x",
                    compute_pool="service_pool",
                    spec=ServiceSpec("@specs/none's.yaml"),
                )
            )
        ),
        "timeout": failed(lambda: service.get_service_status(timeout=1)),
    }
    deadline = time.monotonic() + 60
    while (log := service.get_service_logs("0", "waiting", 10)) == "" and time.monotonic() < deadline:
        time.sleep(0.2)
    seen["log"] = log.strip()
    service.suspend()
    seen["suspended"] = wait_for(service, ("SUSPENDED",))
    service.resume()
    seen["resumed"] = wait_for(service, ("RUNNING",))
    service.drop()
    service.drop(if_exists=True)
    seen["dropped"] = failed(service.fetch, NotFoundError)
    seen["roles"] = failed(lambda: list(service.get_roles()))
    root.compute_pools["service_pool"].drop()
    return seen


def executed_later(session, notebook):
    """The server accepts at once and answers by a handle; a client that is told to asks for it until the answer is there."""
    session.sql('drop table compute."my s".ran').collect()
    notebook.execute(async_exec=True)
    while not session.sql("show tables like 'ran' in schema compute.\"my s\"").collect():
        pass
    session.sql('drop table compute."my s".ran').collect()
    os.environ["_SNOWFLAKE_SKIP_ASYNC_EXEC_POLLING"] = "false"
    polling = Root(session).databases["compute"].schemas['"my s"'].notebooks
    polling[notebook.name].execute(async_exec=True)
    ran = session.sql('select n from compute."my s".ran').collect()[0][0]
    failing = failed(lambda: polling['"two"'].execute(async_exec=True))
    del os.environ["_SNOWFLAKE_SKIP_ASYNC_EXEC_POLLING"]
    return [ran, failing]


def renamed(notebook):
    notebook.rename("four")
    return sorted(each.name for each in notebook.collection.iter(starts_with="FOUR"))


def notebooks(schema, session):
    """SQL creates the notebooks: one writes into a table, one fails."""
    cells = {"it's one": 'create table compute."my s".ran as select 1 as n', "two": "select 1/0"}
    session.sql('create stage compute."my s".files').collect()
    for name, source in cells.items():
        cell = {
            "cell_type": "code",
            "id": "a",
            "metadata": {"language": "sql", "name": "c"},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        file = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
        session.file.put_stream(io.BytesIO(file), f'@compute."my s".files/{name[:2]}.ipynb', auto_compress=False)
        session.sql(
            f'create notebook compute."my s"."{name}" from \'@compute."my s".files\' main_file = \'{name[:2]}.ipynb\' '
            "query_warehouse = service_wh comment = 'it''s'"
        ).collect()
    notebook, failing = (schema.notebooks[f'"{name}"'] for name in cells)
    fetched = notebook.fetch()
    notebook.execute()
    seen = {
        "fetched": [
            fetched.name,
            fetched.database_name,
            fetched.schema_name,
            fetched.query_warehouse,
            fetched.main_file,
            fetched.comment,
        ],
        "listed": sorted(each.name for each in schema.notebooks.iter()),
        "filtered": [each.name for each in schema.notebooks.iter(like="TW%", starts_with="t", limit=1)],
        "ran": session.sql('select n from compute."my s".ran').collect()[0][0],
        "failed": failed(failing.execute),
        "async": executed_later(session, notebook),
        "created": schema.notebooks.create(Notebook(name="three", comment="it's empty", query_warehouse="service_wh"))
        .fetch()
        .comment,
        "version": failed(lambda: schema.notebooks.create(Notebook(name="four", default_version="LIVE"))),
        "renamed": renamed(schema.notebooks["three"]),
    }
    notebook.drop()
    notebook.drop(if_exists=True)
    seen["dropped"] = failed(notebook.fetch, NotFoundError)
    return seen


def main():
    session = Session.builder.configs(PARAMETERS).create()
    for statement in ("create database compute", 'create schema compute."my s"'):
        session.sql(statement).collect()
    root = Root(session)
    schema = root.databases["compute"].schemas['"my s"']
    found = {
        "pools": compute_pools(root),
        "repositories": image_repositories(schema),
        "services": services(root, schema, session),
        "notebooks": notebooks(schema, session),
    }
    print(json.dumps(found))
    session.close()


main()
