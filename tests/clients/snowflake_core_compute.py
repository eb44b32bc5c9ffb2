"""Works on compute pools and what runs in them with the real snowflake.core, and prints what it saw as one JSON object."""

import json
import os

from snowflake.core import CreateMode, Root
from snowflake.core.compute_pool import ComputePool
from snowflake.core.exceptions import APIError, ConflictError, NotFoundError
from snowflake.core.image_repository import ImageRepository
from snowflake.snowpark import Session

PARAMETERS = json.loads(os.environ["CONNECTION"])


def failed(work, kind=APIError):
    try:
        work()
    except kind as error:
        return [type(error).__name__, error.status, error.get_request_info()["error_code"], error.get_request_info()["message"]]
    return None


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
        "tags": failed(pool.get_tags),
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


def main():
    session = Session.builder.configs(PARAMETERS).create()
    for statement in ("create database compute", 'create schema compute."my s"'):
        session.sql(statement).collect()
    root = Root(session)
    schema = root.databases["compute"].schemas['"my s"']
    found = {"pools": compute_pools(root), "repositories": image_repositories(schema)}
    print(json.dumps(found))
    session.close()


main()
