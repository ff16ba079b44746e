import { readFileSync } from 'node:fs';
import {
  type Compiled,
  type Connection,
  compile,
  DEFAULT_MODES,
  type Endpoint,
  type Modes,
  readManifests,
} from '../../../src/netpol/index.js';
import { end } from '../evaluation/build.js';

const text = readFileSync(new URL('scene.yaml', import.meta.url), 'utf8');
const { facts, policies } = readManifests([{ file: 'scene.yaml', text }]);

export const sceneIn = (modes: Partial<Modes> = {}): Compiled =>
  compile(facts, policies, { ...DEFAULT_MODES, ...modes });

/** Everything that a question can name, and some that are not there. */
export const ENDS: readonly string[] = [
  ...['web', 'api', 'bare', 'gone'].map(name => `shop/${name}`),
  ...['db-0', 'db-1', 'agent'].map(name => `data/${name}`),
  ...['shop/web', 'data/db', 'shop/front', 'shop/empty', 'shop/elsewhere', 'shop/gone'].map(
    name => `service=${name}`,
  ),
  ...['n1', 'n2', 'gone'].map(name => `node:${name}`),
  ...['10.0.0.1', '10.0.1.2', '10.1.0.1', '10.96.0.1', '203.0.113.9', '8.8.1.1', '8.8.8.8'],
  ...['fd00::1', 'fd00::9', 'fe80::9', '198.51.100.7'],
  ...['8.8.0.0/16', '0.0.0.0/0', '203.0.113.9/32', '::/0'],
  ...['domain=www.example.org', 'domain=example.org', 'ingress-controller', '?', '1.2.3'],
];

/** `1.2.3` is no address. */
const endOf = (name: string): Endpoint =>
  name === '1.2.3' ? { kind: 'address', address: name } : end(name);

/** `TCP 80`; without a number the port is not known. */
export function ask(source: string, destination: string, traffic: string): Connection {
  const [protocol = '', port] = traffic.split(' ');
  return {
    source: endOf(source),
    destination: endOf(destination),
    protocol,
    port: port === undefined ? null : Number(port),
  };
}
