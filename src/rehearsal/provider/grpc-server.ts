// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { createServer, type Http2Session, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";

/** Answers a call. @param connection the same object for all calls of one client */
export type CallHandler = (method: string, request: Buffer, connection: object) => Buffer | undefined;

export interface GrpcServer {
  readonly port: number;
  close(): void;
}

const UNIMPLEMENTED = 12;
const INTERNAL = 13;

/**
 * A gRPC server for calls with one request and one answer, on the loopback interface and a free port. gRPC is HTTP/2, which
 * Node.js has: each message has five bytes before it, and the status comes in the trailers.
 *
 * @param handle returns undefined for a method that it does not know
 */
export async function startGrpcServer(handle: CallHandler): Promise<GrpcServer> {
  const sessions = new Set<Http2Session>();
  const server = createServer();
  server.on("session", (session) => {
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
    session.on("error", () => session.destroy()); // a client that is killed
  });
  server.on("stream", (stream, headers) => {
    const chunks: Buffer[] = [];
    stream.on("error", () => stream.close());
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      const path = String(headers[":path"]);
      try {
        const answer = handle(path, Buffer.concat(chunks).subarray(5), stream.session as object);
        respond(stream, answer, answer === undefined ? UNIMPLEMENTED : 0, answer === undefined ? path : "");
      } catch (error) {
        respond(stream, undefined, INTERNAL, (error as Error).message);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      sessions.forEach((session) => session.destroy());
      server.close();
    },
  };
}

function respond(stream: ServerHttp2Stream, answer: Buffer | undefined, status: number, message: string): void {
  if (stream.destroyed) {
    return;
  }
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () =>
    stream.sendTrailers({ "grpc-status": String(status), "grpc-message": encodeURIComponent(message) }),
  );
  if (answer === undefined) {
    stream.end();
    return;
  }
  const frame = Buffer.alloc(5);
  frame.writeUInt32BE(answer.length, 1);
  stream.end(Buffer.concat([frame, answer]));
}
