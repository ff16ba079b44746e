import { Failure } from './shell.js';
import { wasCut } from './try-again.js';

type Fault = (url: URL, reason: string) => Failure;

const noServer: Fault = ({ origin }) =>
  new Failure(
    `no server answers at ${origin}`,
    'start one by `weirgate serve` or `weirgate demo`, or name another by --server',
  );

const noTls: Fault = ({ origin, host }) =>
  new Failure(
    `${origin} answers, but not by TLS`,
    `write --server http://${host}, or give the server a certificate by --tls-cert and --tls-key`,
  );

const noHttp: Fault = ({ origin, host }) =>
  new Failure(
    `what answers at ${origin} is not HTTP`,
    `write --server https://${host} where it speaks TLS, or check the port`,
  );

const noTrust: Fault = ({ origin }, reason) =>
  new Failure(
    `the certificate of ${origin} is not trusted: ${reason}`,
    'name the PEM file of its authority, or of a certificate that signs itself, by the variable NODE_EXTRA_CA_CERTS',
  );

const notInTime: Fault = ({ origin }, reason) =>
  new Failure(
    `the certificate of ${origin} is not good at this time: ${reason}`,
    'give the server a new one (--tls-cert), or set the clock of this machine',
  );

const otherName: Fault = ({ origin }, reason) =>
  new Failure(
    `the certificate of ${origin} is for other names: ${reason}`,
    'write one of its names in --server, or give the server a certificate for this one',
  );

const noHost: Fault = ({ hostname }) =>
  new Failure(`no host is named \`${hostname}\``, 'check --server');

const noAnswer: Fault = ({ origin }) =>
  new Failure(
    `${origin} does not answer`,
    'check --server, and whether something on the way drops what is sent',
  );

const FAULTS: Readonly<Record<string, Fault>> = {
  ECONNREFUSED: noServer,
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
  EPROTO: noTls,
  DEPTH_ZERO_SELF_SIGNED_CERT: noTrust,
  SELF_SIGNED_CERT_IN_CHAIN: noTrust,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: noTrust,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: noTrust,
  UNABLE_TO_GET_ISSUER_CERT: noTrust,
  CERT_HAS_EXPIRED: notInTime,
  CERT_NOT_YET_VALID: notInTime,
  ERR_TLS_CERT_ALTNAME_INVALID: otherName,
  ENOTFOUND: noHost,
  EAI_AGAIN: noHost,
  ETIMEDOUT: noAnswer,
  UND_ERR_CONNECT_TIMEOUT: noAnswer,
  UND_ERR_HEADERS_TIMEOUT: noAnswer,
  EHOSTUNREACH: noAnswer,
  ENETUNREACH: noAnswer,
};

const codeIn = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause ? String(cause.code) : '';

const cut = ({ origin, protocol, host }: URL): Failure =>
  new Failure(
    `the connection to ${origin} was cut`,
    `the server, or something on the way, ended it: look at its log, and send the same again; what was stored already is not stored twice${
      protocol === 'http:' ? `; where it speaks TLS, write --server https://${host}` : ''
    }`,
  );

/** What `fetch` throws says nothing; its cause does. */
export const unreachable = (url: URL, error: unknown): Failure => {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (cause instanceof Failure) return cause;
  const code = codeIn(cause);
  const reason = cause instanceof Error ? cause.message || code : String(cause);
  const fault = code.startsWith('HPE_') ? noHttp : FAULTS[code];
  if (fault !== undefined) return fault(url, reason);
  if (wasCut(error)) return cut(url);
  return new Failure(
    `${url.origin} cannot be reached: ${reason}`,
    'check --server and the way there',
  );
};
