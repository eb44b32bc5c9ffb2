import { createPublicKey, createSign, createVerify } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { checkInputs } from '../../provider/check-inputs.ts';
import { diffInputs } from '../../provider/diff-inputs.ts';
import { keyPair } from '../../provider/kinds/key-pair.ts';
import { textOf } from '../../provider/property-values.ts';
import { ignore, ScriptedSession } from './scripted-session.ts';

describe('KeyPair', () => {
  it('makes two halves that fit, the public one on one line', async () => {
    const { inputs } = checkInputs(keyPair, {});
    const state = await keyPair.create(new ScriptedSession(), inputs, ignore);
    const publicKey = createPublicKey({ key: Buffer.from(textOf(state['publicKey']), 'base64'), type: 'spki', format: 'der' });
    const signature = createSign('SHA256').update('text').sign(textOf(state['privateKey']));
    expect(createVerify('SHA256').update('text').verify(publicKey, signature)).toBe(true);
    expect(state['fingerprint']).toMatch(/^SHA256:.{44}$/u);
    expect(diffInputs(keyPair, state, inputs)).toEqual([]);
  });

  it('is kept by a refresh, replaced by a new generation, and never imported', async () => {
    const state = { generation: '1', bits: 2048, privateKey: 'secret', publicKey: 'public' };
    expect(await keyPair.read(new ScriptedSession(), 'rsa-2048-1', state)).toBe(state);
    expect(diffInputs(keyPair, state, { generation: '2', bits: 2048 })).toMatchObject([{ property: 'generation', replaces: true }]);
    expect(() => keyPair.read(new ScriptedSession(), 'rsa-2048-1', {})).toThrow('cannot be imported');
  });
});
