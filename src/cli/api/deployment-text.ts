import { parsePeerText } from '../../netpol/index.js';
import { Failure } from '../shell.js';

/** A deployment as commands name it; null: of any namespace, of any kind. */
export type DeploymentText = {
  readonly namespace: string | null;
  readonly name: string;
  readonly kind: string | null;
};

/** `name`, `namespace/name` or `namespace/name[Kind]`. @throws Failure for what names something else */
export const deploymentText = (text: string): DeploymentText => {
  const peer = parsePeerText(text);
  if (!('fault' in peer)) {
    if (peer.kind === 'named')
      return { namespace: peer.namespace, name: peer.name, kind: peer.ofKind };
    // A name with dots in it may be one of the DNS as well.
    if (peer.kind === 'domain') return { namespace: null, name: text, kind: null };
  }
  throw new Failure(
    `\`${text}\` is no deployment`,
    'write `name`, `namespace/name` or `namespace/name[Kind]`',
  );
};
