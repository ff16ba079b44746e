import type {
  DnsAnswer,
  Listener,
  Notice,
  Observation,
  ObservedPeer,
  Reading,
  Rejected,
  SkipReason,
} from '../observation.js';
import { hourOf } from '../time.js';
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
  /** True for a record that may be a part of it, though it looks like what is read nowhere. Left out: none does. */
  readonly mayTake?: (record: RawRecord) => boolean;
  readonly open: (options: ReaderOptions) => ObservationReader;
};

type Skips = Partial<Record<SkipReason, number>>;

/** What a chunk has given so far. */
export type Tally = {
  observations: Observation[];
  rejected: Rejected[];
  skipped: Skips;
  /** Of those that are skipped, those with a time, by hour (microseconds). */
  readonly skippedHours: Map<number, Skips>;
  lost: number;
  sampling: number | null;
  readonly listeners: Listeners;
  readonly answers: Answers;
  notices: readonly Notice[];
};

/** By peer: protocols and ports, `TCP 8080`, and the earliest sight of each. */
type Listeners = Map<ObservedPeer, Map<string, Listener>>;

/** By client: what it was told, `ADDRESS NAME`. */
type Answers = Map<ObservedPeer, Map<string, DnsAnswer>>;

export const newTally = (): Tally => ({
  observations: [],
  rejected: [],
  skipped: {},
  skippedHours: new Map(),
  lost: 0,
  sampling: null,
  listeners: new Map(),
  answers: new Map(),
  notices: [],
});

/** Of each code the first. */
export const notice = (tally: Tally, told: Notice): void => {
  if (!tally.notices.some(({ code }) => code === told.code))
    tally.notices = [...tally.notices, told];
};

/** A reply shows who listens, though it is no flow itself. */
export const learnListener = ({ listeners }: Tally, listener: Listener): void => {
  const { peer, protocol, port } = listener;
  const known = listeners.get(peer) ?? new Map<string, Listener>();
  listeners.set(peer, known);
  const key = `${protocol} ${port}`;
  const before = known.get(key);
  if (before === undefined || listener.at < before.at) known.set(key, listener);
};

/** The same answer again holds for both times. */
export const keepAnswer = ({ answers }: Tally, answer: DnsAnswer): void => {
  const known = answers.get(answer.client) ?? new Map<string, DnsAnswer>();
  answers.set(answer.client, known);
  const key = `${answer.address} ${answer.name}`;
  const { from, until } = known.get(key) ?? answer;
  known.set(key, {
    ...answer,
    from: Math.min(from, answer.from),
    until: Math.max(until, answer.until),
  });
};

export const readingOf = ({ listeners, answers, notices, ...tally }: Tally): Reading => ({
  ...tally,
  ...(answers.size === 0
    ? {}
    : { answers: [...answers.values()].flatMap(one => [...one.values()]) }),
  ...(notices.length === 0 ? {} : { notices }),
  listeners: [...listeners.values()].flatMap(ofPeer => [...ofPeer.values()]),
});

const count = (skips: Skips, reason: SkipReason): void => {
  skips[reason] = (skips[reason] ?? 0) + 1;
};

/** @param at the time of the record, microseconds; left out: it has none */
export const skip = (tally: Tally, reason: SkipReason, at?: number): void => {
  count(tally.skipped, reason);
  if (at === undefined) return;
  const hour = hourOf(at);
  const ofHour = tally.skippedHours.get(hour) ?? {};
  tally.skippedHours.set(hour, ofHour);
  count(ofHour, reason);
};

export const reject = (tally: Tally, line: number, fault: Fault, path: string | null): void => {
  tally.rejected.push({ line, path, ...fault });
};
