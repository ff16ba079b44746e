import type { PodFact, ServiceFact, ServicePort } from '../facts.js';

/** The Service selects the pod. */
export const isBehind = ({ namespace, selector }: ServiceFact, pod: PodFact): boolean => {
  const wanted = Object.entries(selector ?? {});
  if (wanted.length === 0 || pod.namespace !== namespace) return false;
  return wanted.every(([key, value]) => pod.labels[key] === value);
};

/** The numbers of the Service's port on the pod: none where its name is not there. */
export const targetsOn = (
  pod: PodFact,
  { targetPort, protocol }: ServicePort,
): readonly number[] =>
  typeof targetPort === 'number'
    ? [targetPort]
    : pod.ports
        .filter(({ name, protocol: own }) => name === targetPort && own === protocol)
        .map(({ port }) => port);
