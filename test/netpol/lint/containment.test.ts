import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  DEFAULT_MODES,
  type Peer,
  type Policy,
  type PortMatch,
  parsePolicies,
  type Requirement,
  type Rule,
  type Selector,
} from '../../../src/netpol/index.js';
import {
  containedPolicies,
  containedRules,
  regionsIn,
} from '../../../src/netpol/lint/containment.js';

/**
 * A transcription of the law on a universe so small that every connection can be tried: pods with
 * two labels of three values each (or none), three namespaces, eight addresses and one beyond, ports
 * 1 to 6 of three protocols. Each has one value that no generated policy names, which stands for all others.
 */
type Pod = {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
};
type Connection = {
  readonly subject: Pod;
  readonly peer: Pod | number;
  readonly protocol: string;
  readonly port: number;
  /** The subject's port bears the name `web`. */
  readonly named: boolean;
};

const VALUES = ['x', 'y', 'other', null] as const;
const pods: readonly Pod[] = VALUES.flatMap(a =>
  VALUES.flatMap(b =>
    ['own', 'far', 'other'].map(namespace => ({
      namespace,
      labels: { ...(a === null ? {} : { a }), ...(b === null ? {} : { b }) },
    })),
  ),
);
const subjects = pods.filter(({ namespace }) => namespace === 'own');
const connections: readonly Connection[] = subjects.flatMap(subject =>
  [...pods, 0, 1, 2, 3, 4, 5, 6, 7, 8].flatMap(peer =>
    ['TCP', 'UDP', 'SCTP'].flatMap(protocol =>
      [1, 2, 3, 4, 5, 6].flatMap(port =>
        [true, false].map(named => ({ subject, peer, protocol, port, named })),
      ),
    ),
  ),
);

const meets = (labels: Pod['labels'], { key, operator, values }: Requirement): boolean => {
  const value = labels[key];
  if (operator === 'In') return value !== undefined && values.includes(value);
  if (operator === 'NotIn') return value === undefined || !values.includes(value);
  return (value !== undefined) === (operator === 'Exists');
};

const picks = ({ requirements }: Selector, labels: Pod['labels']): boolean =>
  requirements.every(requirement => meets(labels, requirement));

const picksPeer = (peer: Peer, end: Pod | number): boolean => {
  if (peer.kind === 'pods') {
    if (typeof end === 'number') return false;
    const there = { 'kubernetes.io/metadata.name': end.namespace };
    const inside =
      peer.namespaces === null ? end.namespace === 'own' : picks(peer.namespaces, there);
    return inside && picks(peer.pods, end.labels);
  }
  if (peer.kind !== 'ip-block' || typeof end !== 'number') return false;
  return inBlock(peer.cidr, end) && !peer.except.some(hole => inBlock(hole, end));
};

/** Addresses are 192.0.2.0 to 192.0.2.8, of which blocks name all but the last. */
const inBlock = (cidr: string, address: number): boolean => {
  const [from = 0, length = 32] = cidr.replace('192.0.2.', '').split('/').map(Number);
  return address >= from && address < from + 2 ** (32 - length);
};

const opens = (match: PortMatch, { protocol, port, named }: Connection): boolean =>
  match.protocol === protocol &&
  (match.kind === 'range' ? match.from <= port && port <= match.to : named);

const allows = ({ peers, ports }: Rule, connection: Connection): boolean =>
  (peers === null || peers.some(peer => picksPeer(peer, connection.peer))) &&
  (ports === null || ports.some(match => opens(match, connection)));

const requirement = fc.record({
  key: fc.constantFrom('a', 'b'),
  operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
  values: fc.subarray(['x', 'y'], { minLength: 1 }),
});
const selector = fc.array(requirement, { maxLength: 2 }).map(list => ({
  matchExpressions: list.map(each =>
    each.operator === 'In' || each.operator === 'NotIn'
      ? each
      : { key: each.key, operator: each.operator },
  ),
}));
const namespaces = fc.constantFrom(
  {},
  { matchLabels: { 'kubernetes.io/metadata.name': 'own' } },
  { matchLabels: { 'kubernetes.io/metadata.name': 'far' } },
);
const block = fc.constantFrom(
  { cidr: '192.0.2.0/29' },
  { cidr: '192.0.2.0/29', except: ['192.0.2.4/30'] },
  { cidr: '192.0.2.4/31' },
  { cidr: '192.0.2.6/31' },
  { cidr: '192.0.2.0/31' },
);
const peer = fc.oneof(
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector: namespaces, podSelector: selector }),
  fc.record({ ipBlock: block }),
);
const port = fc.oneof(
  fc
    .record({ protocol: fc.constantFrom('TCP', 'UDP'), from: fc.nat(2), length: fc.nat(2) })
    .map(({ protocol, from, length }) => ({
      protocol,
      port: from + 1,
      endPort: from + 1 + length,
    })),
  fc.constantFrom({ protocol: 'TCP', port: 'web' }, { protocol: 'TCP' }, { protocol: 'UDP' }),
);
const rule = fc.record(
  {
    from: fc.array(peer, { minLength: 1, maxLength: 2 }),
    ports: fc.array(port, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: [] },
);
const specs = fc.array(
  fc.record({ podSelector: selector, ingress: fc.array(rule, { maxLength: 3 }) }),
  { minLength: 1, maxLength: 3 },
);

const policiesOf = (list: readonly object[]): readonly Policy[] => {
  const documents = list.map((spec, index) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `p${index}`, namespace: 'own' },
    spec: { policyTypes: ['Ingress'], ...spec },
  }));
  const { policies, problems } = parsePolicies([
    { file: null, text: documents.map(each => JSON.stringify(each)).join('\n---\n') },
  ]);
  assert.deepEqual(
    problems.filter(({ severity }) => severity === 'ERROR'),
    [],
  );
  return policies;
};

type Sited = { readonly policy: Policy; readonly rule: Rule };

const sites = (policies: readonly Policy[]): readonly Sited[] =>
  policies.flatMap(policy => (policy.ingress ?? []).map(each => ({ policy, rule: each })));

/** The connections that a rule allows its policy's pods, by their places in the universe. */
const reachOf = ({ policy, rule: each }: Sited): ReadonlySet<number> =>
  new Set(
    connections.flatMap((connection, place) =>
      picks(policy.subject.pods, connection.subject.labels) && allows(each, connection)
        ? [place]
        : [],
    ),
  );

const covered = (part: ReadonlySet<number>, whole: readonly ReadonlySet<number>[]): boolean =>
  [...part].every(place => whole.some(set => set.has(place)));

test('a rule is contained exactly when every connection it allows is allowed without it', () => {
  fc.assert(
    fc.property(specs, list => {
      const policies = policiesOf(list);
      const found = new Set(
        containedRules(policies, regionsIn(DEFAULT_MODES)).map(({ site }) => site.rule),
      );
      const reaches = new Map(sites(policies).map(site => [site.rule, reachOf(site)]));
      const kept = new Set(reaches.keys());
      for (const each of [...reaches.keys()].reverse()) {
        const own = reaches.get(each) ?? new Set();
        const others = [...kept].filter(other => other !== each);
        const redundant =
          own.size > 0 &&
          covered(
            own,
            others.map(other => reaches.get(other) ?? new Set()),
          );
        if (redundant) kept.delete(each);
        assert.equal(found.has(each), redundant, JSON.stringify(list));
      }
    }),
    { numRuns: 50 },
  );
});

test('removing all contained policies changes neither what is isolated nor what is allowed', () => {
  fc.assert(
    fc.property(specs, list => {
      const policies = policiesOf(list);
      const gone = new Set(
        containedPolicies(policies, regionsIn(DEFAULT_MODES)).map(({ policy }) => policy),
      );
      const left = policies.filter(policy => !gone.has(policy));
      const isolated = (some: readonly Policy[]) =>
        subjects.map(({ labels }) => some.some(({ subject }) => picks(subject.pods, labels)));
      const allowed = (some: readonly Policy[]) =>
        [...new Set(sites(some).flatMap(site => [...reachOf(site)]))].sort((a, b) => a - b);
      assert.deepEqual(isolated(left), isolated(policies));
      assert.deepEqual(allowed(left), allowed(policies));
    }),
    { numRuns: 40 },
  );
});

test('policies are equivalent that differ in writing only, and not when one port differs', () => {
  const one = { podSelector: {}, ingress: [{ ports: [{ protocol: 'TCP', port: 1, endPort: 4 }] }] };
  const other = {
    podSelector: { matchExpressions: [] },
    ingress: [
      { ports: [{ protocol: 'TCP', port: 3, endPort: 4 }] },
      { ports: [{ protocol: 'TCP', port: 1, endPort: 2 }] },
    ],
  };
  const less = {
    podSelector: {},
    ingress: [{ ports: [{ protocol: 'TCP', port: 1, endPort: 3 }] }],
  };
  const policies = policiesOf([one, other, less]);
  const [a, b, c] = policies;
  assert.deepEqual(containedPolicies(policies, regionsIn(DEFAULT_MODES)), [
    { policy: b, by: a, equivalent: true },
    { policy: c, by: a, equivalent: false },
  ]);
});
