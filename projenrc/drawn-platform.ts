// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { postureSubject } from "../src/cli/read-posture-subject";
import { STANDALONE_STYLE } from "../src/posture/picture-style";
import { PICTURE_WIDTHS, platformPicture } from "../src/posture/platform-picture";

/** The first environment of a synthesized repository as SVG, with its style and nothing from elsewhere. */
export function drawnPlatform(root: string, marker: string): string {
  const [environment] = postureSubject(root, []).environments;
  const { text } = platformPicture(environment, "wide");
  const [, height] = / viewBox="0 0 \d+ (\d+)"/.exec(text) ?? [];
  return `${text.replace(
    /^<svg ([^>]*)>/,
    `<svg xmlns="http://www.w3.org/2000/svg" width="${PICTURE_WIDTHS.wide}" height="${height}" $1><!-- ${marker} --><style>${STANDALONE_STYLE}</style>`,
  )}\n`;
}
