"""The environments of the stack and the names that differ between them: dev and prod carry a suffix, local none."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mortgage_config import ConfigError, PipelineConfig

_SUFFIXES = {"local": "", "dev": "_DEV", "prod": "_PROD"}


@dataclass(frozen=True, slots=True)
class Environment:
    """Where a command works: connection of ``connections.toml``, role, and the configuration that fits the stack's names."""

    connection: str
    role: str
    config: PipelineConfig


def environment(name: str) -> Environment:
    """The environment called ``name``: local, dev or prod.

    Raises:
        ConfigError: There is none of that name.
    """
    if name not in _SUFFIXES:
        raise ConfigError(f"unknown environment {name!r}; known are {', '.join(_SUFFIXES)}")
    suffix = _SUFFIXES[name]
    database = f"SNOWBANK{suffix}"
    config = replace(
        PipelineConfig(),
        database=database,
        schema="PIPELINE",
        warehouse=f"DEMO_WH{suffix}",
        compute_pool=f"DEMO_POOL{suffix}",
        code_stage=f"@{database}.PIPELINE.CODE_STAGE/src",
        job_stage=f"@{database}.PIPELINE.JOB_STAGE",
        notification_integration=f"DEMO_NOTIFICATION_INTEGRATION{suffix}",
        protected_tag="PROTECTED_ATTRIBUTE",
        row_policy="APPLICATION_READERS",
    )
    return Environment(name, f"ENGINEER{suffix}", config)
