import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lines, record } from '../flows/support/intake.js';
import { withLearning } from './support/learning.js';

test('baselines are learned, locked and unlocked by mutations, and seen in tags', () =>
  withLearning(async ({ send, ask, statementsOf }) => {
    await send(lines(record({ time: '2026-11-20T10:00:00Z' }), record()));
    const change = (name: string, input: string) =>
      ask(`mutation { ${name}(input: { cluster: "lab" ${input} }) { baselines { id state version learnedSince deployment { name } }
        problems { code severity } } }`);
    const { generateBaselines } = await change(
      'generateBaselines',
      'since: "7d", deployments: ["web"]',
    );
    const [{ id, ...baseline }] = generateBaselines.baselines;
    assert.deepEqual(baseline, {
      state: 'LEARNING',
      version: 1,
      learnedSince: '2026-11-15T12:00:00.000000Z',
      deployment: { name: 'web' },
    });
    const { lockBaselines } = await change('lockBaselines', '');
    assert.deepEqual(
      [lockBaselines.baselines[0].state, lockBaselines.problems],
      ['LOCKED', [{ code: 'NO_BASELINE', severity: 'WARNING' }]],
    );
    await send(lines(record({ port: 9090 })));
    const { flows } = await ask('{ flows(orderBy: { field: PORT }) { nodes { port tags } } }');
    assert.deepEqual(flows.nodes, [
      { port: 8080, tags: ['ACTIVE', 'BASELINE'] },
      { port: 9090, tags: ['ACTIVE', 'ANOMALOUS'] },
    ]);
    const { node } = await ask('query ($id: ID!) { node(id: $id) { ... on Baseline { state } } }', {
      id,
    });
    assert.deepEqual(node, { state: 'LOCKED' });
    assert.equal(
      (await change('unlockBaselines', 'namespaces: ["shop"]')).unlockBaselines.baselines[0].state,
      'LEARNING',
    );
    assert.deepEqual(
      await statementsOf(
        '{ deployments { nodes { name baseline { version entries { nodes { peer { __typename } } } } } } }',
      ),
      ['deployments.page', 'baselines.ofDeployments', 'baselineEntryPages.pages', 'peers.byIds'],
    );
    const nowhere = await ask(
      'mutation { lockBaselines(input: { cluster: "x" }) { baselines { state } problems { code path } } }',
    );
    const missing = { code: 'NOT_FOUND', path: 'cluster' };
    assert.deepEqual(nowhere.lockBaselines, { baselines: [], problems: [missing] });
  }));
