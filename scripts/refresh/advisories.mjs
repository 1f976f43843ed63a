// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { members } from "./source.mjs";

const URL = "https://api.osv.dev/v1/querybatch";
const FORM = members({
  results: {
    type: "array",
    items: {
      type: "object",
      properties: { vulns: { type: "array", items: members({ id: { type: "string" } }) } },
      additionalProperties: false,
    },
  },
});

/**
 * Advisories that are known of what the tables pin. Form: https://google.github.io/osv.dev/post-v1-querybatch/
 *
 * @param {import("./source.mjs").Source} source
 * @param {Record<string, any>} tables
 * @returns {Promise<{ what: string, version: string, ids: string[] }[]>}
 */
export async function advisories(source, tables) {
  const pins = pinnedPackages(tables);
  const queries = pins.map(({ name, ecosystem, version }) => ({ package: { name, ecosystem }, version }));
  const { results } = await source.json(URL, FORM, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ queries }),
  });
  if (results.length !== pins.length) {
    throw new Error(`${URL} has changed its form: ${results.length} results for ${pins.length} queries`);
  }
  return results.flatMap(({ vulns }, index) => {
    const { name, version } = pins[index];
    return vulns === undefined ? [] : [{ what: name, version, ids: vulns.map(({ id }) => id) }];
  });
}

/** What the tables pin, as the database names it. */
export function pinnedPackages(tables) {
  const { projen, typescript, biome, typesNode, engines, providers } = tables["data/toolchain.json"];
  const npm = {
    ...{ projen, typescript, "@biomejs/biome": biome, "@types/node": typesNode },
    ...{
      cdktf: engines.cdktf.cdktf,
      cdktn: engines.cdktn.cdktf.split("@").at(-1),
      constructs: engines.cdktn.constructs,
    },
    ...providers,
  };
  const tools = Object.values(tables["verify/tools.json"]);
  return [
    ...Object.entries(npm).map(([name, version]) => ({ ecosystem: "npm", name, version })),
    ...Object.entries(tables["workflows/pins.json"].actions).map(([name, { version }]) => ({
      ecosystem: "GitHub Actions",
      name,
      version: version.replace(/^v/, ""),
    })),
    ...tools
      .filter(({ kind }) => kind === "go")
      .map(({ module: name, version }) => ({ ecosystem: "Go", name, version: version.replace(/^v/, "") })),
    ...tools
      .filter(({ kind }) => kind === "pip")
      .map(({ package: name, version }) => ({ ecosystem: "PyPI", name: name.replace(/\[.*/, ""), version })),
    ...Object.keys(tables["data/ray.json"].versions).map((version) => ({ ecosystem: "PyPI", name: "ray", version })),
  ];
}
