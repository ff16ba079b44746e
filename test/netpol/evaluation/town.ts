import {
  Action,
  EVERYTHING,
  type Facts,
  type Labels,
  type Peer,
  type PodFact,
  type Policy,
  type PortMatch,
  SelectorOperator,
} from '../../../src/netpol/index.js';
import {
  adminPolicy,
  anyPod,
  baselinePolicy,
  block,
  facts,
  labelled,
  namespace,
  networkPolicy,
  networks,
  pod,
  portNamed,
  tcp,
  udp,
} from './build.js';

/** Park and Miller's generator: the same numbers every time, of any size that is asked for. */
function diceFrom(seed: number) {
  let state = seed;
  const next = (sides: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % sides;
  };
  return { next, pick: <Item>(items: readonly Item[]): Item => items[next(items.length)] as Item };
}

type Dice = ReturnType<typeof diceFrom>;

const NAMESPACES = ['a', 'b', 'c', 'd', 'e'];
const APPS = ['web', 'api', 'db', 'cache', 'queue', 'mail'];
const NAMES = ['http', 'sql', 'dns'];

function somePod(dice: Dice, place: number): PodFact {
  const where = dice.pick(NAMESPACES);
  const labels: Labels = {
    app: dice.pick(APPS),
    ...(dice.next(3) === 0 && { tier: dice.pick(['front', 'back']) }),
    ...(dice.next(5) === 0 && { canary: '' }),
  };
  const hostNetwork = dice.next(14) === 0;
  return pod(`${where}/p${place}`, {
    labels,
    hostNetwork,
    node: dice.pick(['n1', 'n2', null]),
    addresses:
      dice.next(6) === 0 || hostNetwork
        ? []
        : [`10.${dice.next(4)}.0.${place}`, ...(dice.next(3) === 0 ? [`fd00::${place}`] : [])],
    ports: NAMES.filter(() => dice.next(3) === 0).map(name => ({
      name,
      port: dice.pick([53, 80, 443, 5432]),
      protocol: dice.pick(['TCP', 'UDP'] as const),
    })),
    workload: { kind: 'Deployment', name: `w${place % 45}` },
  });
}

const somePorts = (dice: Dice): readonly PortMatch[] | null =>
  dice.next(4) === 0
    ? null
    : [
        dice.pick([
          tcp(80),
          tcp(443),
          tcp(50, 60),
          tcp(1, 65_535),
          udp(53),
          udp(1, 80),
          portNamed('http'),
          portNamed('sql'),
          portNamed('dns', 'UDP'),
        ]),
        ...(dice.next(2) === 0 ? [tcp(5432), udp(443, 5432)] : []),
      ];

const someSelector = (dice: Dice) =>
  dice.pick([
    EVERYTHING,
    labelled({ app: dice.pick(APPS) }),
    labelled({ tier: 'front' }),
    { requirements: [{ key: 'canary', operator: SelectorOperator.EXISTS, values: [] }] },
    { requirements: [{ key: 'tier', operator: SelectorOperator.NOT_IN, values: ['back'] }] },
    { requirements: [{ key: 'app', operator: SelectorOperator.IN, values: ['api', 'db'] }] },
  ]);

const someNamespaces = (dice: Dice) =>
  dice.pick([
    EVERYTHING,
    labelled({ team: 'x' }),
    labelled({ 'kubernetes.io/metadata.name': dice.pick(NAMESPACES) }),
  ]);

function somePeers(dice: Dice, admin: boolean): readonly Peer[] | null {
  if (!admin && dice.next(6) === 0) return null;
  const pods: Peer = {
    kind: 'pods',
    namespaces: admin || dice.next(2) === 0 ? someNamespaces(dice) : null,
    pods: someSelector(dice),
  };
  const outside = admin
    ? networks(dice.pick(['10.1.0.0/16', '192.0.2.0/24', 'fd00::/64']))
    : dice.pick([
        block('0.0.0.0/0', '10.0.0.0/8'),
        block('192.0.2.0/25'),
        block('10.2.0.0/16', '10.2.0.0/25'),
        block('fd00::/64'),
      ]);
  return dice.next(3) === 0 ? [pods, outside] : [dice.next(8) === 0 ? anyPod : pods];
}

const someRules = (dice: Dice, admin: boolean) =>
  Array.from({ length: 1 + dice.next(3) }, () => ({
    peers: somePeers(dice, admin),
    ports: somePorts(dice),
    action: admin ? dice.pick([Action.ALLOW, Action.DENY, Action.PASS]) : Action.ALLOW,
  }));

function somePolicy(dice: Dice, place: number): Policy {
  const sides = dice.pick(['ingress', 'egress', 'both']);
  const kind = dice.next(8);
  const rules = {
    ingress: sides === 'egress' ? null : someRules(dice, kind < 2),
    egress: sides === 'ingress' ? null : someRules(dice, kind < 2),
  };
  const name = `p${place}`;
  if (kind === 0)
    return adminPolicy({ name, priority: place, namespaces: someNamespaces(dice), ...rules });
  if (kind === 1)
    return baselinePolicy({ name, priority: place, pods: someSelector(dice), ...rules });
  return networkPolicy({
    name,
    namespace: dice.pick(NAMESPACES),
    pods: someSelector(dice),
    ...rules,
  });
}

export type Town = { readonly facts: Facts; readonly policies: readonly Policy[] };

/**
 * A cluster of some size with everything that rows tell apart: classes, profiles of port names, host
 * network, pods without addresses, both families, all tiers. Bigger than what properties draw.
 */
export function townOf(seed: number, pods = 70, policies = 40): Town {
  const dice = diceFrom(seed);
  return {
    facts: facts({
      namespaces: [
        namespace('a', { team: 'x' }),
        namespace('b', { team: 'y' }),
        namespace('c', { team: 'x' }),
      ],
      nodes: [
        { name: 'n1', labels: { role: 'infra' }, addresses: ['192.0.2.1'] },
        { name: 'n2', labels: {}, addresses: [] },
      ],
      pods: Array.from({ length: pods }, (_, place) => somePod(dice, place)),
    }),
    policies: Array.from({ length: policies }, (_, place) => somePolicy(dice, place)),
  };
}
