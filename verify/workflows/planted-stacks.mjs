// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { copyOf, plant } from "./run-step.mjs";

/** A user's own resources with two faults: a security group that is open to the world, and a volume without encryption. */
const EXTENSIONS = `// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { EbsVolume } from "@cdktf/provider-aws/lib/ebs-volume";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import type { PlatformStacks } from "./platform/build-platform";

export function extend(stacks: PlatformStacks): void {
  new SecurityGroup(stacks.cluster, "planted-group", {
    description: "planted",
    ingress: [{ description: "planted", protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] }],
  });
  new EbsVolume(stacks.cluster, "planted-volume", { availabilityZone: "eu-west-1a", size: 10, encrypted: false });
}
`;

let planted;

/** A repository whose stacks have the faults, synthesized as a user would. Made once, for all scanners. */
export function plantedStacks({ generated, exec, log }) {
  planted ??= (async () => {
    const copy = copyOf(generated);
    plant(copy, "src/extensions.ts", EXTENSIONS);
    await exec("npx", ["--no-install", "projen", "synth"], { cwd: copy, note: log });
    return copy;
  })();
  return planted;
}
