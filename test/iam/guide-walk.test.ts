// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root";
import { evaluateAccess } from "../../src/iam/evaluate";
import type { RequestContext } from "../../src/iam/request";
import { snippets } from "../documents/markdown";
import { documentsOf } from "../documents/option-sets";
import { platform } from "../templates/configs";
import { type Json, synthesize } from "../templates/synthesize";
import { ACCOUNT, environment, REGION } from "./environments";
import { allows, type KubernetesCall, kubernetesGrants } from "./kubernetes-access";
import { realContext } from "./service-reference";

interface Recorded {
  readonly program: string;
  readonly args: readonly string[];
  /** ARN of the role whose credentials it had, or `person`. */
  readonly role: string;
  /** ARN of the role that kubectl enters with. */
  readonly context: string;
  readonly exists?: boolean;
}

const CLUSTER = "ml-platform-prod";
const PROGRAMS = ["aws", "kubectl", "terraform", "tofu", "npm", "npx", "git", "helm", "ray", "skopeo", "gh"];
const options = { environmentNames: ["prod", "prod-eu"], awsAccountId: ACCOUNT };

/** Runs every command of the guide, in its order, in one shell that stops at the first error and unset variable. */
function walk(): { readonly records: Recorded[]; readonly stderr: string; readonly status: number | null } {
  const config = platform(options);
  const guide = documentsOf({ options: { name: "ml-platform", githubOwner: "acme", ...options } }).find(
    ({ path }) => path === "docs/operations.md",
  );
  const directory = mkdtempSync(join(tmpdir(), "guide-walk-"));
  try {
    for (const [path, content] of Object.entries(synthesize(config).files)) {
      mkdirSync(dirname(join(directory, "cdktf.out", path)), { recursive: true });
      writeFileSync(join(directory, "cdktf.out", path), content);
    }
    cpSync(join(PACKAGE_ROOT, "templates/scripts"), join(directory, "scripts"), { recursive: true });
    mkdirSync(join(directory, "src/platform"), { recursive: true });
    writeFileSync(join(directory, "src/platform/platform.json"), JSON.stringify(config));
    mkdirSync(join(directory, "bin"));
    for (const program of PROGRAMS) {
      cpSync(join(__dirname, "stand-in.mjs"), join(directory, "bin", `${program}.mjs`));
      writeFileSync(
        join(directory, "bin", program),
        `#!/usr/bin/env bash\nexec "${process.execPath}" "${join(directory, "bin", program)}.mjs" "$@"\n`,
        { mode: 0o755 },
      );
    }
    symlinkSync(process.execPath, join(directory, "bin/node"));
    const commands = snippets(guide?.content ?? "")
      .filter(({ language }) => language === "bash")
      .map(({ code }) => code)
      // These two call GitHub, with a login of its own; test/workflows has their tests.
      .filter((code) => !code.includes("github-settings.mjs"))
      // test/checks has the tests of these.
      .filter((code) => !/(?:preflight|verify-platform)\.mjs/.test(code));
    const { status, stderr } = spawnSync(
      "bash",
      ["--noprofile", "--norc", "-euo", "pipefail", "-c", commands.join("\n")],
      {
        cwd: directory,
        encoding: "utf8",
        env: {
          PATH: `${join(directory, "bin")}:/usr/bin:/bin`,
          HOME: directory,
          RECORD: join(directory, "record"),
          CONTEXT: join(directory, "context"),
        },
      },
    );
    const records = readFileSync(join(directory, "record"), "utf8").trim().split("\n");
    return { status, stderr, records: records.map((line) => JSON.parse(line) as Recorded) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

interface AwsCall {
  readonly action: string;
  readonly resource: string;
  readonly context?: RequestContext;
}

const arn = (service: string, resource: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

/** The API calls behind a command of the AWS CLI. */
function awsCalls(args: readonly string[]): AwsCall[] {
  const value = (flag: string): string => args[args.indexOf(flag) + 1] as string;
  switch (args.slice(0, 2).join(" ")) {
    case "sts get-caller-identity":
      return [];
    case "ec2 describe-availability-zones":
      return [{ action: "ec2:DescribeAvailabilityZones", resource: "*" }];
    case "ec2 describe-instances":
      return [{ action: "ec2:DescribeInstances", resource: "*" }];
    case "ecr get-login-password":
      return [{ action: "ecr:GetAuthorizationToken", resource: "*" }];
    case "eks describe-cluster":
    case "eks update-kubeconfig":
      return [{ action: "eks:DescribeCluster", resource: arn("eks", `cluster/${value("--name")}`) }];
    case "eks list-nodegroups":
      return [{ action: "eks:ListNodegroups", resource: arn("eks", `cluster/${value("--cluster-name")}`) }];
    case "eks update-nodegroup-version":
      return [{ action: "eks:UpdateNodegroupVersion", resource: arn("eks", `nodegroup/${CLUSTER}/cpu-1/uuid`) }];
    case "kms decrypt":
      return [{ action: "kms:Decrypt", resource: arn("kms", "key/state_key_84A4E4B8") }];
    case "logs delete-log-group":
      return [{ action: "logs:DeleteLogGroup", resource: arn("logs", `log-group:${value("--log-group-name")}`) }];
    case "s3api list-object-versions":
      return [{ action: "s3:ListBucketVersions", resource: `arn:aws:s3:::${value("--bucket")}` }];
    case "ssm start-session":
      return [
        {
          action: "ssm:StartSession",
          resource: arn("ec2", `instance/${value("--target")}`),
          context: {
            [`aws:ResourceTag/kubernetes.io/cluster/${CLUSTER}`]: "owned",
            "ssm:SessionDocumentAccessCheck": "true",
          },
        },
        { action: "ssm:StartSession", resource: `arn:aws:ssm:${REGION}::document/${value("--document-name")}` },
      ];
    default:
      throw new Error(`which API calls are behind "aws ${args.join(" ")}" is not known`);
  }
}

/** The API calls behind a command of kubectl; none for those that only change the configuration file. */
function kubernetesCalls(args: readonly string[]): KubernetesCall[] {
  const namespace = args.includes("--namespace") ? { namespace: args[args.indexOf("--namespace") + 1] as string } : {};
  const [verb, kind, name] = args
    .filter((_, index) => args[index - 1] !== "--namespace")
    .filter((arg) => arg !== "--namespace");
  switch (verb) {
    case "config":
      return [];
    case "port-forward":
      return [
        { verb: "get", resource: "services", ...namespace },
        { verb: "list", resource: "pods", ...namespace },
        { verb: "create", resource: "pods/portforward", ...namespace },
      ];
    case "exec":
      return [
        { verb: "get", resource: "pods", ...namespace },
        { verb: "create", resource: "pods/exec", ...namespace },
      ];
    case "logs":
      return [
        { verb: "get", resource: "jobs", ...namespace },
        { verb: "list", resource: "pods", ...namespace },
        { verb: "get", resource: "pods/log", ...namespace },
      ];
    case "get":
      if (kind?.startsWith("pod/")) {
        return [{ verb: "get", resource: "pods", ...namespace }];
      }
      return kind === "secret" || kind === "configmap"
        ? [{ verb: "get", resource: `${kind}s`, name: name as string, ...namespace }]
        : [{ verb: "list", resource: kind as string, ...namespace }];
    case "delete":
      if (kind === "secret") {
        return [{ verb: "delete", resource: "secrets", name: name as string, ...namespace }];
      }
      return ["list", "delete"].map((one) => ({ verb: one, resource: "pods", ...namespace }));
    case "apply":
      return ["get", "patch"].map((one) => ({ verb: one, resource: "customresourcedefinitions" }));
    default:
      throw new Error(`which API calls are behind "kubectl ${args.join(" ")}" is not known`);
  }
}

describe("the operations guide, walked with programs that record and answer", () => {
  let walked: ReturnType<typeof walk>;
  beforeAll(() => {
    environment("default");
    walked = walk();
  }, 240_000);
  const of = (program: string): Recorded[] => walked.records.filter((one) => one.program === program);
  const nameOf = (roleArn: string): string =>
    roleArn
      .split("/")
      .pop()
      ?.slice(CLUSTER.length + 1) ?? "";
  const roleOf = (roleArn: string) => environment("default").roles.get(nameOf(roleArn));

  test("no step lacks a file, a program or a variable", () => {
    expect(walked.stderr).toBe("");
    expect(walked.status).toBe(0);
    expect(walked.records.length).toBeGreaterThan(60);
  });

  test("an account's administrator applies bootstrap, and the environment's every other stack", () => {
    // The guide names both programs, and the one that it names last runs.
    const terraform = [...of("terraform"), ...of("tofu")];
    const stacks = terraform.filter(({ args }) => args.includes("apply") || args.includes("destroy"));
    expect(stacks.length).toBeGreaterThan(3);
    // Pinning providers asks a registry, and no stack.
    for (const { args, role, exists } of terraform.filter(({ args: [command] }) => command !== "providers")) {
      const stack =
        args
          .find((arg) => arg.startsWith("-chdir="))
          ?.split("/")
          .pop() ?? "";
      expect([stack, exists, nameOf(role)]).toEqual([stack, true, stack.endsWith("-bootstrap") ? "" : "administrator"]);
    }
  });

  test("each role that a step takes admits the account's own identities", () => {
    const taken = of("aws").filter(({ args }) => args[1] === "assume-role");
    expect(new Set(taken.map(({ args }) => nameOf(args[args.indexOf("--role-arn") + 1] as string)))).toEqual(
      new Set(["administrator", "viewer"]),
    );
    for (const { args } of taken) {
      const resource = args[args.indexOf("--role-arn") + 1] as string;
      const request = { principal: `arn:aws:iam::${ACCOUNT}:user/jo`, action: "sts:AssumeRole", resource };
      const mayAssume = { Statement: { Effect: "Allow", Action: "sts:AssumeRole", Resource: resource } } as const;
      const trust = roleOf(resource)?.trust;
      expect(trust).toBeDefined();
      const asked = { ...(trust === undefined ? {} : { resource: trust }), resourceDecides: true };
      expect(evaluateAccess(request, { ...asked, identity: [mayAssume] }).decision).toBe("allowed");
      expect(evaluateAccess(request, asked).decision).toBe("implicit deny");
    }
  });

  test("each AWS call is one that the role of its step may make", async () => {
    const refused: string[] = [];
    for (const { args, role } of of("aws").filter((one) => one.args[1] !== "assume-role")) {
      // Only what the account's administrator does for bootstrap needs no role of the environment.
      const taken = args[1] === "update-kubeconfig" ? (args[args.indexOf("--assume-role-arn") + 1] as string) : role;
      if (args[0] === "ce") {
        // Costs are the account's, and none of the environment's roles sees them.
        expect(role).toBe("person");
        continue;
      }
      if (/^s3api (?:head|delete)-/.test(args.slice(0, 2).join(" "))) {
        expect([args[1], role]).toEqual([args[1], "person"]);
        continue;
      }
      for (const { action, resource, context = {} } of awsCalls(args)) {
        const real = await realContext(action, resource, context);
        const decision = evaluateAccess({ principal: taken, action, resource, context: real }, roleOf(taken) ?? {});
        if (decision.decision !== "allowed") {
          refused.push(`${taken}: ${action} on ${resource}: ${decision.reason}`);
        }
      }
    }
    expect(refused).toEqual([]);
  });

  test("each Kubernetes call is one that the access entry and the bindings of its role allow", () => {
    const { cluster, workloads } = environment("default").stacks as Record<string, Json>;
    const grants = kubernetesGrants(cluster, workloads);
    const refused: string[] = [];
    const calls = of("kubectl").flatMap(({ args, context }) =>
      kubernetesCalls(args).map((call) => ({ call, kind: nameOf(context) })),
    );
    expect(new Set(calls.map(({ kind }) => kind))).toEqual(new Set(["administrator", "ray-user", "viewer"]));
    for (const { call, kind } of calls) {
      if (!allows(grants.get(kind) ?? [], call)) {
        refused.push(`${kind}: ${JSON.stringify(call)}`);
      }
    }
    expect(refused).toEqual([]);
  });

  test("a Ray user changes nothing, and reads no other secret", () => {
    const { cluster, workloads } = environment("default").stacks as Record<string, Json>;
    const grants = kubernetesGrants(cluster, workloads).get("ray-user") ?? [];
    const namespace = environment("default").config.ray.namespace;
    for (const call of [
      { verb: "delete", resource: "pods", namespace },
      { verb: "create", resource: "pods", namespace },
      { verb: "get", resource: "secrets", name: "redis-password", namespace },
      { verb: "list", resource: "secrets", namespace },
      { verb: "get", resource: "pods", namespace: "kube-system" },
      { verb: "list", resource: "nodes" },
    ]) {
      expect([call, allows(grants, call)]).toEqual([call, false]);
    }
  });
});
