/** The page's style sheet; light and dark as the reader has it. The series' colours are told apart by those who see few, too (Okabe and Ito). */
const COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8a8a00", "#777777"];

export const STYLE = `
:root{color-scheme:light dark;--fg:#1d2026;--bg:#fff;--quiet:#667;--rule:#dde;--card:#f5f6f9}
@media(prefers-color-scheme:dark){:root{--fg:#e8e9ee;--bg:#15171c;--quiet:#99a;--rule:#334;--card:#1e2128}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--fg);background:var(--bg);margin:0}
main{max-width:860px;margin:0 auto;padding:32px 20px 80px}
h1{font-size:28px;margin:0}h2{font-size:19px;margin:40px 0 4px}
.quiet{color:var(--quiet);margin:2px 0 12px;font-size:14px}
svg{width:100%;height:auto;font:12px system-ui,sans-serif;fill:var(--fg)}
.grid{stroke:var(--rule)}.axis{fill:var(--quiet)}.value{font-weight:600}
.whisker{stroke:var(--fg);stroke-width:1.5}.line{fill:none!important;stroke-width:2}.mark{fill:none;stroke:var(--fg);stroke-width:2}
.legend{font-size:13px;margin:4px 0}.legend span{margin-right:16px;white-space:nowrap}.legend i{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:5px}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(190px,1fr));gap:12px;margin-top:24px}
.tiles div{background:var(--card);border-radius:10px;padding:14px 16px;display:flex;flex-direction:column}
.tiles b{font-size:30px;line-height:1.1}.tiles span{font-size:13px;margin-top:4px}.tiles small{color:var(--quiet)}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:13px}td,th{padding:4px 10px;border-bottom:1px solid var(--rule);text-align:left;white-space:nowrap}
.wrap{white-space:normal}a{color:inherit}
.n{text-align:right;font-variant-numeric:tabular-nums}
dt{font-weight:600;margin-top:10px}dd{margin:0;color:var(--quiet);font-size:14px}
${COLOURS.map((c, k) => `.s${k}{fill:${c};stroke:none;background:${c}}.line.s${k}{stroke:${c}}`).join("\n")}
`;
