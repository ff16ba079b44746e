import type { PeerNameFragment } from '../../generated/cli.js';
import { peerName } from './peer-name.js';

type Ordered = {
  readonly flow: {
    readonly source: PeerNameFragment;
    readonly destination: PeerNameFragment;
    readonly protocol: string;
    readonly port: number | null;
  };
};

const keyOf = ({ flow }: Ordered): string =>
  [
    peerName(flow.source),
    peerName(flow.destination),
    flow.protocol,
    String(flow.port ?? 0).padStart(5, '0'),
  ].join('\0');

/** In the order of source, destination, protocol and port. */
export const inOrder = <T extends Ordered>(flows: readonly T[]): readonly T[] =>
  flows
    .map(flow => ({ flow, key: keyOf(flow) }))
    .toSorted((one, other) => (one.key < other.key ? -1 : 1))
    .map(({ flow }) => flow);
