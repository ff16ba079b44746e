import { type AdminTier, askAdminTier, isBaseline } from './admin-tiers.js';
import { type Cluster, clusterOf, type ModelPod, type Party, partyOf } from './inventory.js';
import { weakest } from './match.js';
import { addressesToTry } from './name.js';
import { askNetworkPolicies } from './network-policy.js';
import type {
  AdminPolicy,
  Answer,
  End,
  KubeObject,
  Modes,
  NetworkPolicy,
  Question,
} from './objects.js';
import { isRefused } from './refuse.js';
import { askService } from './service.js';
import type { Direction, Situation } from './situation.js';
import { type Touch, untouched } from './touch.js';

/** Objects made ready to be asked: the inventory, and the policies that are not refused. */
export type World = {
  readonly objects: readonly KubeObject[];
  readonly cluster: Cluster;
  readonly networkPolicies: readonly NetworkPolicy[];
  readonly adminPolicies: readonly AdminPolicy[];
  readonly modes: Modes;
};

type Connection = {
  readonly source: Party;
  readonly destination: Party;
  readonly port: number | null;
  readonly protocol: string;
};

const isNetworkPolicy = (object: KubeObject): object is NetworkPolicy =>
  object.kind === 'NetworkPolicy';

const isAdminPolicy = (object: KubeObject): object is AdminPolicy =>
  object.apiVersion.startsWith('policy.networking.k8s.io/');

export const worldOf = (objects: readonly KubeObject[], modes: Modes): World => {
  const accepted = objects.filter(object => !isRefused(object));
  return {
    objects,
    cluster: clusterOf(objects),
    networkPolicies: accepted.filter(isNetworkPolicy),
    adminPolicies: accepted.filter(isAdminPolicy),
    modes,
  };
};

const DEFAULT_ALLOW: Answer = { verdict: 'ALLOWED', basis: 'default-allow' };

/** "Admin → NetworkPolicy → Baseline → default allow". */
const askTiers = (world: World, situation: Situation): Answer => {
  const { touch } = situation;
  const nodes = world.cluster.nodes;
  const baseline: AdminTier = {
    name: 'Baseline',
    policies: world.adminPolicies.filter(isBaseline),
    nodes,
    below: () => {
      touch('default allow');
      return DEFAULT_ALLOW;
    },
  };
  const admin: AdminTier = {
    name: 'Admin',
    policies: world.adminPolicies.filter(policy => !isBaseline(policy)),
    nodes,
    below: () => {
      const answer = askNetworkPolicies(world.networkPolicies, situation);
      if (answer === null) return askAdminTier(baseline, situation);
      touch(`NetworkPolicy tier says ${answer.verdict}`);
      return answer;
    },
  };
  return askAdminTier(admin, situation);
};

/** Row 17: "not selected as subject", by no tier. */
const askMode = (world: World, situation: Situation): Answer =>
  situation.subject.hostNetwork && situation.modes.hostNetwork === 'nodes'
    ? DEFAULT_ALLOW
    : askTiers(world, situation);

/**
 * Row 11: "where the two differ the basis is `cni-dependent`". Row 17 in the same way: what the other
 * mode would answer otherwise rests on what is "undefined in the API".
 */
const askHalf = (world: World, situation: Situation): Answer => {
  const answer = askMode(world, situation);
  if (answer.verdict === 'UNDECIDABLE') return answer;
  const { modes } = situation;
  const differs = (changed: Partial<Modes>): boolean => {
    const other = { ...situation, modes: { ...modes, ...changed }, touch: untouched };
    return askMode(world, other).verdict !== answer.verdict;
  };
  if (differs({ hostNetwork: modes.hostNetwork === 'nodes' ? 'pods' : 'nodes' })) {
    return { ...answer, basis: 'undefined-hostnetwork' };
  }
  const ipBlockPods = modes.ipBlockPods === 'never' ? 'by-address' : 'never';
  return differs({ ipBlockPods }) ? { ...answer, basis: 'cni-dependent' } : answer;
};

/** `allowed = egressOK AND ingressOK`; among the halves that give the verdict, whose basis is told. */
const joined = (egress: Answer, ingress: Answer): Answer => {
  const denied = [egress, ingress].filter(({ verdict }) => verdict === 'DENIED');
  if (denied.length > 0) return denied.find(({ basis }) => basis === 'policy') ?? weakest(denied);
  const open = [egress, ingress].filter(({ verdict }) => verdict === 'UNDECIDABLE');
  return weakest(open.length > 0 ? open : [egress, ingress]);
};

/** Rows 15 and 16. */
const isException = ({ source, destination }: Connection): boolean => {
  if (source.pod !== null && source.pod === destination.pod) return true;
  const runsOn = (pod: ModelPod | null, other: Party) =>
    pod !== null && other.node !== null && pod.node === other.node.name;
  return runsOn(source.pod, destination) || runsOn(destination.pod, source);
};

const askConnection = (world: World, connection: Connection, touch: Touch): Answer => {
  const { source, destination, port, protocol } = connection;
  if (isException(connection)) {
    touch(source.pod === destination.pod ? 'a pod and itself' : 'a pod and its node');
    return { verdict: 'ALLOWED', basis: 'spec-exception' };
  }

  const half = (direction: Direction, subject: ModelPod | null, peer: Party): Answer =>
    subject === null
      ? DEFAULT_ALLOW
      : askHalf(world, { direction, subject, peer, port, protocol, modes: world.modes, touch });
  return joined(half('egress', source.pod, destination), half('ingress', destination.pod, source));
};

/** A name stands for some outside address; where those differ nobody can tell. */
const askName = (
  world: World,
  { source, destination, port, protocol }: Connection,
  touch: Touch,
): Answer => {
  const { domain } = destination;
  const answers = addressesToTry(world.objects, world.cluster).map(address => {
    const there: Party = { pod: null, node: null, domain, addresses: [address] };
    return askConnection(world, { source, destination: there, port, protocol }, touch);
  });
  const [first] = answers;
  return answers.some(({ verdict }) => verdict !== first?.verdict)
    ? { verdict: 'UNDECIDABLE', basis: 'unresolved-peer' }
    : weakest(answers);
};

/** What the law says, in the slowest and most literal way. Unknown pods, nodes and bad addresses throw. */
export const askWorld = (world: World, question: Question, touch: Touch = untouched): Answer => {
  const source = partyOf(world.cluster, question.source);
  const ask = (to: End, port: number | null, protocol: string): Answer => {
    const destination = partyOf(world.cluster, to);
    const connection = { source, destination, port, protocol };
    return destination.domain === null
      ? askConnection(world, connection, touch)
      : askName(world, connection, touch);
  };
  const answer =
    askService(world.objects, world.cluster, question, ask) ??
    ask(question.destination, question.port, question.protocol);
  touch(`basis ${answer.basis}`);
  touch(`verdict ${answer.verdict}`);
  return answer;
};

/** The same over raw objects, for a single question. */
export const modelVerdict = (
  objects: readonly KubeObject[],
  modes: Modes,
  question: Question,
): Answer => askWorld(worldOf(objects, modes), question);
