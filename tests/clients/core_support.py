"""What the scripts for the real snowflake.core have in common."""

import json
import os

from snowflake.core.exceptions import APIError
from snowflake.snowpark import Session


def connect():
    return Session.builder.configs(json.loads(os.environ["CONNECTION"])).create()


def failed(work, kind=APIError):
    """The error that ``work`` raises, as the client tells it."""
    try:
        work()
    except kind as error:
        return [type(error).__name__, error.status, error.get_request_info()["error_code"], error.get_request_info()["message"]]
    return None


def fields(model, *names):
    return [getattr(model, name) for name in names]
