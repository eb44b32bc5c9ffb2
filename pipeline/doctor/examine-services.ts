import type { AccountFacts, ComputePool, Grant, Integration } from './account-facts.ts';
import { ok, problem, warning, type Finding } from './finding.ts';
import { holds } from './holds.ts';

// https://docs.snowflake.com/en/developer-guide/snowpark-container-services/working-with-compute-pool
const examinePool = (pool: ComputePool): Finding => {
  const stopped = pool.state === 'SUSPENDED' || pool.state === 'STOPPING';
  if (stopped && !pool.autoResume) {
    return problem(
      `Compute pool ${pool.name} is ${pool.state} and does not resume by itself: jobs on it wait.`,
      `ALTER COMPUTE POOL ${pool.name} RESUME;`,
    );
  }
  if (!stopped && pool.nodes === 0 && pool.targetNodes > 0) {
    return warning(
      `Compute pool ${pool.name} is ${pool.state} and has no node yet, of ${pool.targetNodes} that it is to have: jobs on it wait.`,
      `If that lasts, its machines may be scarce: DESCRIBE COMPUTE POOL ${pool.name}; another INSTANCE_FAMILY may be had at once.`,
    );
  }
  return ok(
    `Compute pool ${pool.name} is ${pool.state}${stopped ? ' and resumes by itself' : ''}, at most ${pool.maxNodes} nodes.`,
  );
};

/** Only users of the account can be sent e-mail. https://docs.snowflake.com/en/user-guide/notifications/email-notifications */
const examineRecipients = ({ name, recipients = [] }: Integration, emails: readonly string[] | undefined): readonly Finding[] => {
  if (emails === undefined || recipients.length === 0) return [];
  const strangers = recipients.filter((address) => !emails.includes(address.toLowerCase()));
  if (strangers.length > 0) {
    return [
      problem(
        `Notification integration ${name} may send to ${strangers.join(', ')}, but no user of the account has that address: it cannot be verified, so nothing is sent there.`,
        "ALTER USER <user> SET EMAIL = '<address>'; then SELECT SYSTEM$START_USER_EMAIL_VERIFICATION('<user>');",
      ),
    ];
  }
  return [
    ok(
      `Every address that ${name} may send to is a user's. Whether its user has verified it, Snowflake tells nobody: SYSTEM$START_USER_EMAIL_VERIFICATION sends the e-mail to verify it by.`,
    ),
  ];
};

const examineIntegration = (integration: Integration, emails: readonly string[] | undefined): readonly Finding[] => [
  integration.enabled
    ? ok(`Notification integration ${integration.name} (${integration.type}) is enabled.`)
    : problem(
        `Notification integration ${integration.name} is disabled: nothing can be sent with it.`,
        `ALTER NOTIFICATION INTEGRATION ${integration.name} SET ENABLED = TRUE;`,
      ),
  ...examineRecipients(integration, emails),
];

/** The compute pools and notification integrations that the owner of the tasks may use. */
export const examineServices = (
  { computePools, integrations, userEmails }: AccountFacts,
  grants: readonly Grant[],
): readonly Finding[] => {
  const usable = (on: string, name: string): boolean => holds(grants, on, name, 'USAGE', 'OWNERSHIP');
  return [
    ...(computePools ?? []).filter(({ name }) => usable('COMPUTE_POOL', name)).map(examinePool),
    ...(integrations ?? [])
      .filter(({ name }) => usable('INTEGRATION', name))
      .flatMap((integration) => examineIntegration(integration, userEmails)),
  ];
};
