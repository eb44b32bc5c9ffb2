"""Who sees what of the raw table.

The stack owns a tag with a masking policy and a row access policy; the table, which the pipeline makes, is put under both here.
https://docs.snowflake.com/en/user-guide/tag-based-masking-policies
https://docs.snowflake.com/en/user-guide/security-row-intro
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mortgage_columns import GROUP, LOAN_ID
from mortgage_sql import first_row, identifier, literal

if TYPE_CHECKING:
    from snowflake.snowpark import Session

    from mortgage_config import PipelineConfig


def protect_raw_table(session: Session, config: PipelineConfig) -> None:
    """Puts the raw table under the configuration's tag and row access policy, where it names them; again changes nothing."""
    table = config.raw_table_name
    # The row policy first: a role is shown what policies a table has as soon as it may apply one of them.
    if config.row_policy_name and not _has_row_policy(session, config):
        session.sql(f"ALTER TABLE {table} ADD ROW ACCESS POLICY {config.row_policy_name} ON ({LOAN_ID})").collect()
    if config.protected_tag_name:
        tag = f"{config.protected_tag_name} = {literal('race of the applicant')}"
        session.sql(f"ALTER TABLE {table} MODIFY COLUMN {GROUP} SET TAG {tag}").collect()


def _has_row_policy(session: Session, config: PipelineConfig) -> bool:
    # https://docs.snowflake.com/en/sql-reference/functions/policy_references
    references = f"TABLE({identifier(config.database)}.INFORMATION_SCHEMA.POLICY_REFERENCES"
    of_table = f"REF_ENTITY_NAME => {literal(config.raw_table_name)}, REF_ENTITY_DOMAIN => 'TABLE'"
    statement = f"SELECT COUNT(*) FROM {references}({of_table})) WHERE POLICY_KIND = 'ROW_ACCESS_POLICY'"
    (count,) = first_row(session, statement)
    return bool(count)
