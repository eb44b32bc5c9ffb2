"""Module `_snowflake`, which Python functions and procedures of Snowflake can import."""

import sys
import types
from collections.abc import Callable
from typing import Any


def install() -> None:
    module = types.ModuleType("_snowflake")
    module.vectorized = vectorized  # type: ignore[attr-defined]
    for name in ("get_generic_secret_string", "get_oauth_access_token", "get_username_password", "get_secret_type"):
        setattr(module, name, _no_secret)
    sys.modules["_snowflake"] = module


def vectorized(
    input: type | None = None,  # noqa: A002 - Snowflake's name for it
    max_batch_size: int | None = None,
    flatten_object_input: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-batch"""

    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        function._sf_vectorized_input = input  # type: ignore[attr-defined]
        if max_batch_size:
            function._sf_max_batch_size = max_batch_size  # type: ignore[attr-defined]
        if flatten_object_input:
            raise NotImplementedError("vectorized(flatten_object_input=True) is not supported by the local Snowflake")
        return function

    return mark


def _no_secret(name: str) -> Any:
    raise ValueError(f"Secret {name!r} is not declared: the local Snowflake does not pass SECRETS to Python")
