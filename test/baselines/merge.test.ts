import assert from 'node:assert/strict';
import { test } from 'node:test';
import { baselineMergeStore } from '../../src/baselines/baseline-merge.store.js';
import { mergeBaselines } from '../../src/baselines/merge.js';
import { flowMergeStore } from '../../src/flows/ingest/flow-merge.store.js';
import { mergeFlows } from '../../src/flows/ingest/merge.js';
import { lines, NOW, record, workload } from '../flows/support/intake.js';
import { type Learning, learningStores, withLearning } from './support/learning.js';

const ALL = { clusterId: 1, namespaces: null, deployments: null, since: null, until: null };

/** What an import does when it learns that one peer is another. */
const merge = async ({ source, rows }: Learning, from: string, to: string): Promise<void> => {
  const idOf = async (name: string): Promise<string> =>
    String((await rows(`select id from peer where name = '${name}'`))[0]?.['id']);
  const mergers = [{ from: await idOf(from), to: await idOf(to) }];
  await source.transaction(async manager => {
    const stores = {
      ...learningStores(manager),
      flowMerges: flowMergeStore(manager),
      baselineMerges: baselineMergeStore(manager),
    };
    await stores.peers.mergePairs(1, mergers);
    await mergeFlows(stores, 1, mergers);
    await mergeBaselines(stores, 1, mergers, NOW);
  });
};

const MARKS = `select s.name as source, d.name as destination, f.port, in_baseline as "inBaseline", off_locked as "offLocked"
  from flow f join peer s on s.id = f.source_id join peer d on d.id = f.destination_id
  order by f.port, source, destination`;

const twice = (other: object): readonly object[] => [
  record({ ...other, time: '2026-11-20T10:00:00Z' }),
  record(other),
];

test('what a locked baseline holds of a peer it still holds when that peer turns out to be a deployment', () =>
  withLearning(async learning => {
    const { send, useCases, rows } = learning;
    await send(
      lines(
        ...twice({ destination: { ip: '10.0.0.9' } }),
        ...twice({}),
        record({ destination: workload('api'), port: 9090 }),
      ),
    );
    await useCases.generateBaselines({ ...ALL, deployments: ['web'] });
    await useCases.lockBaselines({ ...ALL, deployments: ['web'] });
    await merge(learning, '10.0.0.9', 'api');
    assert.deepEqual(await rows(MARKS), [
      { source: 'web', destination: 'api', port: 8080, inBaseline: true, offLocked: false },
      { source: 'web', destination: 'api', port: 9090, inBaseline: true, offLocked: false },
    ]);
    assert.deepEqual(
      await rows('select port, events::int, days from baseline_entry order by port'),
      [
        { port: 8080, events: 4, days: 2 },
        { port: 9090, events: 1, days: 1 },
      ],
    );
    assert.deepEqual(
      await rows(`select b.version, (select count(*)::int from baseline_revision where valid_to is null) as current,
        (select max(version) from baseline_revision) as newest from baseline b`),
      [{ version: 3, current: 1, newest: 3 }],
    );
  }));

test('a deployment takes over the baseline of the one that turned out to be it', () =>
  withLearning(async learning => {
    const { send, useCases, rows, ask } = learning;
    await send(
      lines(
        ...twice({ source: workload('web-old') }),
        record({ source: workload('front'), port: 1 }),
      ),
    );
    await useCases.generateBaselines({ ...ALL, deployments: ['web-old'] });
    await useCases.lockBaselines({ ...ALL, deployments: ['web-old'] });
    await merge(learning, 'web-old', 'front');
    assert.deepEqual(await rows(MARKS), [
      { source: 'front', destination: 'api', port: 1, inBaseline: false, offLocked: true },
      { source: 'front', destination: 'api', port: 8080, inBaseline: true, offLocked: false },
    ]);
    const { deployment } = await ask(
      '{ deployment(cluster: "lab", namespace: "shop", name: "front") { baseline { state entries { nodes { port } } } } }',
    );
    assert.deepEqual(deployment.baseline, {
      state: 'LOCKED',
      entries: { nodes: [{ port: 8080 }] },
    });
  }));
