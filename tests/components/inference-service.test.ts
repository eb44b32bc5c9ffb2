import { beforeEach, describe, expect, it } from 'vitest';

import { InferenceService } from '../../components/inference-service.ts';
import { named, RecordedResources } from './recorded-resources.ts';

const resources = new RecordedResources();
beforeEach(() => resources.install());

describe('InferenceService', () => {
  const args = {
    database: 'DB',
    schema: 'PIPELINE',
    name: 'MORTGAGE_SERVICE',
    model: 'MORTGAGE_MODEL',
    version: 'V1',
    computePool: 'POOL',
    poolMaxNodes: 2,
    warehouse: 'WH',
    minInstances: 0,
    maxInstances: 2,
  };

  it('serves a version of a model that lies beside it', async () => {
    const made = await resources.of(() => new InferenceService('inference', { ...args, callers: ['TELLER'] }));
    const { inputs } = named(made, 'inference-service');
    expect(inputs).toMatchObject({
      name: 'MORTGAGE_SERVICE',
      model: 'DB.PIPELINE.MORTGAGE_MODEL',
      version: 'V1',
      computePool: 'POOL',
      minInstances: 0,
      maxInstances: 2,
      callers: ['TELLER'],
    });
  });

  it('can be changed where it is made', async () => {
    const transform = { service: { memory: '2Gi' } };
    const made = await resources.of(() => new InferenceService('inference', { ...args, transform }));
    expect(named(made, 'inference-service').inputs).toMatchObject({ memory: '2Gi' });
  });

  it.each([
    [
      { minInstances: 3, maxInstances: 3 },
      /minInstances is 3, but its compute pool has 2 nodes at most.*Allowed: minInstances up to 2/u,
    ],
    [{ minInstances: 2, maxInstances: 1 }, /minInstances \(2\) exceeds maxInstances \(1\).*Allowed: maxInstances of at least 2/u],
  ])('refuses %j before anything is made of it', (change, message) => {
    expect(() => new InferenceService('inference', { ...args, ...change })).toThrow(message);
  });
});
