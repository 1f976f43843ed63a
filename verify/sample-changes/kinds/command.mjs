// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

export default {
  kind: "a command of the CLI",
  change(tree) {
    tree.add(
      "src/cli/sample-command.ts",
      `// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { parseCommandLine } from "./command-line";
import type { CommandIo } from "./command-io";
import { ExitCode } from "./exit-code";

const HELP = \`Usage: ray-platform sample

Prints a sample.
\`;

/** Runs \`ray-platform sample\`. */
export function sampleCommand(argv: readonly string[], io: CommandIo): ExitCode {
  const line = parseCommandLine(argv, {});
  io.out(line.has("help") ? HELP : "a sample\\n");
  return ExitCode.CLEAN;
}
`,
    );
    tree.edit(
      "src/cli/main.ts",
      ["\n  projenrc  regenerate", "\n  sample    print a sample\n  projenrc  regenerate"],
      [
        '    case "--version":',
        '    case "sample":\n      return (require("./sample-command") as typeof import("./sample-command")).sampleCommand(rest, io);\n    case "--version":',
      ],
    );
  },
  async prove(tree) {
    const { stdout } = await tree.run("node bin/ray-platform sample");
    if (stdout !== "a sample\n") {
      throw new Error(`the new command prints ${JSON.stringify(stdout)}`);
    }
  },
};
