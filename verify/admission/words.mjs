// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Violations of the Rego in the words of the admission policies: rule, path, problem, fix. */
export function wordsOfRego(violations) {
  const texts = violations.map(({ id, path, msg, resource, fix }) => {
    const place = path === "" ? "" : ` at ${path}`;
    return `${id}${place}: ${msg.slice(resource.length + 2)}. ${fix.replace(/\.$/, "")}.`;
  });
  return [...new Set(texts.map(withRoundedNumbers))].sort();
}

/** The violations that an answer of the API server names; the whole answer where it is of another kind. */
export function wordsOfDenial(message) {
  const [, found] =
    /ValidatingAdmissionPolicy 'ray-platform-ray' with binding 'ray-platform-ray' denied request: (.*)$/.exec(
      message,
    ) ?? [undefined, message];
  return found.split(" | ").map(withRoundedNumbers).sort();
}

/** The violations that the warnings of an answer name. */
export function wordsOfWarnings(headers, policy = "ray-platform-ray-warnings") {
  return headers
    .flatMap((header) => header.split(/,(?=299 - )/))
    .map((warning) => /binding '([^']+)': (.*)"$/.exec(warning.trim()))
    .filter((match) => match?.[1] === policy)
    .flatMap(([, , text]) => text.replace(/\\(.)/g, "$1").split(" | "))
    .map(withRoundedNumbers)
    .sort();
}

/** CEL counts with floating-point numbers, and Rego stops at a number that is larger than any cluster. */
function withRoundedNumbers(text) {
  return text.replace(/\b\d+(\.\d+)?(e\+\d+)?\b/g, (number) => {
    const value = Number(number);
    return value >= 1e9 ? "more than a billion" : value >= 1e6 ? String(Number(value.toPrecision(6))) : number;
  });
}
