// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** The commit that the checks are of. */
export const CHECKED_COMMIT = "b".repeat(40);
const AROUND = ["Set up job", "Post Check out the repository", "Complete job"];

/** A check as GitHub lists it, and the steps of its job. */
export interface Check {
  readonly name: string;
  readonly status?: string;
  readonly conclusion?: string | null;
  readonly app?: string;
  readonly steps?: readonly string[];
  /** From which question on it is there. */
  readonly after?: number;
}

/** GitHub on this machine: the checks of one commit, and the jobs behind them. */
export class FakeChecks {
  public questions = 0;
  private readonly server: Server;

  public constructor(
    private readonly checks: readonly Check[],
    private readonly status = 200,
    /** What it answers first, in the place of everything else; 0 hangs up. */
    private readonly first: readonly { readonly status: number; readonly message?: string }[] = [],
  ) {
    const waiting = [...this.first];
    this.server = createServer(({ url = "", headers }, response) => {
      const instead = waiting.shift();
      if (instead?.status === 0) {
        response.destroy();
        return;
      }
      if (instead !== undefined) {
        response.writeHead(instead.status, { connection: "close" });
        response.end(JSON.stringify({ message: instead.message ?? "down" }));
        return;
      }
      const known = headers.authorization === "Bearer token-of-the-run";
      response.writeHead(known ? this.status : 401, { "content-type": "application/json", connection: "close" });
      response.end(JSON.stringify(this.answer(new URL(url, "http://127.0.0.1"))));
    });
  }

  public async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public stop(): Promise<unknown> {
    return new Promise((resolve) => this.server.close(resolve));
  }

  private answer({ pathname, searchParams }: URL): object {
    const job = /^\/repos\/acme\/gpu-platform\/actions\/jobs\/(\d+)$/.exec(pathname)?.[1];
    if (job !== undefined) {
      const ran = (name: string) => ({ name, conclusion: "success" });
      const { steps = ["Scan"] } = this.checks[Number(job)] as Check;
      return { steps: [...AROUND.map(ran), { name: "Left out", conclusion: "skipped" }, ...steps.map(ran)] };
    }
    if (pathname !== `/repos/acme/gpu-platform/commits/${CHECKED_COMMIT}/check-runs`) {
      return { message: "Not Found" };
    }
    const page = Number(searchParams.get("page"));
    this.questions += page === 1 ? 1 : 0;
    const all = this.checks.flatMap(({ name, status = "completed", conclusion = "success", app, after = 0 }, id) =>
      after >= this.questions ? [] : [{ id, name, status, conclusion, app: { slug: app ?? "github-actions" } }],
    );
    return { check_runs: all.slice((page - 1) * 100, page * 100) };
  }
}
