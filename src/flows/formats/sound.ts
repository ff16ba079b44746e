import { showable } from '../../query/storable.js';
import type { Observation, ObservedPeer, Reading, Rejected } from '../observation.js';
import type { FlowFormat } from './format.js';
import { faultOfPeer, type NameFault } from './name-fault.js';
import { faultOfNumbers } from './number-fault.js';
import { isTooDeep, type RawRecord, tooDeep } from './record.js';

/** What was found of a peer, and what a reader may fill in later. */
type Checked = Pick<ObservedPeer, 'labels' | 'namespaceLabels' | 'workload'> & {
  readonly fault: NameFault | null;
};

type Faults = WeakMap<ObservedPeer, Checked>;

/** A peer is checked once, and again where its reader has filled something in since. */
function faultOfEnd(faults: Faults, peer: ObservedPeer): NameFault | null {
  const { labels, namespaceLabels, workload } = peer;
  const known = faults.get(peer);
  const isSame =
    known?.labels === labels &&
    known.namespaceLabels === namespaceLabels &&
    known.workload === workload;
  if (known !== undefined && isSame) return known.fault;
  const fault = faultOfPeer(peer);
  faults.set(peer, { labels, namespaceLabels, workload, fault });
  return fault;
}

const NAME_HINT =
  'names, labels and addresses are as Kubernetes has them; send what the source saw';

/** Policies as a dataplane names them: any text that can be shown. */
const isPolicyName = (text: string | null): boolean =>
  text === null || /^\P{C}{1,253}$/u.test(text);

const policyFault = ({ policies, line }: Observation): Rejected | null =>
  (policies ?? []).every(({ kind, namespace, name }) => [kind, namespace, name].every(isPolicyName))
    ? null
    : {
        line,
        code: 'BAD_NAME',
        message: 'the name of a policy has more than 253 characters, or some that cannot be shown',
        path: 'policies',
        hint: NAME_HINT,
      };

function faultOf(faults: Faults, observation: Observation): Rejected | null {
  const { line, source, destination } = observation;
  const numbers = faultOfNumbers(observation);
  if (numbers !== null) return { line, ...numbers };
  const here = faultOfEnd(faults, source);
  const fault = here ?? faultOfEnd(faults, destination);
  if (fault === null) return policyFault(observation);
  const path = `${here === null ? 'destination' : 'source'}.${fault.path}`;
  return { line, code: 'BAD_NAME', message: fault.message, path, hint: NAME_HINT };
}

const showableReject = (rejected: Rejected): Rejected => ({
  ...rejected,
  message: showable(rejected.message),
  path: rejected.path === null ? null : showable(rejected.path),
  hint: rejected.hint === null ? null : showable(rejected.hint),
});

function sounded(faults: Faults, reading: Reading, own: readonly Rejected[]): Reading {
  const rejected = [...own, ...reading.rejected];
  const observations = reading.observations.filter(observation => {
    const fault = faultOf(faults, observation);
    if (fault !== null) rejected.push(fault);
    return fault === null;
  });
  if (rejected.length === 0) return reading;
  return { ...reading, observations, rejected: rejected.map(showableReject) };
}

/** A record that its reader stumbles over costs that record, and says so. */
const unreadable = ({ line, text }: RawRecord, error: unknown): Rejected => {
  const { fault } = isTooDeep(error) ? tooDeep(line, text) : { fault: null };
  return fault === null ? stumbled(line, error) : { line, path: null, ...fault };
};

const stumbled = (line: number, error: unknown): Rejected => ({
  line,
  code: 'UNREADABLE',
  message: `record cannot be read: ${error instanceof Error ? error.message : error}`,
  path: null,
  hint: 'send it alone with a report of this: other records of its kind are read',
});

/**
 * A format whose observations hold nothing that a column, Kubernetes or the clock cannot have: a record with
 * anything else is refused, and the rest of its chunk goes on.
 */
export const sound = (format: FlowFormat): FlowFormat => ({
  ...format,
  open: options => {
    const reader = format.open(options);
    const faults: Faults = new WeakMap();
    let own: Rejected[] = [];
    return {
      ...reader,
      push: record => {
        try {
          reader.push(record);
        } catch (error) {
          own.push(unreadable(record, error));
        }
      },
      take: () => {
        const refused = own;
        own = [];
        return sounded(faults, reader.take(), refused);
      },
    };
  },
});
