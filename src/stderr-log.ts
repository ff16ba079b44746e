import { pino } from 'pino';
import { visibleJson } from './netpol/index.js';

/** What a log says of an error. */
type ErrorFacts = { readonly type: string; readonly message: string } & Readonly<
  Record<string, unknown>
>;

type Fields = Readonly<Record<string, unknown>>;

/** Of Postgres, Node and the driver: names and codes. `detail`, `where` and `parameters` hold what was sent, and stay out. */
const TOLD = ['code', 'severity', 'schema', 'table', 'column', 'constraint', 'routine', 'syscall'];

/** Errors in errors beyond this depth say nothing more. */
const DEEPEST = 4;
const MOST_ERRORS = 10;

const STATEMENT = /^\s*\/\* ([\w.-]+) \*\//;

/** Class 22 of SQLSTATE, "data exception": what stands in quotes is a value. */
const isOfData = ({ code, severity }: Fields): boolean =>
  typeof severity === 'string' && typeof code === 'string' && code.startsWith('22');

const messageOf = (error: Error, fields: Fields): string =>
  isOfData(fields) ? error.message.replace(/".*"/s, '"…"') : error.message;

/** The calls, without the message that stands before them. */
const callsOf = ({ stack = '' }: Error): string =>
  stack
    .split('\n')
    .filter(line => /^\s+at /.test(line))
    .join('\n');

const statementOf = ({ query }: Fields): string | null =>
  typeof query === 'string' ? (STATEMENT.exec(query)?.[1] ?? 'unnamed') : null;

/**
 * An error as a log may have it: what it is, where it came from, and by which statement; never the values that were sent, nor the
 * connection or the address that hang on errors of drivers.
 */
export function errorFacts(error: unknown, depth = 0): ErrorFacts {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const fields = error as unknown as Fields;
  const driver = fields['driverError'];
  const inner = driver instanceof Error ? (driver as unknown as Fields) : fields;
  const statement = statementOf(fields);
  const told = TOLD.flatMap(name => {
    const value = fields[name] ?? inner[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  const causes = error instanceof AggregateError ? error.errors.slice(0, MOST_ERRORS) : [];
  const goesOn = depth < DEEPEST;
  return {
    type: error.name,
    message: messageOf(error, inner),
    ...Object.fromEntries(told),
    ...(statement !== null && { statement }),
    stack: callsOf(error),
    ...(goesOn && error.cause !== undefined && { cause: errorFacts(error.cause, depth + 1) }),
    ...(goesOn && causes.length > 0 && { errors: causes.map(one => errorFacts(one, depth + 1)) }),
  };
}

/** What is a secret by its form, and what stands for it. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\b(wg[tsb]_)[0-9A-Za-z]{12,}/g, '$1…'],
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, 'eyJ…'],
  [/(:\/\/[^\s/:@"\\]*):[^\s/@"\\]+@/g, '$1:…@'],
  [/([?&](?:ssl)?(?:password|token|secret|key|sig|signature)=)[^\s&"\\]+/gi, '$1…'],
  [/\b(bearer|basic) +[\w.~+/=-]{8,}/gi, '$1 …'],
];

/**
 * A line as it is written: without what is a secret by its form, wherever it came from, and without characters that command a
 * terminal or turn the direction of writing.
 */
export const writtenLine = (line: string): string =>
  visibleJson(
    SECRETS.reduce((text, [pattern, instead]) => text.replaceAll(pattern, instead), line),
  );

/** A log of lines of JSON on standard error: standard output holds the document only. */
export const stderrLog = (level: string) =>
  pino(
    {
      level,
      base: null,
      serializers: { err: errorFacts },
      hooks: { streamWrite: writtenLine },
    },
    pino.destination(2),
  );
