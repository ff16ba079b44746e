import {
  type Compiled,
  counted,
  formatMapPeer,
  formatPortSet,
  type OrderConflict,
  orderConflicts,
  type Problem,
} from '../../netpol/index.js';

const MOST_PAIRS = 3;

/** What policies of one priority would connect in another order than that of the input. */
export const orderWarnings = (compiled: Compiled): readonly Problem[] =>
  orderConflicts(compiled).map(warningOf);

const warningOf = ({ policies, first, pairs }: OrderConflict): Problem => {
  const shown = pairs
    .slice(0, MOST_PAIRS)
    .map(
      ({ source, destination, before, after }) =>
        `${formatMapPeer(source)} => ${formatMapPeer(destination)} : ${formatPortSet(after)} instead of ${formatPortSet(before)}`,
    );
  const more =
    pairs.length > MOST_PAIRS
      ? [counted(pairs.length - MOST_PAIRS, 'pair more', 'pairs more')]
      : [];
  const names = policies.map(({ name }) => `\`${name}\``).join(', ');
  return {
    code: 'ORDER_UNDEFINED',
    severity: 'WARNING',
    message: `${names} have one priority, and the list takes them in the order of the input; were \`${first.name}\` first: ${[...shown, ...more].join('; ')}`,
    path: null,
    place: first.place,
    hint: 'give each policy of a tier a priority of its own',
  };
};
