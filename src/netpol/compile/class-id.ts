import type { Brand } from '../brand.js';

/** The number of a class of pods. */
export type ClassId = Brand<number, 'ClassId'>;
