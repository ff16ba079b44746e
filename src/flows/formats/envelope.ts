import { type JsonObject, parseRecord, type RawRecord, type RecordSink } from './record.js';

/**
 * A line of a container's log as the kubelet keeps it: time, stream, `P` for a part or `F` for the
 * full or last one, then the text.
 */
const CRI = /^\S+ (?:stdout|stderr) ([PF])(?::\S*)? (.*)$/s;

export type LogLine = { readonly partial: boolean; readonly text: string };

export const parseLogLine = (line: string): LogLine | null => {
  const match = CRI.exec(line);
  return match === null ? null : { partial: match[1] === 'P', text: match[2] ?? '' };
};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const fieldOf = (value: unknown, field: string): unknown =>
  typeof value === 'object' && value !== null ? (value as JsonObject)[field] : undefined;

/** Lines of Loki's answer: `streams[].values[]`, each a pair of time and text. */
const lokiLines = (streams: unknown): readonly unknown[] =>
  listOf(streams).flatMap(stream => listOf(fieldOf(stream, 'values')).map(pair => listOf(pair)[1]));

/** The log lines that an envelope holds; null when the value is no envelope. */
const linesOf = (value: JsonObject): readonly unknown[] | null => {
  // fluent-bit and Docker; logstash, Vector; logcli
  for (const field of ['log', 'message', 'line']) {
    if (typeof value[field] === 'string') return [value[field]];
  }
  if (Array.isArray(value['streams'])) return lokiLines(value['streams']);
  const result = fieldOf(value['data'], 'result');
  if (Array.isArray(result)) return lokiLines(result);
  if (Array.isArray(value['logEvents']))
    return value['logEvents'].map(event => fieldOf(event, 'message'));
  return null;
};

/** An envelope within an envelope is seen (Loki of fluent-bit); more is not. */
const DEEPEST = 3;

/** Hands on what a record holds: itself, or the records in the log envelope that it is. */
export const unwrap = (record: RawRecord, sink: RecordSink, depth = 0): void => {
  const { value, line } = record;
  const lines = value === null || value['flow'] !== undefined ? null : linesOf(value);
  if (lines === null || depth === DEEPEST) {
    sink(record);
    return;
  }
  for (const text of lines) {
    if (typeof text !== 'string' || text.trim() === '') continue;
    unwrap(parseRecord(line, parseLogLine(text)?.text ?? text), sink, depth + 1);
  }
};

/** True for the first characters of an envelope that holds many records on one line. */
export const isEnvelope = (head: string): boolean =>
  /^\s*\{\s*"(?:status|data|streams|logEvents|messageType|logGroup)"/.test(head);
