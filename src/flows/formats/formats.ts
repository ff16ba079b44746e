import type { FlowFormat } from './format.js';
import { hubble } from './hubble.js';
import { neutral } from './neutral.js';
import type { Fault } from './record.js';

/** Every format that flows are read from. */
export const FORMATS: readonly FlowFormat[] = [hubble, neutral];

export type NamedFormat =
  | { readonly format: FlowFormat; readonly fault: null }
  | { readonly format: null; readonly fault: Fault };

/** The format of a name or an alias, in any case of letters; a fault names those that are known. */
export const formatNamed = (name: string): NamedFormat => {
  const wanted = name.toLowerCase();
  const format = FORMATS.find(one => one.name === wanted || one.aliases.includes(wanted));
  if (format !== undefined) return { format, fault: null };
  return {
    format: null,
    fault: {
      code: 'UNKNOWN_FORMAT',
      message: `format \`${name}\` is not known`,
      hint: `use one of ${FORMATS.map(one => one.name).join(', ')}`,
    },
  };
};
