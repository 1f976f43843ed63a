// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isObject, type JsonObject, objectOf } from "../json-object";
import { fileReadIn } from "./file-functions";
import { listAt, objectAt } from "./json";
import { type TerraformBlock, terraformBlocks } from "./terraform-blocks";

/** Something in a stack or a plan that would run a program, reach another machine, or read a file of the machine that plans. */
export interface StackProgram {
  /** What it is, as an exception names it: `data.http.status`, `provider.datadog`, `module.vpc`. */
  readonly subject: string;
  readonly path: string;
  readonly problem: string;
}

/** Providers that only make what the policies judge, or compute. Others are programs of whoever publishes them. */
const PROVIDERS: ReadonlySet<string> = new Set([
  ...["aws", "awscc", "cloudinit", "helm", "kubernetes", "null", "random", "time", "tls"].map(
    (name) => `hashicorp/${name}`,
  ),
  "terraform.io/builtin/terraform",
]);

/** Data that runs a program somewhere, although its provider is a usual one. */
const RUNNING_DATA: ReadonlySet<string> = new Set(["aws_lambda_invocation"]);

const BLOCKS: ReadonlySet<string> = new Set([
  ...["//", "terraform", "provider", "resource", "data", "output", "variable", "locals", "module"],
  ...["moved", "removed", "import", "check", "ephemeral"],
]);

const SETTINGS: ReadonlySet<string> = new Set([
  ...["//", "backend", "required_providers", "required_version", "provider_meta", "cloud"],
]);

const S3_STATE: ReadonlySet<string> = new Set([
  ...["bucket", "key", "region", "encrypt", "kms_key_id", "use_lockfile", "dynamodb_table", "workspace_key_prefix"],
]);

/** Arguments of the AWS provider that send its requests, or its credentials, elsewhere. */
const AWS_DETOURS: ReadonlySet<string> = new Set([
  ...["endpoints", "http_proxy", "https_proxy", "custom_ca_bundle", "insecure", "ec2_metadata_service_endpoint"],
  ...["shared_config_files", "shared_credentials_files", "profile", "assume_role_with_web_identity"],
]);

const CLUSTER_ACCESS: ReadonlySet<string> = new Set([
  ...["//", "alias", "host", "cluster_ca_certificate", "token", "exec", "kubernetes"],
  ...["burst_limit", "ignore_annotations", "ignore_labels"],
]);

/** The endpoint of a cluster that AWS, or the state of this environment, names. */
const CLUSTER_ENDPOINT =
  /^\$\{\s*(?:data\.terraform_remote_state\.[\w-]+\.outputs\.cluster_endpoint|(?:data\.)?aws_eks_cluster\.[\w-]+(?:\[0\])?\.endpoint)\s*\}$/;

/** What {@link StackOutputs} of the stacks say of what is not deployed. */
const AWAITED = /^awaits-deployment-of-[\w-]*$/;

/** What of a synthesized stack would run, leave the machine, or read it, when the stack is planned or applied. */
export function programsOfStack(stack: JsonObject): StackProgram[] {
  return [
    ...unknownBlocks(stack),
    ...settingPrograms(stack),
    ...providerPrograms(stack),
    ...resourcePrograms(stack),
    ...dataPrograms(stack),
    ...terraformBlocks(stack, "check", 1).flatMap(({ body }) => dataPrograms({ ...body, terraform: stack.terraform })),
    ...namedPrograms(stack),
    ...fileReads(stack),
  ];
}

/** The same of a plan, as far as its configuration tells. */
export function programsOfPlan(plan: JsonObject): StackProgram[] {
  const configuration = objectAt(plan, "configuration");
  const providers = Object.values(objectAt(configuration, "provider_config")).flatMap((provider) => {
    const { name, full_name: source } = objectOf(provider);
    return typeof source === "string" ? foreignProvider(String(name), source) : [];
  });
  return unique([...providers, ...programsOfModule(objectAt(configuration, "root_module"), "")]);
}

function programsOfModule(module: JsonObject, prefix: string): StackProgram[] {
  const own = listAt(module, "resources").flatMap((resource): StackProgram[] => {
    if (!isObject(resource)) {
      return [];
    }
    const subject = `${prefix}${String(resource.address)}`;
    const runs = RUNNING_DATA.has(String(resource.type)) && resource.mode === "data";
    return [
      ...(listAt(resource, "provisioners").length > 0 ? [provisioner(subject)] : []),
      ...(runs ? [{ subject, path: "type", problem: "it runs a program when it is read" }] : []),
    ];
  });
  const called = Object.entries(objectAt(module, "module_calls")).flatMap(([name, call]) =>
    programsOfModule(objectAt(call, "module"), `${prefix}module.${name}.`),
  );
  return [...own, ...called];
}

function* unknownBlocks(stack: JsonObject): Iterable<StackProgram> {
  for (const key of Object.keys(stack).filter((name) => !BLOCKS.has(name))) {
    yield { subject: key, path: key, problem: "no rule reads blocks of this kind" };
  }
}

function settingPrograms(stack: JsonObject): StackProgram[] {
  return listAt(stack, "terraform").flatMap((settings) => {
    const found = (name: string, problem: string): StackProgram => ({
      subject: `terraform.${name}`,
      path: `terraform.${name}`,
      problem,
    });
    const keys = Object.keys(objectOf(settings));
    const backends = terraformBlocks(settings, "backend", 1);
    return [
      ...keys.filter((key) => !SETTINGS.has(key)).map((key) => found(key, "no rule reads this setting")),
      ...(keys.includes("cloud") ? [found("cloud", "the state would leave the account")] : []),
      ...backends.flatMap(({ labels: [type = ""], body }) => [
        ...(type === "s3" ? [] : [found(`backend.${type}`, "the state would leave its bucket")]),
        ...(type === "s3" ? otherThan(S3_STATE, body) : []).map((key) =>
          found(`backend.s3.${key}`, "it changes where the state goes, or who writes it"),
        ),
      ]),
      ...[...requiredProviders(stack)].flatMap(([name, source]) => foreignProvider(name, source)),
    ];
  });
}

/** Local names of providers, each with the namespace and type that it is installed from. */
function requiredProviders(stack: unknown): Map<string, string> {
  const required = new Map<string, string>();
  for (const settings of listAt(stack, "terraform")) {
    for (const providers of listAt(settings, "required_providers")) {
      for (const [name, requirement] of Object.entries(objectOf(providers))) {
        const source = isObject(requirement) ? requirement.source : undefined;
        required.set(name, typeof source === "string" ? source : `hashicorp/${name}`);
      }
    }
  }
  return required;
}

function foreignProvider(name: string, source: string): StackProgram[] {
  const plain = source.toLowerCase().replace(/^registry\.(?:terraform\.io|opentofu\.org)\//, "");
  const full = plain.includes("/") ? plain : `hashicorp/${plain}`;
  const problem = `it is a program of ${source}, which would run with the credentials`;
  return PROVIDERS.has(full) ? [] : [{ subject: `provider.${name}`, path: "source", problem }];
}

function providerPrograms(stack: JsonObject): StackProgram[] {
  const required = requiredProviders(stack);
  return terraformBlocks(stack, "provider", 1).flatMap(({ labels: [name = ""], body }) => {
    const found = (path: string, problem: string): StackProgram => ({ subject: `provider.${name}`, path, problem });
    const source = required.get(name) ?? name;
    const type = source.split("/").at(-1);
    return [
      ...foreignProvider(name, source),
      ...(type === "aws" || type === "awscc"
        ? Object.keys(body)
            .filter((key) => AWS_DETOURS.has(key))
            .map((key) => found(key, "it sends requests or credentials elsewhere"))
        : []),
      ...(type === "helm" || type === "kubernetes" ? accessPrograms(body, found) : []),
    ];
  });
}

/** How the Kubernetes API is reached: the token of the role must go to that cluster, and only `aws` may make it. */
function accessPrograms(body: JsonObject, found: (path: string, problem: string) => StackProgram): StackProgram[] {
  const { host } = body;
  const isCluster = host === undefined || (typeof host === "string" && CLUSTER_ENDPOINT.test(host));
  return [
    ...otherThan(CLUSTER_ACCESS, body).map((key) => found(key, "it changes who is reached, or with which credentials")),
    ...(isCluster ? [] : [found("host", "it is not the endpoint of a cluster that AWS names")]),
    ...listAt(body, "exec")
      .filter((exec) => !isTokenOfCluster(exec))
      .map(() => found("exec", "it starts a program other than aws eks get-token")),
    ...listAt(body, "kubernetes").flatMap((inner) => accessPrograms(objectOf(inner), found)),
  ];
}

function isTokenOfCluster(exec: unknown): boolean {
  const { command, args, api_version: _, ...others } = objectOf(exec);
  const words = Array.isArray(args) ? args : [];
  const [eks, getToken, ...options] = words;
  const isPlain = options.every(
    (word, index) =>
      typeof word === "string" && (index % 2 === 0 ? /^--(?:cluster-name|region)$/.test(word) : !word.startsWith("-")),
  );
  const isAws = command === "aws" && eks === "eks" && getToken === "get-token";
  return isAws && isPlain && Object.keys(others).length === 0;
}

function resourcePrograms(stack: JsonObject): StackProgram[] {
  const required = requiredProviders(stack);
  return [
    ...terraformBlocks(stack, "resource", 2).flatMap((block) => {
      const [type, name] = block.labels;
      const subject = `${type}.${name}`;
      const { repository } = block.body;
      const asks = type === "helm_release" && typeof repository === "string" && /[$%]\{/.test(repository);
      return [
        ...(listAt(block.body, "provisioner").length > 0 ? [provisioner(subject)] : []),
        ...(asks ? [{ subject, path: "repository", problem: "its address is made while it is planned" }] : []),
        ...providerOf(block, required),
      ];
    }),
    ...terraformBlocks(stack, "removed", 0)
      .filter(({ body }) => listAt(body, "provisioner").length > 0)
      .map(() => provisioner("removed")),
  ];
}

function provisioner(subject: string): StackProgram {
  return { subject, path: "provisioner", problem: "its provisioner runs a program with the credentials" };
}

/** A type whose provider nobody requires is taken from HashiCorp, by the first word of the type. */
function providerOf(
  { labels: [type = ""], body }: TerraformBlock,
  required: ReadonlyMap<string, string>,
): StackProgram[] {
  const named = typeof body.provider === "string" ? body.provider.replace(/^\$\{|\}$/g, "").split(".")[0] : undefined;
  const name = named ?? type.split("_")[0] ?? "";
  if (name === "terraform" || required.has(name)) {
    return [];
  }
  return foreignProvider(name, name);
}

function dataPrograms(stack: JsonObject): StackProgram[] {
  const required = requiredProviders(stack);
  return terraformBlocks(stack, "data", 2).flatMap((block) => {
    const [type = "", name] = block.labels;
    const subject = `data.${type}.${name}`;
    return [
      ...providerOf(block, required),
      ...(RUNNING_DATA.has(type) ? [{ subject, path: "type", problem: "it runs a program when it is read" }] : []),
      ...(type === "terraform_remote_state" ? remoteStateProblems(block.body, subject, stack) : []),
    ];
  });
}

/** State of another stack lies where this one's does: whoever writes it says which cluster gets the token. */
function remoteStateProblems(body: JsonObject, subject: string, stack: JsonObject): StackProgram[] {
  const found = (path: string, problem: string): StackProgram => ({ subject, path, problem });
  const config = objectAt(body, "config");
  const buckets = listAt(stack, "terraform").flatMap((settings) =>
    terraformBlocks(settings, "backend", 1).map((backend) => backend.body.bucket),
  );
  const isAwaited = (value: unknown) =>
    typeof value === "string" ? AWAITED.test(value) : isObject(value) && Object.keys(value).length === 0;
  return [
    ...(body.backend === "s3" ? [] : [found("backend", "it is not read from the state bucket")]),
    ...otherThan(S3_STATE, config).map((key) => found(`config.${key}`, "it changes where the state is read from")),
    ...(typeof config.bucket === "string" && buckets.includes(config.bucket)
      ? []
      : [found("config.bucket", "it is not the bucket of this stack's state")]),
    ...Object.entries(objectAt(body, "defaults"))
      .filter(([, value]) => !isAwaited(value))
      .map(([key]) => found(`defaults.${key}`, "it stands in for what a deployed stack says")),
  ];
}

function namedPrograms(stack: JsonObject): StackProgram[] {
  return [
    ...terraformBlocks(stack, "module", 1).map(({ labels: [name] }) => ({
      subject: `module.${name}`,
      path: "source",
      problem: "what is in the module is not in the stack, and may run programs when it is planned",
    })),
    ...terraformBlocks(stack, "ephemeral", 2).map(({ labels: [type, name] }) => ({
      subject: `ephemeral.${type}.${name}`,
      path: "type",
      problem: "it is made when the stack is planned, and no plan shows it",
    })),
  ];
}

function fileReads(stack: JsonObject): StackProgram[] {
  return Object.entries(stack).flatMap(([key, value]) => {
    const name = fileReadIn(value);
    const problem = `an expression calls ${name}, which reads files of the machine that plans`;
    return key === "//" || name === undefined ? [] : [{ subject: `${key}.${name}`, path: key, problem }];
  });
}

function otherThan(known: ReadonlySet<string>, body: JsonObject): string[] {
  return Object.keys(body).filter((key) => key !== "//" && !known.has(key));
}

/** Each subject with a problem once, as Terraform lists a provider for each module. */
function unique(programs: readonly StackProgram[]): StackProgram[] {
  return [...new Map(programs.map((program) => [`${program.subject} ${program.path}`, program])).values()];
}
