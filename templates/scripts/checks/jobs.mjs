// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { getObjects } from "./kubernetes.mjs";
import { tokenSecret } from "./ray.mjs";
import { run } from "./run-program.mjs";
import { isThere } from "../read-json.mjs";

/** A GPU node may take ten minutes to join, and its image some more. */
const JOB_MINUTES = 30;

/** Submits the examples to Ray, and reads their results. */
export async function checkJobs(report, { ray }) {
  const token = ray.tokenAuth ? readToken(ray) : "";
  if (token === undefined) {
    report.broken("jobs", "token-forbidden", "your role does not read the token", "enter ray-user or administrator");
    return;
  }
  const tunnel = await forwardDashboard(ray);
  if (tunnel.port === undefined) {
    report.broken("jobs", "port-forward-failed", tunnel.reason, "enter ray-user or administrator; look at the head");
    return;
  }
  try {
    const address = `http://127.0.0.1:${tunnel.port}`;
    const env = ray.tokenAuth ? { RAY_AUTH_MODE: "token", RAY_AUTH_TOKEN: token } : {};
    const data = ray.exampleData === null ? [] : ["--data", ray.exampleData];
    checkJob(report, "CPU job", { file: "cpu_job.py", args: data, address, env });
    if (ray.workerGroups.some(({ gpus }) => gpus > 0)) {
      checkJob(report, "GPU job", { file: "gpu_job.py", args: [], address, env });
    }
  } finally {
    tunnel.close();
  }
}

function readToken(ray) {
  const encoded = getObjects(["secret", tokenSecret(ray), "--namespace", ray.namespace]).value?.data?.auth_token;
  return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString();
}

/** What the output of a job that failed shows. */
const FAILURES = [
  [
    /\b40[13]\b|Unauthorized|authentication token/i,
    "token-rejected",
    "restart the head after a new token, and read it again",
  ],
  [/version mismatch|Changing the ray version/i, "ray-version", "install Ray in the version of the cluster"],
  [
    /AccessDenied|\b403 Forbidden\b|not authorized to perform/i,
    "data-denied",
    "compare the bucket, prefix and right with ray.data",
  ],
  [
    /Could not connect to the endpoint|ConnectTimeout|EndpointConnectionError/i,
    "data-unreachable",
    "deploy the network and workloads stacks: they open the way to AWS",
  ],
  [/libcu|CUDA|cuInit|no NVIDIA|cublas/i, "gpu-unusable", "use an image with CUDA; look at the device plugin and DCGM"],
];

function checkJob(report, check, { file, args, address, env }) {
  if (!isThere(`examples/${file}`)) {
    report.notChecked(check, `examples/${file} is missing`);
    return;
  }
  const submit = ["job", "submit", "--address", address, "--working-dir", "examples", "--", "python", file, ...args];
  const answer = run("ray", submit, { env, timeout: JOB_MINUTES * 60_000 });
  const output = `${answer.stdout}\n${answer.stderr}`;
  if (answer.ok && /^result: ok$/m.test(answer.stdout)) {
    const said = answer.stdout.split("\n").filter((line) => /^(?:device|pi|wrote|multiplied)/.test(line));
    report.ok(check, said.join("; "));
    return;
  }
  if (/timed out after/.test(answer.stderr)) {
    const fix = "look for pods that are pending, and at the node groups above";
    report.broken(check, "job-timeout", `no result within ${JOB_MINUTES} minutes`, fix);
    return;
  }
  const [, code, fix] = FAILURES.find(([pattern]) => pattern.test(output)) ?? [
    undefined,
    "job-failed",
    "ray job logs ID, or the dashboard, show what it printed",
  ];
  const lines = output.split("\n").filter((line) => /error|denied|failed|unauthorized/i.test(line));
  report.broken(check, code, (lines.at(-1) ?? "it did not end with its result").trim(), fix);
}

/** Forwards a free local port to the dashboard of the head, until `close` is called. */
function forwardDashboard({ namespace, clusterName }) {
  const service = `service/${clusterName}-head-svc`;
  const child = spawn("kubectl", ["--namespace", namespace, "port-forward", service, ":8265"]);
  return new Promise((resolve) => {
    let said = "";
    const settle = (port) => {
      clearTimeout(timer);
      resolve({ port, reason: said.trim() || "kubectl ended", close: () => child.kill() });
    };
    const timer = setTimeout(() => {
      child.kill();
      settle(undefined);
    }, 30_000);
    const read = (chunk) => {
      said += chunk;
      const port = /Forwarding from 127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (port !== undefined) {
        settle(port);
      }
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("error", () => settle(undefined));
    child.on("close", () => settle(undefined));
  });
}
