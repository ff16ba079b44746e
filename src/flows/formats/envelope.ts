import {
  type JsonObject,
  parseRecord,
  type RawRecord,
  type RecordSink,
  recordOf,
  type Wrapping,
} from './record.js';

/**
 * A line of a container's log as the kubelet keeps it: time, stream, `P` for a part or `F` for the
 * full or last one, then the text.
 */
const CRI = /^(\S+) (?:stdout|stderr) ([PF])(?::\S*)? (.*)$/s;

export type LogLine = { readonly time: string; readonly partial: boolean; readonly text: string };

export const parseLogLine = (line: string): LogLine | null => {
  const match = CRI.exec(line);
  return match === null
    ? null
    : { time: match[1] ?? '', partial: match[2] === 'P', text: match[3] ?? '' };
};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const fieldOf = (value: unknown, field: string): unknown =>
  typeof value === 'object' && value !== null ? (value as JsonObject)[field] : undefined;

/** What an envelope holds: text of a log, or an object. */
type Held = { readonly content: unknown; readonly wrapping: Wrapping };

const held = (content: unknown, time: unknown = null, labels: JsonObject | null = null): Held => ({
  content,
  wrapping: { time, labels },
});

/** Lines of Loki's answer: `streams[].values[]`, each a pair of time and text. */
const lokiLines = (streams: unknown): readonly Held[] =>
  listOf(streams).flatMap(stream => {
    const labels = fieldOf(stream, 'stream') ?? fieldOf(stream, 'metric');
    return listOf(fieldOf(stream, 'values')).map(pair =>
      held(listOf(pair)[1], listOf(pair)[0], (labels as JsonObject | undefined) ?? null),
    );
  });

/** CloudWatch: a subscription's batch, or the answer of `filter-log-events`. */
const cloudWatchLines = (events: readonly unknown[]): readonly Held[] =>
  events.map(event => held(fieldOf(event, 'message'), fieldOf(event, 'timestamp')));

const isCloudWatch = (events: unknown): events is readonly unknown[] =>
  Array.isArray(events) && typeof fieldOf(events[0], 'message') === 'string';

/** One line of a log: fluent-bit and Docker; logstash, Vector; logcli. */
const logLine = (value: JsonObject): readonly Held[] | null => {
  for (const field of ['log', 'message', 'line']) {
    if (typeof value[field] !== 'string') continue;
    // ztunnel's own JSON has a `message` beside its fields.
    if (field === 'message' && value['src.addr'] !== undefined) return null;
    const time = value['time'] ?? value['timestamp'] ?? value['@timestamp'];
    return [held(value[field], time)];
  }
  return null;
};

/** Elasticsearch's answer, or one document of an export. */
const documents = (value: JsonObject): readonly Held[] | null => {
  const hits = fieldOf(value['hits'], 'hits');
  if (Array.isArray(hits)) return hits.map(hit => held(fieldOf(hit, '_source')));
  return fieldOf(value, '_source') === undefined ? null : [held(value['_source'])];
};

/** Kubernetes' lists and Whisker's pages; Goldmane's answer; Cloud Logging's answer. */
const members = (value: JsonObject): readonly Held[] | null => {
  for (const field of ['items', 'flows', 'entries'])
    if (Array.isArray(value[field])) return value[field].map(member => held(member));
  return null;
};

/** What an envelope holds; null when the value is no envelope. */
const contentsOf = (value: JsonObject): readonly Held[] | null => {
  if (Array.isArray(value['streams'])) return lokiLines(value['streams']);
  const result = fieldOf(value['data'], 'result');
  if (Array.isArray(result)) return lokiLines(result);
  if (Array.isArray(value['logEvents'])) return cloudWatchLines(value['logEvents']);
  if (isCloudWatch(value['events'])) return cloudWatchLines(value['events']);
  return logLine(value) ?? documents(value) ?? members(value);
};

/** An envelope within an envelope is seen (Loki of fluent-bit); more is not. */
const DEEPEST = 3;

const recordIn = (line: number, { content, wrapping }: Held, outer: Wrapping | null) => {
  const labels = wrapping.labels ?? outer?.labels ?? null;
  if (typeof content === 'object' && content !== null && !Array.isArray(content))
    return { ...recordOf(line, content as JsonObject), wrapping: { ...wrapping, labels } };
  if (typeof content !== 'string' || content.trim() === '') return null;
  const log = parseLogLine(content);
  const record = parseRecord(line, log?.text ?? content.trimEnd());
  return { ...record, wrapping: { time: log?.time ?? wrapping.time, labels } };
};

/** Hands on what a record holds: itself, or the records in the log envelope that it is. */
export const unwrap = (record: RawRecord, sink: RecordSink, depth = 0): void => {
  const { value, line } = record;
  const contents = value === null || value['flow'] !== undefined ? null : contentsOf(value);
  if (contents === null || depth === DEEPEST) {
    sink(record);
    return;
  }
  for (const one of contents) {
    const found = recordIn(line, one, record.wrapping ?? null);
    if (found !== null) unwrap(found, sink, depth + 1);
  }
};

/** True for the first characters of an envelope that holds many records as one. */
export const isEnvelope = (head: string): boolean =>
  /^\s*\{\s*"(?:status|data|streams|logEvents|messageType|logGroup|events|items|total|kind|apiVersion|flows|meta|entries|epoch|nodes|took|hits)"/.test(
    head,
  );
