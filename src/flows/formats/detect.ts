import type { Reading, Rejected } from '../observation.js';
import type { FlowFormat, ObservationReader } from './format.js';
import type { RawRecord } from './record.js';

/** Records that wait at most for one that tells the format. */
const MOST_HELD = 1_000;

const NOTHING: Reading = {
  observations: [],
  rejected: [],
  skipped: {},
  lost: 0,
  sampling: null,
  listeners: [],
};

const byLine = (one: Rejected, other: Rejected): number => one.line - other.line;

const withRejected = (reading: Reading, rejected: readonly Rejected[]): Reading =>
  rejected.length === 0
    ? reading
    : { ...reading, rejected: [...rejected, ...reading.rejected].toSorted(byLine) };

/** Code of records that no format claims. */
export const FORMAT_UNKNOWN = 'UNKNOWN_FORMAT';

const unknownRecord = ({ line, fault }: RawRecord, formats: readonly FlowFormat[]): Rejected => ({
  line,
  path: null,
  ...(fault !== null && fault.code !== 'NOT_JSON'
    ? fault
    : {
        code: FORMAT_UNKNOWN,
        message: 'record is in none of the formats that are known',
        hint: `the formats are ${formats.map(({ name }) => name).join(', ')}; name one to hear what it misses`,
      }),
});

type Detecting = {
  reader: ObservationReader | null;
  name: string;
  held: RawRecord[];
  rejected: Rejected[];
};

/**
 * Finds the format by the first record that one of them claims; what came before is read in it too. A
 * stream has one format.
 */
export const detecting = (formats: readonly FlowFormat[]): FlowFormat => ({
  name: 'auto',
  aliases: ['detect'],
  about: 'found by the first records',
  claims: () => false,
  open: options => {
    const state: Detecting = { reader: null, name: 'auto', held: [], rejected: [] };
    const giveUp = (): void => {
      for (const record of state.held) state.rejected.push(unknownRecord(record, formats));
      state.held = [];
    };
    const start = (format: FlowFormat): void => {
      const reader = checked(format, formats).open(options);
      for (const held of state.held) reader.push(held);
      Object.assign(state, { reader, name: format.name, held: [] });
    };
    const push = (record: RawRecord): void => {
      if (state.reader !== null) {
        state.reader.push(record);
        return;
      }
      state.held.push(record);
      const format = formats.find(one => one.claims(record));
      if (format !== undefined) start(format);
      else if (state.held.length > MOST_HELD) giveUp();
    };
    const take = (): Reading => {
      if (state.reader === null) giveUp();
      const { rejected } = state;
      state.rejected = [];
      return withRejected(state.reader?.take() ?? NOTHING, rejected);
    };
    return { push, take, formatName: () => state.name };
  },
});

const wrongFormat = (line: number, sent: string, found: string): Rejected => ({
  line,
  path: null,
  code: 'WRONG_FORMAT',
  message: `record is in the format \`${found}\`, and was sent as \`${sent}\``,
  hint: `send it as \`${found}\`, or leave the format out: it is found by the records`,
});

/**
 * A format that tells of records that are plainly another's, rather than what they miss, until the first
 * record of its own: a stream has one format.
 */
export const checked = (format: FlowFormat, formats: readonly FlowFormat[]): FlowFormat => {
  const others = formats.filter(one => one !== format);
  return {
    ...format,
    open: options => {
      const reader = format.open(options);
      let isOwn = false;
      let rejected: Rejected[] = [];
      const isAnothers = (record: RawRecord): boolean => {
        isOwn = format.claims(record);
        const other = isOwn ? undefined : others.find(one => one.claims(record));
        if (other === undefined) return false;
        rejected.push(wrongFormat(record.line, format.name, other.name));
        return true;
      };
      const push = (record: RawRecord): void => {
        if (isOwn || !isAnothers(record)) reader.push(record);
      };
      const take = (): Reading => {
        const found = rejected;
        rejected = [];
        return withRejected(reader.take(), found);
      };
      return { push, take };
    },
  };
};
