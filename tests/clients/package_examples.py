"""Runs the examples in the docstrings of the modules named in MODULES; prints, as one JSON object, those whose answers differ.

Snowflake's packages carry examples whose answers came from Snowflake itself; each docstring is one test of the standard
library's ``doctest``. The names that an example may use without importing them are its module's and ``session``.
"""

import doctest
import importlib
import json
import os
import sys
import tempfile
from pathlib import Path

from example_files import write_example_files
from snowflake.snowpark import Session

PARAMETERS = json.loads(os.environ["CONNECTION"])
# A part of the names to run, for people who look into one.
ONLY = os.environ.get("EXAMPLES", "")


def in_order(answer):
    """Rows of a list or lines of a table, sorted."""
    if answer.startswith("[Row("):
        rows = answer.strip().removeprefix("[").removesuffix("]").split(", Row(")
    else:
        rows = [line for line in answer.splitlines() if line.strip() not in {"", "<BLANKLINE>"}]
    return sorted(" ".join(row.removeprefix("Row(").split()) for row in rows)


def sorts_rows(source):
    """The order within a window says nothing of the order of rows."""
    return "Window" not in source and any(word in source.lower() for word in ("sort", "order_by", "order by"))


class Differences(doctest.DocTestRunner):
    """Keeps what differs in place of printing it. White space does not count, as in the package's own runs."""

    def __init__(self):
        super().__init__(optionflags=doctest.NORMALIZE_WHITESPACE)
        self.found = []

    def report_failure(self, out, test, example, got):
        # Rows that nothing sorts may come in any order.
        if sorts_rows(example.source) or in_order(example.want) != in_order(got):
            self.found.append({"source": example.source, "want": example.want, "got": got})

    def report_unexpected_exception(self, out, test, example, exc_info):
        self.found.append(
            {
                "source": example.source,
                "want": example.want,
                "got": f"{exc_info[0].__name__}: {exc_info[1]}",
            }
        )


def examples_of(module):
    """Each docstring once: modules show one another's functions."""
    found = doctest.DocTestFinder(exclude_empty=True).find(module, module.__name__)
    return sorted(
        (test for test in found if test.examples and ONLY in test.name),
        key=lambda test: test.lineno or 0,
    )


def differences(module):
    """First differing answer of each docstring, by its name, and how many docstrings were run."""
    session = Session.builder.configs(PARAMETERS).create()
    for statement in (
        "CREATE OR REPLACE DATABASE EXAMPLES",
        "CREATE WAREHOUSE IF NOT EXISTS EXAMPLES_WH",
        "CREATE TEMP STAGE MYSTAGE",
    ):
        session.sql(statement).collect()
    found = {}
    tests = examples_of(module)
    for test in tests:
        runner = Differences()
        test.globs = {**vars(module), "session": session}
        runner.run(test, out=lambda _: None, clear_globs=False)
        if runner.found:
            found[test.name.removeprefix("snowflake.")] = runner.found[0]
    session.close()
    return {"run": len(tests), "differ": found}


def main():
    modules = [importlib.import_module(name) for name in os.environ["MODULES"].split()]
    # The examples name their files from the folder where the package's own tests run.
    with tempfile.TemporaryDirectory() as folder:
        write_example_files(Path(folder) / "tests" / "resources")
        os.chdir(folder)
        sys.path.append(str(Path(folder) / "tests"))
        print(json.dumps({module.__name__.removeprefix("snowflake."): differences(module) for module in modules}))
        os.chdir("/")


main()
