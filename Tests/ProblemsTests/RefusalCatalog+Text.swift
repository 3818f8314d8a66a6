extension RefusalCatalog {
  /// What is refused on the text, before anything is composed, and text that is not YAML.
  static let text: [Refusal] = [
    Refusal(
      "empty file",
      "",
      gives: """
        p.yaml:1:1: the file is not a mapping; start with lines such as 'unknowns: [x]'

        ^
        """),
    Refusal(
      "a list",
      """
      - a
      - b

      """,
      gives: """
        p.yaml:1:1: the file is not a mapping; start with lines such as 'unknowns: [x]'
        - a
        ^
        """),
    Refusal(
      "a text",
      "hello\n",
      gives: """
        p.yaml:1:1: the file is not a mapping; start with lines such as 'unknowns: [x]'
        hello
        ^^^^^
        """),
    Refusal(
      "duplicate key",
      Sample.oscillator.adding("unknowns: [z]\n"),
      gives: """
        p.yaml:10:1: the key 'unknowns' is already given in line 2; keep one of the two
        unknowns: [z]
        ^^^^^^^^
        """),
    Refusal(
      "duplicate key inside",
      Sample.oscillator.adding("solve: {rtol: 1, rtol: 2, atol: 0}\n"),
      gives: """
        p.yaml:10:18: the key 'rtol' is already given in line 10; keep one of the two
        solve: {rtol: 1, rtol: 2, atol: 0}
                         ^^^^
        p.yaml:10:33: 'atol' is 0, and must be positive; write a number above 0
        solve: {rtol: 1, rtol: 2, atol: 0}
                                        ^
        """),
    Refusal(
      "anchor",
      Sample.oscillator.with("[x, y]", "&all [x, y]"),
      gives: """
        p.yaml:2:11: an anchor '&all'; remove it: every value is written out, as plain text
        unknowns: &all [x, y]
                  ^^^^
        """),
    Refusal(
      "alias",
      Sample.oscillator.adding("solve: {rtol: *r}\n"),
      gives: """
        p.yaml:10:15: an alias '*r'; write the value out, or quote an expression that starts with '*'
        solve: {rtol: *r}
                      ^^
        """),
    Refusal(
      "tag",
      Sample.oscillator.with("k: 2", "k: !!float 2"),
      gives: """
        p.yaml:3:17: a tag '!!float'; remove it: every value is written out, as plain text
        parameters: {k: !!float 2}
                        ^^^^^^^
        """),
    Refusal(
      "complex key",
      Sample.oscillator.adding("? [a, b]\n: 1\n"),
      gives: """
        p.yaml:10:1: a complex key; write a plain name before the colon
        ? [a, b]
        ^
        """),
    Refusal(
      "complex key in brackets",
      Sample.oscillator.adding("units: {[x]: m}\n"),
      gives: """
        p.yaml:10:9: a complex key; write a plain name before the colon
        units: {[x]: m}
                ^
        """),
    Refusal(
      "second document",
      Sample.oscillator.adding("---\nunknowns: [z]\n"),
      gives: """
        p.yaml:10:1: a second document starts here; keep one problem in a file
        ---
        ^^^
        """),
    Refusal(
      "too deep",
      "a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n",
      gives: """
        p.yaml:1:67: nesting is deeper than 64 levels; write the file with less nesting
        a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]…
                                                                          ^
        """),
    Refusal(
      "control character",
      Sample.oscillator.with("k: 2", "k: \u{7}2"),
      gives: """
        p.yaml:3:17: control character U+0007; remove it
        parameters: {k: �2}
                        ^
        """),
    Refusal(
      "bidirectional character",
      Sample.oscillator.with("k: 2", "k: \u{202E}2"),
      gives: """
        p.yaml:3:17: bidirectional character U+202E; remove it
        parameters: {k: �2}
                        ^
        """),
    Refusal(
      "escaped control character",
      Sample.oscillator.adding("title: \"a\\u202eb\"\n"),
      gives: #"""
        p.yaml:10:8: bidirectional character U+202E, written as an escape; remove it
        title: "a\u202eb"
               ^^^^^^^^^^
        """#),
    Refusal(
      "comma in flow",
      Sample.oscillator.with("parameters: {k: 2}", "parameters: {k: max(1, 2)}"),
      gives: """
        p.yaml:3:17: 'max(1' has an unbalanced parenthesis; inside […] and {…} a comma ends the item: quote the whole expression
        parameters: {k: max(1, 2)}
                        ^^^^^
        """),
    Refusal(
      "comma in flow list",
      Sample.oscillator.with("[x, y]", "[max(x, y)]"),
      gives: """
        p.yaml:2:12: 'max(x' has an unbalanced parenthesis; inside […] and {…} a comma ends the item: quote the whole expression
        unknowns: [max(x, y)]
                   ^^^^^
        """),
    Refusal(
      "yaml: colon",
      Sample.oscillator.adding("title: a: b\n"),
      gives: """
        p.yaml:10:9: a colon followed by a space does not fit here; quote a text that holds ': ', or check the indentation
        title: a: b
                ^
        """),
    Refusal(
      "yaml: bracket",
      Sample.oscillator.adding("solve: [1, 2\n"),
      gives: """
        p.yaml:10:8: a list in brackets is not closed; close it with ']', and put commas between its items
        solve: [1, 2
               ^
        """),
    Refusal(
      "yaml: brace",
      Sample.oscillator.adding("solve: {a: 1\n"),
      gives: """
        p.yaml:10:8: a mapping in braces is not closed; close it with '}', and put commas between its items
        solve: {a: 1
               ^
        """),
    Refusal(
      "yaml: indentation",
      Sample.oscillator.with("  - y' = -x", "   - y' = -x").adding(" solve: 1\n"),
      gives: """
        p.yaml:10:2: this line does not fit the lines above; line it up with the keys above, or quote the value
         solve: 1
         ^
        """),
    Refusal(
      "yaml: tab",
      Sample.oscillator.adding("solve:\n\tmethod: a\n"),
      gives:
        "p.yaml:11:1: this character cannot start a value; indent with spaces, and quote a text that starts with % @ or `\n\tmethod: a\n^"
    ),
    Refusal(
      "yaml: quote",
      Sample.oscillator.adding("title: \"abc\n"),
      gives: """
        p.yaml:10:8: a quotation is not closed; close it with the same quote
        title: "abc
               ^
        """),
    Refusal(
      "yaml: escape",
      Sample.oscillator.adding("title: \"a\\q\"\n"),
      gives: #"""
        p.yaml:10:10: an unknown escape after '\'; use single quotes
        title: "a\q"
                 ^
        """#),
    Refusal(
      "yaml: no colon",
      Sample.oscillator.adding("solve\n"),
      gives: """
        p.yaml:10:1: a key without a colon; write 'key: value'
        solve
        ^
        """),
    Refusal(
      "yaml: list item",
      Sample.oscillator.adding("solve: - a\n"),
      gives: """
        p.yaml:10:8: a list item does not fit here; start the list on a line of its own
        solve: - a
               ^
        """),
    Refusal(
      "yaml: at sign",
      Sample.oscillator.adding("title: @home\n"),
      gives: """
        p.yaml:10:8: this character cannot start a value; indent with spaces, and quote a text that starts with % @ or `
        title: @home
               ^
        """),
  ]
}
