// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import ts from "typescript";
import * as api from "../../src/index";
import type { RayPlatformProjectOptions } from "../../src/options/ray-platform-project-options";

/** The options that a definition passes to the project. */
export function evaluate(text: string): RayPlatformProjectOptions {
  let passed: RayPlatformProjectOptions | undefined;
  class RayPlatformProject {
    public constructor(options: RayPlatformProjectOptions) {
      passed = options;
    }
    public synth(): void {}
  }
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  new Function("require", "exports", outputText)(
    (name: string) => (name === "ray-platform" ? { ...api, RayPlatformProject } : undefined),
    {},
  );
  return passed as RayPlatformProjectOptions;
}
