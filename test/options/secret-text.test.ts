// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { secretIn } from "../../src/options/secret-text";
import { resolve } from "./resolve";

/** Made up, and put together here so that no scanner takes this file for a leak. */
const made = (prefix: string, length: number, alphabet = "aB3dE5gH7") =>
  prefix + alphabet.repeat(Math.ceil(length / alphabet.length)).slice(0, length);

const CREDENTIALS: ReadonlyArray<readonly [title: string, text: string]> = [
  ["GitHub, classic", made("ghp_", 36)],
  ["GitHub App", made("ghs_", 36)],
  ["GitHub, fine-grained", made("github_pat_", 60)],
  ["GitLab", made("glpat-", 20)],
  ["AWS access key", made("AKIA", 16, "ABCDEFG234567")],
  ["AWS session key", made("ASIA", 16, "ABCDEFG234567")],
  ["Slack bot", made("xoxb-", 24, "1234567890-")],
  ["Slack webhook", `https://${made("hooks.slack.com/services/", 30, "T0AB/")}`],
  ["RSA key", `-----BEGIN RSA ${"PRIVATE KEY"}-----\nMIIE`],
  ["PKCS 8 key", `-----BEGIN ${"PRIVATE KEY"}-----`],
  ["OpenSSH key", `-----BEGIN OPENSSH ${"PRIVATE KEY"}-----`],
  ["JWT", [made("eyJ", 20), made("eyJ", 20), made("", 20)].join(".")],
  ["npm", made("npm_", 36)],
  ["PyPI", made("pypi-AgE", 40)],
  ["Docker Hub", made("dckr_pat_", 27)],
  ["Google", made("AIza", 35)],
  ["OpenAI", made("sk-proj-", 48)],
  ["Anthropic", made("sk-ant-api03-", 48)],
  ["Hugging Face", made("hf_", 34)],
  ["Stripe", made("sk_live_", 24)],
  ["SendGrid", [made("SG.", 22), made("", 43)].join(".")],
  ["Vault", made("hvs.", 24)],
  ["Terraform Cloud", `${made("", 14)}.atlasv1.${made("", 60)}`],
  ["Databricks", made("dapi", 32, "0123456789abcdef")],
  ["Azure client secret", `abc8Q~${made("", 34)}`],
  ["a key in base64", made("LS0tLS1CRUdJTiBSU0E", 40)],
  ["AWS secret access key", ["wJalrXUtnFEMI", "K7MDENG", "bPxRfiCYZ9qLmTsVw3"].join("/")],
  ["AWS session token", made("IQoJb3JpZ2lu", 60)],
  ["Discord webhook", `https://discord.com/api/webhooks/1234567890/${made("", 40)}`],
  ["Telegram", `123456789:AA${made("", 33)}`],
  ["Shopify", made("shpat_", 32, "0123456789abcdef")],
  ["Sentry", made("sntrys_", 40)],
  ["Atlassian", made("ATATT3x", 40)],
  ["Notion", made("ntn_", 44)],
  ["Pulumi", made("pul-", 40, "0123456789abcdef")],
  ["Tailscale", made("tskey-auth-", 30)],
  ["Groq", made("gsk_", 52)],
  ["a header", `curl -H "Authorization: Bearer ${made("", 30)}" https://example.com`],
  ["a user of curl", `curl -u ray:${"hunter2"} https://example.com`],
  ["a query", "curl https://example.com/?token=abc123&x=1"],
  ["JSON", '{"user":"ray","password":"hunter2"}'],
  ["YAML", "user: ray\npassword: hunter2"],
  ["a URL", `postgres://ray:${"hunter2"}@db.example.com/ray`],
  ["within a command", `python train.py --key ${made("ghp_", 36)}`],
  ["a flag", "python train.py --password hunter2"],
  ["a flag with =", "python train.py --api-key=abc123"],
  ["an assignment", "DB_PASSWORD=hunter2 python train.py"],
  ["an assignment in quotes", "env TOKEN='abc def' python train.py"],
];

const NAMES = [
  "password",
  "dbPassword",
  "API_TOKEN",
  "client-secret",
  "secretKey",
  "aws_secret_access_key",
  "apiKey",
  "pwd",
  "dbpassword",
  "PGPASSWORD",
  "DB_PASS",
  "authToken",
  "accesstoken",
  "clientsecret",
  "master_key",
  "storage-account-key",
  "githubPat",
  "registry.creds",
];

/** What only looks like a secret. */
const HARMLESS: ReadonlyArray<readonly [text: string, name?: string]> = [
  ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:ray-a1b2c3", "token"],
  ["$DB_PASSWORD", "password"],
  ["${{ secrets.TOKEN }}", "token"],
  ["/var/run/secrets/token", "token"],
  ["true", "secret"],
  ["4096", "max_tokens"],
  ["bypass", "mode"],
  ["compass", "passage"],
  ["python train.py --max-new-tokens 512 --path s3://data/Team1/Experiment12/outputs"],
  ["models/MetaLlama3/Instruct8B/checkpoints/0012"],
  ["key: value, other: 1"],
  ["ray-token", "tokenSecretName"],
  ["3600", "tokenTtl"],
  ["ml-team", "secret-owner"],
  ["ml", "team"],
  ["tokenizer", "model"],
  ["BPE", "tokenizer"],
  ["python train.py --tokenizer bpe --max-tokens-count 5"],
  ["python train.py --password-file /etc/pw"],
  ["PASSWORD=$PASSWORD python train.py"],
  ["arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555"],
  ["https://github.com/acme/ray-platform"],
  ["rayproject/ray:2.49.0@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"],
  ["sk-learn"],
  ["security@example.com"],
];

test.each(CREDENTIALS)("%s is a credential", (_, text) => {
  expect(secretIn(text)).toBeDefined();
});

test.each(NAMES)("what stands under %s is one", (name) => {
  expect(secretIn("hunter2", name)).toContain(name);
});

test.each(HARMLESS.map(([text, name]) => ({ text, name })))("$text under $name is none", ({ text, name }) => {
  expect(secretIn(text, name)).toBeUndefined();
});

describe("an option that holds one", () => {
  const token = made("ghp_", 36);

  test.each([
    ["a tag", { tags: { owner: token } }, "tags.owner"],
    ["a tag by its name", { tags: { "db-password": token } }, "tags.db-password"],
    ["a string", { githubOwner: token }, "githubOwner"],
    ["a job", { ray: { jobEntrypoint: `python train.py ${token}` } }, "ray.jobEntrypoint"],
    ["a list", { release: [token] }, "release[0]"],
    ["the name of a tag", { tags: { [token]: "x" } }, "a name in tags"],
    [
      "a start parameter",
      { ray: { workerGroups: [{ name: "w", pool: "cpu", rayStartParams: { "redis-password": "hunter2" } }] } },
      "ray.workerGroups[0].rayStartParams.redis-password",
    ],
  ])("%s is refused, and not shown", (_, options, path) => {
    let message = "";
    try {
      resolve(options as never);
    } catch (error) {
      message = String((error as Error).message);
    }
    expect(message).toContain(`${path} = "(not shown)"`);
    expect(message).toContain("Secrets Manager");
    expect(message).not.toMatch(new RegExp(`${token}|hunter2`));
  });
});

describe("a credential in the wrong place is not repeated", () => {
  const token = made("ghp_", 36);

  test.each([
    ["under an option that there is not", { githubToken: "hunter2-and-more" }],
    ["by its form, under any name", { anything: token }],
    ["where a number belongs", { gpuPool: { maxSize: token } }],
    ["within an object that there is not", { registry: { user: "ray", password: "hunter2-and-more" } }],
    ["in place of a member", { accelerator: token }],
  ])("%s", (_, options) => {
    let message = "";
    try {
      resolve(options as never);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain("(not shown)");
    expect(message).not.toMatch(new RegExp(`${token}|hunter2`));
  });
});
