import { listOf, objectOf, textOf, toldCount } from '../coerce.js';
import type { JsonObject } from '../record.js';

/** How a record of Calico was encoded. */
export const CalicoForm = {
  /** `Key` and counts, as Goldmane's API and its emitter write it. */
  GOLDMANE: 'goldmane',
  /** Flat, as Whisker's REST API writes it: without types of endpoints, Services and connections. */
  WHISKER: 'whisker',
  /** Flat, as Enterprise and Cloud log it. */
  ENTERPRISE: 'enterprise',
} as const;
export type CalicoForm = (typeof CalicoForm)[keyof typeof CalicoForm];

export type CalicoFlow = {
  readonly form: CalicoForm;
  /** Who talked, how, and what came of it. */
  readonly key: JsonObject;
  /** Times, labels and counts. */
  readonly counts: JsonObject;
};

const camel = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** A field by its name in Go's JSON or in protobuf's. */
export const fieldOf = (object: JsonObject, name: string): unknown =>
  object[name] ?? object[camel(name)];

const isWhisker = (value: JsonObject): boolean =>
  typeof value['source_name'] === 'string' &&
  typeof value['dest_name'] === 'string' &&
  typeof value['action'] === 'string' &&
  typeof value['start_time'] === 'string';

const isEnterprise = (value: JsonObject): boolean =>
  typeof value['source_type'] === 'string' &&
  typeof value['dest_type'] === 'string' &&
  typeof value['action'] === 'string' &&
  typeof value['reporter'] === 'string';

/** The record in one of Calico's encodings; null: it is none. */
export const calicoFlowOf = (value: JsonObject): CalicoFlow | null => {
  const flow = objectOf(value['flow']) ?? objectOf(value['Flow']) ?? value;
  const key = objectOf(flow['Key']) ?? (flow['key'] === undefined ? null : objectOf(flow['key']));
  if (key !== null && fieldOf(key, 'source_name') !== undefined)
    return { form: CalicoForm.GOLDMANE, key, counts: flow };
  if (isEnterprise(value)) return { form: CalicoForm.ENTERPRISE, key: value, counts: value };
  return isWhisker(value) ? { form: CalicoForm.WHISKER, key: value, counts: value } : null;
};

export const countField = (object: JsonObject, name: string): number | null =>
  toldCount(fieldOf(object, name));

/** Null for the `-` of what is in no namespace, or has no name. */
export const nameField = (object: JsonObject, name: string): string | null => {
  const text = textOf(fieldOf(object, name));
  return text === '-' ? null : text;
};

/** Labels as a list of `k=v`, within an object, or joined with ` | `. Null where there are none. */
export const labelsField = (
  object: JsonObject,
  name: string,
): Readonly<Record<string, string>> | null => {
  const value = fieldOf(object, name);
  const within = objectOf(value)?.['labels'] ?? value;
  const texts = typeof within === 'string' ? within.split(' | ') : listOf(within);
  const pairs = texts
    .filter(text => typeof text === 'string' && text.includes('='))
    .map(text => {
      const label = String(text).trim();
      const equals = label.indexOf('=');
      return [label.slice(0, equals), label.slice(equals + 1)] as const;
    });
  return pairs.length === 0 ? null : Object.fromEntries(pairs);
};
