import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withDatabase } from '../support/database.js';
import { type Json, wrapped } from './formats/hubble-records.js';
import { openDoor } from './support/door.js';
import { flowStores, ingestDeps, lines, sender } from './support/intake.js';

const FLOWS = `{ flows { nodes { port observedPolicies { action direction kind namespace name } } } }`;

const denial = (second: number, name: string, other: Json = {}): Json =>
  wrapped({
    time: `2024-05-01T10:00:0${second}Z`,
    verdict: 'DROPPED',
    drop_reason_desc: 'POLICY_DENY',
    event_type: { type: 5 },
    egress_denied_by: [{ name, namespace: 'shop', kind: 'CiliumNetworkPolicy', revision: '6' }],
    ...other,
  });

const named = (name: string) => ({
  action: 'DENY',
  direction: 'EGRESS',
  kind: 'CiliumNetworkPolicy',
  namespace: 'shop',
  name,
});

for (const [title, order] of [
  ['in the order of their times', [1, 2, 3]],
  ['in another order', [3, 1, 2]],
] as const)
  test(`a flow shows the policies that the dataplane named last, from records ${title}`, () =>
    withDatabase(async fixture => {
      const deps = ingestDeps(fixture, flowStores);
      const records: Readonly<Record<number, Json>> = {
        1: denial(1, 'old'),
        2: denial(2, 'deny-web'),
        3: wrapped({ time: '2024-05-01T10:00:03Z' }),
      };
      const send = sender(deps);
      for (const number of order)
        await send(lines(records[number] ?? {}), { format: 'hubble', key: `${number}` });
      const { ask } = openDoor(fixture, flowStores(fixture.source.manager), deps);
      const { flows } = await ask(FLOWS);
      assert.deepEqual(flows.nodes, [{ port: 8080, observedPolicies: [named('deny-web')] }]);
    }));

test('a flow of which no policy was named shows none', () =>
  withDatabase(async fixture => {
    const deps = ingestDeps(fixture, flowStores);
    await sender(deps)(lines(wrapped()), { format: 'hubble' });
    const { ask } = openDoor(fixture, flowStores(fixture.source.manager), deps);
    assert.deepEqual((await ask(FLOWS)).flows.nodes, [{ port: 8080, observedPolicies: null }]);
  }));
