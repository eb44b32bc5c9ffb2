import { afterAll, beforeAll, expect, test } from 'vitest';

import type { PlainPolicies } from './programs/policies-program.ts';
import { TaskLab } from './support/task-lab.ts';

// Policies by themselves, without this project's components, through the real engine and the real provider.
// https://registry.terraform.io/providers/snowflakedb/snowflake/latest/docs/resources/masking_policy
let lab: TaskLab;
beforeAll(async () => {
  lab = await TaskLab.open('policies-program.ts', 'GOVERNED');
  await lab.admin.run('create table lab.governed.people (email varchar(100), phone varchar(100), region varchar(100))');
});
afterAll(async () => {
  await lab?.close();
});

/** Deploys; a preview finds nothing left to do. */
async function deploy(policies: PlainPolicies): Promise<void> {
  lab.project.write('policies.json', JSON.stringify(policies));
  await lab.project.succeed('up', '--yes', '--skip-preview');
  expect(await lab.project.preview()).toEqual([]);
}

const policies: PlainPolicies = {
  mask: "case when current_role() = 'NOBODY' then val else '***' end",
  filter: "region <> 'eu'",
  comment: 'first',
  attached: true,
};

test('policies are made and put on columns by their tag, and on a view', async () => {
  await deploy(policies);
  await lab.admin.run("insert into lab.governed.people values ('a', 'b', 'us'), ('c', 'd', 'eu')");
  expect(await lab.admin.rows('select * from lab.governed.people_v')).toEqual([{ EMAIL: '***', PHONE: '***', REGION: 'us' }]);
});

test('their bodies change in place, and they go when nothing has them any more', async () => {
  await deploy({
    ...policies,
    mask: "case when current_role() = 'NOBODY' then val else '###' end",
    filter: 'true',
    comment: 'second',
  });
  expect(await lab.admin.rows('select * from lab.governed.people_v order by region')).toEqual([
    { EMAIL: '###', PHONE: '###', REGION: 'eu' },
    { EMAIL: '###', PHONE: '###', REGION: 'us' },
  ]);
  await deploy({ ...policies, attached: false });
  expect(await lab.admin.rows('select * from lab.governed.people order by region')).toEqual([
    { EMAIL: 'c', PHONE: 'd', REGION: 'eu' },
    { EMAIL: 'a', PHONE: 'b', REGION: 'us' },
  ]);
  await lab.project.succeed('destroy', '--yes', '--skip-preview');
  expect(await lab.admin.rows('show masking policies in schema lab.governed')).toEqual([]);
  expect(await lab.admin.rows('show row access policies in schema lab.governed')).toEqual([]);
});
