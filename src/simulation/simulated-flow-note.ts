import type { Sight } from './simulated-flow.store.js';

/** What makes a flow easy to overlook. */
export const SimulatedFlowNote = { JOB: 'JOB', AT_START: 'AT_START', RARE: 'RARE' } as const;
export type SimulatedFlowNote = (typeof SimulatedFlowNote)[keyof typeof SimulatedFlowNote];

/** Of ten observed days, one at most. */
const RARE_OF = 10;

/** In the order of the enum. */
export function notesOf({ days, ofDays, onlyAtStart, ofJob }: Sight): readonly SimulatedFlowNote[] {
  return [
    ...(ofJob ? [SimulatedFlowNote.JOB] : []),
    ...(onlyAtStart ? [SimulatedFlowNote.AT_START] : []),
    ...(days > 0 && days * RARE_OF <= ofDays ? [SimulatedFlowNote.RARE] : []),
  ];
}
