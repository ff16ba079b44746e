/** `extensions.fault` beside the code BAD_USER_INPUT, where the document itself is at fault. */
export const DocumentFault = { PARSE: 'PARSE', VALIDATION: 'VALIDATION' } as const;
export type DocumentFault = (typeof DocumentFault)[keyof typeof DocumentFault];
