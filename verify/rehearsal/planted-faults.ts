// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// usage: tsx planted-faults.ts DIRECTORY
//
// Plants one fault at a time in the default platform's stacks. Ends with 1 if a rehearsal does not find one, or finds something
// without one.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { App } from "cdktf";
import { EnvironmentRehearsal } from "../../src/rehearsal/environment-rehearsal";
import { planJudge } from "../../src/rehearsal/plan-judge";
import { startRehearsalProviders } from "../../src/rehearsal/rehearsal-providers";
import { bindingsOf } from "../../src/rehearsal/stack-bindings";
import { readStacks, type SynthesizedStack } from "../../src/rehearsal/stack-manifest";
import { TerraformProgram } from "../../src/rehearsal/terraform-program";
import { synthesizePlatform } from "../../templates/src/platform/synthesize-platform";
import { platform } from "../../test/templates/configs";

type Json = any;

interface Fault {
  /** What a finding must say. */
  readonly says: RegExp;
  /** Changes the stacks by name; their dependencies are `stack.dependencies`. */
  readonly plant: (stacks: Record<string, { document: Json; dependencies: string[] }>) => void;
  /** What has to be removed for the fault to show; a zone is removed from a platform that did not have the fault. */
  readonly whenGone?: "zone" | "environment";
}

const first = (stack: { document: Json }, type: string): Json => Object.values(stack.document.resource[type])[0];

const FAULTS: Readonly<Record<string, Fault>> = {
  "a reference to nothing": {
    says: /undeclared resource/,
    plant: ({ "dev-network": network }) => {
      first(network!, "aws_subnet").vpc_id = "${aws_vpc.nowhere.id}";
    },
  },
  "a cycle": {
    says: /Cycle/,
    plant: ({ "dev-network": network }) => {
      const [a, b] = Object.keys(network!.document.resource.aws_route_table);
      const tables = network!.document.resource.aws_route_table;
      tables[a!].depends_on = [`aws_route_table.${b}`];
      tables[b!].depends_on = [`aws_route_table.${a}`];
    },
  },
  "a missing argument": {
    says: /Missing required argument/,
    plant: ({ "dev-cluster": cluster }) => {
      delete first(cluster!, "aws_eks_cluster").role_arn;
    },
  },
  "an unknown argument": {
    says: /Extraneous JSON object property/,
    plant: ({ "dev-cluster": cluster }) => {
      first(cluster!, "aws_sqs_queue").fifo = true;
    },
  },
  "an unknown resource type": {
    says: /Invalid resource type/,
    plant: ({ "dev-network": network }) => {
      network!.document.resource.aws_subnett = { a: {} };
    },
  },
  "a value of the wrong type": {
    says: /a number is required/,
    plant: ({ "dev-network": network }) => {
      first(network!, "aws_cloudwatch_log_group").retention_in_days = "for ever";
    },
  },
  "a block too many": {
    says: /Too many|No more than|at most/i,
    plant: ({ "dev-cluster": cluster }) => {
      const { vpc_config: block } = first(cluster!, "aws_eks_cluster");
      first(cluster!, "aws_eks_cluster").vpc_config = [block, block];
    },
  },
  "an unknown function": {
    says: /unknown function/,
    plant: ({ "dev-network": network }) => {
      first(network!, "aws_vpc").cidr_block = '${cidrr("10.0.0.0/16")}';
    },
  },
  "an output that is not there": {
    says: /Unsupported attribute/,
    plant: ({ "dev-workloads": workloads }) => {
      workloads!.document.provider.helm[0].kubernetes.host =
        "${data.terraform_remote_state.cluster.outputs.cluster_address}";
    },
  },
  "an entry of an output that is never deployed": {
    says: /needs what is not deployed: dev-network-node_subnet_ids-us-east-1z/,
    plant: ({ "dev-cluster": cluster }) => {
      first(cluster!, "aws_eks_cluster").vpc_config.subnet_ids.push(
        '${lookup(data.terraform_remote_state.network.outputs.node_subnet_ids, "us-east-1z", "awaits-deployment-of-dev-network-node_subnet_ids-us-east-1z")}',
      );
    },
  },
  "a stack before the one it reads": {
    says: /Unable to find remote state|needs what is not deployed/,
    plant: ({ "dev-network": network, "dev-cluster": cluster }) => {
      cluster!.dependencies.length = 0;
      network!.dependencies.push("dev-cluster");
    },
  },
  "stacks that read each other": {
    says: /depend on each other/,
    plant: ({ "dev-network": network }) => {
      network!.dependencies.push("dev-workloads");
    },
  },
  "a zone deleted while it is used": {
    says: /deletes what another stack still uses/,
    whenGone: "zone",
    plant: ({ "dev-cluster": cluster }) => {
      // It comes after the network still, but nobody knows that it reads it.
      cluster!.dependencies.splice(0, 1, "dev-bootstrap");
    },
  },
  "an environment removed while it is protected": {
    says: /Instance cannot be destroyed/,
    whenGone: "environment",
    plant: ({ "dev-workloads": workloads }) => {
      first(workloads!, "helm_release").lifecycle = { prevent_destroy: true };
    },
  },
  "a plan that never rests": {
    says: /a second plan changes/,
    plant: ({ "dev-network": network }) => {
      first(network!, "aws_vpc").tags.Deployed = "${timestamp()}";
    },
  },
  "what the policies deny": {
    says: /the policies deny the plan/,
    plant: ({ "dev-cluster": cluster }) => {
      first(cluster!, "aws_launch_template").block_device_mappings[0].ebs.encrypted = "false";
    },
  },
};

const ROOT = join(__dirname, "..", "..");
const [directory] = process.argv.slice(2);
if (directory === undefined) {
  throw new Error("usage: planted-faults.ts DIRECTORY");
}

void main(directory);

async function main(base: string): Promise<void> {
  const program = TerraformProgram.find();
  const judge = await planJudge({ ...platform().limits });
  const zones = (letters: string) => ({
    network: { availabilityZones: [...letters].map((letter) => `us-east-1${letter}`) },
  });
  const three = synthesize(zones("abc"), join(base, "three"));
  const two = synthesize(zones("ab"), join(base, "two"));
  const all = [...three, ...two];
  const providers = await startRehearsalProviders(program.registry, all, bindingsOf(ROOT, all));
  const wrong: string[] = [];
  try {
    for (const [name, { says, plant, whenGone }] of Object.entries(FAULTS)) {
      console.log(name);
      const rehearsal = new EnvironmentRehearsal({
        program,
        directory: join(base, name.replace(/\W+/g, "-")),
        environment: providers.environment,
        states: providers.states,
        narrate: () => {},
      });
      if (whenGone === "zone") {
        await rehearsal.deploy("create", three, { judge });
        await rehearsal.deploy("change", planted(two, plant), { judge });
      } else if (whenGone === "environment") {
        await rehearsal.deploy("create", planted(three, plant), { judge }, { plansAgain: false });
        await rehearsal.deploy("remove", [], { judge });
      } else {
        const stacks = planted(three, plant);
        await rehearsal.validate(stacks);
        await rehearsal.deploy("create", stacks, { judge });
      }
      const messages = rehearsal.findings.map(({ message }) => message);
      if (!messages.some((message) => says.test(message))) {
        wrong.push(`${name}: not found; instead: ${messages.join("\n") || "nothing"}`);
      }
    }
  } finally {
    providers.close();
  }
  console.log(
    `${Object.keys(FAULTS).length - wrong.length} of ${Object.keys(FAULTS).length} planted faults were found`,
  );
  if (wrong.length > 0) {
    console.error(wrong.join("\n"));
    process.exitCode = 1;
  }
}

function synthesize(options: Parameters<typeof platform>[0], outdir: string): readonly SynthesizedStack[] {
  mkdirSync(outdir, { recursive: true });
  synthesizePlatform(new App({ outdir, skipValidation: true }), platform(options), () => {});
  return readStacks(outdir);
}

function planted(stacks: readonly SynthesizedStack[], plant: Fault["plant"]): SynthesizedStack[] {
  const copies = stacks.map((stack) => ({
    ...stack,
    document: structuredClone(stack.document),
    dependencies: [...stack.dependencies],
  }));
  plant(Object.fromEntries(copies.map((copy) => [copy.name, copy])));
  return copies;
}
