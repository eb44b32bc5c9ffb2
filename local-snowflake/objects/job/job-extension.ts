import type { Extension } from '../extensions.ts';
import { executeJobService } from './execute-job-service.ts';
import { jobFunctions, jobMethods } from './job-functions.ts';
import { jobHistory } from './job-history.ts';
import { mlJobFunctions } from './ml-job-functions.ts';
import { serviceListings } from './service-listings.ts';

/** Jobs on compute pools: EXECUTE JOB SERVICE, the ML Jobs client's functions, listings, logs, waiting and cancelling. */
export const jobExtension: Extension = {
  statements: [executeJobService, ...serviceListings],
  systemFunctions: [...jobFunctions, ...mlJobFunctions],
  tableFunctions: [jobHistory],
  methods: jobMethods,
};
