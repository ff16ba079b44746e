import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documents, type Lab, labs } from '../support/lab.js';
import { policy } from '../support/manifests.js';
import { deployment } from '../support/shop.js';
import { simulate } from '../support/simulate.js';

const lab = labs();

const INGEST = `mutation ($input: IngestFlowsInput!) { ingestFlows(input: $input) { accepted problems { message } } }`;
const FLOWS = `query ($id: ID!) { node(id: $id) { ... on Simulation { flows { nodes { class explanation { text }
  flow { firstSeenAt } } } } } }`;

const end = (namespace: string, pod: string, labels: readonly string[]) => ({
  namespace,
  pod_name: pod,
  labels: [...labels.map(label => `k8s:${label}`), `k8s:io.kubernetes.pod.namespace=${namespace}`],
});

const hubble = (time: string, port: number, ...labels: string[]) =>
  JSON.stringify({
    flow: {
      time,
      verdict: 'FORWARDED',
      IP: { source: '10.9.0.4', destination: '10.9.0.5' },
      l4: { TCP: { source_port: 50_000, destination_port: port, flags: { SYN: true } } },
      source: end('monitoring', 'prometheus-5c7d9-x2x8p', ['app=prometheus']),
      destination: end('shop', 'web-6d8f7-k2j4h', labels),
      traffic_direction: 'INGRESS',
      is_reply: false,
      event_type: { type: 4 },
    },
  });

async function see(shop: Lab, ...records: readonly string[]): Promise<void> {
  const taken = await shop.call(INGEST, { format: 'hubble', records: records.join('\n') });
  assert.deepEqual(taken, { accepted: records.length, problems: [] });
}

/** Only for pods with this label. */
const candidate = (label: string, value: string): string =>
  documents(
    policy('web', {
      podSelector: { matchLabels: { app: 'web' } },
      policyTypes: ['Ingress'],
    }),
    policy('web-open', {
      podSelector: { matchLabels: { [label]: value } },
      policyTypes: ['Ingress'],
      ingress: [{}],
    }),
  );

async function simulated(shop: Lab, policies: string) {
  const { simulation } = await simulate(shop, { policies });
  const { nodes } = (await shop.ask(FLOWS, { id: simulation.id })).node.flows;
  return Object.fromEntries(
    nodes.map(
      (one: { class: string; explanation: { text: string }; flow: { firstSeenAt: string } }) => [
        one.flow.firstSeenAt.slice(0, 10),
        `${one.class}: ${one.explanation.text.split(':')[0]}`,
      ],
    ),
  );
}

test('a flow is judged and explained by the labels that flows told at its time, and in silence by those told last', async () => {
  const shop = lab('told');
  await see(
    shop,
    hubble('2026-11-01T10:00:00Z', 8080, 'app=web', 'track=old'),
    hubble('2026-11-01T10:00:01Z', 8081, 'app=web', 'track=old'),
    hubble('2026-11-10T10:00:00Z', 8082, 'app=web', 'track=new'),
  );
  // Tells no labels, and lies between.
  await shop.see({
    time: '2026-11-05T10:00:00Z',
    source: { namespace: 'monitoring', workload: { kind: 'Deployment', name: 'prometheus' } },
    destination: { namespace: 'shop', workload: { kind: 'Deployment', name: 'web' } },
    port: 8083,
    protocol: 'TCP',
    verdict: 'ALLOWED',
  });
  const allowed = 'STILL_ALLOWED: allowed';
  const blocked = 'NEWLY_BLOCKED: denied';
  assert.deepEqual(await simulated(shop, candidate('track', 'old')), {
    '2026-11-01': allowed,
    '2026-11-05': allowed,
    '2026-11-10': blocked,
  });
  assert.deepEqual(await simulated(shop, candidate('track', 'new')), {
    '2026-11-01': blocked,
    '2026-11-05': blocked,
    '2026-11-10': allowed,
  });
});

test('labels that flows told count before those that an inventory told later', async () => {
  const shop = lab('told-then-imported');
  await see(shop, hubble('2026-11-01T10:00:00Z', 8080, 'app=web', 'track=old'));
  await shop.take([deployment('web')], { observedAt: '2026-11-09T00:00:00Z' });
  await see(shop, hubble('2026-11-10T10:00:00Z', 8082, 'app=web'));
  assert.deepEqual(await simulated(shop, candidate('track', 'old')), {
    '2026-11-01': 'STILL_ALLOWED: allowed',
    '2026-11-10': 'NEWLY_BLOCKED: denied',
  });
});
