// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildFlags } from "../install-tool.mjs";

const require = createRequire(import.meta.url);
const SPELLINGS = 10_000;

/** Reads random spellings of quantities with Kubernetes' own parser and with the policies'. */
export default {
  id: "quantity",
  title: "The policies read quantities as Kubernetes does",
  tools: ["opa", "go"],
  async run({ repo, tools, exec }) {
    const scratch = mkdtempSync(join(tmpdir(), "quantity-"));
    try {
      const program = join(scratch, "quantity");
      await exec(tools.go, ["build", ...buildFlags(), "-o", program, "."], { cwd: join(repo, "verify/quantity") });
      const texts = spellings(SPELLINGS);
      const { stdout } = await exec(program, [], {
        input: `${texts.map((text) => JSON.stringify(text)).join("\n")}\n`,
      });
      const expected = stdout.trimEnd().split("\n");
      const sources = ["--data", join(repo, "policies/lib"), "--data", join(repo, "verify/quantity/spellings.rego")];
      const run = await exec(
        tools.opa,
        ["eval", "--format", "json", ...sources, "--stdin-input", "data.spellings.results"],
        { input: JSON.stringify(texts) },
      );
      compare("opa", texts, expected, JSON.parse(run.stdout).result[0].expressions[0].value);
      compare("policy.wasm", texts, expected, await byWasm(texts));
      const valid = expected.filter((value) => value !== "invalid").length;
      return `${texts.length} spellings, ${valid} of them valid: no difference in opa or WebAssembly`;
    } finally {
      rmSync(scratch, { recursive: true });
    }

    async function byWasm(texts) {
      const bundle = join(scratch, "bundle.tar.gz");
      const sources = [join(repo, "policies/lib/quantity"), join(repo, "verify/quantity/spellings.rego")];
      await exec(tools.opa, ["build", "-t", "wasm", "-e", "spellings/results", "-o", bundle, ...sources], {});
      await exec("tar", ["-xzf", bundle, "-C", scratch, "/policy.wasm"], {});
      const { loadPolicy } = require("@open-policy-agent/opa-wasm");
      const policy = await loadPolicy(readFileSync(join(scratch, "policy.wasm")), { initial: 4096, maximum: 32_768 });
      return policy.evaluate(texts, "spellings/results")[0].result;
    }
  },
};

function compare(engine, texts, expected, found) {
  const differences = texts.flatMap((text, index) =>
    same(expected[index], found[index])
      ? []
      : [`${JSON.stringify(text)}: Kubernetes ${expected[index]}, policies ${found[index]}`],
  );
  if (differences.length > 0)
    throw new Error(`${engine} differs in ${differences.length} spellings:\n${differences.slice(0, 20).join("\n")}`);
}

// JSON numbers have 53 bits; what is larger than that is compared as far as they go.
function same(expected, found) {
  if (expected === "invalid" || found === "invalid") return expected === found;
  return Number(expected) === 0 ? found === 0 : Math.abs(found / Number(expected) - 1) < 1e-15;
}

/** Spellings around the grammar: most of them valid, some off by a character. Always the same ones. */
function spellings(count) {
  let state = 20_250_101;
  const random = (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
  const pick = (...options) => options[random(options.length)];
  const digits = (most) => Array.from({ length: random(most + 1) }, () => random(10)).join("");
  const suffix = () =>
    pick(
      "",
      "",
      "n",
      "u",
      "m",
      "k",
      "M",
      "G",
      "T",
      "P",
      "E",
      "Ki",
      "Mi",
      "Gi",
      "Ti",
      "Pi",
      "Ei",
      () => pick("e", "E") + pick("", "+", "-") + pick("", "0", "00") + random(13),
    );
  const broken = () =>
    pick("K", "gi", "GiB", "GB", "b", " ", "mi", "i", "e", "E+", "e1.5", "e1e1", "x", "_", ",", "\n", "µ");
  const of = (part) => (typeof part === "function" ? part() : part);
  return Array.from({ length: count }, () => {
    const sign = pick("", "", "", "+", "-");
    const fraction = of(
      pick(
        "",
        "",
        () => `.${digits(9)}`,
        ".",
        () => `.${digits(4)}00`,
      ),
    );
    const end = random(8) === 0 ? broken() : of(suffix());
    return sign + pick("", "0", "000") + digits(random(4) === 0 ? 18 : 6) + fraction + end;
  });
}
