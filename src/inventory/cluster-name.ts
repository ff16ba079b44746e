import { type Problem, Severity } from '../netpol/index.js';

const LONGEST_NAME = 253;

const isClusterName = (name: string): boolean =>
  name.trim() === name && name !== '' && name.length <= LONGEST_NAME && !/\p{Cc}/u.test(name);

/** Why a cluster cannot have this name; null when it can. */
export const clusterNameFault = (name: string): Problem | null =>
  isClusterName(name)
    ? null
    : {
        code: 'CLUSTER_NAME_INVALID',
        severity: Severity.ERROR,
        message: `\`${name}\` cannot be the name of a cluster`,
        path: 'cluster',
        place: null,
        hint: `write 1 to ${LONGEST_NAME} characters without space around them`,
      };
