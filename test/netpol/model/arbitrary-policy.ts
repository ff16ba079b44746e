import fc from 'fast-check';
import { isStrictlyInside, parseBlock } from './address.js';
import { PORT_NAMES } from './arbitrary-inventory.js';
import {
  NAMESPACE_CHOICE,
  NAMESPACE_WORDS,
  oneOf,
  POD_WORDS,
  seldomAbsent,
  selectorOf,
  weighted,
} from './arbitrary-selector.js';
import type { IpBlock, NetworkPolicy, Peer, PolicyPort, PolicyRule } from './objects.js';

export const BLOCKS = [
  '0.0.0.0/0',
  '::/0',
  '10.0.0.0/8',
  '10.0.0.0/24',
  '10.0.1.77/24',
  '10.0.0.1/32',
  '10.0.0.2/31',
  '192.168.0.0/16',
  '192.168.0.1/32',
  '8.8.8.8/29',
  'fd00::/16',
  'fd00::5/112',
  'fd00::1:2/128',
  'fd01::/64',
  '2001:db8::9/32',
] as const;

const insideOf = (cidr: string): string[] => {
  const outer = parseBlock(cidr);
  return BLOCKS.filter(text => {
    const inner = parseBlock(text);
    return outer !== null && inner !== null && isStrictlyInside(inner, outer);
  });
};

const ipBlock: fc.Arbitrary<IpBlock> = oneOf(...BLOCKS).chain(cidr =>
  weighted<IpBlock>(
    [2, fc.constant({ cidr })],
    [2, fc.subarray(insideOf(cidr)).map(except => ({ cidr, except }))],
  ),
);

const podSelector = selectorOf(POD_WORDS);
const namespaceSelector = selectorOf(NAMESPACE_WORDS);

export const peer: fc.Arbitrary<Peer> = weighted<Peer>(
  [3, fc.record({ podSelector })],
  [3, fc.record({ namespaceSelector })],
  [3, fc.record({ namespaceSelector, podSelector })],
  [1, fc.record({ namespaceSelector, podSelector: fc.constant(null) })],
  [1, fc.record({ namespaceSelector: fc.constant(null), podSelector })],
  [5, fc.record({ ipBlock })],
);

const protocol = oneOf('TCP', 'TCP', 'UDP', 'SCTP', undefined, null);

export const policyPort: fc.Arbitrary<PolicyPort> = weighted<PolicyPort>(
  [2, fc.record({ protocol })],
  [3, fc.record({ protocol, port: oneOf(53, 80, 443, 8080) })],
  [3, fc.record({ protocol, port: oneOf(...PORT_NAMES, 'nobody') })],
  [2, fc.record({ protocol, port: oneOf(1, 53, 80), endPort: oneOf(80, 443, 8080, 65535) })],
  [1, fc.record({ protocol, port: fc.constant(null), endPort: fc.constant(null) })],
);

const list = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> =>
  weighted<readonly T[]>([6, fc.array(item, { minLength: 1, maxLength: 2 })], [1, fc.constant([])]);

const ruleWith = (side: 'from' | 'to'): fc.Arbitrary<PolicyRule> =>
  fc
    .record({ peers: seldomAbsent(list(peer)), ports: seldomAbsent(list(policyPort)) })
    .map(({ peers, ports }) => ({
      ...(peers === undefined ? {} : { [side]: peers }),
      ...(ports === undefined ? {} : { ports }),
    }));

const rules = (side: 'from' | 'to') => seldomAbsent(list(ruleWith(side)));

const withoutUndefined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;

const spec = fc
  .record({
    podSelector: weighted([1, fc.constant({})], [2, seldomAbsent(podSelector)]),
    policyTypes: oneOf<readonly string[] | null | undefined>(
      undefined,
      undefined,
      null,
      [],
      ['Ingress'],
      ['Egress'],
      ['Ingress', 'Egress'],
    ),
    ingress: rules('from'),
    egress: weighted([3, rules('to')], [2, fc.constant(undefined)]),
  })
  .map(withoutUndefined);

/** Each is one point of row 22. */
const BROKEN_RULES: readonly PolicyRule[] = [
  { from: [{}] },
  { from: [{ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }] },
  { from: [{ ipBlock: { cidr: '10.0.0.0/33' } }] },
  { from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] } }] },
  { from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/9'] } }] },
  { from: [{ podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: [] }] } }] },
  {
    from: [
      { podSelector: { matchExpressions: [{ key: 'app', operator: 'Exists', values: ['a'] }] } },
    ],
  },
  { from: [{ podSelector: { matchExpressions: [{ key: 'app', operator: 'Near' }] } }] },
  { ports: [{ endPort: 90 }] },
  { ports: [{ port: 'http', endPort: 90 }] },
  { ports: [{ port: 90, endPort: 80 }] },
  { ports: [{ port: 0 }] },
  { ports: [{ port: 65536 }] },
  { ports: [{ port: 80, protocol: 'ICMP' }] },
];

const broken: fc.Arbitrary<NetworkPolicy['spec']> = weighted<NetworkPolicy['spec']>(
  [8, oneOf(...BROKEN_RULES).map(rule => ({ podSelector: {}, ingress: [rule] }))],
  [1, fc.constant({ podSelector: {}, policyTypes: ['Sideways'] })],
);

/** `index` makes the name, falling, so that names do not sort as documents do. */
export const networkPolicy = (index: number): fc.Arbitrary<NetworkPolicy> =>
  fc
    .record({
      namespace: seldomAbsent(oneOf(...NAMESPACE_CHOICE)),
      spec: weighted<NetworkPolicy['spec']>([20, spec], [1, broken]),
    })
    .map(({ namespace, spec: chosen }) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: `policy-${9 - index}`, ...(namespace ? { namespace } : {}) },
      spec: chosen,
    }));

export { namespaceSelector, podSelector };
