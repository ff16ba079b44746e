import { type AdminTier, askAdminTier, isBaseline } from './admin-tiers.js';
import {
  type Cluster,
  clusterOf,
  type ModelPod,
  type Party,
  partyOf,
  partyOfPod,
} from './inventory.js';
import { firmest, weakest } from './match.js';
import { addressesToTry } from './name.js';
import { askNetworkPolicies } from './network-policy.js';
import type { AdminPolicy, Answer, KubeObject, Modes, NetworkPolicy, Question } from './objects.js';
import { isRefused } from './refuse.js';
import { askService } from './service.js';
import type { Direction, Purpose, Situation } from './situation.js';
import { type Touch, untouched } from './touch.js';

/** Objects made ready to be asked: the inventory, and the policies that are not refused. */
export type World = {
  readonly objects: readonly KubeObject[];
  readonly cluster: Cluster;
  readonly networkPolicies: readonly NetworkPolicy[];
  readonly adminPolicies: readonly AdminPolicy[];
  readonly modes: Modes;
  readonly purpose: Purpose;
};

type Connection = {
  readonly source: Party;
  readonly destination: Party;
  readonly port: number | null;
  readonly protocol: string;
  readonly viaService: boolean;
};

const isNetworkPolicy = (object: KubeObject): object is NetworkPolicy =>
  object.kind === 'NetworkPolicy';

const isAdminPolicy = (object: KubeObject): object is AdminPolicy =>
  object.apiVersion.startsWith('policy.networking.k8s.io/');

export const worldOf = (
  objects: readonly KubeObject[],
  modes: Modes,
  purpose: Purpose = 'verdict',
): World => {
  const accepted = objects.filter(object => !isRefused(object));
  return {
    objects,
    cluster: clusterOf(objects),
    networkPolicies: accepted.filter(isNetworkPolicy),
    adminPolicies: accepted.filter(isAdminPolicy),
    modes,
    purpose,
  };
};

const EXCEPTION: Answer = { verdict: 'ALLOWED', basis: 'spec-exception' };
const DEFAULT_ALLOW: Answer = { verdict: 'ALLOWED', basis: 'default-allow' };

/**
 * Row 23: admin tier, NetworkPolicy, baseline tier, then allowed. Row 32: a pod that reaches itself by a Service is
 * free of NetworkPolicies, and not of the admin tiers.
 */
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
      return situation.loop ? { verdict: 'ALLOWED', basis: 'policy' } : answer;
    },
  };
  return askAdminTier(admin, situation);
};

/** Row 17: no tier selects it as subject. */
const askMode = (world: World, situation: Situation): Answer =>
  situation.subject.hostNetwork && situation.modes.hostNetwork === 'nodes'
    ? DEFAULT_ALLOW
    : askTiers(world, situation);

/**
 * Row 11: where the modes differ the basis is `cni-dependent`. Row 17 in the same way: `undefined-hostnetwork`.
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
  if (denied.length > 0) return firmest(denied);
  const open = [egress, ingress].filter(({ verdict }) => verdict === 'UNDECIDABLE');
  return weakest(open.length > 0 ? open : [egress, ingress]);
};

const isLoop = ({ source, destination }: Connection): boolean =>
  source.pod !== null && source.pod === destination.pod;

/** Row 15: an address by which a pod means itself. */
const isLoopback = ({ pod, node, domain, addresses }: Party): boolean =>
  pod === null &&
  node === null &&
  domain === null &&
  addresses.some(({ family, value }) => (family === 4 ? value >> 24n === 127n : value === 1n));

/** Rows 15 and 16. */
const isException = (connection: Connection): boolean => {
  const { source, destination, viaService } = connection;
  if (isLoopback(source) || isLoopback(destination)) return true;
  if (isLoop(connection)) return !viaService;
  const runsOn = (pod: ModelPod | null, other: Party): boolean => {
    if (pod === null || pod.node === null) return false;
    if (other.node !== null) return pod.node === other.node.name;
    return !pod.hostNetwork && other.pod?.hostNetwork === true && pod.node === other.pod.node;
  };
  return runsOn(source.pod, destination) || runsOn(destination.pod, source);
};

const askConnection = (world: World, connection: Connection, touch: Touch): Answer => {
  const { source, destination, port, protocol } = connection;
  const loop = isLoop(connection);
  // Row 41: the map does not draw what a pod may do because of the node that it is on.
  if (isException(connection) && (loop || world.purpose === 'verdict')) {
    touch(loop || isLoopback(destination) ? 'a pod and itself' : 'a pod and its node');
    return EXCEPTION;
  }
  const { modes, purpose } = world;
  const half = (direction: Direction, subject: ModelPod | null, peer: Party): Answer =>
    subject === null
      ? DEFAULT_ALLOW
      : askHalf(world, { direction, subject, peer, port, protocol, modes, purpose, loop, touch });
  const answer = joined(
    half('egress', source.pod, destination),
    half('ingress', destination.pod, source),
  );
  if (loop) touch(`a pod to itself by a Service: ${answer.verdict}`);
  return loop && answer.verdict === 'ALLOWED' ? EXCEPTION : answer;
};

/** A name stands for some outside address; where those differ nobody can tell. */
const askName = (world: World, connection: Connection, touch: Touch): Answer => {
  const { domain } = connection.destination;
  const answers = addressesToTry(world.objects, world.cluster).map(address => {
    const destination: Party = { pod: null, node: null, domain, addresses: [address] };
    return askConnection(world, { ...connection, destination }, touch);
  });
  return answers.some(({ verdict }) => verdict !== answers[0]?.verdict)
    ? { verdict: 'UNDECIDABLE', basis: 'unresolved-peer' }
    : weakest(answers);
};

/** What the law says, in the slowest and most literal way. Unknown pods, nodes and bad addresses throw. */
export const askWorld = (world: World, question: Question, touch: Touch = untouched): Answer => {
  const { objects, cluster } = world;
  const { port, protocol } = question;
  const source = partyOf(cluster, question.source);
  const askPlain = (): Answer => {
    const destination = partyOf(cluster, question.destination);
    const ask = destination.domain === null ? askConnection : askName;
    return ask(world, { source, destination, port, protocol, viaService: false }, touch);
  };
  const answer =
    askService(objects, cluster, question, (pod, target) => {
      const to = { source, destination: partyOfPod(pod), port: target, protocol };
      return askConnection(world, { ...to, viaService: true }, touch);
    }) ?? askPlain();
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
