// Sees to it that every request to the engine settles. docker-modem waits for ever for the rest of an answer whose
// connection was closed in the middle: `wait` is nothing but such an answer, its headers come hours before its body.

import { channel } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import { asLoss, engineLoss } from './engine-loss.ts';

/** What of docker-modem is used here; its types leave it out. */
interface Modem {
  socketPath?: string;
  protocol: string;
  host?: string;
  port?: number | string;
  buildRequest(options: object, context: { hijack?: boolean }, data: unknown, callback: Callback): void;
}

type Callback = (error: unknown, result: unknown) => void;

const modemOf = ({ modem }: Docker): Modem => modem as unknown as Modem;

/** The engine's address, as DOCKER_HOST would name it. */
export function addressOf(docker: Docker): string {
  const { socketPath, protocol, host, port } = modemOf(docker);
  return socketPath === undefined
    ? `${protocol.startsWith('http') ? 'tcp' : protocol}://${host}:${port}`
    : `unix://${socketPath}`;
}

/** The connections on which containers speak: of an exec, of an attach. */
export interface EngineStreams {
  open: number;
  /** When the last one was closed, by `performance.now`. */
  closedAt: number;
}

/**
 * From now on each request of this client settles when its connection ends, with `lab/engine-gone`.
 * @returns what is known of its streams, kept up to date
 * @source docker-modem, lib/modem.js, buildRequest
 */
export function settleRequests(docker: Docker): EngineStreams {
  const modem = modemOf(docker);
  const address = addressOf(docker);
  const { buildRequest } = modem;
  const streams: EngineStreams = { open: 0, closedAt: Number.NEGATIVE_INFINITY };
  modem.buildRequest = (options, context, data, callback) => {
    let settled = false;
    const settle: Callback = (error, result) => {
      if (settled) return;
      settled = true;
      if (!error && context.hijack) follow(result as Duplex, streams);
      callback(error ? asLoss(error, address) : error, result);
    };
    const request = requestOf(() => buildRequest.call(modem, options, context, data, settle));
    request?.once('response', (response: IncomingMessage) => {
      response.once('close', () => {
        if (!response.complete) settle(engineLoss(address, 'it closed the connection in the middle'), null);
      });
    });
  };
  return streams;
}

/** The request that the work makes, synchronously; docker-modem keeps it to itself. */
function requestOf(work: () => void): ClientRequest | undefined {
  let request: ClientRequest | undefined;
  const notice = (message: unknown): void => {
    request ??= (message as { request: ClientRequest }).request;
  };
  const created = channel('http.client.request.created');
  created.subscribe(notice);
  try {
    work();
  } finally {
    created.unsubscribe(notice);
  }
  return request;
}

function follow(stream: Duplex, streams: EngineStreams): void {
  // Between here and its reader's own listener it may be reset: an error without a listener ends the process.
  stream.on('error', () => {});
  streams.open += 1;
  stream.once('close', () => {
    streams.open -= 1;
    streams.closedAt = performance.now();
  });
}
