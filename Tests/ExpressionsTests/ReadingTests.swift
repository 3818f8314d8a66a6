import Expressions
import Testing

@Test func numbersFold() {
  #expect(Scope().resolve("2*3 + 1").expression == 7)
}
