import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { Log } from '../database/log.js';

/** Paths of PEM files. */
export type TlsFiles = {
  readonly cert: string;
  readonly key: string;
  /** Of the authorities that sign certificates of clients; null: clients show none. */
  readonly clientCa: string | null;
};

type Pems = Pick<SecureContextOptions, 'cert' | 'key' | 'ca'>;

export type Tls = {
  readonly options: Pems & { readonly requestCert: boolean; readonly rejectUnauthorized: boolean };
  /** Gives a server what the files hold whenever that changes. @returns ends it */
  readonly follow: (server: { setSecureContext(options: Pems): void }) => () => void;
};

/** Certificates are renewed days before they end. By content: mounted secrets change by links, which no watcher sees. */
const LOOK_EVERY_MS = 10_000;
const OLDEST = 'TLSv1.2';

async function read({ cert, key, clientCa }: TlsFiles): Promise<Pems> {
  const pems = {
    cert: await readFile(cert),
    key: await readFile(key),
    ...(clientCa !== null && { ca: await readFile(clientCa) }),
  };
  createSecureContext({ ...pems, minVersion: OLDEST });
  return pems;
}

const textOf = ({ cert, key, ca }: Pems): string => [cert, key, ca].map(String).join('\0');

/**
 * TLS by files. Files that do not belong together, as in the moment between two of them, are not taken: those before stay.
 * @param every milliseconds between two looks
 * @throws Error where they cannot be read, or are no certificate with its key
 */
export async function openTls(files: TlsFiles, log: Log, every = LOOK_EVERY_MS): Promise<Tls> {
  const first = await read(files);
  const isAsked = files.clientCa !== null;
  return {
    options: { ...first, requestCert: isAsked, rejectUnauthorized: isAsked },
    follow: server => {
      let known = textOf(first);
      const look = async (): Promise<void> => {
        try {
          const pems = await read(files);
          if (textOf(pems) === known) return;
          server.setSecureContext({ ...pems, minVersion: OLDEST } as Pems);
          known = textOf(pems);
          log.info({ cert: files.cert }, 'the certificate was renewed');
        } catch (error) {
          log.error(
            { err: error, cert: files.cert },
            'the new certificate cannot be used; the one before stays',
          );
        }
      };
      const timer = setInterval(() => void look(), every);
      timer.unref();
      return () => clearInterval(timer);
    },
  };
}
