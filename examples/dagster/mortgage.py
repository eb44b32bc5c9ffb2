"""The model as a Dagster asset: materialising it runs the task graph on Snowflake and waits for its end."""

from dagster import (
    AssetExecutionContext,
    ConfigurableResource,
    Definitions,
    MaterializeResult,
    PermissiveConfig,
    ScheduleDefinition,
    asset,
    define_asset_job,
)

from task_graph import TaskGraph


class Snowflake(ConfigurableResource):
    """Where the graph is deployed, and how often to look at its run (seconds)."""

    root: str = "SNOWBANK.PIPELINE.PREPARE_DATA"
    connection: str = "local"
    pause: float = 5

    def graph(self) -> TaskGraph:
        return TaskGraph(self.root, self.connection)


class RunConfig(PermissiveConfig):
    """What differs from the graph's own configuration in this run, for example ``threshold: 0.8``."""


@asset(description="The version of the mortgage model that the task graph has trained, checked and promoted")
def mortgage_model(context: AssetExecutionContext, config: RunConfig, snowflake: Snowflake) -> MaterializeResult:
    graph = snowflake.graph()
    run = graph.start(config.model_dump())
    ended = graph.wait(run, context.log.info, snowflake.pause)
    return MaterializeResult(metadata={"run": run, "tasks": dict(ended.tasks), "values": dict(ended.values)})


training = define_asset_job("training", [mortgage_model])

defs = Definitions(
    assets=[mortgage_model],
    jobs=[training],
    schedules=[ScheduleDefinition(job=training, cron_schedule="0 5 * * *", execution_timezone="UTC")],
    resources={"snowflake": Snowflake()},
)
