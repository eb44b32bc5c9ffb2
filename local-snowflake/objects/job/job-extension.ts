import type { Extension } from '../extensions.ts';
import { deployModel } from '../service/deploy-model.ts';
import { serviceRoleStatements } from '../service/service-roles.ts';
import { executeInferenceJob } from './execute-inference-job.ts';
import { executeJobService } from './execute-job-service.ts';
import { jobFunctions, jobMethods } from './job-functions.ts';
import { jobHistory } from './job-history.ts';
import { mlJobFunctions } from './ml-job-functions.ts';
import { serviceListings } from './service-listings.ts';

/** Services and jobs on compute pools: EXECUTE JOB SERVICE, the ML Jobs client's functions, listings, logs, waiting and cancelling. */
export const jobExtension: Extension = {
  statements: [executeJobService, executeInferenceJob, ...serviceListings, ...serviceRoleStatements],
  systemFunctions: [...jobFunctions, ...mlJobFunctions, deployModel],
  tableFunctions: [jobHistory],
  methods: jobMethods,
};
