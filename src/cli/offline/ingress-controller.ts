import type { Modes } from '../../netpol/index.js';
import { Failure } from '../shell.js';

export type ControllerPod = NonNullable<Modes['ingressController']>;

const NAMESPACE = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** `namespace`, or `namespace/key=value,key=value` with the labels of the controller's pods. */
export const controllerOf = (text: string): ControllerPod => {
  const slash = text.indexOf('/');
  const namespace = slash < 0 ? text : text.slice(0, slash);
  const labels = slash < 0 ? '' : text.slice(slash + 1);
  if (!NAMESPACE.test(namespace)) {
    throw new Failure(
      `\`${text}\` names no ingress controller`,
      'write its namespace and the labels of its pods: `ingress-nginx/app=nginx,tier=edge`',
    );
  }
  return { namespace, labels: Object.fromEntries(partsOf(labels).map(labelOf)) };
};

const partsOf = (text: string): readonly string[] => (text === '' ? [] : text.split(','));

const labelOf = (part: string): readonly [string, string] => {
  const equals = part.indexOf('=');
  if (equals < 1) {
    throw new Failure(
      `\`${part}\` is no label`,
      'write labels as `key=value`, with commas between',
    );
  }
  return [part.slice(0, equals), part.slice(equals + 1)];
};
