import { type Problem, Severity } from '../netpol/index.js';

const LONGEST_NAME = 253;

/** The ARN of an EKS cluster has a slash; what reads like a way through folders is no name. */
const isWay = (name: string): boolean => name.split('/').some(part => /^\.*$/.test(part));

/** Names are shown and become parts of texts: no character that cannot be seen. */
const isClusterName = (name: string): boolean =>
  name.trim() === name &&
  name !== '' &&
  name.length <= LONGEST_NAME &&
  !/[\p{C}\p{Zl}\p{Zp}\\]/u.test(name) &&
  !isWay(name);

const shown = (name: string): string =>
  JSON.stringify(name.slice(0, 60).toWellFormed()).slice(1, -1);

/** Why a cluster cannot have this name; null when it can. */
export const clusterNameFault = (name: string): Problem | null =>
  isClusterName(name)
    ? null
    : {
        code: 'CLUSTER_NAME_INVALID',
        severity: Severity.ERROR,
        message: `\`${shown(name)}\` cannot be the name of a cluster`,
        path: 'cluster',
        place: null,
        hint: `write 1 to ${LONGEST_NAME} letters, digits and signs, without space around them`,
      };
