import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lines, record } from '../flows/support/intake.js';
import { INGEST, type Lab, labs } from '../support/lab.js';
import { lawRuns } from '../support/law-runs.js';
import { node, pod, policy } from '../support/manifests.js';

const lab = labs();

const on = (name: string, ip: string, nodeName: string) => {
  const made = pod(name, { ip, labels: { app: 'web' }, owner: 'ReplicaSet/web-5c7d9' });
  return { ...made, spec: { ...made.spec, nodeName } };
};

/** One deployment on two nodes: what a node sends to its own pod is a probe, to the other's it is not. */
const CLUSTER = [
  node('here', '192.0.2.1'),
  node('there', '192.0.2.2'),
  on('web-5c7d9-aaaaa', '10.1.0.1', 'here'),
  on('web-5c7d9-bbbbb', '10.1.0.2', 'there'),
  policy('closed', { podSelector: {}, policyTypes: ['Ingress'] }),
];

const seen = fc.record({
  source: fc.constantFrom('192.0.2.1', '192.0.2.2'),
  destination: fc.constantFrom('10.1.0.1', '10.1.0.2'),
  minute: fc.integer({ min: 0, max: 59 }),
  verdict: fc.constantFrom('ALLOWED', 'DENIED', undefined),
});

type Seen = typeof seen extends fc.Arbitrary<infer T> ? T : never;

const recordOf = ({ source, destination, minute, verdict }: Seen): object =>
  record({
    source: { ip: source },
    destination: { ip: destination },
    time: `2026-11-22T10:${String(minute).padStart(2, '0')}:00Z`,
    verdict,
  });

/** Each run takes in two clusters: a tenth of a second. */
const RUNS = lawRuns(8);

const ALERTS = `query ($cluster: String!) { alerts(first: 50, filter: { cluster: { eq: $cluster } }) {
  nodes { rule message occurrences firstOccurredAt lastOccurredAt } }
  flows(filter: { cluster: { eq: $cluster } }) { nodes { trafficClass events policyVerdict policyBasis } } }`;

const sorted = (values: readonly unknown[]): readonly string[] =>
  values.map(value => JSON.stringify(value)).toSorted();

async function shown({ ask, cluster, verdicts }: Lab) {
  const { alerts, flows } = await ask(ALERTS, { cluster });
  return {
    alerts: sorted(alerts.nodes),
    flows: sorted(flows.nodes),
    verdicts: await verdicts(),
  };
}

const cut = fc.array(seen, { minLength: 1, maxLength: 8 }).chain(records =>
  fc.record({
    records: fc.constant(records),
    order: fc.shuffledSubarray(records, { minLength: records.length }),
  }),
);

test('a flow that has probes among its records is judged and alerted as one whole, in any cut and order', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(cut, async ({ records, order }) => {
      run += 1;
      const [whole, parts] = [lab(`whole-${run}`), lab(`parts-${run}`)];
      for (const one of [whole, parts]) await one.take(CLUSTER);
      await whole.see(...records.map(recordOf));
      for (const [place, one] of order.entries())
        await parts.call(INGEST, {
          format: 'neutral',
          records: lines(recordOf(one)),
          key: `${place}`,
        });
      assert.deepEqual(await shown(parts), await shown(whole));
    }),
    { numRuns: RUNS },
  );
});
