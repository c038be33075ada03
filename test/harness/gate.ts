import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A door in front of a server: while it is shut, connections are refused as if nobody was there. */
export class Gate {
  private server: Server | null = null;
  private readonly sockets = new Set<Socket>();
  private held: (() => void)[] | null = null;
  private port = 0;

  constructor(private readonly target: URL) {}

  /** The target's address as seen through the door. */
  get url(): string {
    return Object.assign(new URL(this.target), { port: String(this.port) }).href;
  }

  async open(): Promise<this> {
    const server = createServer((near) => {
      const far = connect(Number(this.target.port), this.target.hostname);
      for (const socket of [near, far]) {
        this.sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
      }
      near.pipe(far);
      const answer = () => void far.pipe(near);
      if (this.held) this.held.push(answer);
      else answer();
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
    return this;
  }

  /** What comes in goes on; what comes back waits, until the returned function is called. */
  hold(): () => void {
    const held: (() => void)[] = (this.held = []);
    return () => {
      this.held = null;
      for (const answer of held) answer();
    };
  }

  async shut(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server?.close(resolve) ?? resolve(undefined));
    this.server = null;
  }
}
