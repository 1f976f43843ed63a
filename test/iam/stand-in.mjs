// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
// Stands for every program that the operations guide runs: records the call and answers as the program would.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createCipheriv } from "node:crypto";
import { basename } from "node:path";

const program = basename(process.argv[1], ".mjs");
const args = process.argv.slice(2);
const { RECORD, CONTEXT, AWS_SESSION_TOKEN = "person" } = process.env;
const value = (flag) => args[args.indexOf(flag) + 1];
const context = existsSync(CONTEXT) ? readFileSync(CONTEXT, "utf8") : "nobody";
const directory = args.find((arg) => arg.startsWith("-chdir="))?.slice("-chdir=".length);
appendFileSync(
  RECORD,
  `${JSON.stringify({ program, args, role: AWS_SESSION_TOKEN, context, ...(directory && { exists: existsSync(directory) }) })}\n`,
);

const DATA_KEY = Buffer.alloc(32, 7);
const command = args.slice(0, 2).join(" ");
if (program === "aws") {
  if (command === "eks update-kubeconfig") {
    writeFileSync(CONTEXT, value("--role-arn") ?? "");
  }
  console.log(
    {
      "sts get-caller-identity": "111122223333",
      "sts assume-role": `AKIA SECRET ${value("--role-arn")}`,
      "eks describe-cluster": "https://ABC.gr7.us-east-1.eks.amazonaws.com",
      "ec2 describe-instances": "i-0123456789abcdef0",
      "eks list-nodegroups": "cpu-1 gpu-1",
      "ecr get-login-password": "password",
      "kms decrypt": JSON.stringify({ Plaintext: DATA_KEY.toString("base64") }),
    }[command] ?? "",
  );
} else if (program === "kubectl" && args.includes("secret")) {
  console.log("dG9rZW4=");
} else if (program === "kubectl" && args.includes("rayclusters")) {
  console.log("ml-platform-prod-ray");
} else if (program === "kubectl" && args.includes("pods") && value("--output") === "name") {
  console.log("pod/ml-platform-prod-head");
} else if (program === "gh" && command === "run download") {
  const cipher = createCipheriv("aes-256-gcm", DATA_KEY, Buffer.alloc(12));
  const content = Buffer.concat([cipher.update("{}"), cipher.final()]);
  const parts = { key: Buffer.from("sealed"), nonce: Buffer.alloc(12), tag: cipher.getAuthTag(), content };
  const text = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.toString("base64")]));
  for (const name of ["prod-cluster.tfstate", "prod-messages"]) {
    writeFileSync(`${name}.encrypted`, JSON.stringify(text));
  }
} else if (command === "providers lock") {
  const { terraform } = JSON.parse(readFileSync("providers.tf.json", "utf8"));
  const registry = program === "tofu" ? "registry.opentofu.org" : "registry.terraform.io";
  const entries = Object.values(terraform.required_providers).map(({ source, version }) => {
    const address = source.split("/").length === 3 ? source : `${registry}/${source}`;
    return `provider "${address}" {\n  version = "${version}"\n  hashes = ["h1:recorded"]\n}\n`;
  });
  writeFileSync(".terraform.lock.hcl", entries.join("\n"));
} else if (args.includes("show")) {
  console.log("{}");
}
