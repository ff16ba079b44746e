import type { GeneratePoliciesMutation } from '../../generated/cli.js';
import { counted } from '../../netpol/index.js';

type Future = GeneratePoliciesMutation['generatePolicies']['futurePods'][number];

/** More than a person reads. */
const MOST_LINES = 20;
const MOST_IN_A_CELL = 3;

const CLAIMS: Readonly<Record<Future['claim'], string>> = {
  PODS: 'whoever makes pods in that namespace',
  NEW_NAMESPACE: 'whoever makes that namespace, which is not there',
  NAMESPACE_LABELS: 'whoever labels a namespace so, or makes pods in one',
  ANYWHERE: 'whoever makes pods in any namespace',
};

const several = (items: readonly string[], all: number): string => {
  const shown = items.slice(0, MOST_IN_A_CELL);
  return `${shown.join('; ')}${all > shown.length ? `; … ${all - shown.length} more` : ''}`;
};

const reachText = (reach: Future['reach'], all: number): string =>
  several(
    reach.map(({ deployment, ports }) => `${deployment} (${ports})`),
    all,
  );

/** Two cells: the pods to come that a policy would select, and those that its rules name. */
export const futureCells = (futures: readonly Future[], policy: string): readonly string[] =>
  (['selectedBy', 'admittedBy'] as const).map(part => {
    const own = futures.filter(future => future[part].includes(policy)).map(({ pods }) => pods);
    return several(own, own.length);
  });

/** `note: entire-cluster (whoever makes pods in any namespace) could reach shop/front[Deployment] (TCP 80)` */
const lineOf = ({ pods, claim, ...future }: Future): string => {
  const parts = [
    ...(future.reachCount > 0 ? [`could reach ${reachText(future.reach, future.reachCount)}`] : []),
    ...(future.reachedFromCount > 0
      ? [`could be reached from ${reachText(future.reachedFrom, future.reachedFromCount)}`]
      : []),
  ];
  return `note: new pods of ${pods} (${CLAIMS[claim]}) ${parts.join(', and ')}\n`;
};

/** What others than those who make pods beside the ones that are there could come by, line for line, and how much there is in all. */
export const futureLines = (futures: readonly Future[]): string => {
  const wide = futures.filter(
    ({ claim, reachCount, reachedFromCount }) =>
      claim !== 'PODS' && reachCount + reachedFromCount > 0,
  );
  const rest = wide.length - MOST_LINES;
  return [
    ...wide.slice(0, MOST_LINES).map(lineOf),
    ...(rest > 0
      ? [`note: … and ${counted(rest, 'more such selector', 'more such selectors')}\n`]
      : []),
    ...(futures.length > 0
      ? [
          `note: pods that do not exist yet: ${counted(futures.length, 'selector means', 'selectors mean')} some; \`futurePods\` of -o json tells who could make them and what they could reach\n`,
        ]
      : []),
  ].join('');
};
