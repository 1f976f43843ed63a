// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isScalar } from "yaml";
import { GATES } from "../../gates";
import { jobsIn, scenarioOfCall, scenariosOf } from "../event-scenarios";
import { calledWorkflow, type WorkflowRule, steps } from "../rule";
import { mapOf, pairOf, scalarsBelow } from "../workflow-view";

/** Programs of our gates, and others that users run. */
const SCANNER_NAMES = [
  ...GATES.filter(({ scanner }) => scanner).flatMap(({ pins }) => pins),
  "semgrep",
  "grype",
  "kics",
  "snyk",
];
const SCANNERS = new RegExp(`\\b(${SCANNER_NAMES.join("|")})\\b`, "i");
const secretsIn = (value: unknown): boolean => /\bsecrets\s*[.[]/.test(String(value));

export const secretRules: readonly WorkflowRule[] = [
  {
    id: "secrets-inherit",
    title: "No called workflow inherits all secrets.",
    reason: "It gets every secret of the repository, including those added later.",
    *check(workflow) {
      for (const job of workflow.jobs) {
        if (job.node.get("secrets") === "inherit") {
          yield {
            job,
            message: "The job passes on all secrets.",
            fix: "Name the secrets that the called workflow needs.",
          };
        }
      }
    },
  },
  {
    id: "secrets-all",
    title: "No expression reads all secrets at once, or part of one.",
    reason:
      "toJSON(secrets) and secrets[x] load every secret into the job; fromJSON(secrets.x).y is not masked in the log.",
    *check(workflow) {
      for (const { node } of scalarsBelow(workflow.root)) {
        const found =
          /toJSON\(\s*secrets\s*\)|\bsecrets\s*\[(?!\s*'[^']*'\s*\])|fromJSON\(\s*secrets\.[\w-]+\s*\)/i.exec(
            String(node.value),
          )?.[0];
        if (found) {
          yield {
            node,
            message: `'${found}' reads more than one named secret.`,
            fix: "Store each value as its own secret and name it.",
          };
        }
      }
    },
  },
  {
    id: "secrets-registry",
    title: "No workflow contains a registry password.",
    reason: "Everyone who can read the repository can read it.",
    *check(workflow) {
      for (const job of workflow.jobs) {
        const services = mapOf(job.node, "services")?.items.map((item) => item.value) ?? [];
        for (const container of [job.node.get("container"), ...services]) {
          const password = scalarsBelow(container).find(
            ({ path }) => path.slice(-2).join(".") === "credentials.password",
          );
          if (password && !String(password.node.value).includes("${{")) {
            yield {
              job,
              node: password.node,
              message: "The registry password is literal.",
              fix: "Read it from a secret.",
            };
          }
        }
      }
    },
  },
  {
    id: "secrets-scanner",
    title: "A job that runs a scanner has no secret.",
    reason:
      "Scanners parse hostile input and were the target of 2026's supply-chain attacks; there must be nothing to steal.",
    *check(workflow) {
      for (const job of workflow.jobs) {
        const scans = job.steps.some((step) => SCANNERS.test(`${step.uses?.split("@")[0] ?? ""} ${step.run ?? ""}`));
        const secret = scans && scalarsBelow(job.node).find(({ node }) => secretsIn(node.value));
        if (secret) {
          yield {
            job,
            node: secret.node,
            message: `The job runs a scanner and reads ${String(secret.node.value)}.`,
            fix: "Move what needs the secret to another job.",
          };
        }
      }
    },
  },
  {
    id: "secrets-fork",
    title: "A job with secrets or a cloud role does not start for a pull request from a fork.",
    reason: "There it gets neither and fails, so that outsiders' pull requests can never be green.",
    *check(workflow, context) {
      const started = scenariosOf(workflow)
        .filter(({ fork }) => fork)
        .flatMap((scenario) => jobsIn(workflow, scenario));
      for (const found of started) {
        const { job } = found;
        const called = calledWorkflow(job, context);
        const inner = called === undefined ? [] : jobsIn(called, scenarioOfCall(found, called)).map((one) => one.job);
        // A called workflow gets no more than its caller grants, but for the secrets of an environment.
        const needs =
          mapOf(job.node, "permissions")?.get("id-token") === "write" ||
          [job, ...inner].some((one) => scalarsBelow(one.node).some(({ node }) => secretsIn(node.value)));
        if (needs) {
          yield {
            job,
            message: "The job needs a secret or a role, but also starts for pull requests from forks.",
            fix: "Add `if: github.event_name != 'pull_request' || github.event.pull_request.head.repo.full_name == github.repository`.",
          };
        }
      }
    },
  },
  {
    id: "app-token",
    title: "A GitHub App token is narrowed to permissions and repositories, and revoked.",
    reason:
      "Otherwise it carries everything that the App was ever granted, on every repository of the owner, for an hour.",
    *check(workflow) {
      for (const { job, step } of steps(workflow)) {
        if (!step.uses?.startsWith("actions/create-github-app-token@")) {
          continue;
        }
        const inputs = [...step.with.keys()];
        if (!inputs.some((input) => input.startsWith("permission-"))) {
          yield {
            job,
            step,
            message: "The token has all permissions of the App.",
            fix: "Add 'permission-<scope>: <level>' for what the job does.",
          };
        }
        if (step.with.has("owner") && !step.with.has("repositories")) {
          yield {
            job,
            step,
            message: "The token is for all repositories of the owner.",
            fix: "Add 'repositories:', or remove 'owner:'.",
          };
        }
        if ((step.with.get("skip-token-revoke") ?? "false") !== "false") {
          yield { job, step, message: "The token outlives the job.", fix: "Remove 'skip-token-revoke'." };
        }
        if (step.with.has("app-id")) {
          yield { job, step, message: "'app-id' is deprecated.", fix: "Use 'client-id'." };
        }
      }
    },
  },
  {
    id: "cloud-key",
    title: "No long-lived AWS key is read; roles are assumed by OIDC.",
    reason: "A key in a secret stays valid until someone remembers it.",
    *check(workflow) {
      for (const { job, step } of steps(workflow)) {
        for (const key of ["aws-access-key-id", "aws-secret-access-key"]) {
          if (step.with.has(key)) {
            yield {
              job,
              step,
              message: `The input '${key}' is a long-lived key.`,
              fix: "Use 'role-to-assume' with 'id-token: write'.",
            };
          }
        }
      }
      for (const { node, path } of scalarsBelow(workflow.root)) {
        if (/^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY)$/.test(path.at(-1) ?? "") && secretsIn(node.value)) {
          yield { node, message: `${path.at(-1)} is read from a secret.`, fix: "Assume a role by OIDC." };
        }
      }
    },
  },
  {
    id: "publish-token",
    title: "Packages are published by trusted publishing, not by a stored token.",
    reason: "npm worms steal registry tokens in secrets first.",
    *check(workflow) {
      for (const { job, step } of steps(workflow)) {
        const publishes = /\b(npm|pnpm|yarn) publish\b|\btwine upload\b/.test(step.run ?? "");
        const env = [
          pairOf(step.node, "env")?.value,
          pairOf(job.node, "env")?.value,
          pairOf(workflow.root, "env")?.value,
        ];
        const token = env
          .flatMap((value) => scalarsBelow(value))
          .find(
            ({ path, node }) => isScalar(node) && secretsIn(node.value) && /TOKEN|PASSWORD/.test(path.at(-1) ?? ""),
          );
        const action = /pypi-publish@/.test(step.uses ?? "") && step.with.has("password");
        if ((publishes && token) || action) {
          yield {
            job,
            step,
            message: "The step publishes with a stored token.",
            fix: "Register the workflow as a trusted publisher and grant 'id-token: write'.",
          };
        }
      }
    },
  },
];
