// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { createPublicKey, generateKeyPairSync, type KeyObject, verify } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** One pair for all tests: making one takes a moment. */
const PAIR = generateKeyPairSync("rsa", { modulusLength: 2048 });

/** What the App of the fake GitHub has. */
export interface FakeApp {
  readonly id: string;
  readonly installationId: string;
  readonly repositories: readonly string[];
  readonly permissions: Readonly<Record<string, string>>;
  suspended: boolean;
}

/**
 * GitHub's endpoints for Apps on this machine: checks the JWT as GitHub does, answers with GitHub's messages, and
 * remembers the tokens it gave out. Tokens have the long form that GitHub gives out since April 2026.
 */
export class FakeGitHub {
  public readonly app: FakeApp = {
    id: "Iv23liEXAMPLE",
    installationId: "4711",
    repositories: ["gpu-platform", "platform"],
    permissions: { contents: "write", pull_requests: "write", issues: "write", workflows: "write", metadata: "read" },
    suspended: false,
  };
  /** Private key in the form in which GitHub hands it out. */
  public readonly privateKey: string;
  public readonly tokens = new Map<string, { permissions: Record<string, string>; repositories: string[] }>();
  public readonly conversions = new Map<string, object>();
  /** Seconds that GitHub's clock is ahead of this machine's. */
  public clockSkew = 0;
  private readonly publicKey: KeyObject;
  private readonly server: Server;

  public constructor() {
    this.privateKey = PAIR.privateKey.export({ type: "pkcs1", format: "pem" }).toString();
    this.publicKey = createPublicKey(PAIR.publicKey.export({ type: "spki", format: "pem" }));
    this.server = createServer(async (request, response) => {
      const { status, body } = this.answer(request, await textOf(request));
      response.writeHead(status, { "content-type": "application/json", connection: "close" });
      response.end(body === undefined ? "" : JSON.stringify(body));
    });
  }

  public async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async stop(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }

  public suspend(): undefined {
    this.app.suspended = true;
  }

  public setClock(skew: number): undefined {
    this.clockSkew = skew;
  }

  private answer(request: IncomingMessage, text: string): Answer {
    const credential = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
    const route = `${request.method} ${request.url}`;
    const minting = /^POST \/app\/installations\/(\w+)\/access_tokens$/.exec(route);
    if (minting) {
      return this.jwtProblem(credential) ?? this.mint(minting[1] as string, text);
    }
    const conversion = /^POST \/app-manifests\/(\w+)\/conversions$/.exec(route);
    if (conversion) {
      const app = this.conversions.get(conversion[1] as string);
      this.conversions.delete(conversion[1] as string);
      return app ? { status: 201, body: app } : message(404, "Not Found");
    }
    const grant = this.tokens.get(credential);
    if (!grant) {
      return message(401, "Bad credentials");
    }
    switch (route) {
      case "GET /installation/repositories":
        return {
          status: 200,
          body: { repositories: grant.repositories.map((name) => ({ full_name: `acme/${name}` })) },
        };
      case "DELETE /installation/token":
        this.tokens.delete(credential);
        return { status: 204 };
      default:
        return message(404, "Not Found");
    }
  }

  private jwtProblem(jwt: string): Answer | undefined {
    const parts = jwt.split(".");
    const undecodable = message(401, "A JSON web token could not be decoded");
    if (parts.length !== 3 || !parts.every((part) => /^[A-Za-z0-9_-]+$/.test(part))) {
      return undecodable;
    }
    const [header, payload, signature] = parts as [string, string, string];
    if (
      !verify("RSA-SHA256", Buffer.from(`${header}.${payload}`), this.publicKey, Buffer.from(signature, "base64url"))
    ) {
      return undecodable;
    }
    const { alg } = JSON.parse(Buffer.from(header, "base64url").toString()) as { alg: string };
    const { iat, exp, iss } = JSON.parse(Buffer.from(payload, "base64url").toString()) as {
      iat: number;
      exp: number;
      iss: string;
    };
    const now = Math.floor(Date.now() / 1000) + this.clockSkew;
    if (alg !== "RS256") {
      return undecodable;
    }
    if (!Number.isInteger(iat) || iat > now) {
      return message(
        401,
        "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
      );
    }
    if (!Number.isInteger(exp) || exp <= now) {
      return message(
        401,
        "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
      );
    }
    if (exp > now + 600) {
      return message(401, "'Expiration time' claim ('exp') is too far in the future");
    }
    return iss === this.app.id ? undefined : message(404, "Integration not found");
  }

  private mint(installation: string, text: string): Answer {
    const wanted = JSON.parse(text || "{}") as { repositories?: string[]; permissions?: Record<string, string> };
    if (installation !== this.app.installationId) {
      return message(404, "Not Found");
    }
    if (this.app.suspended) {
      return message(403, "This installation has been suspended");
    }
    const permissions = wanted.permissions ?? this.app.permissions;
    const repositories = wanted.repositories ?? [...this.app.repositories];
    if (
      Object.entries(permissions).some(
        ([scope, level]) => ![level, "write"].includes(this.app.permissions[scope] ?? ""),
      )
    ) {
      return message(422, "The permissions requested are not granted to this installation.");
    }
    if (repositories.some((name) => !this.app.repositories.includes(name))) {
      return message(
        422,
        "There is at least one repository that does not exist or is not accessible to the parent installation.",
      );
    }
    const token = `ghs_4242_${"eyJhbGciOiJSUzI1NiJ9".repeat(20)}.${this.tokens.size}-_`;
    this.tokens.set(token, { permissions, repositories });
    return {
      status: 201,
      body: {
        token,
        expires_at: new Date(Date.now() + 3_600_000).toISOString(),
        permissions,
        repository_selection: "selected",
      },
    };
  }
}

interface Answer {
  readonly status: number;
  readonly body?: object;
}

function message(status: number, text: string): Answer {
  return { status, body: { message: text, status: String(status) } };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}
