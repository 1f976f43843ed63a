// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// usage: tsx mocks.ts DIRECTORY
//
// Runs the tests with mocked providers that a rehearsal makes for each stack, with the schemas of the bindings in the place of
// the real providers. Ends with 1 if one finds something, or if one does not find a planted fault.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { App } from "cdktf";
import { rehearseWithMocks } from "../../src/rehearsal/mock-rehearsal";
import { startRehearsalProviders } from "../../src/rehearsal/rehearsal-providers";
import { bindingsOf } from "../../src/rehearsal/stack-bindings";
import { readStacks, type SynthesizedStack } from "../../src/rehearsal/stack-manifest";
import { TerraformProgram } from "../../src/rehearsal/terraform-program";
import { synthesizePlatform } from "../../templates/src/platform/synthesize-platform";
import { platform } from "../../test/templates/configs";

const ROOT = join(__dirname, "..", "..");
const [directory] = process.argv.slice(2);
if (directory === undefined) {
  throw new Error("usage: mocks.ts DIRECTORY");
}

void main(directory);

async function main(base: string): Promise<void> {
  const outdir = join(base, "synthesized");
  mkdirSync(outdir, { recursive: true });
  synthesizePlatform(new App({ outdir, skipValidation: true }), platform(), () => {});
  const stacks = readStacks(outdir);
  const program = TerraformProgram.find();
  const bindings = bindingsOf(ROOT, stacks);
  const providers = await startRehearsalProviders(program.registry, stacks, bindings);
  const rehearse = (name: string, some: readonly SynthesizedStack[]) =>
    rehearseWithMocks(program, some, bindings, join(base, name), providers.environment);
  try {
    const whole = await rehearse("whole", stacks);
    const faulty = await rehearse("faulty", stacks.filter(({ name }) => name === "dev-network").map(withRestlessTag));
    const problems = [
      ...(whole.stacks === stacks.length ? [] : [`${whole.stacks} of ${stacks.length} stacks ran: ${whole.reason}`]),
      ...whole.findings.map(({ stack, message }) => `${stack}: ${message}`),
      ...(faulty.findings.some(({ message }) => message.includes("a second plan changes aws_vpc."))
        ? []
        : [`a plan that never rests was not found; instead: ${JSON.stringify(faulty)}`]),
    ];
    if (problems.length > 0) {
      console.error(problems.join("\n"));
      process.exitCode = 1;
    }
    console.log(`${whole.stacks} stacks were planned, applied and planned again with mocked providers`);
  } finally {
    providers.close();
  }
}

function withRestlessTag(stack: SynthesizedStack): SynthesizedStack {
  const document = structuredClone(stack.document) as any;
  const [vpc] = Object.values<any>(document.resource.aws_vpc);
  vpc.tags.Deployed = "${timestamp()}";
  return { ...stack, document };
}
