import { named } from '../baselines/named.js';
import type { KnownFlow } from '../enforcement/observed.js';
import { hasOutcome } from '../flows/flow.js';
import { peerName } from '../inventory/peer-label.js';
import type { Problem } from '../netpol/index.js';
import { counted } from '../netpol/index.js';

const lineOf = ({ flow, source, destination }: KnownFlow): string =>
  `${peerName(source)} -> ${peerName(destination)} (${flow.protocol} ${flow.port ?? '-'})`;

function warned(
  flows: readonly KnownFlow[],
  told: { readonly code: string; readonly why: string; readonly hint: string },
): readonly Problem[] {
  if (flows.length === 0) return [];
  const names = named(flows.map(lineOf).toSorted());
  return [
    {
      code: told.code,
      severity: 'WARNING',
      message: `${counted(flows.length, 'flow is', 'flows are')} evidence although ${told.why}: ${names}`,
      path: null,
      place: null,
      hint: told.hint,
    },
  ];
}

/** Evidence that was never let through as it should be: rules are made of it, and somebody should look at them. */
export function doubts(flows: readonly KnownFlow[]): readonly Problem[] {
  const doubted = flows.filter(({ flow }) => !hasOutcome(flow.outcomes, 'ALLOWED', 'UNKNOWN'));
  const isAudited = ({ flow }: KnownFlow): boolean => hasOutcome(flow.outcomes, 'AUDIT');
  return [
    ...warned(doubted.filter(isAudited), {
      code: 'AUDITED_EVIDENCE',
      why: 'the dataplane says that policy would deny it were it enforced',
      hint: 'take its rules out of the set where policy is right',
    }),
    ...warned(
      doubted.filter(flow => !isAudited(flow)),
      {
        code: 'FAILED_EVIDENCE',
        why: 'it failed each time, for another reason than policy of layers 3 and 4',
        hint: 'find out whether the connection is still wanted',
      },
    ),
  ];
}

/** Flows that are no evidence, since nothing tells who asked whom. */
export function undirected(known: readonly KnownFlow[]): readonly Problem[] {
  const flows = known.filter(({ flow }) => !flow.directionKnown);
  if (flows.length === 0) return [];
  const names = named(flows.map(lineOf).toSorted());
  return [
    {
      code: 'DIRECTION_UNKNOWN',
      severity: 'WARNING',
      message: `${counted(flows.length, 'flow is', 'flows are')} no evidence, since nothing tells who asked whom: ${names}`,
      path: null,
      place: null,
      hint: 'export TCP flags or `is_reply`, or send the record with `isReply: false`',
    },
  ];
}
