import { FlowProtocol } from '../flows/observation.js';
import { type Problem, Severity } from '../netpol/index.js';
import { warningAt } from '../query/problem.js';
import { unstorableIn } from '../query/storable.js';
import { BaselineDirection, EntryStatus } from './baseline.js';
import { EXPORT_KIND, EXPORT_VERSION } from './export-baselines.js';

export type ReadEntry = {
  readonly direction: BaselineDirection;
  readonly peer: string;
  readonly port: number | null;
  readonly protocol: string;
  readonly status: EntryStatus;
  readonly reason: string | null;
  /** Where it stands, as `baselines[0].entries[2]`. */
  readonly path: string;
};

export type ReadBaseline = {
  /** `namespace/name` */
  readonly deployment: string;
  readonly kind: string | null;
  readonly locked: boolean;
  readonly entries: readonly ReadEntry[];
  /** Some of its entries could not be read. */
  readonly isPartial: boolean;
  readonly path: string;
};

export type ReadExport = {
  /** Null: it is no such document. */
  readonly baselines: readonly ReadBaseline[] | null;
  readonly problems: readonly Problem[];
};

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: unknown): string =>
  `\`${(JSON.stringify(value) ?? 'nothing').slice(0, 100)}\``;

const oneOf = <Value extends string>(
  values: Readonly<Record<string, Value>>,
  value: unknown,
): Value | null => Object.values(values).find(one => one === value) ?? null;

const STATUSES = {
  OBSERVED: EntryStatus.OBSERVED,
  CONFIRMED: EntryStatus.CONFIRMED,
  FORBIDDEN: EntryStatus.FORBIDDEN,
} as const;

const listed = (values: object): string => Object.values(values).join(', ');

const isPort = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65_535;

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && unstorableIn(value) === null;

/** What each field of an entry must be, and how it is written. */
const FIELDS: Readonly<Record<string, readonly [is: (value: unknown) => boolean, hint: string]>> = {
  direction: [value => oneOf(BaselineDirection, value) !== null, listed(BaselineDirection)],
  peer: [isText, 'as lists show it'],
  port: [value => value === undefined || value === null || isPort(value), '0 to 65535, or null'],
  protocol: [value => oneOf(FlowProtocol, value) !== null, listed(FlowProtocol)],
  reason: [value => value === undefined || value === null || isText(value), 'a text, or null'],
  status: [value => value === undefined || oneOf(STATUSES, value) !== null, listed(STATUSES)],
};

const faultsOf = (value: Fields, path: string): readonly Problem[] => [
  ...Object.entries(FIELDS)
    .filter(([name, [is]]) => !is(value[name]))
    .map(([name, [, hint]]) =>
      warningAt('BAD_VALUE', `${path}.${name}`, `${shown(value[name])} is no ${name}`, hint),
    ),
  ...Object.keys(value)
    .filter(name => !Object.hasOwn(FIELDS, name))
    .map(name =>
      warningAt(
        'UNKNOWN_FIELD',
        `${path}.${name}`,
        `an entry has no \`${name}\``,
        `an entry has ${Object.keys(FIELDS).join(', ')}`,
      ),
    ),
];

/** An entry, or what is wrong with it. */
function readEntry(value: unknown, path: string): Read<ReadEntry> {
  if (!isObject(value)) {
    const told = warningAt(
      'NOT_AN_OBJECT',
      path,
      `${shown(value)} is no entry`,
      'write an object, as `baselineExport` does',
    );
    return { value: null, problems: [told] };
  }
  const problems = faultsOf(value, path);
  const direction = oneOf(BaselineDirection, value['direction']);
  const protocol = oneOf(FlowProtocol, value['protocol']);
  const status = oneOf(STATUSES, value['status'] ?? STATUSES.OBSERVED);
  const { peer, port, reason } = value;
  if (problems.length > 0 || direction === null || protocol === null || status === null)
    return { value: null, problems };
  const texts = { peer: String(peer), reason: isText(reason) ? reason : null };
  const whole = { ...texts, direction, protocol, status, path };
  return { value: { ...whole, port: isPort(port) ? port : null }, problems };
}

type Read<Value> = { readonly value: Value | null; readonly problems: readonly Problem[] };

function readBaseline(value: unknown, path: string): Read<ReadBaseline> {
  const refused = (name: string, message: string, hint: string): Read<ReadBaseline> => ({
    value: null,
    problems: [warningAt('BAD_VALUE', `${path}.${name}`, message, hint)],
  });
  if (!isObject(value) || typeof value['deployment'] !== 'string')
    return refused('deployment', 'it names no deployment', 'as `namespace/name`');
  const { deployment, kind, locked, entries } = value;
  if (!Array.isArray(entries))
    return refused('entries', 'it has no list of entries', 'as exported');
  const read = entries.map((entry, place) => readEntry(entry, `${path}.entries[${place}]`));
  const problems = read.flatMap(one => one.problems);
  return {
    problems,
    value: {
      deployment,
      kind: typeof kind === 'string' && kind !== '' ? kind : null,
      locked: locked === true,
      entries: read.flatMap(one => (one.value === null ? [] : [one.value])),
      isPartial: problems.length > 0,
      path,
    },
  };
}

const refusedWhole = (code: string, message: string, hint: string): ReadExport => ({
  baselines: null,
  problems: [{ ...warningAt(code, 'text', message, hint), severity: Severity.ERROR }],
});

function parsed(text: string): { readonly value: unknown } | { readonly fault: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

/** Reads what `exportBaselines` writes; what cannot be used is told with its place, and the rest is read. */
export function readExport(text: string): ReadExport {
  const json = parsed(text);
  if ('fault' in json)
    return refusedWhole('BAD_JSON', `it is no JSON: ${json.fault}`, 'give what was exported');
  const { value } = json;
  if (!isObject(value) || value['kind'] !== EXPORT_KIND || !Array.isArray(value['baselines']))
    return refusedWhole(
      'NOT_AN_EXPORT',
      `it is no object with kind \`${EXPORT_KIND}\` and a list of baselines`,
      'give what was exported',
    );
  if (value['version'] !== EXPORT_VERSION)
    return refusedWhole(
      'OTHER_VERSION',
      `it has version ${shown(value['version'])}, not ${EXPORT_VERSION}`,
      'export it anew with this release',
    );
  const read = value['baselines'].map((one, place) => readBaseline(one, `baselines[${place}]`));
  return {
    baselines: read.flatMap(one => (one.value === null ? [] : [one.value])),
    problems: read.flatMap(one => one.problems),
  };
}
