import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Action, decide, type Facts, type Modes, type Policy } from '../../../src/netpol/index.js';
import {
  adminPolicy,
  anyPod,
  block,
  connection,
  labelled,
  networkPolicy,
  networks,
  pod,
  portNamed,
  service,
  tcp,
  udp,
} from '../evaluation/build.js';
import { compiledFor } from '../evaluation/says.js';

type World = {
  readonly facts: Partial<Facts>;
  readonly policies: readonly Policy[];
  readonly modes?: Partial<Modes>;
};

const ask = (world: World, text: string) => decide(compiledFor(world), connection(text));

/** The verdict, and the fact that would decide. */
const missing = (world: World, text: string): string => {
  const { verdict, basis, missing: fact } = ask(world, text);
  return `${verdict} ${basis}: ${fact}`;
};

const web = pod('shop/web', { addresses: ['10.0.0.1'], node: 'a' });
const api = pod('shop/api', { addresses: ['10.0.0.2'], node: 'b' });
const node = (name: string, ...addresses: string[]) => ({ name, labels: {}, addresses });
const sctp = { kind: 'range', protocol: 'SCTP', from: 1, to: 65_535 } as const;
const toDomain = adminPolicy({
  egress: [{ action: Action.DENY, peers: [{ kind: 'domain-names', names: ['example.com'] }] }],
});

test('a text that is no block is unknown, and named', () => {
  const policies = [networkPolicy({ ingress: [{ peers: [block('10.0.0.0/8')] }] })];
  const { basis, missing: fact } = decide(compiledFor({ facts: { pods: [web] }, policies }), {
    source: { kind: 'block', cidr: '10.0.0.0/99' },
    destination: { kind: 'pod', key: 'shop/web' },
    protocol: 'TCP',
    port: 80,
  });
  assert.equal(`${basis}: ${fact}`, 'unresolved-peer: a block of addresses: `10.0.0.0/99` is none');
});

test('the labels and addresses of a node are missing where either is not known', () => {
  const selected: Policy = adminPolicy({
    egress: [
      { action: Action.DENY, peers: [{ kind: 'nodes', nodes: labelled({ role: 'infra' }) }] },
    ],
  });
  const host = pod('shop/host', { hostNetwork: true, node: 'c', addresses: ['10.1.0.3'] });
  assert.equal(
    missing({ facts: { pods: [web, host] }, policies: [selected] }, 'shop/web -> node:c TCP 80'),
    'UNDECIDABLE missing-inventory: the labels and addresses of the node `c`',
  );
});

test('of a node that is known nothing is missing but the port', () => {
  const byPort = networkPolicy({ ingress: [{ peers: [block('10.1.0.0/16')], ports: [tcp(80)] }] });
  const world = { facts: { pods: [web], nodes: [node('n', '10.1.0.1')] }, policies: [byPort] };
  assert.equal(
    missing(world, 'node:n -> shop/web TCP'),
    'UNDECIDABLE missing-inventory: the destination port',
  );
});

test('the names of an address are missing once, however many pods ask', () => {
  const pods = [web, api].map(one => ({ ...one, labels: { app: 'api' } }));
  assert.equal(
    missing(
      { facts: { pods, services: [service()] }, policies: [toDomain] },
      'service=shop/api -> 8.8.8.8 TCP 80',
    ),
    'UNDECIDABLE missing-inventory: the domain names of `8.8.8.8`',
  );
});

test('a protocol without ports lacks no port', () => {
  assert.equal(
    missing({ facts: { pods: [web] }, policies: [toDomain] }, 'shop/web -> 8.8.8.8 ICMP'),
    'UNDECIDABLE missing-inventory: the domain names of `8.8.8.8`',
  );
});

test('of two pods without an address the peer is the one that a rule asks for', () => {
  const pods = [pod('shop/one'), pod('shop/two')];
  const deny = [{ action: Action.DENY, peers: [networks('10.0.0.0/8')] }];
  const says = (policy: Policy) =>
    missing({ facts: { pods }, policies: [policy] }, 'shop/one -> shop/two TCP 80');
  const text = (pod: string) =>
    `UNDECIDABLE missing-inventory: the address of the pod \`shop/${pod}\``;
  assert.equal(says(adminPolicy({ ingress: deny })), text('one'));
  assert.equal(says(adminPolicy({ egress: deny })), text('two'));
});

const reasons = (world: World, text: string, half: 'egress' | 'ingress'): readonly string[] =>
  ask(world, text)[half].reasons.map(
    ({ policy, rule }) => `${policy.name} ${rule?.index ?? 'isolates'}`,
  );

test('where a Service leads a pod back to itself, only the admin tiers are reasons', () => {
  const world = {
    facts: {
      pods: [web],
      services: [
        service({
          name: 'web',
          selector: { app: 'web' },
          ports: [{ name: null, port: 80, protocol: 'TCP', targetPort: 80, nodePort: null }],
        }),
      ],
    },
    policies: [
      adminPolicy({ name: 'first', egress: [{ action: Action.PASS, peers: [anyPod] }] }),
      networkPolicy({ name: 'isolates', egress: [] }),
    ],
  };
  assert.deepEqual(reasons(world, 'shop/web -> service=shop/web TCP 80', 'egress'), ['first 0']);
});

test('a backend on the node that asks has no reasons, whatever the others have', () => {
  const closes = (app: string) =>
    networkPolicy({ name: app, pods: labelled({ app }), ingress: [] });
  const tier = { tier: 'back' };
  const pods = [web, api].map(one => ({ ...one, labels: { ...one.labels, ...tier } }));
  const behind = service({ selector: tier, clusterIps: ['None'] });
  const world = {
    facts: { pods, nodes: [node('a', '10.1.0.1'), node('b', '10.1.0.2')], services: [behind] },
    policies: [closes('web'), closes('api')],
  };
  assert.deepEqual(reasons(world, 'node:a -> service=shop/api TCP 80', 'ingress'), [
    'api isolates',
  ]);
});

test('a rule that decides all ports of the protocol leaves nothing to those below it', () => {
  const world = {
    facts: { pods: [web, api] },
    policies: [
      adminPolicy({
        name: 'first',
        ingress: [{ ports: [tcp(1, 65_535), udp(1, 65_535), sctp] }, { action: Action.DENY }],
      }),
    ],
  };
  assert.deepEqual(reasons(world, 'shop/api -> shop/web TCP 80', 'ingress'), ['first 0']);
  assert.deepEqual(reasons(world, 'shop/api -> shop/web ICMP', 'ingress'), ['first 1']);
});

test('in mode pods a rule that names a port of a hostNetwork pod is a reason', () => {
  const ports = [{ name: 'http', port: 8080, protocol: 'TCP' as const }];
  const host = pod('shop/host', { hostNetwork: true, ports, node: 'c' });
  const world = {
    facts: { pods: [web, host] },
    policies: [networkPolicy({ ingress: [{ ports: [portNamed('http')] }] })],
    modes: { hostNetwork: 'pods' as const },
  };
  assert.deepEqual(reasons(world, 'shop/web -> shop/host TCP 8080', 'ingress'), ['policy 0']);
});
