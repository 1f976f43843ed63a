// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { imageDigest } from "../container-registry.mjs";
import { newestGoRelease, pythonFiles } from "../package-indexes.mjs";
import { compatibleLine, newestRelease } from "../releases.mjs";
import { listOf, members, TEXT } from "../source.mjs";

const FILE = "workflows/pins.json";
const FORM_OF_TERRAFORM = listOf(
  members({ version: TEXT, timestamp_created: TEXT, is_prerelease: { type: "boolean" } }),
);
const FORM_OF_RELEASE = members({
  tag_name: TEXT,
  assets: listOf({
    ...members({ name: TEXT, browser_download_url: TEXT }),
    properties: { digest: { type: ["string", "null"] } },
  }),
});
/** The program for Linux on x86_64, and the release's own list of checksums. */
const ASSETS = {
  tfsec: { repository: "aquasecurity/tfsec", asset: "tfsec-linux-amd64", checksums: "tfsec_checksums.txt" },
  gitleaks: {
    repository: "gitleaks/gitleaks",
    asset: "gitleaks_{version}_linux_x64.tar.gz",
    checksums: "gitleaks_{version}_checksums.txt",
  },
  actionlint: {
    repository: "rhysd/actionlint",
    asset: "actionlint_{version}_linux_amd64.tar.gz",
    checksums: "actionlint_{version}_checksums.txt",
  },
  "osv-scanner": {
    repository: "google/osv-scanner",
    asset: "osv-scanner_linux_amd64",
    checksums: "osv-scanner_SHA256SUMS",
  },
  trivy: {
    repository: "aquasecurity/trivy",
    asset: "trivy_{version}_Linux-64bit.tar.gz",
    checksums: "trivy_{version}_checksums.txt",
  },
  // It publishes no list: GitHub's digest of the asset, and the digest of what is downloaded.
  zizmor: { repository: "zizmorcore/zizmor", asset: "zizmor-x86_64-unknown-linux-gnu.tar.gz" },
};

export default {
  id: "workflow-programs",
  title: "programs that workflows download, by checksum",
  files: [FILE],
  source: "https://api.github.com, https://releases.hashicorp.com, the releases' lists of checksums, https://ghcr.io",
  form: "https://docs.github.com/en/rest/releases/releases#get-a-release-by-tag-name",
  async read({ source, tables, day }) {
    const changes = [];
    for (const [name, tool] of Object.entries(tables[FILE].tools)) {
      const version =
        name === "terraform"
          ? await newestTerraform(source, tool.version, day)
          : await newestInstallable(source, tables["verify/tools.json"][name], tool.version, day);
      if (version === tool.version) {
        continue;
      }
      const means = "gates may find what they did not find before";
      const set = (key, value) => changes.push({ file: FILE, path: ["tools", name, key], value, means });
      set("version", version);
      if (tool.sha256 !== undefined) {
        set("sha256", await (name === "terraform" ? terraformChecksum : checksum)(source, tool, version, ASSETS[name]));
      }
      if (tool.image !== undefined) {
        const [repository] = tool.image.split("@");
        set("image", `${repository}@${await imageDigest(source, repository, version)}`);
      }
    }
    return { changes, waiting: [] };
  },
};

/**
 * Form: https://releases.hashicorp.com/docs/api/v1/
 *
 * Only the newest minor versions get fixes, and within a major version configurations and states stay valid.
 */
async function newestTerraform(source, current, day) {
  const url = "https://api.releases.hashicorp.com/v1/releases/terraform?limit=20";
  const releases = (await source.json(url, FORM_OF_TERRAFORM))
    .filter(({ is_prerelease }) => !is_prerelease)
    .map(({ version, timestamp_created: time }) => ({ version, time }));
  return newestRelease(releases, { day, line: compatibleLine(current), least: current }) ?? current;
}

/** `verify` installs the same version from an index of packages: what is not there is not taken. */
async function newestInstallable(source, installed, current, day) {
  const choice = { day, line: compatibleLine(current), least: current };
  if (installed?.kind === "go") {
    return ((await newestGoRelease(source, installed.module, choice)) ?? current).replace(/^v/, "");
  }
  if (installed?.kind === "pip") {
    return newestRelease(await pythonFiles(source, installed.package), choice) ?? current;
  }
  return current;
}

/** What the release's list says, and what is downloaded. */
async function terraformChecksum(source, { archive }, version) {
  const address = archive.replaceAll("{version}", version);
  const directory = address.slice(0, address.lastIndexOf("/") + 1);
  const listed = await listedChecksum(
    source,
    `${directory}terraform_${version}_SHA256SUMS`,
    address.slice(directory.length),
  );
  await source.checkedBytes(address, listed);
  return listed;
}

async function checksum(source, _tool, version, { repository, asset, checksums }) {
  const url = `https://api.github.com/repos/${repository}/releases/tags/v${version}`;
  const { assets } = await source.json(url, FORM_OF_RELEASE);
  const named = (template) => {
    const name = template.replaceAll("{version}", version);
    const found = assets.find((one) => one.name === name);
    if (found === undefined) {
      throw new Error(`${url} has changed its form: there is no asset ${name}`);
    }
    return found;
  };
  const { name, digest, browser_download_url: address } = named(asset);
  const stated = digest?.replace("sha256:", "");
  if (checksums === undefined) {
    await source.archive(address, stated ?? "");
    return stated;
  }
  const listed = await listedChecksum(source, named(checksums).browser_download_url, name);
  if (stated !== undefined && stated !== listed) {
    throw new Error(`${name} ${version}: GitHub has ${stated}, and the release's list ${listed}`);
  }
  return listed;
}

/** The checksum of a file in a list as `sha256sum` writes it. */
async function listedChecksum(source, url, name) {
  const line = (await source.text(url)).split("\n").find((one) => one.trim().split(/\s+\*?/)[1] === name);
  const listed = /^[0-9a-f]{64}(?=\s)/.exec(line ?? "")?.[0];
  if (listed === undefined) {
    throw new Error(`${url} has changed its form: it does not list ${name}`);
  }
  return listed;
}
