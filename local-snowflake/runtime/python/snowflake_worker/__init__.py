"""The Python half of the local Snowflake's runtime: a fork server, a supervisor per task and the tasks' own code."""
