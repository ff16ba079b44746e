const STATUS: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  RATE_LIMITED: 429,
  UNAVAILABLE: 503,
  INTERNAL: 500,
};

/** The HTTP status of an answer that holds nothing but an error of this code. */
export const statusOf = (code: unknown): number => STATUS[String(code)] ?? 400;
