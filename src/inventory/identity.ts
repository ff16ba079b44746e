import { hash } from 'node:crypto';
import type { PeerKind } from './peer.js';

/** First 128 bits of SHA-256, written as a uuid: the id of whatever the text names. */
export const stableId = (text: string): string => {
  const hex = hash('sha256', text, 'hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join('-');
};

/** The id of an end of flows within its cluster: the same after a redeploy, a re-import, a restart. */
export const peerId = (kind: PeerKind, naturalKey: string): string =>
  stableId(`${kind}\n${naturalKey}`);

/** The natural key of a deployment; neither part can hold a slash. */
export const deploymentKey = (namespace: string, workloadKind: string, name: string): string =>
  `${namespace}/${workloadKind}/${name}`;

export const namespaceId = (name: string): string => stableId(`NAMESPACE\n${name}`);

export const podId = (namespace: string, name: string): string =>
  stableId(`POD\n${namespace}/${name}`);

export const serviceId = (namespace: string, name: string): string =>
  stableId(`SERVICE\n${namespace}/${name}`);

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, held]) => [key, sorted(held)] as const);
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
};

/** SHA-256 of a JSON value, whatever the order of its keys. */
export const contentHash = (value: unknown): string =>
  hash('sha256', JSON.stringify(sorted(value)), 'hex');
