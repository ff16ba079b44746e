import { awsCni } from './aws/cni.js';
import { awsVpc } from './aws/vpc.js';
import { calico } from './calico/calico.js';
import { conntrack } from './conntrack.js';
import { csv } from './csv.js';
import { checked, detecting } from './detect.js';
import type { FlowFormat } from './format.js';
import { gke } from './gke.js';
import { hubble } from './hubble.js';
import { inspektorGadget } from './inspektor-gadget.js';
import { kubescape } from './kubescape.js';
import { netobserv } from './netobserv.js';
import { neutral } from './neutral.js';
import type { Fault } from './record.js';
import { sound } from './sound.js';
import { stackrox } from './stackrox.js';
import { ztunnel } from './ztunnel.js';

/** Every format that flows are read from; the first that claims a record has it. */
export const FORMATS: readonly FlowFormat[] = [
  calico,
  hubble,
  netobserv,
  inspektorGadget,
  ztunnel,
  kubescape,
  stackrox,
  gke,
  awsCni,
  awsVpc,
  conntrack,
  csv,
  neutral,
];

const NAMED: readonly FlowFormat[] = [
  detecting(FORMATS),
  ...FORMATS.map(format => checked(format, FORMATS)),
].map(sound);

export type NamedFormat =
  | { readonly format: FlowFormat; readonly fault: null }
  | { readonly format: null; readonly fault: Fault };

/** The name under which the format is found by the records. */
export const AUTO = 'auto';

/** The format of a name or an alias, in any case of letters; a fault names those that are known. */
export const formatNamed = (name: string): NamedFormat => {
  const wanted = name.toLowerCase();
  const format = NAMED.find(one => one.name === wanted || one.aliases.includes(wanted));
  if (format !== undefined) return { format, fault: null };
  return {
    format: null,
    fault: {
      code: 'UNKNOWN_FORMAT',
      message: `format \`${name}\` is not known`,
      hint: `use one of ${NAMED.map(one => one.name).join(', ')}`,
    },
  };
};
