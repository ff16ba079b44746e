import { namespace, node, pod } from '../../../support/manifests.js';
import { LEADING } from '../whose-service.js';

/** The world begins here; `timeAt(90)` is 01:30. */
const START = Date.parse('2026-11-22T00:00:00Z');

export const timeAt = (minute: number): string =>
  new Date(START + Math.round(minute * 60_000)).toISOString();

/** When an address is handed on: at full hours, so that hours tell both holders apart. */
export const HANDED_ON = 180;

/** After everything that was seen. */
export const SHOWN_AT = '2026-11-22T12:00:00Z';

const worker = (name: string, ip: string, podCIDR: string): object => ({
  ...node(name, ip),
  spec: { podCIDR },
});

type Turn = { readonly ip: string; readonly from?: number; readonly until?: number };

export const podName = (app: string, replica = 0): string =>
  `${app}-6d5f7c8b9d-${['x7k2p', 'm4n8q'][replica]}`;

const podOf = (app: string, { ip, from = -1440, until }: Turn, replica = 0): object =>
  pod(podName(app, replica), {
    ip,
    started: timeAt(from),
    created: timeAt(from),
    labels: { app },
    owner: `ReplicaSet/${app}-6d5f7c8b9d`,
    ...(until === undefined ? {} : { phase: 'Succeeded', finished: timeAt(until) }),
  });

/** All that there ever was, as one snapshot shows it when it is over. */
export const SNAPSHOT: readonly object[] = [
  namespace('shop'),
  worker('worker', '192.0.2.1', '10.1.0.0/24'),
  worker('other', '192.0.2.2', '10.1.1.0/24'),
  podOf('web', { ip: '10.1.0.40' }),
  podOf('api', { ip: '10.1.0.41' }),
  podOf('old', { ip: '10.1.0.50', until: HANDED_ON }),
  podOf('new', { ip: '10.1.0.50', from: HANDED_ON }),
  podOf('blue', { ip: '10.1.0.60' }),
  podOf('green', { ip: '10.1.0.61' }),
  ...LEADING,
];
