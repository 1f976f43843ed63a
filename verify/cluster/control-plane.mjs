// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePorts } from "./free-ports.mjs";

/**
 * A Kubernetes control plane on loopback: etcd, API server, controller manager and scheduler, as the tool `kubernetes` of
 * verify/tools.json builds them. It authorizes as EKS does (Node and RBAC) and admits by default, Pod Security among it. There
 * is no kubelet: nodes and what runs on them are the caller's.
 *
 * @typedef {object} ControlPlane
 * @property {string} kubeconfig path of a file with which kubectl and helm are administrators
 * @property {string} server URL of the API server
 * @property {(method: string, path: string, body?: object, contentType?: string, headers?: object) => Promise<{ status: number, body: any, warnings: string[] }>} call
 *   asks the API server as administrator; an answer of any status is returned
 * @property {(token: string) => ControlPlane["call"]} callerFor the same for the bearer of a token, such as a service account
 * @property {(token: string) => string} kubeconfigFor path of a file for the bearer of a token
 * @property {(name: string, program: string, args: string[], env?: Record<string, string>) => void} start runs a further program
 *   until all end
 * @property {(what: string, holds: () => unknown, seconds?: number) => Promise<void>} until waits, at most two minutes or so many
 *   seconds, until a condition holds; throws when a program ends before
 * @property {() => Promise<void>} stop ends the programs, and resolves when all have ended
 *
 * @param {{ program: string, note?: (text: string) => void, withControllers?: boolean }} options `program` is the path of
 *   kube-apiserver, beside which the others lie; `withControllers: false` leaves out controller manager and scheduler
 * @returns {Promise<ControlPlane>}
 */
export async function startControlPlane({ program, note = () => {}, withControllers = true }) {
  const programs = dirname(program);
  const home = mkdtempSync(join(tmpdir(), "control-plane-"));
  const at = (...names) => join(home, ...names);
  for (const name of ["etcd", "certificates", "logs"]) {
    mkdirSync(at(name));
  }
  const token = randomBytes(32).toString("hex");
  writeFileSync(at("tokens.csv"), `${token},administrator,administrator,system:masters\n`, { mode: 0o600 });
  const keys = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  writeFileSync(at("accounts.key"), keys.privateKey, { mode: 0o600 });
  writeFileSync(at("accounts.pub"), keys.publicKey);
  const [clients, peers, secure] = await freePorts(3);
  const running = new Programs(programs, at("logs"));

  try {
    note("starting etcd");
    running.start("etcd", [
      `--data-dir=${at("etcd")}`,
      "--unsafe-no-fsync",
      `--listen-client-urls=http://127.0.0.1:${clients}`,
      `--advertise-client-urls=http://127.0.0.1:${clients}`,
      `--listen-peer-urls=http://127.0.0.1:${peers}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${peers}`,
      `--initial-cluster=default=http://127.0.0.1:${peers}`,
    ]);
    note("starting the API server");
    running.start("kube-apiserver", [
      `--etcd-servers=http://127.0.0.1:${clients}`,
      "--bind-address=127.0.0.1",
      `--secure-port=${secure}`,
      `--cert-dir=${at("certificates")}`,
      `--service-account-key-file=${at("accounts.pub")}`,
      `--service-account-signing-key-file=${at("accounts.key")}`,
      "--service-account-issuer=https://kubernetes.default.svc",
      "--authorization-mode=Node,RBAC",
      "--service-cluster-ip-range=10.100.0.0/16",
      `--token-auth-file=${at("tokens.csv")}`,
      "--allow-privileged=true",
      "--endpoint-reconciler-type=none",
    ]);
    const certificate = at("certificates", "apiserver.crt");
    await running.until("the API server's certificate", () => existsSync(certificate));
    const server = `https://127.0.0.1:${secure}`;
    const callerFor = (bearer) => caller(server, bearer, readFileSync(certificate));
    const call = callerFor(token);
    await running.until("the API server", async () => (await call("GET", "/readyz")).status === 200);
    const kubeconfigFor = (bearer) => {
      const path = at(`${randomBytes(8).toString("hex")}.kubeconfig`);
      writeFileSync(path, kubeconfigText(server, certificate, bearer), { mode: 0o600 });
      return path;
    };
    const kubeconfig = kubeconfigFor(token);
    if (withControllers) {
      note("starting controllers and scheduler");
      running.start("kube-controller-manager", [
        `--kubeconfig=${kubeconfig}`,
        `--service-account-private-key-file=${at("accounts.key")}`,
        `--root-ca-file=${certificate}`,
        "--use-service-account-credentials=true",
        "--leader-elect=false",
        "--secure-port=0",
        // Nodes are the caller's: nobody renews their leases.
        `--controllers=*,${NODE_CONTROLLERS.map((name) => `-${name}`).join(",")}`,
      ]);
      running.start("kube-scheduler", [`--kubeconfig=${kubeconfig}`, "--leader-elect=false", "--secure-port=0"]);
      const account = "/api/v1/namespaces/default/serviceaccounts/default";
      await running.until("the controllers", async () => (await call("GET", account)).status === 200);
    }
    return {
      kubeconfig,
      server,
      call,
      callerFor,
      kubeconfigFor,
      start: (name, path, args, env) => running.start(name, args, { path, env }),
      until: (...args) => running.until(...args),
      stop: () => running.stop(),
    };
  } catch (error) {
    await running.stop();
    throw error;
  }
}

const NODE_CONTROLLERS = [
  "cloud-node-lifecycle-controller",
  "node-ipam-controller",
  "node-lifecycle-controller",
  "node-route-controller",
  "taint-eviction-controller",
];

/** Programs that run until they are stopped; each writes into a log of its own. */
class Programs {
  #running = new Map();
  #programs;
  #logs;

  constructor(programs, logs) {
    this.#programs = programs;
    this.#logs = logs;
  }

  start(name, args, { path = join(this.#programs, name), env = {} } = {}) {
    const log = openSync(join(this.#logs, `${name}.log`), "a");
    const child = spawn(path, args, { stdio: ["ignore", log, log], env: { ...process.env, ...env } });
    const entry = { child, failure: undefined };
    entry.ended = new Promise((resolve) => {
      child.once("error", (error) => {
        entry.failure = `${name}: ${error.message}`;
        resolve();
      });
      child.once("exit", (code, signal) => {
        entry.failure ??= `${name} ended with ${code ?? signal}:\n${this.#lastLines(name)}`;
        resolve();
      });
    });
    this.#running.set(name, entry);
  }

  async until(what, holds, seconds = 120) {
    const deadline = Date.now() + seconds * 1000;
    while (Date.now() < deadline) {
      const [failure] = [...this.#running.values()].flatMap((entry) => entry.failure ?? []);
      if (failure !== undefined) {
        throw new Error(failure);
      }
      if (await Promise.resolve(holds()).catch(() => false)) {
        return;
      }
      await sleep(250);
    }
    throw new Error(
      `${what}: not so after ${seconds} seconds:\n${[...this.#running.keys()].map((name) => this.#lastLines(name)).join("\n")}`,
    );
  }

  /** Ends them, the last started first. */
  async stop() {
    for (const { child, ended } of [...this.#running.values()].reverse()) {
      child.kill("SIGTERM");
      const killer = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(killer);
    }
    this.#running.clear();
  }

  #lastLines(name) {
    return readFileSync(join(this.#logs, `${name}.log`), "utf8")
      .trim()
      .split("\n")
      .slice(-5)
      .join("\n");
  }
}

function caller(server, token, ca) {
  const agent = new Agent({ ca, keepAlive: false });
  return (method, path, body, contentType = "application/json", more = {}) =>
    new Promise((resolve, reject) => {
      const headers = {
        Authorization: `Bearer ${token}`,
        "Content-Type": contentType,
        Accept: "application/json",
        ...more,
      };
      const sent = request(`${server}${path}`, { method, agent, headers, timeout: 30_000 }, (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (part) => {
          text += part;
        });
        answer.on("error", reject);
        answer.on("end", () =>
          resolve({ status: answer.statusCode, body: parsed(text), warnings: [answer.headers.warning ?? []].flat() }),
        );
      });
      sent.on("timeout", () => sent.destroy(new Error(`${method} ${path}: no answer in 30 seconds`)));
      sent.on("error", reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text; // such as readyz
  }
}

function kubeconfigText(server, certificate, token) {
  const named = (key, value) => [{ name: "control-plane", [key]: value }];
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: named("cluster", { server, "certificate-authority": certificate }),
    users: named("user", { token }),
    contexts: named("context", { cluster: "control-plane", user: "control-plane" }),
    "current-context": "control-plane",
  });
}
