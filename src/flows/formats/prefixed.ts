import { notJson, parseRecord, type RawRecord } from './record.js';

/** As `kubectl logs --timestamps`, `aws logs tail` and syslog begin a line. */
const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)/;

/** As `kubectl logs --prefix` begins a line. */
const POD = /^\[[a-z]+\/[^\]\s]+\] /;

/** What stands before a record is not longer. */
const LONGEST = 1_024;

/** The record after what a log put before it: a time, the pod, labels of the stream; null: there is none. */
function afterPrefix(line: number, text: string): RawRecord | null {
  if (!text.endsWith('}')) return null;
  for (let at = text.indexOf('{"'); at > 0 && at < LONGEST; at = text.indexOf('{"', at + 1)) {
    const record = parseRecord(line, text.slice(at));
    if (record.value === null) continue;
    const time = TIME.exec(text)?.[0]?.replace(' ', 'T') ?? null;
    return { ...record, wrapping: { time, labels: null } };
  }
  return null;
}

/** A line that begins as no record does: one of a source that writes text, or a record of which a log wrote whose it was. */
export function lineOfText(line: number, text: string): RawRecord {
  const own = text.replace(POD, '');
  return own.startsWith('{')
    ? parseRecord(line, own)
    : (afterPrefix(line, own) ?? notJson(line, own));
}
