// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** A form of credential that can be told from other text. */
interface SecretForm {
  /** What it is, for a message. */
  readonly title: string;
  readonly expression: RegExp;
}

/** Forms that the issuers document, so that scanners find them; each is specific enough to be nothing else. */
const FORMS: readonly SecretForm[] = [
  { title: "a private key", expression: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/ },
  { title: "an age key", expression: /\bAGE-SECRET-KEY-1[A-Z0-9]{20,}/ },
  { title: "an AWS access key id", expression: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b/ },
  { title: "a GitHub token", expression: /\bgh[pousr]_[A-Za-z0-9]{36,}|\bgithub_pat_\w{22,}/ },
  { title: "a GitLab token", expression: /\bgl(?:pat|ptt|dt|rt|cbt|soat)-[\w-]{20,}/ },
  { title: "a Slack token", expression: /\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bxapp-\d-[A-Za-z0-9-]{10,}/ },
  { title: "a Slack webhook", expression: /hooks\.slack\.com\/(?:services|workflows|triggers)\/[\w/]{16,}/ },
  { title: "a JSON Web Token", expression: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/ },
  { title: "an npm token", expression: /\bnpm_[A-Za-z0-9]{36}\b/ },
  { title: "a PyPI token", expression: /\bpypi-AgE[\w-]{20,}/ },
  { title: "a Docker Hub token", expression: /\bdckr_(?:pat|oat)_[\w-]{20,}/ },
  { title: "a Google API key", expression: /\bAIza[\w-]{35}\b|\bGOCSPX-[\w-]{20,}|\bya29\.[\w-]{20,}/ },
  { title: "an OpenAI or Anthropic key", expression: /\bsk-(?:ant-|proj-|svcacct-)?[\w-]*[A-Za-z0-9]{20,}/ },
  { title: "a Hugging Face token", expression: /\bhf_[A-Za-z0-9]{30,}/ },
  { title: "a Stripe key", expression: /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/ },
  { title: "a SendGrid key", expression: /\bSG\.[\w-]{16,}\.[\w-]{16,}/ },
  { title: "a HashiCorp Vault token", expression: /\bhv[sbr]\.[\w-]{20,}/ },
  { title: "a Terraform Cloud token", expression: /\b[A-Za-z0-9]{14}\.atlasv1\.[\w-]{40,}/ },
  { title: "a Grafana token", expression: /\bgl(?:sa|c)_[A-Za-z0-9+/=_]{20,}/ },
  { title: "a Databricks token", expression: /\bdapi[0-9a-f]{32}\b/ },
  { title: "a DigitalOcean token", expression: /\bdo[opr]_v1_[0-9a-f]{32,}/ },
  { title: "an Azure storage key", expression: /\bAccountKey=[A-Za-z0-9+/]{40,}/ },
  { title: "a URL with a password", expression: /\b[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:(?![{$<])[^/\s:@]+@/ },
];

const SECRET_WORDS: ReadonlySet<string> = new Set(
  "password passwd pwd passphrase secret secrets token tokens credential credentials apikey".split(" "),
);
/** Words that make a secret of the word "key" behind them. */
const KEY_WORDS: ReadonlySet<string> = new Set("access api encryption license private secret signing".split(" "));

/** Words that say that a value describes a secret, or names the place of one. */
const DESCRIBING_WORDS: ReadonlySet<string> = new Set(
  (
    "arn arns audience auth bucket class count days email enabled endpoint env expiry file format group hours id ids issuer " +
    "length lifetime limit manager max min minutes mode name names namespace owner path policy prefix provider ref region " +
    "required role rotation seconds service size store team timeout ttl type url user username version"
  ).split(" "),
);

/** A reference, a placeholder or a switch: what may stand under a name that speaks of a secret. */
const NO_LITERAL =
  /^(?:|\$.*|\{\{.*|<.*>|%.*%|\*+|arn:.*|\.{0,2}\/.*|file:.*|(?:env|ssm|vault|secretsmanager|secret|ref)[:/].*|true|false|yes|no|on|off|none|null|auto|enabled?|disabled?|required|optional|default)$/i;

/** An assignment or a flag within a command line. */
const ASSIGNMENT =
  /(?:^|[\s;&"'])-{0,2}([A-Za-z][\w.-]*)(?:=|:\s?|(?<=\s--?[A-Za-z][\w.-]*)\s+)("[^"]*"|'[^']*'|[^\s;&"']+)/g;

/**
 * What kind of credential a text holds; undefined for one that holds none.
 * @param name the name under which the text stands, where users choose names, such as the key of a map
 */
export function secretIn(text: string, name?: string): string | undefined {
  const form = FORMS.find(({ expression }) => expression.test(text));
  if (form !== undefined) {
    return form.title;
  }
  if (name !== undefined && saysSecret(name) && !NO_LITERAL.test(text.trim())) {
    return `the value of "${name}"`;
  }
  for (const [, key = "", value = ""] of text.matchAll(ASSIGNMENT)) {
    if (saysSecret(key) && !NO_LITERAL.test(value.replace(/^["']|["']$/g, ""))) {
      return `the value of "${key}"`;
    }
  }
  return undefined;
}

/** Whether a name speaks of a secret itself, and not of something about it. */
function saysSecret(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== "");
  const isSecret = words.some(
    (word, index) => SECRET_WORDS.has(word) || (word === "key" && KEY_WORDS.has(words[index - 1] ?? "")),
  );
  return isSecret && !DESCRIBING_WORDS.has(words.at(-1) ?? "");
}
