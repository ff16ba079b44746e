import type { Observation, Reading, Rejected, SkipReason } from '../observation.js';
import type { Fault, RawRecord } from './record.js';

/** Reads the records of one stream; it remembers what earlier records told. */
export type ObservationReader = {
  readonly push: (record: RawRecord) => void;
  /** What came since the last take; afterwards it is empty. Call it at the end of each chunk. */
  readonly take: () => Reading;
  /** What was found, where the format was not named. */
  readonly formatName?: () => string;
};

export type ReaderOptions = {
  /** Microseconds; the time of aggregated records, some of which have none. */
  readonly receivedAt: number;
};

export type FlowFormat = {
  readonly name: string;
  readonly aliases: readonly string[];
  /** One line for a list of formats. */
  readonly about: string;
  /** True for a record that can only be of this format, or is most likely of it. */
  readonly claims: (record: RawRecord) => boolean;
  readonly open: (options: ReaderOptions) => ObservationReader;
};

/** What a chunk has given so far. */
export type Tally = {
  observations: Observation[];
  rejected: Rejected[];
  skipped: Partial<Record<SkipReason, number>>;
  lost: number;
  sampling: number | null;
};

export const newTally = (): Tally => ({
  observations: [],
  rejected: [],
  skipped: {},
  lost: 0,
  sampling: null,
});

export const skip = (tally: Tally, reason: SkipReason): void => {
  tally.skipped[reason] = (tally.skipped[reason] ?? 0) + 1;
};

export const reject = (tally: Tally, line: number, fault: Fault, path: string | null): void => {
  tally.rejected.push({ line, path, ...fault });
};
