import type { Facts, PodFact } from '../facts.js';
import type { Labels } from '../labels.js';
import { Direction } from '../policy.js';
import { type Problem, Severity } from '../problem.js';
import { dnsPods, dnsRule } from './dns.js';
import { type NetworkPolicyDocument, policyDocument, renamed } from './document.js';
import {
  declaredPort,
  foldDynamicPorts,
  inOrder,
  mergeDrafts,
  type PortDraft,
  type RuleDraft,
} from './draft.js';
import type { Evidence, ObservedFlow } from './evidence.js';
import { draftOf, podPeer, type Surroundings } from './flow-rule.js';
import { type Identity, identityOf } from './selector.js';

export type GenerateOptions = {
  /** Label that every generated policy carries. */
  readonly label: { readonly key: string; readonly value: string };
  /** Whether observed calls of the cloud metadata service become rules. */
  readonly allowMetadata: boolean;
};

/** Keys of the workloads that any flow was seen of, those that are no reason for a rule included. */
type Seen = { readonly seen?: ReadonlySet<string> };

const NOBODY: ReadonlySet<string> = new Set();

export type GeneratedRule = {
  readonly direction: Direction;
  readonly peer: string;
  /** `TCP 8080`, or `TCP` for every port. */
  readonly ports: readonly string[];
  readonly evidence: Evidence | null;
};

export type GeneratedPolicy = {
  /** Key of the workload's fact. */
  readonly subject: string;
  readonly namespace: string;
  readonly name: string;
  readonly document: NetworkPolicyDocument;
  /** In the order of the document's rules: ingress, then egress. */
  readonly rules: readonly GeneratedRule[];
};

export type Generated = {
  readonly policies: readonly GeneratedPolicy[];
  readonly problems: readonly Problem[];
};

/** Ports from here on are what clients get; a rule with one is most often a mistake. */
const LOWEST_EPHEMERAL = 32_768;

const warning = (code: string, message: string, hint: string): Problem => ({
  code,
  severity: Severity.WARNING,
  message,
  path: null,
  place: null,
  hint,
});

function surroundingsOf(facts: Facts, options: GenerateOptions): Surroundings {
  const pods = new Map(facts.pods.map(pod => [pod.key, pod]));
  const namespaces = new Map(facts.namespaces.map(namespace => [namespace.name, namespace]));
  const nodes = new Map(facts.nodes.map(node => [node.name, node]));
  const byNamespace = Map.groupBy(facts.pods, pod => pod.namespace);
  const identities = new Map<PodFact, Identity>();
  const identity = (pod: PodFact): Identity => {
    const known = identities.get(pod) ?? identityOf(pod, byNamespace.get(pod.namespace) ?? []);
    identities.set(pod, known);
    return known;
  };
  return {
    pod: key => pods.get(key),
    namespace: name => namespaces.get(name),
    identity,
    dns: dnsPods(facts),
    apiServer: facts.apiServer ?? [],
    addressesOfNode: name => nodes.get(name)?.addresses ?? [],
    allowMetadata: options.allowMetadata,
  };
}

const isPod = (endpoint: ObservedFlow['source'], key: string): boolean =>
  endpoint.kind === 'pod' && endpoint.key === key;

const declaredOf = (pod: PodFact | undefined): readonly string[] =>
  (pod?.ports ?? []).map(({ protocol, port }) => declaredPort({ protocol, port }));

const portText = ({ protocol, port }: PortDraft): string =>
  port === null ? protocol : `${protocol} ${port}`;

function finish(
  drafts: readonly RuleDraft[],
  declared: ReadonlySet<string>,
  own: string,
): { readonly drafts: readonly RuleDraft[]; readonly problems: readonly Problem[] } {
  const folded = mergeDrafts(drafts).map(draft => foldDynamicPorts(draft, declared));
  const problems = folded.flatMap(({ draft, folded: protocols }) => [
    ...protocols.map(protocol =>
      warning(
        'DYNAMIC_PORTS',
        `\`${own}\` and \`${draft.title}\` use many undeclared ports; the rule opens every ${protocol} port between them`,
        'declare the container ports where they are fixed',
      ),
    ),
    ...draft.ports
      .filter(port => (port.port ?? 0) >= LOWEST_EPHEMERAL && !declared.has(declaredPort(port)))
      .map(port =>
        warning(
          'EPHEMERAL_PORT',
          `the rule of \`${own}\` for \`${draft.title}\` opens ${portText(port)}, which no container or Service declares`,
          'check that it is not the reply of a connection',
        ),
      ),
  ]);
  return { drafts: inOrder(folded.map(({ draft }) => draft)), problems };
}

type Subject = { readonly pod: PodFact; readonly flows: readonly ObservedFlow[] };

function draftsOf({ pod, flows }: Subject, around: Surroundings) {
  const sides = flows.flatMap(flow => [
    ...(isPod(flow.destination, pod.key) ? [draftOf(flow, Direction.INGRESS, pod, around)] : []),
    ...(isPod(flow.source, pod.key) ? [draftOf(flow, Direction.EGRESS, pod, around)] : []),
  ]);
  const dns = dnsRule(around.dns, peer => podPeer(pod, peer, around));
  const dnsKeys = new Set(dns.draft.peers.map(peer => JSON.stringify(peer)));
  const drafts = sides.flatMap(side => ('draft' in side ? [side.draft] : []));
  const titled = drafts.map(draft =>
    draft.direction === Direction.EGRESS && dnsKeys.has(JSON.stringify(draft.peers[0]))
      ? { ...draft, title: 'DNS', peers: dns.draft.peers }
      : draft,
  );
  return {
    drafts: [dns.draft, ...titled],
    problems: [
      ...dns.problems,
      ...sides.flatMap(side => ('problem' in side ? [side.problem] : [])),
    ],
  };
}

/** Two workloads of one name and different kinds get policies of different names. */
function distinctNames(
  policies: readonly GeneratedPolicy[],
  facts: Facts,
): readonly GeneratedPolicy[] {
  const kinds = new Map(facts.pods.map(pod => [pod.key, pod.workload.kind.toLowerCase()]));
  const bearers = Map.groupBy(policies, ({ namespace, name }) => `${namespace}/${name}`);
  return policies.map(policy => {
    if (bearers.get(`${policy.namespace}/${policy.name}`)?.length === 1) return policy;
    const name = `${policy.name}-${kinds.get(policy.subject) ?? 'workload'}`;
    return { ...policy, name, document: renamed(policy.document, name) };
  });
}

function policyOf(subject: Subject, around: Surroundings, options: GenerateOptions) {
  const { pod } = subject;
  const own = `${pod.namespace}/${pod.workload.name}`;
  const { matchLabels, alsoSelects, fragile } = around.identity(pod);
  const { drafts, problems } = draftsOf(subject, around);
  const peers = subject.flows.flatMap(({ source, destination }) =>
    [source, destination].map(end => (end.kind === 'pod' ? around.pod(end.key) : undefined)),
  );
  const declared = new Set([...new Set([...peers, ...around.dns, pod])].flatMap(declaredOf));
  const finished = finish(drafts, declared, own);
  const head = {
    namespace: pod.namespace,
    name: pod.workload.name,
    labels: { [options.label.key]: options.label.value } satisfies Labels,
    matchLabels,
  };
  const shared = alsoSelects.map(other =>
    warning(
      'SELECTOR_SHARED',
      `the policy of \`${own}\` also selects \`${other.namespace}/${other.workload.name}\`: no label that lasts and that all pods of \`${own}\` share tells the two apart`,
      'give the two workloads different labels',
    ),
  );
  const passing = fragile.map(key =>
    warning(
      'SELECTOR_FRAGILE',
      `the policy of \`${own}\` selects by \`${key}: ${matchLabels[key]}\`, which an upgrade or another place of its pods changes: no other label tells it apart`,
      'give its pods a label of their own, such as `app.kubernetes.io/component`',
    ),
  );
  const policy: GeneratedPolicy = {
    subject: pod.key,
    namespace: pod.namespace,
    name: pod.workload.name,
    document: policyDocument(head, finished.drafts),
    rules: finished.drafts.map(({ direction, title, ports, evidence }) => ({
      direction,
      peer: title,
      ports: ports.map(portText),
      evidence,
    })),
  };
  return { policy, problems: [...shared, ...passing, ...problems, ...finished.problems] };
}

const silent = (own: string, wasSeen: boolean): Problem =>
  wasSeen
    ? warning(
        'NO_EVIDENCE',
        `${own} gets no policy: what was seen of it in the window is no reason for a rule, being denied, failed, or a probe of its node`,
        'observe it while it works, or write its policy by hand',
      )
    : warning(
        'NO_FLOWS',
        `${own} gets no policy: no flow of it was seen in the window`,
        'observe longer, or write its policy by hand',
      );

const refusalOf = (
  { pod, flows }: Subject,
  seen: ReadonlySet<string>,
  around: Surroundings,
): Problem | null => {
  const own = `\`${pod.namespace}/${pod.workload.name}\``;
  if (pod.hostNetwork)
    return warning(
      'HOST_NETWORK',
      `${own} gets no policy: it runs in the host network, which NetworkPolicies do not select`,
      'guard the node instead',
    );
  if (flows.length === 0) return silent(own, seen.has(pod.key));
  const { matchLabels, sets } = around.identity(pod);
  if (Object.keys(matchLabels).length > 0) return null;
  return sets > 1
    ? warning(
        'LABEL_SETS_DIFFER',
        `${own} gets no policy: its pods have ${sets} label sets that share no label which lasts`,
        'give all of its pods one label, such as `app`',
      )
    : warning(
        'NO_LABELS',
        `${own} gets no policy: its pods carry no label that a selector could name`,
        'give its pods a label such as `app`, or import the inventory',
      );
};

const distinctProblems = (problems: readonly Problem[]): readonly Problem[] => [
  ...new Map(problems.map(problem => [`${problem.code} ${problem.message}`, problem])).values(),
];

/** A workload's facts may be several pods: the first speaks for them, and flows of all count. */
function subjectsOf(
  facts: Facts,
  keys: readonly string[],
  flows: readonly ObservedFlow[],
): readonly Subject[] {
  const wanted = new Set(keys);
  const touching = new Map<string, Set<ObservedFlow>>();
  for (const flow of flows) {
    for (const end of [flow.source, flow.destination]) {
      if (end.kind !== 'pod' || !wanted.has(end.key)) continue;
      const known = touching.get(end.key) ?? new Set();
      touching.set(end.key, known.add(flow));
    }
  }
  return facts.pods
    .filter(pod => wanted.has(pod.key))
    .toSorted((one, other) =>
      `${one.namespace}/${one.workload.name}/${one.workload.kind}` <
      `${other.namespace}/${other.workload.name}/${other.workload.kind}`
        ? -1
        : 1,
    )
    .map(pod => ({ pod, flows: [...(touching.get(pod.key) ?? [])] }));
}

/**
 * One least-privilege NetworkPolicy a workload, ingress and egress, from the flows that were observed.
 * `subjects` are keys of pod facts, one a workload; each flow end that is a pod refers to such a key.
 * What cannot become a rule is a WARNING; nothing is widened for it. The result depends on the input alone,
 * not on its order.
 */
export function generatePolicies(
  facts: Facts,
  subjects: readonly string[],
  flows: readonly ObservedFlow[],
  { seen = NOBODY, ...options }: GenerateOptions & Seen,
): Generated {
  const around = surroundingsOf(facts, options);
  const made = subjectsOf(facts, subjects, flows).map(subject => {
    const refusal = refusalOf(subject, seen, around);
    if (refusal !== null) return { policies: [], problems: [refusal] };
    const { policy, problems } = policyOf(subject, around, options);
    return { policies: [policy], problems };
  });
  return {
    policies: distinctNames(
      made.flatMap(({ policies }) => policies),
      facts,
    ),
    problems: distinctProblems(made.flatMap(({ problems }) => problems)),
  };
}
