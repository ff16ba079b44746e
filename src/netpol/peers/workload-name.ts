import type { PodFact } from '../facts.js';
import { formatPeerText } from './peer-text.js';

/** The workload that a pod belongs to, as the connectivity list writes it: `shop/web[Deployment]`. */
export const workloadNameOf = ({ namespace, workload }: PodFact): string =>
  formatPeerText({ kind: 'named', namespace, name: workload.name, ofKind: workload.kind });
