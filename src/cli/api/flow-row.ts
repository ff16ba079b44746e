import type { FlowTag, NetworkFlowsQuery, ObservedVerdict, Verdict } from '../../generated/cli.js';
import { type Color, painted, type Terminal } from '../print/terminal.js';
import { peerName } from './peer-name.js';

export type ListedFlow = NetworkFlowsQuery['flows']['nodes'][number];

/** A flow as lists and exports show it: one of its names, port and protocol. */
export type FlowRow = {
  readonly source: string;
  readonly destination: string;
  /** Null where the protocol has none, or the source of the flow dropped it. */
  readonly port: number | null;
  readonly protocol: string;
  readonly tags: readonly FlowTag[];
  readonly observedVerdict: ObservedVerdict;
  readonly policyVerdict: Verdict;
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** In the window, where one is asked for; a whole number of 64 bits, as text. */
  readonly events: string;
  /** The same by what the dataplane said, where they are asked for. */
  readonly counts?: VerdictCounts;
  /** How many addresses outside the row stands for, where ends outside are put together. */
  readonly addresses?: number;
};

const VERDICTS = ['allowed', 'denied', 'audited', 'failed', 'unknown'] as const;
/** Whole numbers of 64 bits, as text. */
type VerdictCounts = Readonly<Record<(typeof VERDICTS)[number], string>>;

const verdictCounts = (of: (verdict: (typeof VERDICTS)[number]) => string): VerdictCounts => ({
  allowed: of('allowed'),
  denied: of('denied'),
  audited: of('audited'),
  failed: of('failed'),
  unknown: of('unknown'),
});

const TAGS: readonly FlowTag[] = ['ACTIVE', 'BASELINE', 'ALLOWED', 'ANOMALOUS'];

/** What ends outside go by: the address, the name that clients looked up, or the named block that holds the address. */
export const GROUPS = ['address', 'name', 'block'] as const;
export type GroupExternal = (typeof GROUPS)[number];

type RowOptions = {
  readonly home: string | null;
  readonly counted: boolean;
  readonly by: GroupExternal | null;
};

type End = ListedFlow['source'];

/** An end outside by what it is put together by, where it has that. */
function endName(end: End, { home, by }: RowOptions): string {
  if (end.__typename !== 'ExternalEntity') return peerName(end, home);
  const name = by === 'address' ? end.address : by === 'block' ? end.block : null;
  return peerName({ ...end, name: name ?? end.name }, home);
}

const addressesOf = ({ source, destination }: ListedFlow): readonly string[] =>
  [source, destination].flatMap(end =>
    end.__typename === 'ExternalEntity' && end.address ? [end.address] : [],
  );

const rowOf = (flow: ListedFlow, options: RowOptions): FlowRow => ({
  source: endName(flow.source, options),
  destination: endName(flow.destination, options),
  port: flow.port,
  protocol: flow.protocol,
  tags: flow.tags,
  observedVerdict: flow.observedVerdict,
  policyVerdict: flow.policyVerdict,
  firstSeen: flow.firstSeenAt,
  lastSeen: flow.lastSeenAt,
  events: flow.counts?.events ?? flow.events,
  ...(options.counted &&
    flow.counts && { counts: verdictCounts(verdict => flow.counts?.[verdict] ?? '0') }),
});

const sumOf = (one = '0', other = '0'): string => String(BigInt(one) + BigInt(other));

/** Two peers may bear one name: addresses behind one DNS name, workloads of two kinds. */
const together = (one: FlowRow, other: FlowRow): FlowRow => {
  const earlier = one.firstSeen < other.firstSeen ? one : other;
  const later = other.lastSeen > one.lastSeen ? other : one;
  return {
    ...later,
    tags: TAGS.filter(tag => one.tags.includes(tag) || other.tags.includes(tag)),
    firstSeen: earlier.firstSeen,
    events: sumOf(one.events, other.events),
    ...(one.counts &&
      other.counts && {
        counts: verdictCounts(verdict => sumOf(one.counts?.[verdict], other.counts?.[verdict])),
      }),
  };
};

const keyOf = ({ source, destination, port, protocol }: FlowRow): string =>
  `${source}\0${destination}\0${protocol}\0${String(port ?? 0).padStart(5, '0')}`;

/**
 * The flows by their names, each once, in the order of source, destination, protocol and port.
 * @param home the namespace whose deployments go by their bare names, or null
 * @param counted with the counts by verdict
 * @param by what ends outside are put together by, which tells how many addresses each row has; null: their names
 */
export const flowRows = (
  flows: readonly ListedFlow[],
  home: string | null,
  counted = false,
  by: GroupExternal | null = null,
): readonly FlowRow[] => {
  const rows = new Map<string, FlowRow>();
  const addresses = new Map<string, Set<string>>();
  for (const flow of flows) {
    const row = rowOf(flow, { home, counted, by });
    const key = keyOf(row);
    const known = rows.get(key);
    rows.set(key, known === undefined ? row : together(known, row));
    const own = addresses.get(key) ?? new Set();
    addresses.set(key, own);
    for (const address of addressesOf(flow)) own.add(address);
  }
  const sizeOf = (key: string): number => addresses.get(key)?.size ?? 0;
  return [...rows.entries()]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, row]) => (by === null ? row : { ...row, addresses: sizeOf(key) }));
};

/** `TCP 8080`, or the protocol alone. */
export const portText = (protocol: string, port: number | null): string =>
  port === null ? protocol : `${protocol} ${port}`;

/** `frontend -> backend (TCP 8080)` */
export const connectionText = (
  row: Pick<FlowRow, 'source' | 'destination' | 'port' | 'protocol'>,
): string => `${row.source} -> ${row.destination} (${portText(row.protocol, row.port)})`;

const colorOf = (tags: readonly FlowTag[]): Color | null => {
  if (tags.includes('ANOMALOUS')) return 'red';
  return tags.includes('ALLOWED') ? 'green' : null;
};

/** ` 12 allowed, 3 denied`: those that there are. */
const countsText = (counts: VerdictCounts | undefined): string => {
  if (counts === undefined) return '';
  const some = VERDICTS.filter(verdict => counts[verdict] !== '0');
  return ` ${some.map(verdict => `${counts[verdict]} ${verdict}`).join(', ')}`;
};

/** ` of 43 addresses`: more than one. */
const addressesText = ({ addresses = 0 }: FlowRow): string =>
  addresses > 1 ? ` of ${addresses} addresses` : '';

/** `frontend -> backend (TCP 8080) [ACTIVE, BASELINE]`; a flow without tags has no brackets. */
export const flowLine = (row: FlowRow, terminal: Terminal): string => {
  const tags = row.tags.length === 0 ? '' : ` [${row.tags.join(', ')}]`;
  return painted(
    `${connectionText(row)}${tags}${countsText(row.counts)}${addressesText(row)}`,
    colorOf(row.tags),
    terminal,
  );
};
