/** The one style sheet of an exported HTML file: system fonts, light and dark, narrow and wide, on paper too. */
export const htmlStyle = `
:root{color-scheme:light dark;--page:#fff;--ink:#1b1d22;--soft:#5c6370;--line:#d9dce3;--in:#f0f1f4;--out:#dcebff}
@media (prefers-color-scheme:dark){:root{--page:#15171b;--ink:#e8eaee;--soft:#a0a7b4;--line:#343943;--in:#22262d;--out:#1d3a5f}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:46rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.25rem;margin:3rem 0 0;border-top:1px solid var(--line);padding-top:1.5rem}
h3{font-size:.85rem;font-weight:600;color:var(--soft);text-align:center;margin:2rem 0 1rem}
header p,footer{color:var(--soft)}footer{margin-top:3rem;text-align:center}
nav ul{columns:14rem;padding-inline-start:1.25rem}a{color:inherit}
article{width:fit-content;max-width:85%;margin:.4rem 0;padding:.5rem .8rem;border-radius:.9rem;background:var(--in)}
article.out{margin-inline-start:auto;background:var(--out)}article:target{outline:2px solid currentColor}
article p{margin:0}.who,.notes,.reactions{font-size:.8rem;color:var(--soft)}.who b{color:var(--ink);unicode-bidi:isolate}
.text{white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:plaintext}.gone{font-style:italic;color:var(--soft)}
blockquote{margin:.25rem 0;padding-inline-start:.6rem;border-inline-start:3px solid var(--line);font-size:.9rem}
blockquote a{text-decoration:none;color:var(--soft)}blockquote span{unicode-bidi:isolate;overflow-wrap:anywhere}
.reactions{list-style:none;padding:0;margin:.25rem 0 0;display:flex;flex-wrap:wrap;gap:.25rem .75rem}
@media print{article{break-inside:avoid;border:1px solid var(--line)}nav{display:none}}
`;
