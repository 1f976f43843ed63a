// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { RenderedDocument } from "../../src/components/documents/documents";
import type { RayPlatformProjectOptions } from "../../src/options/ray-platform-project-options";
import * as api from "../../src";
import { snippets } from "./markdown";
import { evaluate } from "../options/evaluate";
import { documentsOf, OPTION_SETS } from "./option-sets";
import { projectDocuments, sitePages } from "./project-documents";

/** An example in TypeScript, and where it is. */
export interface Example {
  readonly where: string;
  readonly path: string;
  readonly code: string;
}

/** Every example in TypeScript of this project's documents, of its site, and of a generated repository's documents. */
export function examples(): Example[] {
  return [...projectDocuments(), ...sitePages(), ...documentsOf(OPTION_SETS["no options"])]
    .filter(({ path }) => path.endsWith(".md"))
    .flatMap(examplesOf);
}

function examplesOf({ path, content }: RenderedDocument): Example[] {
  return snippets(content)
    .filter(({ language }) => language === "ts")
    .map(({ code, line }) => ({ where: `${path}:${line}`, path, code }));
}

/** Whether an example is a whole `src/extensions.ts`. */
export function isExtension({ code }: Example): boolean {
  return /^export function extend\(/m.test(code);
}

/** Whether an example makes a project, or is a part of the options of one, such as `ray: { … },`. */
export function isOptions(example: Example): boolean {
  return example.code.includes("new RayPlatformProject(") || isPartOfOptions(example);
}

function isPartOfOptions({ code }: Example): boolean {
  return /^[a-z]\w*: /.test(code);
}

/** The options of an example; the options of a project whose part it is are as few as possible. */
export function optionsOf(example: Example): RayPlatformProjectOptions {
  const whole = isPartOfOptions(example)
    ? `new RayPlatformProject({ name: "ml-platform", githubOwner: "acme",\n${example.code}});`
    : example.code;
  const names = Object.keys(api).join(", ");
  const given: RayPlatformProjectOptions | undefined = evaluate(
    `import { ${names} } from "ray-platform";\n${whole.replace(/^import .*$/m, "")}`,
  );
  if (given === undefined) {
    throw new Error(`${example.where}: the example makes no project`);
  }
  return given;
}
