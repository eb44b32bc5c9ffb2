"""Job services, and what else a service has, with the real snowflake.core. Prints what it saw as one JSON object."""

import json

from core_support import connect, failed, fields
from snowflake.core import Root
from snowflake.core.compute_pool import ComputePool
from snowflake.core.exceptions import ConflictError
from snowflake.core.service import JobService, Service, ServiceSpec

SPECIFICATION = """
spec:
  containers:
  - name: main
    image: /jobs/s/images/job:latest
    command: [python, -c, "{code}"]
"""


def job(name, code, **options):
    return JobService(name=name, compute_pool="jobs_pool", spec=ServiceSpec(SPECIFICATION.format(code=code)), **options)


def jobs(schema):
    services = schema.services
    ended = services.execute_job(job("greeting", "print('hello')", comment="it's a job", query_warehouse="jobs_wh"))
    fetched = ended.fetch()
    return {
        "fetched": fields(fetched, "name", "status", "is_job", "is_async_job", "comment", "query_warehouse", "compute_pool"),
        "log": ended.get_service_logs("0", "main").strip(),
        "conflict": failed(lambda: services.execute_job(job("greeting", "pass")), ConflictError),
        "failed": failed(lambda: services.execute_job(job("failing", "raise SystemExit(3)"))),
        "status": services["failing"].fetch().status,
        "async": services.execute_job(job("later", "pass", is_async_job=True)).fetch().is_async_job,
        "listed": sorted(each.name for each in services.iter()),
    }


def services(schema):
    text = SPECIFICATION.format(code="import time; time.sleep(3600)") + "  endpoints:\n  - {name: idle, port: 4712}\n"
    described = Service(name="idler", compute_pool="jobs_pool", spec=ServiceSpec(text), min_instances=1, comment="first")
    service = schema.services["idler"]
    service.create_or_alter(described)
    fetched = service.fetch()
    fetched.comment = None
    fetched.max_instances = 1
    service.create_or_alter(fetched)
    altered = service.fetch()
    described.spec = ServiceSpec(text.replace("idle", "other"))
    seen = {
        "altered": fields(altered, "comment", "min_instances", "max_instances"),
        "changed": failed(lambda: service.create_or_alter(described)),
        "roles": [each.name for each in service.get_roles()],
    }
    service.drop()
    return seen


def main():
    session = connect()
    for statement in ("create warehouse jobs_wh", "create database jobs", "create schema jobs.s", "create image repository jobs.s.images"):
        session.sql(statement).collect()
    root = Root(session)
    root.compute_pools.create(ComputePool("jobs_pool", 1, 1, "CPU_X64_XS"))
    schema = root.databases["jobs"].schemas["s"]
    print(json.dumps({"jobs": jobs(schema), "services": services(schema)}))
    session.close()


main()
