import { resolve } from 'node:path';
import {
  anyText,
  host,
  list,
  oneOf,
  path,
  type Reading,
  secretKey,
  url,
  whole,
} from './config-values.js';

export const LogLevel = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
  FATAL: 'fatal',
  SILENT: 'silent',
} as const;
export type LogLevel = (typeof LogLevel)[keyof typeof LogLevel];

/** Everything that can be set from outside, once at the start. Times in milliseconds, sizes in bytes. */
export type Config = {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Names by which clients reach this server, beside addresses and `localhost`; lower case. */
  readonly allowedHosts: readonly string[];
  /** Origins of web pages that may ask, `https://console.example.org`; lower case. */
  readonly allowedOrigins: readonly string[];
  /** Absolute paths of PEM files; null: plain HTTP. Certificate and key go together. */
  readonly tlsCert: string | null;
  readonly tlsKey: string | null;
  /** Of the authorities of clients' certificates; null: clients show none. */
  readonly tlsClientCa: string | null;
  /** Addresses and blocks whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** Of each caller; 0: any number. */
  readonly requestsPerMinute: number;
  readonly costPerMinute: number;
  readonly introspection: 'on' | 'off';
  /** Absolute. JSON that names the documents that alone are run, by SHA-256 in hex; null: any is. */
  readonly trustedDocuments: string | null;
  /** Absolute. Names the issuers whose tokens are taken, beside tokens that were created here. */
  readonly issuersFile: string | null;
  /** Absolute. Holds the embedded Postgres; not used with a database URL. */
  readonly dataDir: string;
  /** Of a Postgres to use instead of the embedded one. */
  readonly databaseUrl: string | null;
  readonly poolSize: number;
  readonly statementTimeoutMs: number;
  /** How long a statement waits for what others have locked. */
  readonly lockTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** How long a shutdown waits for requests that run, and then for jobs. */
  readonly drainTimeoutMs: number;
  readonly maxBodyBytes: number;
  /** Jobs at the same time in a process that runs jobs. */
  readonly workers: number;
  /** What secrets of notifiers are sealed with; null: they can have none. */
  readonly secretKey: string | null;
  /** Of the audit log; 0: it is kept for ever. */
  readonly auditRetentionDays: number;
  /** Kinds of addresses inside that notifiers may send to. */
  readonly notifyAllow: readonly string[];
  readonly logLevel: LogLevel;
  /** For the clients: where the server is, and the token to show it. */
  readonly server: string;
  readonly token: string | null;
};

/** A setting that cannot be used: lowercase, no final period, with its cure. */
export type ConfigProblem = {
  /** Flag and variable as they may be written: `--port` (WEIRGATE_PORT). */
  readonly setting: string;
  readonly message: string;
  readonly hint: string;
};

type Setting<T> = {
  readonly flag: string;
  readonly variable: string;
  readonly fallback: T;
  readonly read: (text: string) => Reading<T>;
};

const setting = <T>(
  flag: string,
  variable: string,
  fallback: T,
  read: (text: string) => Reading<T>,
): Setting<T> => ({ flag, variable, fallback, read });

/** One line a setting: its flag, its variable, what holds without them, and how it is read. */
const SETTINGS = {
  host: setting('host', 'WEIRGATE_HOST', '127.0.0.1', host),
  port: setting('port', 'WEIRGATE_PORT', 8080, whole(0, 65_535)),
  allowedHosts: setting<readonly string[]>(
    'allowed-hosts',
    'WEIRGATE_ALLOWED_HOSTS',
    [],
    list(/^[a-z0-9._-]+$/, 'a host name', 'write names without ports, with commas between them'),
  ),
  allowedOrigins: setting<readonly string[]>(
    'allowed-origins',
    'WEIRGATE_ALLOWED_ORIGINS',
    [],
    list(
      /^https?:\/\/[a-z0-9.-]+(:\d+)?$/,
      'the origin of a web page',
      'write origins as https://console.example.org, with commas between them',
    ),
  ),
  tlsCert: setting<string | null>('tls-cert', 'WEIRGATE_TLS_CERT', null, path),
  tlsKey: setting<string | null>('tls-key', 'WEIRGATE_TLS_KEY', null, path),
  tlsClientCa: setting<string | null>('tls-client-ca', 'WEIRGATE_TLS_CLIENT_CA', null, path),
  trustedProxies: setting<readonly string[]>(
    'trusted-proxies',
    'WEIRGATE_TRUSTED_PROXIES',
    [],
    list(
      /^[0-9a-f.:]+(\/\d{1,3})?$/,
      'an address or a block',
      'write addresses as 10.0.0.5 or 10.0.0.0/8, with commas between them',
    ),
  ),
  requestsPerMinute: setting(
    'requests-per-minute',
    'WEIRGATE_REQUESTS_PER_MINUTE',
    6_000,
    whole(0, 1_000_000),
  ),
  costPerMinute: setting(
    'cost-per-minute',
    'WEIRGATE_COST_PER_MINUTE',
    10_000_000,
    whole(0, 1_000_000_000),
  ),
  introspection: setting<'on' | 'off'>(
    'introspection',
    'WEIRGATE_INTROSPECTION',
    'on',
    oneOf({ ON: 'on', OFF: 'off' } as const),
  ),
  trustedDocuments: setting<string | null>(
    'trusted-documents',
    'WEIRGATE_TRUSTED_DOCUMENTS',
    null,
    path,
  ),
  issuersFile: setting<string | null>('issuers-file', 'WEIRGATE_ISSUERS_FILE', null, path),
  dataDir: setting('data-dir', 'WEIRGATE_DATA_DIR', resolve('.weirgate'), path),
  databaseUrl: setting<string | null>(
    'database-url',
    'DATABASE_URL',
    null,
    url(['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/database', true),
  ),
  poolSize: setting('pool-size', 'WEIRGATE_POOL_SIZE', 10, whole(2, 1_000)),
  statementTimeoutMs: setting(
    'statement-timeout',
    'WEIRGATE_STATEMENT_TIMEOUT',
    30_000,
    whole(100, 3_600_000),
  ),
  lockTimeoutMs: setting('lock-timeout', 'WEIRGATE_LOCK_TIMEOUT', 20_000, whole(100, 3_600_000)),
  requestTimeoutMs: setting(
    'request-timeout',
    'WEIRGATE_REQUEST_TIMEOUT',
    30_000,
    whole(100, 3_600_000),
  ),
  drainTimeoutMs: setting('drain-timeout', 'WEIRGATE_DRAIN_TIMEOUT', 10_000, whole(0, 600_000)),
  maxBodyBytes: setting(
    'max-body-bytes',
    'WEIRGATE_MAX_BODY_BYTES',
    67_108_864,
    whole(1_024, 1_073_741_824),
  ),
  workers: setting('workers', 'WEIRGATE_WORKERS', 1, whole(1, 64)),
  secretKey: setting<string | null>('secret-key', 'WEIRGATE_SECRET_KEY', null, secretKey),
  auditRetentionDays: setting(
    'audit-retention-days',
    'WEIRGATE_AUDIT_RETENTION_DAYS',
    0,
    whole(0, 36_500),
  ),
  notifyAllow: setting<readonly string[]>(
    'notify-allow',
    'WEIRGATE_NOTIFY_ALLOW',
    [],
    list(/^(loopback|private)$/, 'a kind of address', 'say loopback, private, or both'),
  ),
  logLevel: setting<LogLevel>('log-level', 'WEIRGATE_LOG_LEVEL', LogLevel.INFO, oneOf(LogLevel)),
  server: setting(
    'server',
    'WEIRGATE_SERVER',
    'http://127.0.0.1:8080',
    url(['http:', 'https:'], 'http://127.0.0.1:8080', false),
  ),
  token: setting<string | null>('token', 'WEIRGATE_TOKEN', null, anyText),
} satisfies { readonly [K in keyof Config]: Setting<Config[K]> };

/** Every variable that is a setting. */
export const VARIABLES: readonly string[] = Object.values(SETTINGS).map(one => one.variable);

const camelCase = (flag: string): string =>
  flag.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());

type Flags = Readonly<Record<string, string | undefined>>;

/** A flag goes before a variable. An empty variable counts as unset, an empty flag does not. */
function given({ flag, variable }: Setting<unknown>, flags: Flags, env: Flags): string | undefined {
  return flags[flag] ?? flags[camelCase(flag)] ?? (env[variable] || undefined);
}

/**
 * Reads every setting, or answers all problems at once. `flags` by name, as typed (`data-dir`) or as
 * commander gives them (`dataDir`); flags that are no settings are left alone.
 */
export function readConfig(
  flags: Flags,
  env: Flags,
): { readonly config: Config } | { readonly problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const settled = (one: Setting<unknown>): unknown => {
    const text = given(one, flags, env);
    if (text === undefined) return one.fallback;
    const reading = text === '' ? EMPTY : one.read(text);
    if ('value' in reading) return reading.value;
    problems.push({ setting: `--${one.flag} (${one.variable})`, ...reading });
    return one.fallback;
  };
  const config = Object.fromEntries(
    Object.entries(SETTINGS).map(([key, one]) => [key, settled(one)]),
  ) as Config;
  return problems.length > 0 ? { problems } : { config: Object.freeze(config) };
}

const EMPTY: Reading<never> = { message: 'the value is empty', hint: 'leave the flag out' };

/** The problems as lines to print. */
export const problemLines = (problems: readonly ConfigProblem[]): readonly string[] =>
  problems.map(({ setting: name, message, hint }) => `${name}: ${message}; ${hint}`);

/** The environment of this process; nothing else of the program reads it. */
export const environment = (): NodeJS.ProcessEnv => process.env;
