// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { copyOf, expectFinding, plant } from "./run-step.mjs";

/** A user's own resources, each in a stack of its own and each with one fault. */
const EXTENSIONS = `// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { EbsVolume } from "@cdktf/provider-aws/lib/ebs-volume";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import type { PlatformStacks } from "./platform/build-platform";

export function extend(stacks: PlatformStacks): void {
  new SecurityGroup(stacks.cluster, "planted-group", {
    description: "planted",
    ingress: [{ description: "planted", protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] }],
  });
  new EbsVolume(stacks.workloads, "planted-volume", { availabilityZone: "eu-west-1a", size: 10, encrypted: false });
  new Instance(stacks.bootstrap, "planted-instance", {
    ami: "ami-0123456789abcdef0",
    instanceType: "m5.large",
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "optional" },
    rootBlockDevice: { encrypted: true },
  });
}
`;

/** A container that may do on its node whatever root may. */
export const PRIVILEGED = `# Copyright acme
# SPDX-License-Identifier: Apache-2.0
apiVersion: v1
kind: Pod
metadata:
  name: planted
spec:
  containers:
    - name: planted
      image: planted
      securityContext:
        privileged: true
`;

/** A chart with a dependency that nobody fetched. */
export const UNRENDERABLE = `# Copyright acme
# SPDX-License-Identifier: Apache-2.0
apiVersion: v2
name: planted
version: 1.0.0
dependencies:
  - name: redis
    version: 1.0.0
    repository: https://charts.example.invalid
`;

/** What is planted, where it ends up, and what each scanner calls it. */
const FAULTS = [
  {
    what: "a security group that is open to the world",
    stack: /-cluster$/,
    finds: { tfsec: /aws-ec2-no-public-ingress-sgr/, trivy: /AWS-0107/, checkov: /CKV_AWS_24/ },
  },
  {
    what: "a volume without encryption",
    stack: /-workloads$/,
    finds: { tfsec: /aws-(?:ebs|ec2)-enable-volume-encryption/, trivy: /AWS-0026/, checkov: /CKV_AWS_3\b/ },
  },
  {
    what: "a machine whose metadata needs no token",
    stack: /-bootstrap$/,
    finds: { tfsec: /aws-ec2-enforce-http-token-imds/, trivy: /AWS-0028/, checkov: /CKV_AWS_79/ },
  },
  {
    what: "a privileged container in a chart",
    file: ["helm/ray/templates/planted.yaml", PRIVILEGED],
    finds: { trivy: /KSV-?0017/, checkov: /CKV_K8S_16/ },
  },
];

let synthesized;

/** Expects a scanner to find each fault that is planted for it, each in a repository that has no other. @returns what was planted */
export async function expectPlantedFaults(context, scanner, title, scan) {
  const faults = FAULTS.filter(({ finds }) => finds[scanner] !== undefined);
  for (const fault of faults) {
    expectFinding(`${title}, with ${fault.what},`, scan(await repositoryWith(context, fault)), fault.finds[scanner]);
  }
  return faults.map(({ what }) => what).join(", ");
}

async function repositoryWith(context, { stack, file }) {
  if (file !== undefined) {
    const copy = copyOf(context.generated, { history: true });
    plant(copy, ...file);
    return copy;
  }
  const copy = copyOf(await stacksWithFaults(context), { history: true });
  const stacks = join(copy, "cdktf.out", "scannable");
  for (const other of readdirSync(stacks).filter((name) => !stack.test(name))) {
    rmSync(join(stacks, other), { recursive: true });
  }
  return copy;
}

/** Synthesized as a user would, once for all scanners. */
function stacksWithFaults({ generated, exec, log }) {
  synthesized ??= (async () => {
    const copy = copyOf(generated, { history: true });
    plant(copy, "src/extensions.ts", EXTENSIONS);
    await exec("npx", ["--no-install", "projen", "synth"], { cwd: copy, note: log });
    return copy;
  })();
  return synthesized;
}
