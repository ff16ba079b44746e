import type { Facts, PodFact } from '../facts.js';
import type { Labels } from '../labels.js';
import { Direction } from '../policy.js';
import type { Problem } from '../problem.js';
import { companions } from './companions.js';
import { resolversOf } from './dns.js';
import { type NetworkPolicyDocument, policyDocument, renamed } from './document.js';
import type { PortDraft, RuleDraft, RuleOrigin } from './draft.js';
import type { Evidence, ObservedFlow } from './evidence.js';
import { DEFAULT_OPTIONS, Directions, type GenerateOptions, type NamedCidr } from './options.js';
import { withRunsAsOne } from './runs.js';
import { standbys } from './standby.js';
import { rulesFor, type Setting, type Subject, zoneFor } from './subject.js';
import { subjectsOf } from './subjects.js';
import { type Surroundings, surroundingsOf } from './surroundings.js';
import { enumerated, warning } from './warning.js';

export type GeneratedRule = {
  readonly direction: Direction;
  readonly origin: RuleOrigin;
  readonly peer: string;
  /** `TCP 8080`, or `TCP` for every port. */
  readonly ports: readonly string[];
  /** Of these, ports of DNS that were seen over the other protocol only; left out: none. */
  readonly unseen?: readonly string[];
  readonly evidence: Evidence | null;
};

export type GeneratedPolicy = {
  /** Key of the workload's fact; null: the policy is for all pods of the namespace. */
  readonly subject: string | null;
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

/** What else is known of the cluster. */
export type Known = {
  /** Keys of the workloads that any flow was seen of, those that are no reason for a rule included. */
  readonly seen?: ReadonlySet<string>;
  /** Named blocks outside, for grouping. */
  readonly blocks?: readonly NamedCidr[];
};

const NOBODY: ReadonlySet<string> = new Set();

const portText = ({ protocol, port, endPort }: PortDraft): string => {
  if (port === null) return protocol;
  return endPort === undefined ? `${protocol} ${port}` : `${protocol} ${port}-${endPort}`;
};

const ruleOf = (draft: RuleDraft): GeneratedRule => ({
  direction: draft.direction,
  origin: draft.origin,
  peer: draft.title,
  ports: draft.ports.map(portText),
  ...((draft.unseen ?? []).length > 0 && { unseen: draft.unseen?.map(portText) ?? [] }),
  evidence: draft.evidence,
});

/** Two workloads of one name and different kinds get policies of different names. */
function distinctNames(
  policies: readonly GeneratedPolicy[],
  facts: Facts,
): readonly GeneratedPolicy[] {
  const kinds = new Map(facts.pods.map(pod => [pod.key, pod.workload.kind.toLowerCase()]));
  const bearers = Map.groupBy(policies, ({ namespace, name }) => `${namespace}/${name}`);
  return policies.map(policy => {
    if (bearers.get(`${policy.namespace}/${policy.name}`)?.length === 1) return policy;
    const name = `${policy.name}-${kinds.get(policy.subject ?? '') ?? 'workload'}`;
    return { ...policy, name, document: renamed(policy.document, name) };
  });
}

const ownName = ({ namespace, workload }: PodFact): string => `${namespace}/${workload.name}`;

function selectorProblems(pod: PodFact, around: Surroundings): readonly Problem[] {
  const own = ownName(pod);
  const { matchLabels, alsoSelects, fragile } = around.identity(pod);
  const others = [...new Set(alsoSelects.map(ownName))];
  return [
    ...others.map(other =>
      warning(
        'SELECTOR_SHARED',
        `the policy of \`${own}\` also selects \`${other}\`: no label that lasts and that all pods of \`${own}\` share tells the two apart`,
        'give the two workloads different labels',
      ),
    ),
    ...fragile.map(key =>
      warning(
        'SELECTOR_FRAGILE',
        `the policy of \`${own}\` selects by \`${key}: ${matchLabels[key]}\`, which an upgrade, another run or another place of its pods changes: no other label tells it apart`,
        'give its pods a label of their own, such as `app.kubernetes.io/component`',
      ),
    ),
  ];
}

type Made = {
  readonly policies: readonly GeneratedPolicy[];
  readonly problems: readonly Problem[];
  /** Directions in which the workload of a policy stays open. */
  readonly open: readonly { readonly own: string; readonly direction: Direction }[];
};

const refused = (problem: Problem): Made => ({ policies: [], problems: [problem], open: [] });

function policyOf(subject: Subject, seen: ReadonlySet<string>, setting: Setting): Made {
  const { pod } = subject;
  const { around } = setting;
  const own = ownName(pod);
  const { directions, drafts, problems } = rulesFor(subject, own, setting);
  if (directions.size === 0) {
    const silence = silent(`\`${own}\``, subject.flows.length > 0 || seen.has(pod.key));
    return { policies: [], problems: [...problems, silence], open: [] };
  }
  const head = {
    namespace: pod.namespace,
    name: pod.workload.name,
    labels: { [around.options.label.key]: around.options.label.value } satisfies Labels,
    matchLabels: around.identity(pod).matchLabels,
  };
  const policy: GeneratedPolicy = {
    subject: pod.key,
    namespace: pod.namespace,
    name: pod.workload.name,
    document: policyDocument(head, directions, drafts),
    rules: drafts.map(ruleOf),
  };
  const open = Object.values(Direction).filter(direction => !directions.has(direction));
  return {
    policies: [policy],
    problems: [...selectorProblems(pod, around), ...problems],
    open: open.map(direction => ({ own, direction })),
  };
}

const silent = (own: string, wasSeen: boolean): Problem =>
  wasSeen
    ? warning(
        'NO_EVIDENCE',
        `${own} gets no policy: what was seen of it in the window is no reason for a rule, being denied, failed, a probe of its node, or of an end that no rule can name`,
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
  const own = `\`${ownName(pod)}\``;
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

/** What the policies leave open, because nothing was seen of it. */
function openDirections(open: Made['open'], asked: Directions): readonly Problem[] {
  if (asked !== Directions.OBSERVED) return [];
  return [...Map.groupBy(open, ({ direction }) => direction)]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([direction, same]) => {
      const word = direction === Direction.INGRESS ? 'ingress' : 'egress';
      return warning(
        'SILENT_DIRECTION',
        `${word} stays open for ${enumerated(same.map(({ own }) => own))}: no usable ${word} was seen in the window, which may be silence or not looking`,
        'observe longer, or generate with `directions: BOTH` to close it',
      );
    });
}

const keysOf = ({ source, destination }: ObservedFlow): readonly string[] =>
  [source, destination].flatMap(end => (end.kind === 'pod' ? end.key : []));

const distinctProblems = (problems: readonly Problem[]): readonly Problem[] => [
  ...new Map(problems.map(problem => [`${problem.code} ${problem.message}`, problem])).values(),
];

/** Deployments without a policy of their own, of which a default deny closes what it closes. */
function closedByZone(pods: readonly PodFact[], around: Surroundings): readonly Problem[] {
  const closed = pods.filter(
    pod => !pod.hostNetwork && (zoneFor(pod.namespace, around)?.deny.length ?? 0) > 0,
  );
  if (closed.length === 0) return [];
  return [
    warning(
      'CLOSED_BY_ZONE',
      `${enumerated(closed.map(ownName))} get no policy, and the default deny of the zone closes them but for what the zone opens`,
      'observe them while they work, or write their policies by hand',
    ),
  ];
}

/** What the profile asks for in the namespaces of the subjects. */
function zonePolicies(
  facts: Facts,
  subjects: readonly string[],
  { around, resolvers }: Setting,
): { readonly policies: readonly GeneratedPolicy[]; readonly problems: readonly Problem[] } {
  const { profile } = around.options;
  if (profile === null) return { policies: [], problems: [] };
  const wanted = new Set(subjects);
  const pods = facts.pods.filter(({ key }) => wanted.has(key));
  const namespaces = [...new Set(pods.map(({ namespace }) => namespace))].toSorted();
  const made = companions(profile, namespaces, resolvers, around);
  return {
    policies: made.companions.map(({ drafts, ...policy }) => ({
      ...policy,
      subject: null,
      rules: drafts.map(ruleOf),
    })),
    problems: made.problems,
  };
}

/**
 * One least-privilege NetworkPolicy for each workload, from the flows that were observed: for the directions in which
 * usable flows were seen, unless others are asked for. Before them stand the policies that a profile asks for.
 * `subjects` are keys of pod facts, one for each workload; each flow end that is a pod refers to such a key.
 * What cannot become a rule is a WARNING; nothing is widened without a word. The result depends on the input alone,
 * not on its order.
 */
export function generatePolicies(
  all: Facts,
  wantedSubjects: readonly string[],
  observed: readonly ObservedFlow[],
  { seen: known = NOBODY, blocks = [], ...how }: GenerateOptions & Known,
): Generated {
  const { facts, subjects, flows, seen } = withRunsAsOne({
    facts: all,
    subjects: wantedSubjects,
    flows: observed,
    seen: known,
  });
  const options = { ...DEFAULT_OPTIONS, ...how };
  const around = surroundingsOf(facts, options);
  const setting: Setting = {
    around,
    resolvers: resolversOf(facts, flows),
    grouping: { by: options.external, blocks },
  };
  const made = subjectsOf(facts, subjects, flows).map(subject => {
    const refusal = refusalOf(subject, seen, around);
    return refusal === null ? policyOf(subject, seen, setting) : refused(refusal);
  });
  const zones = zonePolicies(facts, subjects, setting);
  const active = new Set([...seen, ...flows.flatMap(keysOf)]);
  const governed = new Set(made.flatMap(({ policies }) => policies.map(({ subject }) => subject)));
  const wanted = new Set(subjects);
  const asked = facts.pods.filter(({ key }) => wanted.has(key));
  const left = asked.filter(({ key }) => !governed.has(key));
  return {
    policies: distinctNames(
      [...zones.policies, ...made.flatMap(({ policies }) => policies)],
      facts,
    ),
    problems: distinctProblems([
      ...zones.problems,
      ...closedByZone(left, around),
      ...standbys(
        left.filter(({ key, hostNetwork }) => !(hostNetwork || active.has(key))),
        asked.filter(({ key }) => governed.has(key)),
      ),
      ...made.flatMap(({ problems }) => problems),
      ...openDirections(
        made.flatMap(({ open }) => open),
        options.directions,
      ),
    ]),
  };
}
