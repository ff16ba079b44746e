import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

type Block = ReturnType<typeof ipaddr.parseCIDR>;

/** Whose `X-Forwarded-For` is believed: blocks of addresses. */
export type TrustedProxies = readonly Block[];

/** @throws Error for what is no address or block */
export const trustedProxies = (texts: readonly string[]): TrustedProxies =>
  texts.map(text => {
    if (text.includes('/')) return ipaddr.parseCIDR(text);
    const address = ipaddr.process(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  });

const isTrusted = (text: string, trusted: TrustedProxies): boolean => {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  return trusted.some(([block, length]) => {
    if (address.kind() !== block.kind()) return false;
    return address.match(block, length);
  });
};

const known = new WeakMap<IncomingMessage, string | null>();
const proxied = new WeakSet<IncomingMessage>();

/**
 * Finds who sent a request: the last address before the proxies that are trusted, from the right. What a client wrote itself
 * stands to the left of that, and nobody believes it.
 */
export function settleAddress(request: IncomingMessage, trusted: TrustedProxies): void {
  const peer = request.socket.remoteAddress ?? null;
  if (trusted.length === 0 || peer === null || !isTrusted(peer, trusted)) return;
  proxied.add(request);
  const told = [request.headers['x-forwarded-for'] ?? []]
    .flat()
    .join(',')
    .split(',')
    .map(text => text.trim())
    .filter(text => text !== '');
  const client = told.toReversed().find(text => !isTrusted(text, trusted));
  if (client !== undefined && ipaddr.isValid(client)) known.set(request, client);
}

/** The address of who sent a request; null: the connection is gone. */
export const addressOf = (request: IncomingMessage): string | null =>
  known.get(request) ?? request.socket.remoteAddress ?? null;

/** Whether a proxy that is trusted has sent a request. */
export const isFromProxy = (request: IncomingMessage): boolean => proxied.has(request);
