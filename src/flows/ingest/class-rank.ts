import { CLASSES_BY_RANK } from '../observation.js';

const RANKED = `array['${CLASSES_BY_RANK.join("', '")}']`;

/** `classOfBoth` of two columns. */
export const classOfBothSql = (one: string, other: string): string =>
  `case when array_position(${RANKED}, ${one}) >= array_position(${RANKED}, ${other}) then ${one} else ${other} end`;

/** The same of any number of rows. */
export const classOfAllSql = (column: string): string =>
  `(${RANKED})[max(array_position(${RANKED}, ${column}))]`;
