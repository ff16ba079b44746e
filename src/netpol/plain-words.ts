/** Words that are no strings to YAML 1.1 or 1.2, or to one of both only. */
export const RESERVED = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

/** What needs no quotes unless it is reserved. */
export const WORD = /^[A-Za-z][\w./-]*$/;

/** An IPv4 address or block. */
export const ADDRESS = /^\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?$/;

/** A number without sign that every YAML reads alike. */
export const WHOLE = /^(?:0|[1-9]\d{0,8})$/;
