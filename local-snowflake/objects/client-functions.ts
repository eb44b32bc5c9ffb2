import { SnowflakeError } from '../errors/snowflake-error.ts';
import { column } from '../sql/result-set.ts';
import { types } from '../sql/types.ts';
import type { Extension, SystemFunctionDefinition } from './extensions.ts';
import { absolutePath, locate } from './stage-location.ts';

const text = (value: string | null) => () => value;

/** https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-packages (artifact repository) */
export const sharedPythonRepository = 'SNOWFLAKE.SNOWPARK.PYPI_SHARED_REPOSITORY';

/** The online service of a Feature Store is Snowflake's own Postgres. https://docs.snowflake.com/en/developer-guide/snowflake-ml/feature-store/overview */
const onlineServices = ['CREATE', 'ALTER', 'DROP', 'GET'].map((verb): SystemFunctionDefinition => ({
  name: `SYSTEM$${verb}_FEATURE_STORE_ONLINE_SERVICE${verb === 'GET' ? '_STATUS' : ''}`,
  page: 'developer-guide/snowflake-ml/feature-store/overview',
  refused: true,
  returns: types.varchar(),
  call: () => {
    throw SnowflakeError.of('unsupported', {
      feature: 'the online service of a Feature Store (store_type POSTGRES: streaming and real-time feature views, feature groups)',
    });
  },
}));

/** Functions and statements by which clients learn what an account can do. */
export const clientFunctions: Extension = {
  systemFunctions: [
    ...onlineServices,
    // No capability is announced: clients then take the paths that the documentation describes.
    { name: 'SYSTEM$ML_PLATFORM_CAPABILITIES', page: 'developer-guide/snowflake-ml', returns: types.varchar(), call: text('{}') },
    {
      // Snowpark asks before it says why a package cannot be added: here because it is not installed, whatever the terms.
      name: 'SYSTEM$ARE_ANACONDA_TERMS_ACKNOWLEDGED',
      page: 'developer-guide/udf/python/udf-python-packages',
      returns: types.boolean,
      call: text('1'),
    },
    {
      name: 'SYSTEM$CLIENT_VERSION_INFO',
      page: 'functions/system_client_version_info',
      returns: types.varchar(),
      call: text('[]'),
    },
    {
      name: 'SYSTEM$GET_DEFAULT_PYTHON_ARTIFACT_REPOSITORY',
      page: 'sql/create-procedure',
      returns: types.varchar(),
      call: text(null),
    },
    {
      // The URL of a file that is not there is given, too, and says so when it is opened.
      // https://docs.snowflake.com/en/sql-reference/functions/get_presigned_url
      name: 'GET_PRESIGNED_URL',
      page: 'functions/get_presigned_url',
      returns: types.varchar(),
      parameters: [types.varchar(), types.varchar(), types.number(38, 0)],
      call: ([stage, path, seconds], scope) => {
        const folder = (stage?.cell ?? '').replace(/\/$/u, '');
        const location = locate(`${folder}/${path?.cell ?? ''}`, scope, 'READ');
        return scope.effects.stages.presign(absolutePath(location), Number(seconds?.cell ?? 3600) * 1000);
      },
    },
  ],
  statements: [
    {
      words: 'SHOW REPLICATION DATABASES',
      page: 'show-replication-databases',
      run: (stream) => {
        stream.restText();
        const names = [
          'region_group',
          'snowflake_region',
          'created_on',
          'account_name',
          'name',
          'comment',
          'is_primary',
          'primary',
          'replication_allowed_to_accounts',
          'failover_allowed_to_accounts',
          'organization_name',
          'account_locator',
        ];
        return { columns: names.map((name) => column(name)), rows: [] };
      },
    },
    {
      // Packages come from the Python environment; clients that hear so describe their dependencies as pip requirements.
      words: 'DESC ARTIFACT REPOSITORY',
      page: 'desc-artifact-repository',
      run: (stream) => {
        const name = stream.name().join('.');
        stream.expectEnd();
        if (name !== sharedPythonRepository) throw SnowflakeError.of('objectDoesNotExist', { kind: 'Artifact repository', name });
        return { columns: [column('name'), column('type')], rows: [['PYPI_SHARED_REPOSITORY', 'PIP']] };
      },
    },
  ],
};
