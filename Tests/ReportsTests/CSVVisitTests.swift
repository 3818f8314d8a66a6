import Glibc
import Reports
import Testing

/// Tables of any origin, visited row by row.
@Suite(.tags(.unit)) struct CSVVisitTests {
  /// What a writer wrote comes back: words with quotes, blanks, every kind of number.
  @Test func whatWasWrittenIsRead() throws {
    let folder = Folder()
    let writer = try CSVWriter(folder("t.csv"), columns: ["a,b", "say \"x\"", "c"])
    let words = ["plain", "with, comma", "with \"quotes\"", "two\nlines", ""]
    let numbers: [Double] = [0, -1.5e-300, .pi, 1e22, -0.0]
    for (word, number) in zip(words, numbers) {
      writer.append(word)
      writer.append(number)
      writer.appendMissing()
      try writer.endRow()
    }
    try writer.finish()
    let reader = try CSVReader(folder("t.csv"))
    #expect(reader.columns == ["a,b", "say \"x\"", "c"])
    var (foundWords, foundNumbers): ([String], [Double]) = ([], [])
    try reader.visit { row in
      foundWords.append(row.text(0))
      foundNumbers.append(row.value(1))
      #expect(row.value(2).isNaN && row.value(0).isNaN && row.count == 3)
      return true
    }
    #expect(foundWords == words && foundNumbers == numbers)
  }

  /// Rows longer than the buffer's start, a row that is cut off, rows of another length, line ends.
  @Test func oddTablesAreRead() throws {
    let folder = Folder()
    let long = String(repeating: "7", count: 300_000)
    try AtomicFile.write("a,b\r\n1,2\r\n\(long),3\n4\n5,6,7\n8,9\n10,1", to: folder("t.csv"))
    var rows: [[Double]] = []
    try CSVReader(folder("t.csv")).visit { row in
      rows.append([row.value(0), row.value(1)])
      return rows.count < 5
    }
    #expect(rows.map { $0[1] } == [2, 3, 9] && rows[1][0] == .infinity)
    var count = 0
    try CSVReader(folder("t.csv")).visit { _ in
      count += 1
      return false
    }
    #expect(count == 1)
    #expect(throws: ReportError.self) { try CSVReader(folder("none.csv")) }
  }

  /// A table that grows: what came since a place is read from there, a row that is not whole later.
  @Test func aGrowingTableIsFollowed() throws {
    let folder = Folder()
    let path = folder("t.csv")
    func write(_ text: String, _ mode: String) throws {
      let file = try #require(fopen(path, mode))
      fputs(text, file)
      fclose(file)
    }
    try write("a,b\n1,2\n3,", "w")
    let reader = try CSVReader(path)
    #expect(reader.place == 4 && reader.size == 10)
    #expect(try reader.next() && reader.value(1) == 2)
    let place = reader.place
    #expect(place == 8)
    #expect(try !reader.next())
    try write("4\n5,6\n", "a")
    reader.go(to: place)
    #expect(try reader.next() && reader.value(0) == 3 && reader.value(1) == 4)
    #expect(try reader.next() && reader.value(0) == 5)
    #expect(try !reader.next() && reader.place == reader.size)
    // From inside a row what is left of it comes first.
    reader.go(to: 9)
    #expect(try reader.next() && reader.count == 2 && reader.isMissing(0))
  }
}
