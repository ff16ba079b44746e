import { readFile } from 'node:fs/promises';
import type { Config } from './config.js';
import type { Log } from './database/log.js';
import { type TrustedProxies, trustedProxies } from './http/client-address.js';
import { openTls, type Tls } from './http/tls.js';

/** How a server is reached. */
export type Doors = {
  readonly tls: Tls | null;
  readonly trusted: TrustedProxies;
  readonly introspection: boolean;
  /** SHA-256 in hex of the documents that alone are run; null: any is. */
  readonly documents: ReadonlySet<string> | null;
};

const HASH = /^(sha256:)?([\da-f]{64})$/;

/** The keys of `{ "sha256:…": "query …" }`, as tools that gather documents write it. */
async function documentsIn(file: string): Promise<ReadonlySet<string>> {
  const value: unknown = JSON.parse(await readFile(file, 'utf8'));
  const hashes = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const wrong = hashes.find(text => !HASH.test(text));
  if (wrong !== undefined || hashes.length === 0)
    throw new Error(`\`${file}\` is not an object of documents by their SHA-256 in hex`);
  return new Set(hashes.map(text => HASH.exec(text)?.[2] ?? ''));
}

/** @throws Error for files that are not what they are named for, and for a certificate without its key */
export async function openDoors(config: Config, log: Log): Promise<Doors> {
  const { tlsCert: cert, tlsKey: key, tlsClientCa: clientCa } = config;
  if ((cert === null) !== (key === null))
    throw new Error('`--tls-cert` and `--tls-key` go together');
  return {
    tls: cert === null || key === null ? null : await openTls({ cert, key, clientCa }, log),
    trusted: trustedProxies(config.trustedProxies),
    introspection: config.introspection === 'on',
    documents: config.trustedDocuments === null ? null : await documentsIn(config.trustedDocuments),
  };
}
