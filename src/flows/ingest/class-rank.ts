import { CLASSES_BY_RANK, ReplyBasis } from '../observation.js';

const RANKED = `array['${CLASSES_BY_RANK.join("', '")}']`;

/** `classOfBoth` of two columns. */
export const classOfBothSql = (one: string, other: string): string =>
  `case when array_position(${RANKED}, ${one}) >= array_position(${RANKED}, ${other}) then ${one} else ${other} end`;

const BASES = `array['${Object.values(ReplyBasis).join("', '")}']`;

/** Of two rows: that of the one whose records prove it, else the surer one; the first may have none. */
export const surerBasis = (one: string, other: string): string =>
  `case when ${one}.open_ports is not null and ${other}.open_ports is null then ${other}.direction_basis
      when ${one}.open_ports is null and ${other}.open_ports is not null then ${one}.direction_basis
      when array_position(${BASES}, ${one}.direction_basis) <= array_position(${BASES}, ${other}.direction_basis)
      then ${one}.direction_basis else ${other}.direction_basis end`;

/** The same of any number of rows. */
export const surestOfAllSql = (rows: string): string => {
  const least = `min(array_position(${BASES}, ${rows}.direction_basis))`;
  return `(${BASES})[coalesce(${least} filter (where ${rows}.open_ports is null), ${least})]`;
};

/** The same of any number of rows. */
export const classOfAllSql = (column: string): string =>
  `(${RANKED})[max(array_position(${RANKED}, ${column}))]`;
