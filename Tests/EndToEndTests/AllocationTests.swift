import Testing

/// Memory asked of the C library while a training runs, counted by a library that is put before it.
@Suite(.tags(.endToEnd)) struct AllocationTests {
  /// The first C compiler at hand.
  private static let compiler = ["cc", "gcc", "clang"].first {
    Place().shell("command -v \($0)").status == 0
  }

  /// Every way in which Swift, OpenBLAS and GSL get memory; the count is told at the end.
  private static let counter = """
    #include <errno.h>
    #include <stdatomic.h>
    #include <stddef.h>
    #include <stdio.h>
    #include <stdlib.h>

    static atomic_long calls;
    void *__libc_malloc(size_t);
    void *__libc_calloc(size_t, size_t);
    void *__libc_realloc(void *, size_t);
    void *__libc_memalign(size_t, size_t);

    void *malloc(size_t size) { calls++; return __libc_malloc(size); }
    void *calloc(size_t n, size_t size) { calls++; return __libc_calloc(n, size); }
    void *realloc(void *old, size_t size) { calls++; return __libc_realloc(old, size); }
    void *memalign(size_t to, size_t size) { calls++; return __libc_memalign(to, size); }
    void *aligned_alloc(size_t to, size_t size) { calls++; return __libc_memalign(to, size); }
    int posix_memalign(void **place, size_t to, size_t size) {
      calls++;
      *place = __libc_memalign(to, size);
      return *place ? 0 : ENOMEM;
    }

    __attribute__((destructor)) static void tell(void) {
      long total = calls;
      FILE *file = fopen(getenv("ALLOCATIONS"), "w");
      if (file) { fprintf(file, "%ld\\n", total); fclose(file); }
    }
    """

  private static let membrane = """
    variables: {x: [0, 1], y: [0, 1]}
    unknowns: [u]
    equations: ["-laplace(u) + u^3 = 2*pi^2*sin(pi*x)*sin(pi*y)"]
    conditions: ["u = 0 at x = 0", "u = 0 at x = 1", "u = 0 at y = 0", "u_y + u = 0 at y = 1"]
    network: {hidden: [10, 10]}
    train: {points: {interior: 100, boundary: 20}, conditions: penalty}
    output: {x: 3, y: 3}
    """

  /// Allocations of a whole run, and its rows of training.csv: one an attempt at a step.
  private func count(_ place: Place, _ choices: String, steps: Int) throws -> (Int, rows: Int) {
    let run = place.shell(
      "ALLOCATIONS=\"$PLACE/count\" LD_PRELOAD=\"$PLACE/counter.so\" \"$CAUCHY\" train p.yaml "
        + "--threads 1 --out run --force --quiet \(choices) --set train.stop.steps=\(steps)")
    #expect(run.status == 0, "\(run.errors)")
    let table = try #require(CSV(place("run/training.csv")))
    let text = try #require(Files.read(place("count")))
    return (try #require(Int(text.split(separator: "\n")[0])), table.rows.count)
  }

  /// What is left in an attempt is its row of the report.
  ///
  /// That is an array of the blocks' losses, and of most controls the reason in words, two texts.
  /// Two runs differ by their steps alone; tables that grow by doubling take a few more, less than a
  /// fourth of an attempt's.
  @Test(
    "a step asks for no memory but its row's", .enabled(if: compiler != nil, "no C compiler"),
    arguments: [
      ("", 1), ("--set train.control=residual", 3), ("--set train.control=state", 3),
      ("--set train.stepper=rosenbrock-w", 3),
    ])
  func steps(_ choices: String, _ perRow: Int) throws {
    let place = Place()
    place.write(Self.counter, to: "counter.c")
    place.write(Self.membrane, to: "p.yaml")
    let build = place.shell(
      "\(Self.compiler ?? "cc") -O2 -shared -fPIC -o counter.so counter.c")
    #expect(build.status == 0, "\(build.errors)")
    let few = try count(place, choices, steps: 100)
    let many = try count(place, choices, steps: 300)
    let attempts = many.rows - few.rows
    #expect(attempts >= 200)
    // A count that misses the run's own preparations counts nothing.
    #expect(few.0 > 1000)
    let bound = perRow * attempts + attempts / 4
    #expect(many.0 - few.0 <= bound, "\(many.0 - few.0) in \(attempts) attempts")
  }
}
