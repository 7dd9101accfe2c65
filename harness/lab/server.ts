// The server of a lab: its page and the reports of its runs over HTTP, everything that happens over a socket.

import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { type WebSocket, WebSocketServer } from 'ws';
import { readRun } from '../main/run-file.ts';
import { readTraces } from '../main/traces.ts';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import { renderHtml } from '../report/html/page.ts';
import { Access, type Role } from './access.ts';
import { ownHosts, reachableHost } from './addresses.ts';
import { type Admission, admit, type Door } from './admission.ts';
import { encoded } from './encode.ts';
import { pageHeaders, reportHeaders } from './headers.ts';
import { type LabMessage, requestSchema } from './message.ts';
import { pageFile } from './page-files.ts';
import type { Session } from './session.ts';

export interface Listening {
  /** 0: any that is free. */
  readonly port: number;
  readonly host: string;
}

/** A viewer more than a room has is somebody's mistake. */
const mostViewers = 200;
/** Nothing that a page asks for is longer. */
const longestRequest = 64 * 1024;

export class LabServer implements AsyncDisposable {
  readonly #session: Session;
  readonly #access = new Access();
  readonly #host: string;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: longestRequest });
  #door: Door = { access: this.#access, hosts: new Set(), cookieName: '' };
  #port = 0;

  private constructor(session: Session, host: string) {
    this.#session = session;
    this.#host = host;
    this.#server = createAdaptorServer({ fetch: this.#routes().fetch }) as Server;
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /**
   * Listens for a session.
   * @throws AtomclockError `lab/port`, `lab/host` where it cannot listen there
   */
  static async listen(session: Session, { port, host }: Listening): Promise<LabServer> {
    const server = new LabServer(session, host);
    await server.#listen(port);
    return server;
  }

  /** The address for somebody: whoever has it is let in. */
  urlOf(role: Role): string {
    const host = reachableHost(this.#host);
    return `http://${host}:${this.#port}/?token=${this.#access.tokens[role]}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (cause: NodeJS.ErrnoException) =>
        reject(cannotListen(this.#host, port, cause)),
      );
      this.#server.listen(port, this.#host, () => {
        this.#port = (this.#server.address() as AddressInfo).port;
        const names = ownHosts(this.#host).map((name) => `${name}:${this.#port}`);
        this.#door = {
          access: this.#access,
          hosts: new Set(this.#port === 80 ? [...names, ...ownHosts(this.#host)] : names),
          // Cookies know no ports: two labs of one machine must not take each other's.
          cookieName: `atomclock-lab-${this.#port}`,
        };
        resolve();
      });
    });
  }

  #routes() {
    const app = new Hono<{ Bindings: HttpBindings; Variables: { admitted: Admitted } }>();
    app.use(async (context, next) => {
      const admission = this.#admit(context.env.incoming);
      if (admission.kind === 'refused')
        return context.text(`${admission.why}\n`, admission.status, pageHeaders);
      context.set('admitted', admission);
      return next();
    });
    app.get('/runs/:number/report.html', async (context) => {
      const run = this.#session.runs[Number(context.req.param('number')) - 1];
      if (!run?.folder) return context.text('this session has no such run\n', 404, pageHeaders);
      return context.html(await reportOf(run.folder), 200, reportHeaders);
    });
    app.get('*', (context) => {
      const path = context.req.path;
      const file = pageFile(path);
      if (!file) return context.text('there is nothing here\n', 404, pageHeaders);
      const headers: Record<string, string> = { ...pageHeaders, 'Content-Type': file.type };
      // Whoever came by the address with the token needs it no more: the page takes it out of the address bar.
      if (path === '/') headers['Set-Cookie'] = this.#cookie(context.get('admitted').token);
      return context.body(file.content, 200, headers);
    });
    app.all('*', (context) => context.text('this is only to be read\n', 405, pageHeaders));
    app.onError((error, context) => {
      const message = error instanceof AtomclockError ? error.message : 'the lab could not make this page';
      return context.text(`${message}\n`, 500, pageHeaders);
    });
    return app;
  }

  #cookie(token: string): string {
    return `${this.#door.cookieName}=${token}; Path=/; HttpOnly; SameSite=Strict`;
  }

  #admit({ headers, url = '/' }: IncomingMessage, mustTellOrigin = false): Admission {
    const { host, origin, cookie } = headers;
    const token = new URLSearchParams(url.split('?', 2)[1] ?? '').get('token');
    return admit(this.#door, { host, origin, cookie, token }, mustTellOrigin);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const admission = this.#admit(request, true);
    const refusal =
      admission.kind === 'refused'
        ? admission
        : request.url?.split('?', 1)[0] !== '/live'
          ? { status: 404, why: 'there is nothing here' }
          : this.#sockets.clients.size >= mostViewers
            ? { status: 503, why: 'this lab is full' }
            : null;
    if (refusal || admission.kind === 'refused') {
      if (refusal) refuseSocket(socket, refusal.status, refusal.why);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (live) => this.#serve(live, admission.role));
  }

  #serve(socket: WebSocket, role: Role): void {
    socket.on('close', () => this.#session.leave(socket));
    socket.on('error', () => socket.terminate());
    socket.on('message', (data, isBinary) => {
      const answer = isBinary ? badRequest : this.#answer(data.toString(), role);
      if (answer) socket.send(encoded(answer));
    });
    this.#session.join(socket, role);
  }

  #answer(text: string, role: Role): Extract<LabMessage, { say: 'refused' }> | null {
    const parsed = requestSchema.safeParse(jsonIn(text));
    if (!parsed.success) return badRequest;
    if (role !== 'trainer')
      return {
        say: 'refused',
        why: 'viewers may only look',
        hint: 'The trainer’s address starts and stops things.',
      };
    return this.#session.do(parsed.data);
  }
}

type Admitted = Extract<Admission, { kind: 'admitted' }>;

const badRequest = { say: 'refused', why: 'this lab does not know what is asked for', hint: null } as const;

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refuseSocket(socket: Duplex, status: number, why: string): void {
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${why}\n`,
  );
}

async function reportOf(folder: string): Promise<string> {
  const record = await readRun(folder);
  const traces = await readTraces(folder, record);
  return renderHtml(record, { color: false, columns: 100, traces }).output;
}

function cannotListen(host: string, port: number, cause: NodeJS.ErrnoException): AtomclockError {
  const taken = cause.code === 'EADDRINUSE';
  return new AtomclockError(
    taken ? 'lab/port' : 'lab/host',
    taken ? `port ${port} of ${host} is taken` : `cannot listen on ${host}, port ${port}: ${cause.message}`,
    {
      exitCode: exitCodes.badInput,
      hint: taken
        ? 'Choose another: --port N, or --port 0 for any that is free.'
        : 'Expected an address of this machine.',
      cause,
    },
  );
}
