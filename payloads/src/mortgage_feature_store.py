"""The mortgage features in the Feature Store: one entity, one feature view kept by a dynamic table over the raw table.

``register`` is run once after the raw table exists (and again after a change of the features, which makes a new version of the
view); a run of the pipeline only looks the view up.
https://docs.snowflake.com/en/developer-guide/snowflake-ml/feature-store/overview
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from snowflake.ml.feature_store.entity import Entity
from snowflake.ml.feature_store.feature_store import CreationMode, FeatureStore
from snowflake.ml.feature_store.feature_view import FeatureView
from snowflake.snowpark import functions as F

from mortgage_columns import APPLIED_AT, FEATURES, LOAN_ID, feature_version
from mortgage_inference_log import FEATURE_VIEW

if TYPE_CHECKING:
    from snowflake.snowpark import Session

    from mortgage_config import PipelineConfig

ENTITY = "LOAN"
REFRESH = "1 day"


def open_store(session: Session, config: PipelineConfig, *, create: bool = False) -> FeatureStore:
    """The Feature Store in the data schema; with ``create`` it is made where it is missing.

    Raises:
        ValueError: Database, schema, warehouse or the store's tags do not exist (only without ``create`` for the last).
    """
    return FeatureStore(
        session,
        database=config.database,
        name=config.data_schema,
        default_warehouse=config.warehouse,
        creation_mode=CreationMode.CREATE_IF_NOT_EXIST if create else CreationMode.FAIL_IF_NOT_EXIST,
    )


def register(session: Session, config: PipelineConfig) -> FeatureView:
    """The registered entity and feature view, made where they are missing; ``config`` is located."""
    store = open_store(session, config, create=True)
    entity = Entity(ENTITY, [LOAN_ID], desc="A mortgage application")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*already exists.*")
        store.register_entity(entity)
    features = session.table(config.raw_table_name).select(
        F.col(LOAN_ID), F.col(APPLIED_AT), *(F.sql_expr(feature.sql).alias(feature.name) for feature in FEATURES)
    )
    view = FeatureView(
        FEATURE_VIEW,
        [entity],
        features,
        timestamp_col=APPLIED_AT,
        refresh_freq=REFRESH,
        desc="What is known about an application when it is decided",
    ).attach_feature_desc({feature.name: feature.description for feature in FEATURES})
    return store.register_feature_view(view, feature_version())


def find_view(store: FeatureStore) -> FeatureView:
    """The registered feature view whose features are those of this code.

    Raises:
        LookupError: It is not registered.
    """
    try:
        return store.get_feature_view(FEATURE_VIEW, feature_version())
    except ValueError as error:
        raise LookupError(
            f"feature view {FEATURE_VIEW}/{feature_version()} is not registered ({error}); "
            "register it with: python -m mortgage_pipeline setup"
        ) from error
