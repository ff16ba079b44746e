import { lookup as resolveName } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Kinds of addresses inside that targets may have, beside those outside. Link-local ones never. */
export type Reach = { readonly loopback: boolean; readonly private: boolean };

const RANGES: Readonly<Record<string, keyof Reach>> = {
  loopback: 'loopback',
  private: 'private',
  uniqueLocal: 'private',
};

/** Whether a message may go to an address: metadata services and what is like them answer to nobody. */
export function mayReach(address: string, reach: Reach): boolean {
  const range = ipaddr.process(address).range();
  if (range === 'unicast') return true;
  const kind = RANGES[range];
  return kind !== undefined && reach[kind];
}

export class Refused extends Error {}

export const refused = (address: string): Refused =>
  new Refused(`the address \`${address}\` is not one that messages may go to`);

/** Every address of the name is looked at, and the connection goes to one of these. */
export const guardedLookup =
  (reach: Reach): LookupFunction =>
  (name, options, done) => {
    resolveName(name, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, '', 0);
      const wrong = addresses.find(({ address }) => !mayReach(address, reach));
      const [first] = addresses;
      if (wrong !== undefined || first === undefined)
        return done(refused(wrong?.address ?? name), '', 0);
      if (options.all) return done(null, addresses as never, 0);
      done(null, first.address, first.family);
    });
  };

/** An address of the host that a message may go to; rejects where one of its addresses is not. */
export async function addressOf(host: string, reach: Reach): Promise<string> {
  if (isIP(host) !== 0) {
    if (!mayReach(host, reach)) throw refused(host);
    return host;
  }
  return new Promise((resolve, reject) => {
    guardedLookup(reach)(host, { all: false }, (error, address) =>
      error === null && typeof address === 'string' ? resolve(address) : reject(error),
    );
  });
}
