import { readFile } from 'node:fs/promises';
import type { Issuer } from './access/oidc/issuer.js';
import { readIssuers } from './access/oidc/read-issuers.js';
import type { Config } from './config.js';
import { codeOf, failure } from './database/failure.js';
import type { Log } from './database/log.js';
import { type TrustedProxies, trustedProxies } from './http/client-address.js';
import { openTls, type Tls } from './http/tls.js';

/** How a server is reached. */
type Entrance = { readonly tls: Tls | null; readonly trusted: TrustedProxies };

/** What is answered, and to whom. */
export type Doors = {
  readonly introspection: boolean;
  /** SHA-256 in hex of the documents that alone are run; null: any is. */
  readonly documents: ReadonlySet<string> | null;
  /** Whose tokens are taken beside our own. */
  readonly issuers: readonly Issuer[];
};

const HASH = /^(sha256:)?([\da-f]{64})$/;

/** The keys of `{ "sha256:…": "query …" }`, as tools that gather documents write it. */
function documentsIn(json: string): ReadonlySet<string> {
  const value: unknown = JSON.parse(json);
  const hashes = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const wrong = hashes.find(text => !HASH.test(text));
  if (wrong !== undefined || hashes.length === 0)
    throw new Error('it is not an object of documents by their SHA-256 in hex');
  return new Set(hashes.map(text => HASH.exec(text)?.[2] ?? ''));
}

const CAUSES: Readonly<Record<string, string>> = {
  ENOENT: 'a file is missing',
  EACCES: 'permission is denied',
  EISDIR: 'it is a folder',
};

const reasonOf = (error: unknown): string => {
  const told = error instanceof Error ? error.message : String(error);
  const cause = CAUSES[codeOf(error) ?? ''];
  return cause === undefined ? told : `${cause} (${told})`;
};

/** What a setting names, or a Failure that names the setting. */
async function settled<T>(flags: string, open: () => Promise<T> | T): Promise<T> {
  try {
    return await open();
  } catch (error) {
    throw failure(`${flags} cannot be used: ${reasonOf(error)}`, 'mend it, or leave it out', error);
  }
}

const fileOf = async <T>(flag: string, file: string | null, read: (text: string) => T) =>
  file === null
    ? null
    : settled(`\`--${flag} ${file}\``, async () => read(await readFile(file, 'utf8')));

async function tlsOf({ tlsCert, tlsKey, tlsClientCa }: Config, log: Log): Promise<Tls | null> {
  if (tlsCert === null && tlsKey === null) {
    if (tlsClientCa === null) return null;
    throw failure(
      '`--tls-client-ca` has no effect without TLS',
      'give `--tls-cert` and `--tls-key` as well',
    );
  }
  if (tlsCert === null || tlsKey === null)
    throw failure('`--tls-cert` and `--tls-key` go together', 'give both of them, or none');
  const files = { cert: tlsCert, key: tlsKey, clientCa: tlsClientCa };
  return settled('`--tls-cert` with `--tls-key`', () => openTls(files, log));
}

/** @throws Failure for files that are not what they are named for, and for a certificate without its key */
export const openEntrance = async (config: Config, log: Log): Promise<Entrance> => ({
  tls: await tlsOf(config, log),
  trusted: await settled('`--trusted-proxies`', () => trustedProxies(config.trustedProxies)),
});

/** @throws Failure for files that are not what they are named for */
export async function openDoors(config: Config): Promise<Doors> {
  return {
    introspection: config.introspection === 'on',
    documents: await fileOf('trusted-documents', config.trustedDocuments, documentsIn),
    issuers: (await fileOf('issuers-file', config.issuersFile, readIssuers)) ?? [],
  };
}
