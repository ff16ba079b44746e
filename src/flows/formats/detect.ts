import type { Reading, Rejected } from '../observation.js';
import { type Foreign, foreignOf } from './foreign.js';
import type { FlowFormat, ObservationReader } from './format.js';
import type { Fault, RawRecord } from './record.js';

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

const unknownFault = (record: RawRecord, formats: readonly FlowFormat[]): Fault => {
  const foreign = foreignOf(record);
  if (foreign !== null)
    return { code: FORMAT_UNKNOWN, message: `record is ${foreign.what}`, hint: foreign.cure };
  return {
    code: FORMAT_UNKNOWN,
    message: 'record is in none of the formats that are known',
    hint: `the formats are ${formats.map(({ name }) => name).join(', ')}; name one to hear what it misses`,
  };
};

const unknownRecord = (record: RawRecord, formats: readonly FlowFormat[]): Rejected => {
  const { line, fault } = record;
  const isUnread = fault === null || fault.code === 'NOT_JSON';
  return { line, path: null, ...(isUnread ? unknownFault(record, formats) : fault) };
};

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

const mixedFormats = (line: number, own: string, found: string): Rejected => ({
  line,
  path: null,
  code: 'WRONG_FORMAT',
  message: `record is in the format \`${found}\`, and those before it are in \`${own}\``,
  hint: 'a stream has one format: send the records of each source in a stream of their own',
});

const foreignRecord = (line: number, { what, cure }: Foreign): Rejected => ({
  line,
  path: null,
  code: 'WRONG_FORMAT',
  message: `record is ${what}`,
  hint: cure,
});

/** Whether the first record of its own has come. */
type Begun = { readonly isBegun: boolean };

/** What a record that does not show the format plainly is instead; null: nobody knows. */
const othersFault = (
  format: FlowFormat,
  others: readonly FlowFormat[],
  record: RawRecord,
  { isBegun }: Begun,
): Rejected | null => {
  const { line } = record;
  const other = others.find(one => one.claims(record));
  if (other !== undefined)
    return (isBegun ? mixedFormats : wrongFormat)(line, format.name, other.name);
  const foreign = isBegun || format.mayTake?.(record) === true ? null : foreignOf(record);
  return foreign === null ? null : foreignRecord(line, foreign);
};

/**
 * A format that tells of records that are plainly another's, rather than what they miss: a stream has one format. What is
 * of no format that is known may belong to its own records, as a row does to its header, once one of them was there.
 */
export const checked = (format: FlowFormat, formats: readonly FlowFormat[]): FlowFormat => {
  const others = formats.filter(one => one !== format);
  return {
    ...format,
    open: options => {
      const reader = format.open(options);
      const begun = { isBegun: false };
      let rejected: Rejected[] = [];
      const push = (record: RawRecord): void => {
        const isOwn = format.claims(record);
        const fault = isOwn ? null : othersFault(format, others, record, begun);
        begun.isBegun ||= isOwn;
        if (fault === null) reader.push(record);
        else rejected.push(fault);
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
