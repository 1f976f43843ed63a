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
  { title: "an AWS session token", expression: /\b(?:FwoGZXIvYXdz|IQoJb3JpZ2lu)[A-Za-z0-9+/=]{20,}/ },
  { title: "a signature of AWS", expression: /X-Amz-Signature=[0-9a-f]{32,}/i },
  { title: "an Azure client secret", expression: /\b[\w~.-]{3}\dQ~[\w~.-]{31,34}/ },
  { title: "an Azure access signature", expression: /[?&]sig=[A-Za-z0-9%+/=]{30,}/ },
  { title: "an Alibaba Cloud key id", expression: /\bLTAI[A-Za-z0-9]{16,20}\b/ },
  { title: "a key in base64", expression: /\bLS0tLS1CRUdJT[A-Za-z0-9+/=]{20,}/ },
  { title: "a PuTTY key", expression: /PuTTY-User-Key-File-\d/ },
  { title: "a Google refresh token", expression: /\b1\/\/0[\w-]{30,}/ },
  {
    title: "a Discord webhook or token",
    expression: /discord(?:app)?\.com\/api\/webhooks\/\d+\/[\w-]{20,}|\b[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,}/,
  },
  { title: "a Teams webhook", expression: /\.webhook\.office\.com\/webhookb2\/\S{20,}/ },
  { title: "a Telegram token", expression: /\b\d{8,10}:AA[\w-]{32,}/ },
  { title: "a Twilio key", expression: /\bSK[0-9a-f]{32}\b/ },
  { title: "a Mailgun key", expression: /\bkey-[0-9a-f]{32}\b/ },
  { title: "a Mailchimp key", expression: /\b[0-9a-f]{32}-us\d{1,2}\b/ },
  { title: "a Shopify token", expression: /\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}/ },
  { title: "a Square token", expression: /\bsq0(?:atp|csp)-[\w-]{22,}/ },
  { title: "a Sentry token", expression: /\bsntry[su]_[\w+/=-]{20,}/ },
  { title: "a New Relic key", expression: /\bNRAK-[A-Z0-9]{27}/ },
  { title: "a Dynatrace token", expression: /\bdt0[a-z]\d{2}\.[A-Z0-9]{24}\.[A-Z0-9]{64}/ },
  { title: "an Atlassian token", expression: /\bAT(?:ATT3x|BB|CTT3x)[\w=-]{20,}/ },
  { title: "a Linear key", expression: /\blin_api_[A-Za-z0-9]{32,}/ },
  { title: "a Notion token", expression: /\b(?:secret|ntn)_[A-Za-z0-9]{40,}/ },
  { title: "a Figma token", expression: /\bfigd_[\w-]{30,}/ },
  { title: "a Postman key", expression: /\bPMAK-[0-9a-f]{24}-[0-9a-f]{34}/ },
  { title: "a Pulumi token", expression: /\bpul-[0-9a-f]{40}/ },
  { title: "a Doppler token", expression: /\bdp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{40,}/ },
  { title: "a Supabase key", expression: /\bsb(?:p|_secret)_[\w-]{20,}/ },
  { title: "a PlanetScale token", expression: /\bpscale_(?:tkn|pw|oauth)_[\w.-]{30,}/ },
  { title: "a Tailscale key", expression: /\btskey-[a-z]+-[\w-]{20,}/ },
  { title: "a 1Password token", expression: /\bops_eyJ[\w-]{40,}/ },
  { title: "a RubyGems key", expression: /\brubygems_[0-9a-f]{48}/ },
  { title: "a crates.io token", expression: /\bcio[A-Za-z0-9]{32}\b/ },
  { title: "an Artifactory key", expression: /\bAKCp[A-Za-z0-9]{60,}/ },
  { title: "a Groq, Replicate, xAI or Perplexity key", expression: /\b(?:gsk_|r8_|xai-|pplx-)[A-Za-z0-9]{30,}/ },
  { title: "a LangSmith key", expression: /\blsv2_(?:pt|sk)_[0-9a-f]{32}/ },
  { title: "an Authorization header", expression: /\b(?:Bearer|Basic)\s+(?![$<{])[\w.~+/=-]{12,}/i },
  { title: "a user with a password", expression: /(?:^|\s)(?:-u|--user)[ =]["']?[^\s:"'$]+:(?![$<{])[^\s"']+/ },
  { title: "a URL with a password", expression: /\b[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:(?![{$<])[^/\s:@]+@/ },
];

const SECRET_WORDS: ReadonlySet<string> = new Set(
  "password passwords passwd pwd passphrase passcode secret secrets token tokens credential credentials creds apikey pat".split(
    " ",
  ),
);
/** The same where they are written together with others: `dbpassword`, `PGPASSWORD`, `authtoken`. */
const SECRET_PARTS =
  /passw(?:or)?d|passphrase|secret|apikey|(?:access|private|signing|encryption|master)key|(?:api|auth|access|bearer|refresh|session|id)token$/;
/** Names that end in a word which alone means too much. */
const SECRET_ENDS: ReadonlySet<string> = new Set(["pass", "pw", "authorization", "hmac"]);
/** Words that make a secret of the word "key" behind them. */
const KEY_WORDS: ReadonlySet<string> = new Set(
  "access account api deploy encryption hmac license master private secret session shared signing storage".split(" "),
);
/** Words that make a number of the word "tokens" somewhere behind them. */
const COUNTING_WORDS = /^(?:max|min|num|n|total|count|avg|per)$/;

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
  /(?:^|[\s;&"'`?{,(])-{0,2}([A-Za-z_][\w.-]*)(?:["']?\s?[=:]\s?(?!\/\/)|(?<=\s--?[A-Za-z][\w.-]*)\s+)("[^"]*"|'[^']*'|[^\s;&"'`,})]+)/g;

/**
 * What kind of credential a text holds; undefined for one that holds none.
 * @param name the name under which the text stands, where users choose names, such as the key of a map
 */
export function secretIn(text: string, name?: string): string | undefined {
  const form = FORMS.find(({ expression }) => expression.test(text));
  if (form !== undefined) {
    return form.title;
  }
  if (looksLikeAwsSecret(text)) {
    return "an AWS secret access key";
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
  const last = words.at(-1) ?? "";
  const isSecret = words.some(
    (word, index) =>
      (SECRET_WORDS.has(word) &&
        !(word === "tokens" && words.slice(0, index).some((before) => COUNTING_WORDS.test(before)))) ||
      SECRET_PARTS.test(word) ||
      (word === "key" && KEY_WORDS.has(words[index - 1] ?? "")),
  );
  return (isSecret || SECRET_ENDS.has(last)) && !DESCRIBING_WORDS.has(last);
}

/** Forty characters that nobody can remember: they have no form of their own, but no name or path is as disorderly. */
function looksLikeAwsSecret(text: string): boolean {
  return (text.match(/(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g) ?? []).some(
    (word) => /[a-z]/.test(word) && /[A-Z]/.test(word) && /\d/.test(word) && entropy(word) > 4.4,
  );
}

/** Bits for each character, by how often each of them occurs. */
function entropy(text: string): number {
  const counts = [...text].reduce(
    (map, letter) => map.set(letter, (map.get(letter) ?? 0) + 1),
    new Map<string, number>(),
  );
  return [...counts.values()].reduce((bits, count) => bits - (count / text.length) * Math.log2(count / text.length), 0);
}
