extension PageAssets {
  /// Colours follow the system's light or dark scheme; curves have the palette of Okabe and Ito,
  /// which people with colour blindness tell apart.
  static let style = #"""
    :root {
      --back: #fff; --panel: #f4f6f8; --text: #17212b; --soft: #51606e; --line: #c9d1d9;
      --link: #0b4f8a; --focus: #b3500a; --good: #1a6b3c; --bad: #a3221b; --warn: #7a5200;
      --mark: #ffd9d6; --note: #fff1cc;
      --s0: #0072b2; --s1: #d55e00; --s2: #007a5a; --s3: #b1518a; --s4: #8a6d00; --s5: #2f8fc4;
      --s6: #5b5b5b; --s7: #6a3d9a;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --back: #12181e; --panel: #1b242c; --text: #e8edf2; --soft: #a9b6c2; --line: #3a4753;
        --link: #7fc4ff; --focus: #ffb454; --good: #6fd197; --bad: #ff9b93; --warn: #f2c66d;
        --mark: #6b2420; --note: #4d3d10;
        --s0: #56b4e9; --s1: #f28c3a; --s2: #2fc49a; --s3: #e59ac4; --s4: #f0e442; --s5: #8fc7ff;
        --s6: #c4c4c4; --s7: #c9a6f2;
      }
    }
    * { box-sizing: border-box; }
    html { font: 16px/1.5 system-ui, sans-serif; background: var(--back); color: var(--text); }
    body { margin: 0; min-width: 0; }
    a { color: var(--link); }
    header { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; align-items: baseline;
      padding: .5rem 1rem; border-bottom: 1px solid var(--line); background: var(--panel); }
    .name { font-weight: 700; font-size: 1.15rem; text-decoration: none; color: var(--text); }
    nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
    nav a { padding: .25rem 0; }
    nav a[aria-current] { font-weight: 600; color: var(--text); text-decoration-thickness: 3px;
      text-underline-offset: .4rem; }
    main { padding: 1rem; max-width: 76rem; margin: 0 auto; }
    main:focus { outline: none; }
    h1 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 .75rem; overflow-wrap: anywhere; }
    h2 { font-size: 1.1rem; margin: 1.5rem 0 .5rem; }
    p { margin: .5rem 0; overflow-wrap: anywhere; }
    :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
    .skip { position: absolute; left: -9999px; }
    .skip:focus { left: .5rem; top: .5rem; background: var(--back); padding: .5rem; z-index: 2; }
    .soft { color: var(--soft); }
    #notice { margin: 0; padding: 0 1rem; }
    #notice:not(:empty) { padding: .5rem 1rem; background: var(--note); }
    .fault { color: var(--bad); white-space: pre-wrap; overflow-wrap: anywhere; margin: .5rem 0;
      font-size: .95rem; }
    .fault p { margin: 0; }
    .fault details { color: var(--text); white-space: normal; }
    .fault:empty { display: none; }
    button, input, select, textarea { font: inherit; color: inherit; background: var(--back);
      border: 1px solid var(--soft); border-radius: 4px; padding: .35rem .6rem; max-width: 100%; }
    ::placeholder { color: var(--soft); opacity: 1; }
    input[type=checkbox] { width: 1.1rem; height: 1.1rem; vertical-align: middle; }
    button { cursor: pointer; background: var(--panel); }
    button.main { background: var(--link); color: var(--back); border-color: var(--link); }
    button:disabled, button[aria-disabled=true] { opacity: .55; cursor: default; }
    .bar { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: end; margin: .5rem 0; }
    .bar > label { display: grid; gap: .15rem; font-size: .9rem; color: var(--soft); min-width: 0; }
    .bar > label > * { color: var(--text); min-width: 0; min-height: 2.4rem; }
    .bar > a, .bar > span { padding: .4rem 0; }
    section .scroll table { max-width: 44rem; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
    caption, .caption { text-align: left; color: var(--soft); padding: .25rem 0; margin: 0; }
    th, td { text-align: left; padding: .3rem .9rem .3rem 0; vertical-align: top;
      border-bottom: 1px solid var(--line); }
    th.number, td.number { text-align: right; white-space: nowrap; }
    td { overflow-wrap: anywhere; }
    /* Words stay whole where a table may scroll. */
    .scroll td { overflow-wrap: break-word; }
    table.sides td { min-width: 8rem; max-width: 24rem; }
    table.sides th[scope=row] { min-width: 6rem; }
    th button { border: 0; background: none; padding: 0; font-weight: 600; white-space: nowrap; }
    .state { font-weight: 600; white-space: nowrap; }
    .state.reached { color: var(--good); }
    .state.failed, .state.lost, .state.gone { color: var(--bad); }
    .state.stopped { color: var(--warn); }
    .state.running { color: var(--link); }
    .columns { display: grid; gap: 0 1.5rem;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }
    .columns > * { min-width: 0; }
    ul.plain { list-style: none; padding: 0; margin: .5rem 0; }
    ul.plain > li { padding: .4rem 0; border-bottom: 1px solid var(--line);
      overflow-wrap: anywhere; }
    pre { background: var(--panel); padding: .5rem; overflow-x: auto; font-size: .85rem;
      white-space: pre-wrap; overflow-wrap: anywhere; }
    img.figure { width: 100%; background: #fff; border: 1px solid var(--line); }
    /* The editor: numbers, the text, and underlines behind it. */
    .editor { display: grid; grid-template-columns: auto 1fr; border: 1px solid var(--soft);
      border-radius: 4px; height: 26rem; max-height: 70vh; overflow: hidden; }
    .editor:focus-within { outline: 3px solid var(--focus); outline-offset: 2px; }
    .editor .lines, .editor .under, .editor textarea { font: 14px/1.5 ui-monospace, monospace;
      margin: 0; padding: .5rem .5rem 2rem; tab-size: 2; white-space: pre; overflow-wrap: normal; }
    .editor .lines { text-align: right; color: var(--soft); background: var(--panel);
      overflow: hidden; user-select: none; }
    .editor .lines .error { color: var(--bad); font-weight: 700; }
    .editor .lines .warning { color: var(--warn); font-weight: 700; }
    .editor .stack { position: relative; min-width: 0; }
    .editor .under { position: absolute; inset: 0; overflow: hidden; color: transparent;
      background: var(--back); border-radius: 0; font-size: 14px; }
    .editor textarea { position: absolute; inset: 0; width: 100%; height: 100%; border: 0;
      border-radius: 0; resize: none; background: transparent; overflow: auto; }
    .editor textarea:focus-visible { outline: none; }
    .under mark { color: transparent; background: var(--mark); text-decoration: underline wavy;
      text-decoration-color: var(--bad); }
    .under mark.warning { background: var(--note); text-decoration-color: var(--warn); }
    .messages button { text-align: left; width: 100%; border: 0; border-left: 4px solid var(--bad);
      border-radius: 0; overflow-wrap: anywhere; }
    .messages .warning button { border-left-color: var(--warn); }
    fieldset { border: 1px solid var(--line); border-radius: 4px; margin: .75rem 0; min-width: 0;
      padding: .5rem .75rem; }
    .grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 13rem), 1fr));
      gap: .5rem .75rem; }
    .grid label { display: grid; gap: .15rem; font-size: .9rem; color: var(--soft); min-width: 0; }
    /* Fields of one height, whose labels may have several lines. */
    .grid label { align-content: end; }
    .grid input, .grid textarea { width: 100%; color: var(--text); }
    .grid .wide { grid-column: 1 / -1; }
    /* Curves. */
    figure { margin: .75rem 0 1.25rem; }
    figcaption { font-weight: 600; }
    svg.chart { display: block; width: 100%; height: auto; }
    .chart text { fill: var(--text); font: 12px system-ui, sans-serif; }
    .chart .axis { stroke: var(--soft); fill: none; }
    .chart .rule { stroke: var(--line); }
    .chart .curve { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
    .chart .dots { fill: none; stroke-width: 6.5; stroke-linecap: round; }
    .c0 { stroke: var(--s0); fill: var(--s0); } .c1 { stroke: var(--s1); fill: var(--s1); }
    .c2 { stroke: var(--s2); fill: var(--s2); } .c3 { stroke: var(--s3); fill: var(--s3); }
    .c4 { stroke: var(--s4); fill: var(--s4); } .c5 { stroke: var(--s5); fill: var(--s5); }
    .c6 { stroke: var(--s6); fill: var(--s6); } .c7 { stroke: var(--s7); fill: var(--s7); }
    .legend { display: flex; flex-wrap: wrap; gap: .1rem 1rem; list-style: none; padding: 0;
      margin: .25rem 0; font-size: .9rem; }
    .legend li { overflow-wrap: anywhere; }
    .legend svg.chart { display: inline-block; width: 28px; height: 10px; vertical-align: middle;
      margin-right: .35rem; }
    progress { width: 100%; accent-color: var(--link); }
    kbd { border: 1px solid var(--soft); border-radius: 3px; padding: 0 .3rem; font-size: .9em; }
    dl.facts { display: grid; grid-template-columns: auto 1fr; gap: .2rem 1rem; margin: .5rem 0; }
    dl.facts dt { color: var(--soft); }
    dl.facts dd { margin: 0; overflow-wrap: anywhere; min-width: 0; }
    @media (max-width: 640px) {
      main { padding: .75rem; }
      table.cards thead { position: absolute; left: -9999px; }
      table.cards tr { display: flex; flex-wrap: wrap; gap: 0 .75rem; padding: .4rem 0;
        border-bottom: 1px solid var(--line); }
      table.cards td { border: 0; padding: .1rem 0; text-align: left; white-space: normal; }
      table.cards td[data-label]::before { content: attr(data-label) " "; color: var(--soft); }
      table.cards td.first { flex: 1 0 80%; }
      table.cards td:empty { display: none; }
      /* Runs side by side become runs one below the other. */
      table.sides, table.sides tbody, table.sides tr, table.sides th[scope=row], table.sides td {
        display: block; max-width: none; }
      table.sides caption { display: block; }
      table.sides thead { position: absolute; left: -9999px; }
      table.sides tr { padding: .4rem 0; border-bottom: 1px solid var(--line); }
      table.sides th[scope=row], table.sides td { border: 0; padding: .1rem 0;
        overflow-wrap: anywhere; }
      table.sides td { display: flex; flex-wrap: wrap; gap: 0 .75rem; }
      table.sides td::before { content: attr(data-label); color: var(--soft); }
      dl.facts { grid-template-columns: 1fr; }
      dl.facts dd { margin-bottom: .3rem; }
    }
    @media (prefers-reduced-motion: reduce) {
      * { scroll-behavior: auto !important; transition: none !important;
        animation: none !important; }
    }
    """#
}
