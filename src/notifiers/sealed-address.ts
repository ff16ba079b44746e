import type { NotifierConfig } from './notifier.js';
import type { NotifierStore } from './notifier.store.js';
import type { Secrets } from './secret.js';

/** Up to the host, and what comes after it. */
const PARTS = /^([a-z][a-z\d+.-]*:\/\/[^/?#]*)(.*)$/is;

/** The path of an address often is what lets somebody write there: it is stored as secrets are. */
export function sealedAddress(config: NotifierConfig, secrets: Secrets | null): NotifierConfig {
  const { url, ...others } = config;
  const [, server, path = ''] = PARTS.exec(url ?? '') ?? [];
  if (secrets === null || server === undefined || path === '' || path === '/') return config;
  return { ...others, url: server, path: secrets.seal(path) };
}

/** With its whole address. Null: no key opens it. */
export function openedAddress(
  config: NotifierConfig,
  secrets: Secrets | null,
): NotifierConfig | null {
  const { path, ...others } = config;
  if (path === undefined) return config;
  try {
    return secrets === null ? null : { ...others, url: `${config.url}${secrets.open(path)}` };
  } catch {
    return null;
  }
}

/**
 * Seals addresses that were stored before they were sealed, or without a key; those that are sealed stay as they are.
 * @returns how many
 */
export async function sealAddresses(notifiers: NotifierStore, secrets: Secrets): Promise<number> {
  await notifiers.lock();
  const open = (await notifiers.all()).filter(({ config }) => config.path === undefined);
  const sealed = open
    .map(({ id, config }) => ({ id, config, stored: sealedAddress(config, secrets) }))
    .filter(({ config, stored }) => stored !== config);
  for (const { id, stored } of sealed) await notifiers.putConfig(id, stored);
  return sealed.length;
}
