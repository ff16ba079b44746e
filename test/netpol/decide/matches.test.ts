import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../../src/netpol/compile/compile.js';
import { NO_PROFILE } from '../../../src/netpol/compile/port-profile.js';
import { podParty } from '../../../src/netpol/decide/backends.js';
import { matchRules } from '../../../src/netpol/decide/direct.js';
import { outside, type Party } from '../../../src/netpol/decide/party.js';
import { programFor, readingOf } from '../../../src/netpol/decide/side.js';
import { Direction, formatPortSet, type PortMatch } from '../../../src/netpol/index.js';
import { NOTHING, type TrafficId } from '../../../src/netpol/ports/traffic.js';
import {
  anyPod,
  facts,
  networkPolicy,
  networks,
  pod,
  podsLabelled,
  portNamed,
  tcp,
} from '../evaluation/build.js';

const http = [{ name: 'http', port: 8080, protocol: 'TCP' as const }];
const web = pod('shop/web', { ports: [{ name: 'http', port: 9000, protocol: 'TCP' }] });
const api = pod('shop/api', { ports: http });

const EVERY_TCP = 'TCP 1-65535';
const NONE = 'No Connections';

/** The places of the two pods in the facts. */
const [WEB, API] = [0, 1];

/**
 * What one rule after the other matches of the rules of `shop/web`, for certain and perhaps: for all
 * pods, for pods labelled `app: api`, for those labelled `app: other`, and for addresses.
 */
function matched(
  peer: (compiled: ReturnType<typeof compile>) => Party,
  ports: readonly PortMatch[] | null,
  direction: Direction,
): readonly string[] {
  const rules = [
    { ports, peers: [anyPod] },
    { ports, peers: [podsLabelled({ app: 'api' })] },
    { ports, peers: [podsLabelled({ app: 'other' })] },
    { ports, peers: [networks('192.0.2.0/24')] },
  ];
  const compiled = compile(facts({ pods: [web, api] }), [
    networkPolicy({ ingress: rules, egress: rules }),
  ]);
  const { table } = compiled.engine;
  const subject = podParty(compiled, WEB);
  assert.ok(subject.kind === 'pod');
  const reading = readingOf(compiled);
  const program = programFor(compiled, direction, subject.podClass, reading);
  const profile = direction === Direction.INGRESS ? subject.podClass.profile : NO_PROFILE;
  const asking = { program, direction, profile, peer: peer(compiled), reading };
  const { surely, perhaps } = matchRules(table, asking, []);
  const textOf = (traffic: TrafficId) => formatPortSet(table.at(traffic).ports);
  return [...surely].map((sure, place) => `${textOf(sure)} / ${textOf(perhaps[place] ?? NOTHING)}`);
}

const stranger = (): Party => ({ kind: 'stranger' });
const configured = (): Party => ({
  kind: 'controller',
  configured: { namespace: 'shop', namespaceLabels: {}, labels: { app: 'api' } },
});
const known = (compiled: ReturnType<typeof compile>): Party => podParty(compiled, API);
const address = (): Party => outside(3_221_225_985);

const NAMED = [portNamed('http'), tcp(80)];
const ANY_PROTOCOL = [portNamed('http', null)];

type Told = {
  readonly title: string;
  readonly peer: (compiled: ReturnType<typeof compile>) => Party;
  readonly ports: readonly PortMatch[] | null;
  readonly direction?: Direction;
  readonly finds: readonly string[];
};

const TOLD: readonly Told[] = [
  {
    title: 'a port name towards a stranger may mean any port, beside the numbers that it means',
    peer: stranger,
    ports: NAMED,
    finds: [
      `TCP 80 / ${EVERY_TCP}`,
      `${NONE} / ${EVERY_TCP}`,
      `${NONE} / ${EVERY_TCP}`,
      `${NONE} / ${EVERY_TCP}`,
    ],
  },
  {
    title: 'a port number towards a stranger is that port, surely where the rule is for all pods',
    peer: stranger,
    ports: [tcp(80)],
    finds: [`TCP 80 / ${NONE}`, `${NONE} / TCP 80`, `${NONE} / TCP 80`, `${NONE} / TCP 80`],
  },
  {
    title: 'a name without a protocol towards a stranger may mean any port of each protocol',
    peer: stranger,
    ports: ANY_PROTOCOL,
    finds: [
      `${NONE} / All Connections`,
      `${NONE} / All Connections`,
      `${NONE} / All Connections`,
      `${NONE} / All Connections`,
    ],
  },
  {
    title: 'a rule that a configured controller does not match gives it no port by any name',
    peer: configured,
    ports: NAMED,
    finds: [
      `TCP 80 / ${EVERY_TCP}`,
      `TCP 80 / ${EVERY_TCP}`,
      `${NONE} / ${NONE}`,
      `${NONE} / ${EVERY_TCP}`,
    ],
  },
  {
    title: 'a port name towards a known pod is the port that it declares, and never a guess',
    peer: known,
    ports: NAMED,
    finds: [
      `TCP 80,8080 / ${NONE}`,
      `TCP 80,8080 / ${NONE}`,
      `${NONE} / ${NONE}`,
      `${NONE} / TCP 80,8080`,
    ],
  },
  {
    title: 'a port name towards an address means nothing',
    peer: address,
    ports: NAMED,
    finds: [`${NONE} / ${NONE}`, `${NONE} / ${NONE}`, `${NONE} / ${NONE}`, `TCP 80 / ${NONE}`],
  },
  {
    title: 'a port name for what a stranger sends is the port that the subject declares',
    peer: stranger,
    ports: NAMED,
    direction: Direction.INGRESS,
    finds: [
      `TCP 80,9000 / ${NONE}`,
      `${NONE} / TCP 80,9000`,
      `${NONE} / TCP 80,9000`,
      `${NONE} / TCP 80,9000`,
    ],
  },
  {
    title: 'a rule for every port matches them all for the peers that it has, once',
    peer: configured,
    ports: null,
    finds: [
      `All Connections / ${NONE}`,
      `All Connections / ${NONE}`,
      `${NONE} / ${NONE}`,
      `${NONE} / All Connections`,
    ],
  },
];

for (const { title, peer, ports, direction, finds } of TOLD) {
  test(title, () => {
    assert.deepEqual(matched(peer, ports, direction ?? Direction.EGRESS), finds);
  });
}
