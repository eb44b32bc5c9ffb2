import { TaskGraphError } from './task-graph-error.ts';

/** What is scored with which model, and where it is written down. Names in upper case unless they are quoted here. */
export interface Scoring {
  /** Database and schema of the model. @example 'SNOWBANK' */
  readonly database: string;
  /** @example 'PIPELINE' */
  readonly schema: string;
  /** @example 'MORTGAGE_MODEL' */
  readonly model: string;
  /** A function of the model that answers with an object. @example 'predict_proba' */
  readonly function: string;
  /** The field of that object that is the score. @example 'output_feature_1' */
  readonly output: string;
  /** Database and schema of `source` and `log`. @example 'DATA' */
  readonly dataSchema: string;
  /** Table, view or dynamic table with the features. @example 'MORTGAGE_FEATURES$V_526EFB00' */
  readonly source: string;
  /** The table that scores are added to; made by the first run. @example 'INFERENCE_LOG' */
  readonly log: string;
  /** Number that tells rows apart. @example 'LOAN_ID' */
  readonly id: string;
  /** Inputs of the function, in its order; all of them numbers. @example ['DEBT_TO_INCOME', 'LOAN_TO_VALUE'] */
  readonly features: readonly string[];
  /** Columns of the log besides id and features. */
  readonly scoredAt: string;
  readonly version: string;
  readonly score: string;
  readonly class: string;
  /** Scores from here up are of class 1, others of class 0. @example 0.5 */
  readonly threshold: number;
}

/**
 * Scores, with the model's default version, each row of the source that this version has not scored yet. Its return value is
 * the number of rows. Throws TaskGraphError for what cannot be a column or a name.
 * https://docs.snowflake.com/en/developer-guide/snowflake-ml/model-registry/warehouse
 */
export function scoringBody(scoring: Scoring): string {
  check(scoring);
  const { database, schema, model, dataSchema, threshold } = scoring;
  const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
  const [id, scoredAt, version, score, predicted] = [
    scoring.id,
    scoring.scoredAt,
    scoring.version,
    scoring.score,
    scoring.class,
  ].map(quoted);
  const features = scoring.features.map(quoted);
  const log = [database, dataSchema, scoring.log].map(quoted).join('.');
  const source = [database, dataSchema, scoring.source].map(quoted).join('.');
  const call = `MODEL(${[database, schema, model].map(quoted).join('.')})!${scoring.function}`;
  const columns = [id, scoredAt, version, ...features, score, predicted].join(', ');
  return `BEGIN
  CREATE TABLE IF NOT EXISTS ${log} (
    ${id} NUMBER(38, 0) NOT NULL,
    ${scoredAt} TIMESTAMP_NTZ NOT NULL,
    ${version} VARCHAR NOT NULL,
    ${features.map((name) => `${name} FLOAT`).join(',\n    ')},
    ${score} FLOAT NOT NULL,
    ${predicted} NUMBER(1, 0) NOT NULL
  );
  SHOW MODELS LIKE ${literal(model.replaceAll('_', '\\_'))} IN SCHEMA ${quoted(database)}.${quoted(schema)};
  LET default_version VARCHAR := (SELECT MAX("default_version_name") FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())) WHERE "name" = ${literal(model)});
  LET scored INTEGER := 0;
  IF (default_version IS NOT NULL) THEN
    INSERT INTO ${log} (${columns})
      SELECT ${id}, CURRENT_TIMESTAMP()::TIMESTAMP_NTZ, :default_version, ${features.join(', ')}, "value of the model",
        IFF("value of the model" >= ${threshold}, 1, 0)
      FROM (
        SELECT s.*, ${call}(${features.map((name) => `s.${name}`).join(', ')}):${quoted(scoring.output)}::FLOAT AS "value of the model"
        FROM ${source} s
        WHERE s.${id} NOT IN (SELECT ${id} FROM ${log} WHERE ${version} = :default_version)
      );
    scored := SQLROWCOUNT;
  END IF;
  CALL SYSTEM$SET_RETURN_VALUE(:scored::VARCHAR);
  RETURN scored;
END`;
}

function check(scoring: Scoring): void {
  const { features, threshold } = scoring;
  const columns = [scoring.id, scoring.scoredAt, scoring.version, ...features, scoring.score, scoring.class];
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  const problems = [
    ...(features.length === 0 ? ['it has no features to score'] : []),
    ...(twice === undefined ? [] : [`its log would have the column ${twice} twice`]),
    ...(Number.isFinite(threshold) ? [] : [`its threshold is ${threshold}, which is no number`]),
    ...(/^\w+$/u.test(scoring.function) ? [] : [`${scoring.function} cannot be the name of a model's function`]),
  ];
  if (problems.length > 0) throw new TaskGraphError(problems);
}

function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
