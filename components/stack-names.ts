/** Names of everything in one environment. */
export interface StackNames {
  readonly database: string;
  /** Raw table and feature store. */
  readonly dataSchema: string;
  /** Stages, procedures, tasks, datasets and models. */
  readonly pipelineSchema: string;
  readonly warehouse: string;
  readonly computePool: string;
  readonly role: string;
  readonly serviceUser: string;
  readonly notificationIntegration: string;
  readonly webhookSecret: string;
  readonly codeStage: string;
  readonly jobStage: string;
  /** Tag of columns that hold a protected attribute of a person. */
  readonly protectedTag: string;
  /** Masking policy of that tag. */
  readonly attributePolicy: string;
  /** Row access policy of the raw table. */
  readonly rowPolicy: string;
  readonly model: string;
  /** Serves the model over HTTP, where the configuration asks for it. */
  readonly inferenceService: string;
}

/**
 * The names of an environment: account-level names carry its suffix, so that environments can share an account, and what
 * lies inside the environment's database is called the same everywhere.
 *
 * @example stackNames('DEV').database // SNOWBANK_DEV
 */
export function stackNames(suffix: string): StackNames {
  const suffixed = (name: string): string => (suffix === '' ? name : `${name}_${suffix}`);
  return {
    database: suffixed('SNOWBANK'),
    dataSchema: 'DATA',
    pipelineSchema: 'PIPELINE',
    warehouse: suffixed('DEMO_WH'),
    computePool: suffixed('DEMO_POOL'),
    role: suffixed('ENGINEER'),
    serviceUser: suffixed('PIPELINE_SERVICE'),
    notificationIntegration: suffixed('DEMO_NOTIFICATION_INTEGRATION'),
    webhookSecret: 'DEMO_WEBHOOK_SECRET',
    codeStage: 'CODE_STAGE',
    jobStage: 'JOB_STAGE',
    protectedTag: 'PROTECTED_ATTRIBUTE',
    attributePolicy: 'PROTECTED_ATTRIBUTE_READERS',
    rowPolicy: 'APPLICATION_READERS',
    model: 'MORTGAGE_MODEL',
    inferenceService: 'MORTGAGE_SERVICE',
  };
}
