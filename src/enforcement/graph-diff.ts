/** What became of an edge, or of one of its ports, from one window to another. */
export const GraphChange = {
  CAME: 'CAME',
  WENT: 'WENT',
  CHANGED: 'CHANGED',
  STAYED: 'STAYED',
} as const;
export type GraphChange = (typeof GraphChange)[keyof typeof GraphChange];

/** A flow that was seen in one of two windows, or in both. */
export type ComparedPort = {
  readonly flowId: string;
  readonly port: number | null;
  readonly protocol: string;
  /** Over all time, as ISO text. */
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly before: boolean;
  readonly after: boolean;
};

/** All such flows from one peer to another, of which one at least came or went. */
export type ComparedEdge = {
  readonly sourceId: string;
  readonly destinationId: string;
  readonly ports: readonly ComparedPort[];
};

export const portChange = ({
  before,
  after,
}: Pick<ComparedPort, 'before' | 'after'>): GraphChange => {
  if (before === after) return GraphChange.STAYED;
  return after ? GraphChange.CAME : GraphChange.WENT;
};

/** "CAME" and "WENT" where no port was there before, or none is after. */
export function edgeChange(ports: readonly Pick<ComparedPort, 'before' | 'after'>[]): GraphChange {
  if (ports.every(port => portChange(port) === GraphChange.STAYED)) return GraphChange.STAYED;
  if (!ports.some(({ before }) => before)) return GraphChange.CAME;
  return ports.some(({ after }) => after) ? GraphChange.CHANGED : GraphChange.WENT;
}

/** When the first of them was first seen. @throws Error where there are none */
export function firstOf(ports: readonly Pick<ComparedPort, 'firstSeenAt'>[]): string {
  const [first] = ports.map(({ firstSeenAt }) => firstSeenAt).toSorted();
  if (first === undefined) throw new Error('an edge has no port');
  return first;
}
