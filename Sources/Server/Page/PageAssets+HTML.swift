extension PageAssets {
  /// The page itself; everything in it is put there by `main.js`.
  static let html = #"""
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Cauchy</title>
    <link rel="icon" href="icon.svg">
    <link rel="stylesheet" href="style.css">
    <script type="module" src="main.js"></script>
    </head>
    <body>
    <a class="skip" id="skip" href="#main">Skip to the content</a>
    <header>
    <a class="name" href="#/">Cauchy</a>
    <nav aria-label="Views">
    <a href="#/" data-view="runs">Runs</a>
    <a href="#/problems" data-view="problems">Problems</a>
    <a href="#/compare" data-view="compare">Compare</a>
    <a href="#/keys" data-view="keys">Keys</a>
    </nav>
    </header>
    <p id="notice" role="status" aria-live="polite"></p>
    <main id="main" tabindex="-1"><noscript>This page needs JavaScript.</noscript></main>
    </body>
    </html>
    """#

  /// A curve that decays.
  static let icon = #"""
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
    <rect width="32" height="32" rx="6" fill="#0b4f8a"/>
    <path d="M5 7v19h22" fill="none" stroke="#fff" stroke-width="2"/>
    <path d="M7 9c5 14 9 14 19 14" fill="none" stroke="#f0c419" stroke-width="3"/>
    </svg>
    """#
}
