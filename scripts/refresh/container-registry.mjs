// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { listOf, members, SHA256, TEXT } from "./source.mjs";

/**
 * Asks a container registry.
 * Form: https://github.com/opencontainers/distribution-spec/blob/main/spec.md; tokens:
 * https://distribution.github.io/distribution/spec/auth/token/
 */
const TOKENS = {
  "ghcr.io": "https://ghcr.io/token?service=ghcr.io&scope=repository:{name}:pull",
  "public.ecr.aws": "https://public.ecr.aws/token/?service=public.ecr.aws&scope=repository:{name}:pull",
  "docker.io": "https://auth.docker.io/token?service=registry.docker.io&scope=repository:{name}:pull",
  "nvcr.io": "https://nvcr.io/proxy_auth?scope=repository:{name}:pull",
};
const HOSTS = { "docker.io": "registry-1.docker.io" };
const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

/** Every tag of a repository such as ghcr.io/owner/name. */
export async function imageTags(source, repository) {
  const { url, headers } = await access(source, repository);
  const { tags } = await source.json(`${url}/tags/list`, members({ tags: listOf(TEXT) }), { headers });
  return tags;
}

/** The digest of a tag: that of the registry's header, and of the manifest's own bytes. */
export async function imageDigest(source, repository, tag) {
  const { url, headers } = await access(source, repository);
  const manifest = `${url}/manifests/${tag}`;
  const answer = await source.answer(manifest, { headers: { ...headers, accept: MANIFESTS.join(", ") } });
  const stated = answer.headers.get("docker-content-digest");
  const digest = `sha256:${createHash("sha256").update(answer.bytes).digest("hex")}`;
  if (stated !== digest) {
    throw new Error(`${manifest} has changed its form: its header says ${stated}, and its content is ${digest}`);
  }
  return digest;
}

/** A Helm chart in a container registry, unpacked. Form: https://helm.sh/docs/topics/registries/ */
export async function chartArchive(source, repository, version) {
  const { url, headers } = await access(source, repository);
  const accept = "application/vnd.oci.image.manifest.v1+json";
  const layer = members({ mediaType: TEXT, digest: SHA256 });
  const { layers } = await source.json(`${url}/manifests/${version}`, members({ layers: listOf(layer) }), {
    headers: { ...headers, accept },
  });
  const chart = layers.find(({ mediaType }) => mediaType === "application/vnd.cncf.helm.chart.content.v1.tar+gzip");
  if (chart === undefined) {
    throw new Error(`${url}/manifests/${version} has changed its form: no layer is a chart`);
  }
  return source.archive(`${url}/blobs/${chart.digest}`, chart.digest.replace("sha256:", ""), { headers });
}

async function access(source, repository) {
  const [host, ...rest] = repository.split("/");
  const name = rest.join("/");
  const url = `https://${HOSTS[host] ?? host}/v2/${name}`;
  const token = TOKENS[host];
  if (token === undefined) {
    return { url, headers: {} };
  }
  const answer = await source.json(token.replace("{name}", name), members({ token: TEXT }));
  return { url, headers: { authorization: `Bearer ${answer.token}` } };
}
