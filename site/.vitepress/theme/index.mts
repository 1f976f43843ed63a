// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type Theme, useData } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import { nextTick, onMounted, watch } from "vue";
import "./theme.css";

export default { extends: DefaultTheme, setup: markMainContent } satisfies Theme;

/** The theme's first page has no landmark for its content, by which readers who do not see it find it. */
function markMainContent(): void {
  const { frontmatter } = useData();
  const mark = async (layout: unknown) => {
    await nextTick();
    const content = document.getElementById("VPContent");
    if (layout === "home") {
      content?.setAttribute("role", "main");
    } else {
      content?.removeAttribute("role");
    }
  };
  onMounted(() => watch(() => frontmatter.value.layout, mark, { immediate: true }));
}
