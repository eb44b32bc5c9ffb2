"""Finds a handler as CREATE PROCEDURE and CREATE FUNCTION name it."""

import importlib
import sys
import types
from typing import Any

_INLINE = "_udf_code"


class HandlerMissingError(Exception):
    pass


def load(code: str | None, name: str) -> Any:
    """The callable or class `name`: an attribute of the inline source, or `module.attribute` of an imported file.

    https://docs.snowflake.com/en/sql-reference/sql/create-procedure
    """
    if code is not None:
        return _attribute(_run_inline(code), name, name)
    module_name, _, attribute = name.rpartition(".")
    if not module_name:
        raise HandlerMissingError(f"Handler {name} must be given as module.function when the code is imported from a stage")
    try:
        module: object = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        # `module.Class.method`: what stands before the last dot need not be a module.
        outer, _, inner = module_name.rpartition(".")
        if not outer or error.name != module_name:
            raise
        module = _attribute(importlib.import_module(outer), inner, name)
    return _attribute(module, attribute, name)


def _run_inline(code: str) -> types.ModuleType:
    module = types.ModuleType(_INLINE)
    module.__file__ = f"{_INLINE}.py"
    # Pickling and dataclasses look a function's module up by name.
    sys.modules[_INLINE] = module
    exec(compile(code, f"{_INLINE}.py", "exec"), module.__dict__)
    return module


def _attribute(owner: object, path: str, name: str) -> Any:
    found: Any = owner
    for part in path.split("."):
        if not hasattr(found, part):
            raise HandlerMissingError(f"Handler {name} was not found: {part!r} is not defined in the code")
        found = getattr(found, part)
    return found
