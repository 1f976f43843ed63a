// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { JsonFile } from "projen/lib/json";
import type { Project } from "projen/lib/project";

/** How the TypeScript of a generated repository is compiled, linted and tested. Nothing is interpreted at run time. */
export function addTypeScriptBuild(project: Project): void {
  const definition = project.ejected ? [] : [".projenrc.ts"];
  new JsonFile(project, "tsconfig.json", {
    obj: {
      compilerOptions: {
        rootDir: ".",
        outDir: "build",
        target: "es2022",
        lib: ["es2022"],
        module: "node16",
        moduleResolution: "node16",
        types: ["node"],
        strict: true,
        noFallthroughCasesInSwitch: true,
        noImplicitReturns: true,
        noUnusedLocals: true,
        noUnusedParameters: true,
        // A type error must stop a synth, and what was compiled before must not be run in its place.
        noEmitOnError: true,
        incremental: true,
        tsBuildInfoFile: "build/.tsbuildinfo",
        // The AWS provider's declarations are large; they were checked when they were published.
        skipLibCheck: true,
      },
      // The options are type-checked with the rest; regeneration itself does not wait for that.
      include: ["src/**/*.ts", "test/**/*.ts", ...definition],
    },
  });
  new JsonFile(project, "biome.json", {
    marker: false, // Biome refuses keys that it does not know
    obj: {
      $schema: "./node_modules/@biomejs/biome/configuration_schema.json",
      files: { includes: ["src/**/*.ts", "test/**/*.ts", ...definition] },
      formatter: { enabled: false },
      assist: { enabled: false },
      linter: {
        rules: {
          preset: "recommended",
          style: { noRestrictedImports: restrictedImports() },
          suspicious: {
            useIterableCallbackReturn: { level: "error", options: { checkForEach: false } },
            noExplicitAny: "off", // synthesized JSON has no type
          },
        },
      },
    },
  });
  project.gitignore.exclude("*.tsbuildinfo");
}

/** Importing a provider's index loads thousands of files: seconds and a gigabyte instead of milliseconds. */
function restrictedImports() {
  const deep = (name: string) => `Import one resource: ${name}/lib/<resource>. The index costs seconds and a gigabyte.`;
  const paths = Object.fromEntries(["@cdktf/provider-aws", "@cdktf/provider-helm"].map((name) => [name, deep(name)]));
  return { level: "error", options: { paths } };
}
