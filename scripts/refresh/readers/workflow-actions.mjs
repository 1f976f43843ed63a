// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { compatibleLine, newestRelease } from "../releases.mjs";
import { COMMIT, listOf, members, TEXT } from "../source.mjs";

const FILE = "workflows/pins.json";
const RELEASES = listOf({
  ...members({ tag_name: TEXT, draft: { type: "boolean" }, prerelease: { type: "boolean" } }),
  properties: { tag_name: TEXT, published_at: { type: ["string", "null"] } },
});

export default {
  id: "workflow-actions",
  title: "actions of workflows, by commit",
  files: [FILE],
  source: "https://api.github.com, and the repositories' own refs",
  form: "https://docs.github.com/en/rest/releases/releases; https://git-scm.com/docs/http-protocol",
  async read({ source, tables, day }) {
    const changes = [];
    const waiting = [];
    for (const [name, pin] of Object.entries(tables[FILE].actions)) {
      const releases = (await source.json(`https://api.github.com/repos/${name}/releases?per_page=100`, RELEASES))
        .filter(({ draft, prerelease }) => !draft && !prerelease)
        .map(({ tag_name: version, published_at: time }) => ({ version, time: time ?? undefined }));
      const choice = { day, least: pin.version };
      const newest = newestRelease(releases, { ...choice, line: compatibleLine(pin.version) });
      const next = newestRelease(releases, choice);
      if (newest !== undefined && newest !== pin.version) {
        const path = ["actions", name];
        const means = "every workflow that uses it changes; merging needs the `workflows` permission";
        const sha = await commitOfTag(source, name, newest);
        changes.push(
          { file: FILE, path: [...path, "version"], value: newest, means },
          { file: FILE, path: [...path, "sha"], value: sha, means },
          { file: FILE, path: [...path, "source"], value: `${name}:refs/tags/${newest}`, means },
        );
      }
      if (next !== undefined && compatibleLine(next) !== compatibleLine(pin.version)) {
        waiting.push({ what: name, newest: next, why: "a new major version: its inputs may differ" });
      }
    }
    return { changes, waiting };
  },
};

/** The commit of a tag, as the API and git's own protocol say it. */
async function commitOfTag(source, name, tag) {
  const url = `https://api.github.com/repos/${name}/commits/${tag}`;
  const { sha } = await source.json(url, members({ sha: COMMIT }));
  const refs = await source.text(`https://github.com/${name}.git/info/refs?service=git-upload-pack`);
  // An annotated tag is an object of its own; the line with ^{} has the commit that it names.
  const of = (ref) => new RegExp(`([0-9a-f]{40}) refs/tags/${tag.replaceAll(".", "\\.")}${ref}\\n`).exec(refs)?.[1];
  const advertised = of("\\^\\{\\}") ?? of("");
  if (advertised !== sha) {
    throw new Error(`${name} ${tag}: ${url} says ${sha}, and the repository's refs say ${advertised ?? "nothing"}`);
  }
  return sha;
}
