import {
  type Facts,
  type GenerateOptions,
  generatePolicies,
  type ObservedFlow,
  type PodFact,
} from '../../../src/netpol/index.js';
import { connection, facts, pod } from '../evaluation/build.js';

type Generated = ReturnType<typeof generatePolicies>;

const EVIDENCE = {
  flows: 1,
  firstSeenAt: '2026-11-01T00:00:00Z',
  lastSeenAt: '2026-11-02T00:00:00Z',
  days: ['2026-11-01'],
  events: 1n,
};

/** `shop/web -> shop/api TCP 8080`; people call the ends as they are written. */
export function flow(text: string, evidence: Partial<ObservedFlow['evidence']> = {}): ObservedFlow {
  const [source = '', , destination = ''] = text.split(' ');
  return {
    id: text,
    ...connection(text),
    names: { source, destination },
    evidence: { ...EVIDENCE, ...evidence },
  };
}

/** The cluster's DNS, as kubeadm runs it. */
export const dns: PodFact = pod('kube-system/coredns', { labels: { 'k8s-app': 'kube-dns' } });

export const OPTIONS: GenerateOptions = {
  label: { key: 'made-by', value: 'tests' },
  allowMetadata: false,
  directions: 'BOTH',
};

/** Policies for `subjects` (those of all pods but DNS where none are named) from flows as `flow` reads them. */
export function generated(
  parts: Partial<Facts>,
  flows: readonly (string | ObservedFlow)[],
  options: Partial<GenerateOptions> & { readonly subjects?: readonly string[] } = {},
): Generated {
  const all = facts(parts);
  const subjects =
    options.subjects ?? all.pods.map(({ key }) => key).filter(key => key !== dns.key);
  const seen = flows.map(each => (typeof each === 'string' ? flow(each) : each));
  return generatePolicies(all, subjects, seen, { ...OPTIONS, ...options });
}

/** A line for each rule: `shop/api: ingress shop/web TCP 8080`. */
export const ruleLines = ({ policies }: Generated): readonly string[] =>
  policies.flatMap(({ namespace, name, rules }) =>
    rules.map(
      ({ direction, peer, ports }) =>
        `${namespace}/${name}: ${direction.toLowerCase()} ${peer} ${ports.join(', ')}`,
    ),
  );

export const problemLines = ({ problems }: Generated): readonly string[] =>
  problems.map(({ code, message }) => `${code} ${message}`);

type Spec = {
  readonly podSelector: { readonly matchLabels: unknown };
  readonly policyTypes: readonly string[];
  readonly ingress: readonly object[];
  readonly egress: readonly object[];
};

/** The spec of the first policy. */
export const specOf = ({ policies }: Generated): Spec | undefined =>
  policies[0]?.document.spec as Spec | undefined;

type Peers = { readonly from?: readonly object[]; readonly to?: readonly object[] };

/** The first rule of the first policy. */
export const peersOf = (made: Generated, direction: 'ingress' | 'egress' = 'ingress'): Peers =>
  specOf(made)?.[direction][0] ?? {};
