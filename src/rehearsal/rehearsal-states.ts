// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * The states of a rehearsal, which Terraform reads and writes by its backend `http`. Its backend `local` writes the whole state to
 * the disk after every single resource, which takes half of the time of a rehearsal.
 */
export class RehearsalStates {
  /** Listens on this machine alone. Nobody else on it can guess the addresses. */
  static async start(): Promise<RehearsalStates> {
    const texts = new Map<string, Buffer>();
    const secret = randomBytes(16).toString("hex");
    const server = createServer((request, response) => void answer(texts, `/${secret}/`, request, response));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", resolve);
    });
    return new RehearsalStates(server, texts, secret);
  }

  private constructor(
    private readonly server: Server,
    private readonly texts: ReadonlyMap<string, Buffer>,
    private readonly secret: string,
  ) {}

  /** Address of a state, under any name. */
  address(name: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${this.path(name)}`;
  }

  /** A state as Terraform wrote it last; undefined if it never did. */
  text(name: string): string | undefined {
    return this.texts.get(this.path(name))?.toString("utf8");
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private path(name: string): string {
    return `/${this.secret}/${encodeURIComponent(name)}`;
  }
}

async function answer(
  texts: Map<string, Buffer>,
  prefix: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method, url = "" } = request;
  const known = texts.get(url);
  if (!url.startsWith(prefix) || (method === "GET" && known === undefined)) {
    response.writeHead(404).end();
  } else if (method === "GET") {
    response.end(known);
  } else if (method === "POST") {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    texts.set(url, Buffer.concat(chunks));
    response.end();
  } else {
    response.writeHead(405).end();
  }
}
