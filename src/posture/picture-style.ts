// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** The colors that a page and its pictures share, as custom properties; each pair can be read on its background. */
export const LIGHT_COLORS = `
--bg:#f7f8f8;--panel:#fff;--ink:#1a1f24;--muted:#56616b;--line:#d8dde1;--soft:#eceff1;--accent:#0b57d0;
--good:#14653a;--good-bg:#e2f3e8;--bad:#a3201a;--bad-bg:#fdeae8;--warn:#774b00;--warn-bg:#fcf0d6;
--moved:#66399b;--moved-bg:#f1eafa;--calm:#25528f;--calm-bg:#e7eefa;--none:#56616b;--none-bg:#eceff1;
--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace`;

/** What differs where a reader prefers dark pages. */
export const DARK_COLORS = `
--bg:#0e1216;--panel:#151a20;--ink:#e7ebef;--muted:#a2adb7;--line:#2d353e;--soft:#1f262d;--accent:#8ab4f8;
--good:#7fdca3;--good-bg:#11301f;--bad:#ffb3aa;--bad-bg:#451310;--warn:#f2c46c;--warn-bg:#382806;
--moved:#d3b5f8;--moved-bg:#2d1f43;--calm:#a9c7fa;--calm-bg:#17273e;--none:#a2adb7;--none-bg:#1f262d`;

/** How the picture of a platform is drawn. */
export const PICTURE_STYLE = `
svg text{font:12px var(--mono);fill:var(--ink)}svg .strong{font-weight:650}svg .quiet{fill:var(--muted)}
svg rect{fill:none;stroke:var(--line)}svg .card{fill:var(--panel)}svg .account{fill:var(--bg)}
svg .vpc{fill:var(--calm-bg);stroke:var(--calm)}svg .band,svg .zone{fill:var(--panel)}svg .zone{stroke:var(--calm);stroke-dasharray:5 4}
svg .cluster{fill:var(--panel);stroke:var(--calm);stroke-width:1.5}
svg .private{fill:var(--good-bg);stroke:none}svg .public{fill:var(--warn-bg);stroke:var(--warn)}
svg .danger{fill:var(--bad-bg);stroke:var(--bad)}svg .gpu{fill:var(--moved-bg);stroke:var(--moved)}
svg .arrow{fill:none;stroke:var(--muted);stroke-width:1.5}`;

/** The style of a picture that is a file of its own. */
export const STANDALONE_STYLE = `:root{${LIGHT_COLORS}}@media (prefers-color-scheme:dark){:root{${DARK_COLORS}}}${PICTURE_STYLE}
`;
