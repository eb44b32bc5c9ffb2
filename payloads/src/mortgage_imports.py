"""Which of these modules a module needs, found in the source text: what a procedure must IMPORT, what a job must be given."""

from __future__ import annotations

import ast
from pathlib import Path

_PREFIX = "mortgage_"


def closure(source: Path, module: str) -> list[str]:
    """``module`` and every module of ``source`` that it imports, directly or not, wherever in its text; sorted.

    Raises:
        FileNotFoundError: One of them has no file.
    """
    found: set[str] = set()
    waiting = {module}
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= _imported(ast.parse((source / f"{name}.py").read_text(encoding="utf-8"))) - found
    return sorted(found)


def _imported(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return {name for name in names if name.startswith(_PREFIX)}
