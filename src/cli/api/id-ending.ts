import { counted } from '../../netpol/index.js';
import { Failure } from '../shell.js';

/** All ids of one kind begin alike; so many characters of their ends tell them apart. */
export const SHORT_ID = 10;

/** What a text that names one of several things is about: `job`, `jobs`, and the command that lists them. */
type Kind = { readonly one: string; readonly many: string; readonly list: string };

/** The only one of that id, or whose id ends so. @throws Failure for none and for several */
export function endingIn<One extends { readonly id: string }>(
  all: readonly One[],
  text: string,
  { one, many, list }: Kind,
): One {
  const [only, ...others] = all.filter(({ id }) => id.endsWith(text));
  if (only === undefined)
    throw new Failure(`no ${one} has an id that ends in \`${text}\``, `see \`weirgate ${list}\``);
  if (others.length === 0) return only;
  const number = counted(others.length + 1, one, many);
  throw new Failure(`${number} have ids that end in \`${text}\``, 'write more of the id');
}

/** Never all of them by an oversight. @throws Failure where ids and a filter were given, or neither */
export function assertChosen(
  ids: readonly string[],
  isFiltered: boolean,
  what: { readonly one: string; readonly filter: string },
): void {
  if (ids.length > 0 && isFiltered)
    throw new Failure('ids and a filter were given', 'give one of the two');
  if (ids.length === 0 && !isFiltered)
    throw new Failure(
      `no ${what.one} was named`,
      `give ids, or a filter such as \`${what.filter}\``,
    );
}
