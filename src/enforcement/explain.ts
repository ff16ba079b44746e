import {
  betweenPods,
  type Compiled,
  compile,
  DEFAULT_MODES,
  decide,
  type Endpoint,
  type Facts,
  type PodFact,
  type Problem,
  withTwins,
} from '../netpol/index.js';
import { cidrOf, parseCidr, parseIpAddress } from '../query/address.js';
import { candidateOf } from './candidate.js';

import { type Explained, explained } from './explained.js';
import { type InForceStores, inForce, keptSet } from './in-force.js';

export type ExplainInput = {
  readonly clusterId: number;
  /** `namespace/name`, `namespace/kind/name`, an address or a CIDR. */
  readonly source: string;
  readonly destination: string;
  readonly port: number | null;
  readonly protocol: string;
  /** YAML of a candidate, which replaces or adds to the live policies. */
  readonly policies: string | null;
  /** ISO text: policies and labels as of then. */
  readonly at: string | null;
};

export type ExplainOutcome =
  | { readonly explanation: Explained; readonly problems: readonly Problem[] }
  | { readonly fault: string };

type Found = { readonly endpoint: Endpoint } | { readonly fault: string };

const isNamed = (pod: PodFact, namespace: string, rest: readonly string[]): boolean => {
  const [first = '', second] = rest;
  if (pod.namespace !== namespace) return false;
  if (second === undefined) return pod.workload.name === first;
  return pod.workload.name === second && pod.workload.kind.toLowerCase() === first.toLowerCase();
};

const labelOf = ({ namespace, workload }: PodFact): string =>
  `\`${namespace}/${workload.kind}/${workload.name}\``;

const keyOf = (pod: PodFact): string => `${pod.workload.kind}/${pod.workload.name}`;

function podNamed(facts: Facts, text: string): Found {
  const [namespace = '', ...rest] = text.split('/');
  const found = facts.pods.filter(pod => isNamed(pod, namespace, rest));
  const [pod] = found;
  if (pod === undefined) {
    return {
      fault: `\`${text}\` is neither a deployment of this cluster nor an address; write \`namespace/name\`, \`namespace/kind/name\`, an address or a CIDR`,
    };
  }
  if (new Set(found.map(keyOf)).size > 1) {
    return { fault: `\`${text}\` is ambiguous: ${found.map(labelOf).join(', ')}` };
  }
  return { endpoint: { kind: 'pod', key: pod.key } };
}

/** The peer that a text names, as api.md says for `ExplainInput`. */
export function endpointNamed(facts: Facts, text: string): Found {
  const address = parseIpAddress(text);
  if (address !== null) return { endpoint: { kind: 'address', address } };
  const cidr = parseCidr(text);
  if (cidr !== null) return { endpoint: { kind: 'block', cidr: cidrOf(cidr) ?? cidr } };
  const node = facts.nodes.find(({ name }) => name === text || `node/${name}` === text);
  if (node !== undefined) return { endpoint: { kind: 'node', name: node.name } };
  if (text === '{ingress-controller}') return { endpoint: { kind: 'ingress-controller' } };
  return podNamed(facts, text);
}

function explainWith(
  compiled: Compiled,
  facts: Facts,
  input: ExplainInput,
): Explained | { readonly fault: string } {
  const source = endpointNamed(facts, input.source);
  const destination = endpointNamed(facts, input.destination);
  if ('fault' in source) return source;
  if ('fault' in destination) return destination;
  return explained(
    decide(
      compiled,
      betweenPods({
        source: source.endpoint,
        destination: destination.endpoint,
        port: input.port,
        protocol: input.protocol,
      }),
    ),
  );
}

/** Why one connection is allowed or not, under the policies in force or under a candidate. */
export async function explain(stores: InForceStores, input: ExplainInput): Promise<ExplainOutcome> {
  const live = await inForce(stores, input.clusterId, input.at);
  const sources = input.policies === null ? [] : [{ file: null, text: input.policies }];
  const { after, problems } = candidateOf(live.policies, sources, []);
  const unusable = problems.find(({ severity }) => severity === 'ERROR');
  if (unusable !== undefined) {
    const { line, column } = unusable.place ?? { line: 1, column: 1 };
    return { fault: `\`policies\` line ${line}, column ${column}: ${unusable.message}` };
  }
  const compiled =
    sources.length === 0 ? live.compiled : compile(withTwins(live.facts), after, DEFAULT_MODES);
  const explanation = explainWith(compiled, live.known, input);
  if ('fault' in explanation) return explanation;
  const asIs = input.at === null && sources.length === 0;
  const { versions } = asIs ? await keptSet(stores, input.clusterId) : { versions: undefined };
  return { explanation: { ...explanation, ...(versions && { versions }) }, problems };
}
