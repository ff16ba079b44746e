import assert from 'node:assert/strict';
import { test } from 'node:test';
import { podParty } from '../../../src/netpol/decide/backends.js';
import type { Party } from '../../../src/netpol/decide/party.js';
import { outcomeOf, readingOf, type Unknowns } from '../../../src/netpol/decide/side.js';
import {
  Action,
  Direction,
  decide,
  formatPortSet,
  type Policy,
} from '../../../src/netpol/index.js';
import {
  adminPolicy,
  baselinePolicy,
  connection,
  labelled,
  networkPolicy,
  pod,
  podsLabelled,
  portNamed,
  tcp,
} from '../evaluation/build.js';
import { compiledFor, testSayings } from '../evaluation/says.js';

const http = [{ name: 'http', port: 8080, protocol: 'TCP' as const }];
const web = pod('shop/web');
const host = pod('shop/host', { hostNetwork: true, ports: http, node: 'a' });
const byName = networkPolicy({
  pods: labelled({ app: 'host' }),
  ingress: [{ ports: [portNamed('http')] }],
});

testSayings([
  {
    title: 'in mode pods a port name means what a selected hostNetwork pod declares',
    facts: { pods: [web, host] },
    policies: [byName],
    modes: { hostNetwork: 'pods' },
    says: {
      'shop/web -> shop/host TCP 8080': 'ALLOWED policy',
      'shop/web -> shop/host TCP 8081': 'DENIED undefined-hostnetwork',
      'shop/web -> shop/host UDP 8080': 'DENIED undefined-hostnetwork',
    },
  },
  {
    title: 'in mode nodes no policy selects a hostNetwork pod, whatever its ports are called',
    facts: { pods: [web, host] },
    policies: [byName],
    modes: { hostNetwork: 'nodes' },
    says: {
      'shop/web -> shop/host TCP 8080': 'ALLOWED default-allow',
      'shop/web -> shop/host TCP 8081': 'ALLOWED undefined-hostnetwork',
    },
  },
  {
    title: 'an end that could be anything lacks a name, even where each answer lacks the port',
    facts: { pods: [web] },
    policies: [networkPolicy({ ingress: [{ ports: [tcp(80)] }], egress: [{ ports: [tcp(80)] }] })],
    says: {
      'shop/web -> ? TCP': 'UNDECIDABLE unresolved-peer',
      '? -> shop/web TCP': 'UNDECIDABLE unresolved-peer',
      'shop/web -> 192.0.2.0/24 TCP': 'UNDECIDABLE unresolved-peer',
      'shop/web -> 192.0.2.1 TCP': 'UNDECIDABLE missing-inventory',
      'shop/web -> ? TCP 80': 'UNDECIDABLE unresolved-peer',
      'shop/web -> ? TCP 81': 'DENIED policy',
    },
  },
  {
    title:
      'a port name allows a pod of which nothing is known no port for certain, and none is denied',
    facts: { pods: [web] },
    policies: [networkPolicy({ egress: [{ ports: [portNamed('http'), tcp(80)] }] })],
    says: {
      'shop/web -> ingress-controller TCP 80': 'ALLOWED policy',
      'shop/web -> ingress-controller TCP 8080': 'UNDECIDABLE missing-inventory',
      'shop/web -> ingress-controller UDP 8080': 'DENIED policy',
      'shop/web -> 192.0.2.1 TCP 8080': 'DENIED policy',
    },
  },
  {
    title: 'a hostNetwork pod of which no node is known may be on one with any labels',
    facts: { pods: [web, pod('shop/host', { hostNetwork: true })] },
    policies: [
      adminPolicy({
        egress: [{ action: Action.DENY, peers: [{ kind: 'nodes', nodes: labelled({ a: 'b' }) }] }],
      }),
    ],
    says: { 'shop/web -> shop/host TCP 80': 'UNDECIDABLE missing-inventory' },
  },
  {
    title: 'a baseline rule says nothing of a pod that a NetworkPolicy isolates',
    facts: { pods: [web] },
    policies: [networkPolicy({ ingress: [] }), baselinePolicy({ ingress: [{}] })],
    says: { '192.0.2.1 -> shop/web TCP 80': 'DENIED policy' },
  },
]);

test('a verdict is governed where a policy selects the subject of either direction', () => {
  const governed = (policies: readonly Policy[]) => {
    const compiled = compiledFor({ facts: { pods: [web, pod('shop/api')] }, policies });
    return decide(compiled, connection('shop/web -> shop/api TCP 80')).governed;
  };
  const select = (app: string, rules: { ingress?: []; egress?: [] }) =>
    networkPolicy({ pods: labelled({ app }), ...rules });
  assert.equal(governed([select('web', { egress: [] })]), true);
  assert.equal(governed([select('api', { ingress: [] })]), true);
  assert.equal(governed([select('web', { ingress: [] }), select('api', { egress: [] })]), false);
});

const stranger: Party = { kind: 'stranger' };
const perhapsApi = [{ peers: [podsLabelled({ app: 'api' })], ports: [tcp(80)] }];

/** What `shop/web` surely admits of a stranger, and what it may. */
function admitted(policy: Policy, unknowns?: Unknowns): readonly string[] {
  const compiled = compiledFor({ facts: { pods: [web] }, policies: [policy] });
  const question = {
    subject: podParty(compiled, 0),
    peer: stranger,
    direction: Direction.INGRESS,
    loop: false,
  };
  const { allow, maybe } = outcomeOf(compiled, question, readingOf(compiled), unknowns);
  return [allow, maybe].map(traffic => formatPortSet(compiled.engine.table.at(traffic).ports));
}

const BUT_80 = 'SCTP 1-65535,TCP 1-79,81-65535,UDP 1-65535';

const READINGS: readonly (readonly [string, Policy, undecided: string[], unmatched: string[]])[] = [
  [
    'allows in a NetworkPolicy',
    networkPolicy({ ingress: perhapsApi }),
    ['No Connections', 'TCP 80'],
    ['No Connections', 'No Connections'],
  ],
  [
    'denies in the admin tier',
    adminPolicy({
      ingress: perhapsApi.map(rule => ({
        ...rule,
        action: Action.DENY,
        peers: [{ kind: 'pods', namespaces: labelled({}), pods: labelled({ app: 'api' }) }],
      })),
    }),
    [BUT_80, 'TCP 80'],
    ['All Connections', 'No Connections'],
  ],
  [
    'denies in the baseline tier',
    baselinePolicy({
      ingress: [
        {
          action: Action.DENY,
          ports: [tcp(80)],
          peers: [{ kind: 'pods', namespaces: labelled({}), pods: labelled({ app: 'api' }) }],
        },
      ],
    }),
    [BUT_80, 'TCP 80'],
    ['All Connections', 'No Connections'],
  ],
];

for (const [title, policy, undecided, unmatched] of READINGS) {
  test(`a rule that perhaps means the peer and ${title} is left open, or not matched where the map asks`, () => {
    assert.deepEqual(admitted(policy), undecided);
    assert.deepEqual(admitted(policy, 'undecided'), undecided);
    assert.deepEqual(admitted(policy, 'unmatched'), unmatched);
  });
}
