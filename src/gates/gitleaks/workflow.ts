// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { configurationTemplate, exceptionComment, tomlString } from "../../components/configuration-document";
import type { GateWorkflow } from "../../components/gate-workflow";

/** A rule without a path is switched off; with one it is the default rule plus an allow-list. */
export const gitleaksWorkflow: GateWorkflow = {
  configuration: {
    ".github/scanners/gitleaks.toml": (exceptions) => {
      const disabled = exceptions.filter(({ id, path }) => id !== "*" && path === undefined);
      const extend =
        disabled.length === 0
          ? ""
          : `disabledRules = [\n${disabled.map((exception) => `  ${tomlString(exception.id)}, #${exceptionComment(exception)}\n`).join("")}]\n`;
      const blocks = exceptions.flatMap(({ id, path, reason, expires }) => {
        if (path === undefined) {
          return [];
        }
        const where = `paths = [${tomlString(`^${path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(/|$)`)}]`;
        const description = `description = ${tomlString(`${reason} (until ${expires})`)}`;
        return id === "*"
          ? [["[[allowlists]]", description, where]]
          : [["[[rules]]", `id = ${tomlString(id)}`, "[[rules.allowlists]]", description, where]];
      });
      const template = configurationTemplate(".github/scanners/gitleaks.toml");
      return [`${template}${extend}`, ...blocks.map((block) => `${block.join("\n")}\n`)].join("\n");
    },
  },
};
