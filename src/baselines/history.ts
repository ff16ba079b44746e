import { type BaselineDirection, type BaselineState, EntryStatus } from './baseline.js';

/** A version of a baseline. Times are ISO text, by the server's clock. */
export type BaselineRevision = {
  readonly clusterId: number;
  readonly deploymentId: string;
  readonly version: number;
  readonly since: string;
  /** Null: it is the current one. */
  readonly until: string | null;
  readonly state: BaselineState;
  /** What made it: the name of a mutation, or of what else did. */
  readonly source: string;
  /** Null: the server itself, or it is from before that was kept. */
  readonly who: string | null;
  readonly why: string | null;
  /** How many entries it has. */
  readonly count: number;
};

/** An entry as history keeps it. */
export type RevisionEntry = {
  readonly direction: BaselineDirection;
  readonly peer: string;
  readonly port: number | null;
  readonly protocol: string;
  /** Absent: from before there was one. */
  readonly status?: EntryStatus;
};

/** What became of an entry between two versions; null: it was not there. */
export type EntryChange = Omit<RevisionEntry, 'status' | 'peer'> & {
  readonly clusterId: number;
  readonly peerId: string;
  readonly before: EntryStatus | null;
  readonly after: EntryStatus | null;
};

const keyOf = ({
  direction,
  peer,
  protocol,
  port,
}: Pick<RevisionEntry, 'direction' | 'peer' | 'protocol' | 'port'>): string =>
  `${direction} ${peer} ${protocol} ${String(port ?? '').padStart(5, '0')}`;

/** Tells the changes of two versions apart. */
export const changeKey = ({ peerId, ...change }: EntryChange): string =>
  keyOf({ ...change, peer: peerId });

const statusOf = (entry: RevisionEntry | undefined): EntryStatus | null =>
  entry === undefined ? null : (entry.status ?? EntryStatus.OBSERVED);

/** The entries that are other in the later version, in the order of direction, peer, protocol and port. */
export function changesOf(
  clusterId: number,
  before: readonly RevisionEntry[],
  after: readonly RevisionEntry[],
): readonly EntryChange[] {
  const earlier = new Map(before.map(entry => [keyOf(entry), entry]));
  const later = new Map(after.map(entry => [keyOf(entry), entry]));
  return [...new Map([...earlier, ...later])]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([key, { direction, peer, port, protocol }]) => {
      const change = { before: statusOf(earlier.get(key)), after: statusOf(later.get(key)) };
      const place = { direction, peerId: peer, port, protocol, clusterId };
      return change.before === change.after ? [] : [{ ...place, ...change }];
    });
}
