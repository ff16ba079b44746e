import {
  faulty,
  isObject,
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
const CRI = /^(\S+) (?:stdout|stderr) ([PF])(?::\S*)?(?: (.*))?$/s;

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

/** Lines of one stream of Loki: pairs of time and text, or objects, as its first releases wrote them. */
const linesOf = (stream: unknown): readonly Held[] => {
  const labels = fieldOf(stream, 'stream') ?? fieldOf(stream, 'metric');
  const values = fieldOf(stream, 'values');
  if (Array.isArray(values))
    return values.map(pair =>
      held(listOf(pair)[1], listOf(pair)[0], isObject(labels) ? labels : null),
    );
  const entries = listOf(fieldOf(stream, 'entries'));
  return entries.map(entry => held(fieldOf(entry, 'line'), fieldOf(entry, 'ts')));
};

/** Lines of Loki's answer. */
const lokiLines = (streams: unknown): readonly Held[] => listOf(streams).flatMap(linesOf);

/** CloudWatch: a subscription's batch, or the answer of `filter-log-events`. */
const cloudWatchLines = (events: readonly unknown[]): readonly Held[] =>
  events.map(event => held(fieldOf(event, 'message'), fieldOf(event, 'timestamp')));

const isCloudWatch = (events: unknown): events is readonly unknown[] =>
  Array.isArray(events) && typeof fieldOf(events[0], 'message') === 'string';

/** Cells of an answer of CloudWatch Insights. */
const insights = (rows: readonly unknown[]): readonly Held[] =>
  rows.map(row => {
    const cell = (name: string): unknown =>
      fieldOf(
        listOf(row).find(one => fieldOf(one, 'field') === name),
        'value',
      );
    const time = cell('@timestamp');
    return held(cell('@message'), typeof time === 'string' ? `${time.replace(' ', 'T')}Z` : null);
  });

/** Values within values, of which no log has more. */
const DEEPEST_VALUE = 16;

/** What OpenTelemetry's `AnyValue` holds. */
const plainOf = (any: unknown, depth = 0): unknown => {
  if (!isObject(any) || depth > DEEPEST_VALUE) return;
  const inside = (value: unknown): unknown => plainOf(value, depth + 1);
  const pairs = fieldOf(any['kvlistValue'], 'values');
  if (Array.isArray(pairs))
    return Object.fromEntries(
      pairs.map(pair => [String(fieldOf(pair, 'key')), inside(fieldOf(pair, 'value'))]),
    );
  const members = fieldOf(any['arrayValue'], 'values');
  return Array.isArray(members) ? members.map(inside) : Object.values(any)[0];
};

/** OpenTelemetry's logs as JSON. */
const otlpLines = (resources: readonly unknown[]): readonly Held[] =>
  resources
    .flatMap(resource => listOf(fieldOf(resource, 'scopeLogs')))
    .flatMap(scope => listOf(fieldOf(scope, 'logRecords')))
    .map(log => held(plainOf(fieldOf(log, 'body')), fieldOf(log, 'timeUnixNano')));

/** Cloud Logging: what a container wrote, as text or parsed; a policy's own entry is a record of GKE. */
const cloudLogging = (value: JsonObject): readonly Held[] | null => {
  const { textPayload, jsonPayload, timestamp } = value;
  if (typeof textPayload === 'string') return [held(textPayload, timestamp)];
  const isPlain = jsonPayload !== undefined && fieldOf(jsonPayload, 'disposition') === undefined;
  return isPlain ? [held(jsonPayload, timestamp)] : null;
};

/** Splunk's events, sent or exported. */
const splunk = (value: JsonObject): readonly Held[] | null => {
  const raw = fieldOf(value['result'], '_raw');
  if (raw !== undefined) return [held(raw, fieldOf(value['result'], '_time'))];
  const { event, time } = value;
  const isEvent =
    time !== undefined && ('host' in value || 'source' in value || 'sourcetype' in value);
  return event !== undefined && isEvent ? [held(event, time)] : null;
};

/** Text, or what a collector has parsed already; journald writes text that it cannot show as a list of bytes. */
const lineIn = (value: JsonObject, field: string): unknown => {
  const line = value[field];
  if (field === 'MESSAGE' && Array.isArray(line)) return Buffer.from(line as number[]).toString();
  return typeof line === 'string' || isObject(line) ? line : undefined;
};

const TIMES = ['time', 'timestamp', '@timestamp', '__REALTIME_TIMESTAMP', '_time'];

/** One line of a log: fluent-bit and Docker; logstash, Vector; logcli; journald; VictoriaLogs. */
const logLine = (value: JsonObject): readonly Held[] | null => {
  for (const field of ['log', 'message', 'line', 'MESSAGE', '_msg']) {
    const line = lineIn(value, field);
    if (line === undefined) continue;
    // ztunnel's own JSON has a `message` beside its fields.
    if (field === 'message' && value['src.addr'] !== undefined) return null;
    return [
      held(
        line,
        TIMES.map(name => value[name]).find(time => time !== undefined),
      ),
    ];
  }
  const original = fieldOf(value['event'], 'original');
  return typeof original === 'string' ? [held(original, value['@timestamp'])] : null;
};

/** A message of Kafka, as `kcat -J`, its REST proxy and its connectors write it. */
const kafka = (value: JsonObject): readonly Held[] | null =>
  value['topic'] !== undefined && value['offset'] !== undefined
    ? [held(value['payload'] ?? value['value'], value['ts'] ?? value['timestamp'])]
    : null;

const ACTIONS = ['index', 'create', 'update', 'delete'];

/** The line before a document in Elasticsearch's bulk form, which holds nothing itself. */
const bulkAction = (value: JsonObject): readonly Held[] | null => {
  const [field = '', ...others] = Object.keys(value);
  const isAction = others.length === 0 && ACTIONS.includes(field) && isObject(value[field]);
  return isAction ? [] : null;
};

/** Elasticsearch's answer, or one document of an export. */
const documents = (value: JsonObject): readonly Held[] | null => {
  const hits = fieldOf(value['hits'], 'hits');
  if (Array.isArray(hits)) return hits.map(hit => held(fieldOf(hit, '_source')));
  return fieldOf(value, '_source') === undefined ? null : [held(value['_source'])];
};

/** Kubernetes' lists and Whisker's pages; Goldmane's answer; Cloud Logging's answer; Azure's logs. */
const members = (value: JsonObject): readonly Held[] | null => {
  for (const field of ['items', 'flows', 'entries', 'records'])
    if (Array.isArray(value[field])) return value[field].map(member => held(member));
  return null;
};

const ENVELOPES = [logLine, documents, cloudLogging, splunk, kafka, bulkAction, members];

/** What an envelope holds; null when the value is no envelope. */
const contentsOf = (value: JsonObject): readonly Held[] | null => {
  if (Array.isArray(value['streams'])) return lokiLines(value['streams']);
  const result = fieldOf(value['data'], 'result');
  if (Array.isArray(result)) return lokiLines(result);
  if (Array.isArray(value['logEvents'])) return cloudWatchLines(value['logEvents']);
  if (isCloudWatch(value['events'])) return cloudWatchLines(value['events']);
  if (Array.isArray(value['resourceLogs'])) return otlpLines(value['resourceLogs']);
  const { results } = value;
  if (Array.isArray(results) && Array.isArray(results[0])) return insights(results);
  for (const contents of ENVELOPES) {
    const found = contents(value);
    if (found !== null) return found;
  }
  return null;
};

/** An envelope within an envelope is seen (Loki of fluent-bit); more is not. */
const DEEPEST = 3;

/** What is there and is neither text nor an object tells no flow: it is said, and not left out. */
const noRecord = (line: number, content: unknown): RawRecord =>
  faulty(line, JSON.stringify(content) ?? '', {
    code: 'NO_RECORD',
    message: 'an entry of the log holds neither a text nor an object',
    hint: 'export what the source wrote, with its message',
  });

const recordIn = (
  line: number,
  { content, wrapping }: Held,
  outer: Wrapping | null,
): RawRecord | null => {
  const labels = wrapping.labels ?? outer?.labels ?? null;
  if (isObject(content)) return { ...recordOf(line, content), wrapping: { ...wrapping, labels } };
  if (typeof content !== 'string') return noRecord(line, content);
  if (content.trim() === '') return null;
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
  /^\s*\{\s*"(?:status|data|streams|logEvents|messageType|logGroup|events|items|total|kind|apiVersion|flows|meta|entries|epoch|nodes|took|hits|results|resourceLogs|records)"/.test(
    head,
  );
